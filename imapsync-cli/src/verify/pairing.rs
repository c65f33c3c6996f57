//! Which message of one side is which of the other: as multisets, first what is equal, then what is
//! nearly so.

use super::finding::{Finding, Kind};
use super::knowledge::Known;
use super::record::Column::{self, Date, Fields, Flags, Form, Hash, Octets, Text, Twin};
use super::table::Table;
use crate::ledger::LedgerError;
use crate::side::Side;

/// Hands out what is not the same on both sides, pairs first, then single messages by UID.
pub(super) fn each_finding(
    table: &Table,
    known: &Known<'_>,
    mut each: impl FnMut(Finding) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let mut left = table.all()?;
    for by in STAGES {
        if left.count == 0 {
            break;
        }
        let pair = |source, dest| match Finding::pair(&source, &dest) {
            None => Ok(()),
            Some(mut finding) => {
                known.explain_pair(&mut finding, &source, &dest)?;
                each(finding)
            }
        };
        left = table.pair_off(left, by, pair, |side, record| {
            // Only what is not equal at first sight has to be looked up.
            if by == STAGES[0] {
                record.twin = match side {
                    Side::Source => known.twin(record.uid)?,
                    Side::Dest => Some(record.uid),
                };
            }
            Ok(())
        })?;
    }
    if left.count > 0 {
        table.index()?;
        known.note_merged(table)?;
        table.each_left(left, |side, record| {
            let mut finding = Finding::single(side, &record);
            if side == Side::Source {
                match table.take_vanished(&record)? {
                    Some(uid) => {
                        finding.kind = Kind::Vanished;
                        finding.note = Some(format!("it was UID {uid} there"));
                    }
                    None => {
                        known.explain_missing(&mut finding, &record, table)?;
                    }
                }
            }
            each(finding)
        })?;
    }
    table.drop_left(left)
}

/// By what messages are paired off, one after the other. The first finds the equal ones, so the
/// others have few to look at. The ledger's word counts before bodies only where it agrees with them.
const STAGES: [&[Column]; 12] = [
    &[Hash, Octets, Date, Flags],
    &[Twin, Hash, Octets],
    &[Hash, Octets, Date],
    &[Hash, Octets, Flags],
    &[Hash, Octets],
    &[Twin],
    &[Form, Date],
    &[Form],
    &[Text, Date],
    &[Hash],
    &[Octets, Date, Flags],
    &[Fields, Date],
];

#[cfg(test)]
mod tests {
    use imap_client_lite::proto::Uid;

    use super::super::knowledge::Knowledge;
    use super::super::record::Record;
    use super::*;
    use crate::ledger::Ledger;
    use crate::mapping::Path;
    use crate::side::Both;

    fn row(uid: u32, body: u8, date: i64, flags: &str) -> Record {
        Record {
            uid: Uid::new(uid).expect("above zero"),
            hash: [body; 32],
            // Bodies of one tens digit differ in their line ends.
            form: Some([body / 10; 32]),
            text: None,
            fields: None,
            octets: Some(u64::from(body)),
            date: Some(date),
            flags: flags.to_owned(),
            unsendable: String::new(),
            message_id: None,
            twin: None,
        }
    }

    fn findings(source: &[Record], dest: &[Record]) -> Vec<String> {
        let table = Table::new(64).expect("a temporary table");
        let add = |side, rows: &[Record]| {
            rows.iter()
                .try_for_each(|row| table.add(side, row))
                .expect("rows");
        };
        add(Side::Source, source);
        add(Side::Dest, dest);
        named(&table)
    }

    fn named(table: &Table) -> Vec<String> {
        let ledger = Ledger::in_memory().expect("SQLite");
        let knowledge = Knowledge::new(&ledger).expect("read");
        let name = imap_client_lite::proto::MailboxName::inbox();
        let mailbox = crate::mapping::Mapped {
            source: name.clone(),
            path: Path::new(vec![]),
            dest: name,
        };
        let known = knowledge.of(&mailbox, Both::default()).expect("read");
        let mut found = Vec::new();
        let each = |finding: Finding| {
            let uid = |message: Option<super::super::FoundMessage>| {
                message.map_or_else(|| "-".to_owned(), |message| message.uid.to_string())
            };
            found.push(format!(
                "{:?} {} {}",
                finding.kind,
                uid(finding.source),
                uid(finding.dest)
            ));
            Ok(())
        };
        each_finding(table, &known, each).expect("compared");
        found
    }

    #[test]
    fn multisets_compare() {
        let same = [
            row(1, 10, 5, ""),
            row(2, 10, 5, ""),
            row(3, 20, 5, "\\seen"),
        ];
        assert!(
            findings(
                &same,
                &[
                    row(9, 20, 5, "\\seen"),
                    row(8, 10, 5, ""),
                    row(7, 10, 5, "")
                ]
            )
            .is_empty()
        );
        assert_eq!(findings(&same, &same[1..]), ["Missing 2 -"]);
        assert_eq!(findings(&same[..1], &same[..2]), ["Extra - 2"]);
        for (dest, wanted) in [
            (row(4, 10, 6, ""), &["Differs 1 4"][..]),
            (row(4, 10, 5, "a"), &["Differs 1 4"]),
            (row(4, 11, 5, "a"), &["Altered 1 4"]),
            (row(4, 20, 6, "a"), &["Missing 1 -", "Extra - 4"]),
        ] {
            assert_eq!(findings(&[row(1, 10, 5, "")], &[dest]), wanted);
        }
        let same_size = Record {
            hash: [99; 32],
            form: None,
            ..row(4, 10, 5, "")
        };
        assert_eq!(
            findings(&[row(1, 10, 5, "")], &[same_size]),
            ["Altered 1 4"]
        );
    }

    #[test]
    fn the_nearest_are_paired() {
        let source = [row(1, 10, 5, "a"), row(2, 10, 6, "b")];
        let dest = [row(8, 10, 6, "c"), row(9, 10, 5, "d")];
        assert_eq!(findings(&source, &dest), ["Differs 1 9", "Differs 2 8"]);
    }

    #[test]
    fn what_nobody_knows_makes_no_pair() {
        let unknown = |uid, date| Record {
            form: None,
            octets: Some(u64::from(uid)),
            hash: [uid as u8; 32],
            ..row(uid, 0, date, "")
        };
        let found = findings(&[unknown(1, 1), unknown(2, 2)], &[unknown(3, 3)]);
        assert_eq!(found, ["Missing 1 -", "Missing 2 -", "Extra - 3"]);
    }

    #[test]
    fn what_vanished_while_it_was_read_is_told_from_what_was_missing() {
        let table = Table::new(64).expect("a temporary table");
        let add = |side, record| table.add(side, &record).expect("a row");
        let twins = [row(1, 10, 5, ""), row(2, 10, 5, ""), row(3, 20, 5, "")];
        for record in [row(5, 10, 5, ""), row(6, 20, 5, "")] {
            add(Side::Dest, record);
        }
        table.begin_again().expect("a second pass");
        twins
            .into_iter()
            .for_each(|record| add(Side::Source, record));
        add(Side::Dest, row(5, 10, 5, ""));
        assert_eq!(named(&table), ["Missing 2 -", "Vanished 3 -"]);
    }
}
