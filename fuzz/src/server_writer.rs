//! Writes a response as a server might: every choice that the grammar leaves (case, quoted or literal, an
//! item more) is made by the fuzzer's bytes. Written apart from the parser: RFC 9051 section 9.

use arbitrary::Unstructured;
use imap_proto_lite::InternalDate;

use crate::model::{
    Code, Condition, Date, Esearch, Fetch, Flags, Listed, MailboxStatus, Name, Said, Section, Set,
    Status, Vanished,
};
use crate::words::{Delimiter, Octets};

/// What a server may add to the items that the model knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extras {
    /// Nothing.
    None,
    /// Data items of extensions, which the grammar has to pass over.
    Items,
}

/// The response with its CRLF; `choices` that have run out are all the first one.
pub fn write(said: &Said, extras: Extras, choices: &mut Unstructured<'_>) -> Vec<u8> {
    let mut writer = Writer {
        line: Vec::new(),
        extras,
        choices,
    };
    writer.response(said);
    writer.raw("\r\n");
    writer.line
}

struct Writer<'c, 'a> {
    line: Vec<u8>,
    extras: Extras,
    choices: &'c mut Unstructured<'a>,
}

impl Writer<'_, '_> {
    fn response(&mut self, said: &Said) {
        match said {
            Said::Continuation(text) => {
                self.raw("+ ");
                self.bytes(&text.0);
            }
            Said::Status(status) => self.status(status),
            Said::Exists(number) => self.numbered(*number, "EXISTS"),
            Said::Recent(number) => self.numbered(*number, "RECENT"),
            Said::Expunge(number) => self.numbered(number.0, "EXPUNGE"),
            Said::Fetch(fetch) => self.fetch(fetch),
            _ => {
                self.raw("* ");
                self.named(said);
            }
        }
    }

    fn named(&mut self, said: &Said) {
        match said {
            Said::Capability(words) => self.words("CAPABILITY", &words.0),
            Said::Enabled(words) => self.words("ENABLED", &words.0),
            Said::Id(fields) => self.id(fields),
            Said::List(listed) => self.listed("LIST ", listed),
            Said::Lsub(listed) => self.listed("LSUB ", listed),
            Said::Namespace(all) => self.namespace(all),
            Said::MailboxStatus(status) => self.mailbox_status(status),
            Said::Flags(flags) => {
                self.word("FLAGS ");
                self.flags(flags);
            }
            Said::Search(numbers) => {
                self.word("SEARCH");
                for number in numbers {
                    self.raw(&format!(" {}", number.0));
                }
            }
            Said::Esearch(found) => self.esearch(found),
            Said::Vanished(Vanished { earlier, uids }) => {
                self.word(if *earlier {
                    "VANISHED (EARLIER) "
                } else {
                    "VANISHED "
                });
                self.set(uids);
            }
            _ => {}
        }
    }

    fn numbered(&mut self, number: u32, word: &str) {
        self.raw(&format!("* {number} "));
        self.word(word);
    }

    fn status(&mut self, status: &Status) {
        match &status.tag {
            Some(tag) => self.bytes(&tag.0),
            None => self.raw("*"),
        }
        self.raw(" ");
        self.word(match status.condition {
            Condition::Ok => "OK ",
            Condition::No => "NO ",
            Condition::Bad => "BAD ",
            Condition::Bye => "BYE ",
            Condition::PreAuth => "PREAUTH ",
        });
        if let Some(code) = &status.code {
            self.raw("[");
            self.code(code);
            self.raw("] ");
        }
        self.bytes(&status.text.0);
    }

    fn code(&mut self, code: &Code) {
        match code {
            Code::Plain(plain) => self.word(plain.0),
            Code::AppendUid(uid_validity, uids) => {
                self.word("APPENDUID ");
                self.raw(&format!("{} ", uid_validity.0));
                self.set(uids);
            }
            Code::Capability(words) => self.words("CAPABILITY", &words.0),
            Code::CopyUid(uid_validity, from, to) => {
                self.word("COPYUID ");
                self.raw(&format!("{} ", uid_validity.0));
                self.set(from);
                self.raw(" ");
                self.set(to);
            }
            Code::HighestModSeq(number) => self.counted("HIGHESTMODSEQ", number.0),
            Code::Modified(messages) => {
                self.word("MODIFIED ");
                self.set(messages);
            }
            Code::PermanentFlags(flags) => {
                self.word("PERMANENTFLAGS ");
                self.flags(flags);
            }
            Code::UidNext(uid) => self.counted("UIDNEXT", uid.0.into()),
            Code::UidValidity(number) => self.counted("UIDVALIDITY", number.0.into()),
            Code::Unseen(number) => self.counted("UNSEEN", number.0.into()),
            Code::Other(other) => self.bytes(&other.0),
        }
    }

    fn counted(&mut self, word: &str, number: u64) {
        self.word(word);
        self.raw(&format!(" {number}"));
    }

    fn words(&mut self, keyword: &str, words: &[Vec<u8>]) {
        self.word(keyword);
        for word in words {
            self.raw(" ");
            self.word(&String::from_utf8_lossy(word));
        }
    }

    fn id(&mut self, fields: &[(Octets, Option<Octets>)]) {
        self.word("ID ");
        if fields.is_empty() {
            return self.word("NIL");
        }
        for (index, (name, value)) in fields.iter().enumerate() {
            self.raw(if index == 0 { "(" } else { " " });
            self.string(&name.0);
            self.raw(" ");
            self.nstring(value.as_ref());
        }
        self.raw(")");
    }

    fn listed(&mut self, keyword: &str, listed: &Listed) {
        self.word(keyword);
        let attributes: Vec<&[u8]> = listed.attributes.iter().map(|one| &*one.0).collect();
        let attributes = String::from_utf8_lossy(&attributes.join(&b' ')).into_owned();
        self.raw("(");
        self.word(&attributes);
        self.raw(") ");
        self.delimiter(listed.delimiter);
        self.raw(" ");
        self.name(&listed.name);
        if self.adds() {
            self.raw(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
        }
    }

    fn namespace(&mut self, all: &[Vec<(Octets, Delimiter)>; 3]) {
        self.word("NAMESPACE");
        for one in all {
            self.raw(" ");
            if one.is_empty() {
                self.word("NIL");
                continue;
            }
            self.raw("(");
            for (prefix, delimiter) in one {
                self.raw("(");
                self.string(&prefix.0);
                self.raw(" ");
                self.delimiter(*delimiter);
                if self.adds() {
                    self.raw(" \"X-PARAM\" (\"a\" \"b)\")");
                }
                self.raw(")");
            }
            self.raw(")");
        }
    }

    fn mailbox_status(&mut self, status: &MailboxStatus) {
        self.word("STATUS ");
        self.name(&status.mailbox);
        let items = [
            ("MESSAGES", status.messages.map(u64::from)),
            ("UIDNEXT", status.uid_next.map(|uid| uid.0.into())),
            ("UIDVALIDITY", status.uid_validity.map(|one| one.0.into())),
            ("UNSEEN", status.unseen.map(u64::from)),
            ("SIZE", status.size),
            (
                "HIGHESTMODSEQ",
                status.highest_mod_seq.map(|number| number.0),
            ),
        ];
        let mut between = " (";
        if self.adds() {
            self.raw(" (MAILBOXID (F1)");
            between = " ";
        }
        for (word, number) in items {
            if let Some(number) = number {
                self.raw(between);
                self.counted(word, number);
                between = " ";
            }
        }
        self.raw(if between == " (" { " ()" } else { ")" });
    }

    fn esearch(&mut self, found: &Esearch) {
        self.word("ESEARCH");
        if let Some(tag) = &found.tag {
            self.raw(" (");
            self.word("TAG ");
            self.string(&tag.0);
            self.raw(")");
        }
        if found.uid {
            self.word(" UID");
        }
        let numbers = [
            (" MIN", found.min.map(|one| one.0.into())),
            (" MAX", found.max.map(|one| one.0.into())),
            (" COUNT", found.count.map(u64::from)),
            (" MODSEQ", found.mod_seq.map(|one| one.0)),
        ];
        for (word, number) in numbers {
            number
                .into_iter()
                .for_each(|number| self.counted(word, number));
        }
        if let Some(all) = &found.all {
            self.word(" ALL ");
            self.set(all);
        }
        if self.adds() {
            self.raw(" X-NEW (a \"b)\")");
        }
    }

    fn fetch(&mut self, fetch: &Fetch) {
        self.numbered(fetch.seq.0, "FETCH ");
        let begin = self.line.len();
        if let Some(uid) = fetch.uid {
            self.counted(" UID", uid.0.into());
        }
        if let Some(flags) = &fetch.flags {
            self.word(" FLAGS ");
            self.flags(flags);
        }
        if let Some(date) = fetch.internal_date {
            self.word(" INTERNALDATE ");
            self.date(date);
        }
        if let Some(size) = fetch.size {
            self.counted(" RFC822.SIZE", size.into());
        }
        if let Some(number) = fetch.mod_seq {
            self.word(" MODSEQ ");
            self.raw(&format!("({})", number.0));
        }
        fetch.sections.iter().for_each(|one| self.section(one));
        if self.adds() {
            self.raw(" X-NEW (~a {3}\r\n))) \"b)\" NIL) EMAILID (M1)");
        }
        match self.line.get_mut(begin) {
            Some(blank) => *blank = b'(',
            None => self.raw("("),
        }
        self.raw(")");
    }

    fn section(&mut self, section: &Section) {
        self.raw(" ");
        self.word(&String::from_utf8_lossy(&section.item));
        self.raw(" ");
        self.nstring(section.value.as_ref());
    }

    /// `date-time`, the day with a blank or a zero in front.
    fn date(&mut self, date: Date) {
        let date = InternalDate::new(date.unix_seconds, date.zone_minutes);
        let text = date
            .expect("within the years that can be written")
            .to_string();
        let text = match text.strip_prefix('0') {
            Some(rest) if self.choose(2) == 1 => format!(" {rest}"),
            _ => text,
        };
        self.raw("\"");
        self.word(&text);
        self.raw("\"");
    }

    fn flags(&mut self, flags: &Flags) {
        self.raw("(");
        for (index, flag) in flags.0.iter().enumerate() {
            self.raw(if index == 0 { "" } else { " " });
            match crate::model::is_system(flag) {
                true => self.word(&String::from_utf8_lossy(flag)),
                false => self.bytes(flag),
            }
        }
        self.raw(")");
    }

    /// `sequence-set`: a range of one also as such, and any range the other way round.
    fn set(&mut self, set: &Set) {
        for (index, &(first, last)) in set.0.iter().enumerate() {
            self.raw(if index == 0 { "" } else { "," });
            let text = match self.choose(3) {
                0 if first == last => first.to_string(),
                1 => format!("{last}:{first}"),
                _ => format!("{first}:{last}"),
            };
            self.raw(&text);
        }
    }

    fn delimiter(&mut self, delimiter: Delimiter) {
        match delimiter.0 {
            None => self.word("NIL"),
            Some(one @ (b'"' | b'\\')) => self.raw(&format!("\"\\{}\"", char::from(one))),
            Some(one) => self.raw(&format!("\"{}\"", char::from(one))),
        }
    }

    fn name(&mut self, name: &Name) {
        let text = if name.0 == b"INBOX" {
            self.in_some_case(&name.0)
        } else {
            name.0.clone()
        };
        let is_atom = |byte: &u8| byte.is_ascii_alphanumeric() || b"/.#~!&-_]".contains(byte);
        let atom = !text.is_empty() && text.iter().all(is_atom);
        if atom && self.choose(2) == 0 {
            self.bytes(&text);
        } else {
            self.string(&text);
        }
    }

    fn nstring(&mut self, text: Option<&Octets>) {
        match text {
            Some(text) => self.string(&text.0),
            None => self.word("NIL"),
        }
    }

    /// Quoted where RFC 3501 allows it, or a literal.
    fn string(&mut self, text: &[u8]) {
        let quotable = text
            .iter()
            .all(|byte| matches!(byte, 1..=9 | 11 | 12 | 14..=127));
        if !quotable || self.choose(3) == 1 {
            self.raw(&format!("{{{}}}\r\n", text.len()));
            return self.bytes(text);
        }
        self.raw("\"");
        for &byte in text {
            if matches!(byte, b'"' | b'\\') {
                self.raw("\\");
            }
            self.line.push(byte);
        }
        self.raw("\"");
    }

    /// Words whose case does not matter.
    fn word(&mut self, word: &str) {
        let word = self.in_some_case(word.as_bytes());
        self.bytes(&word);
    }

    fn in_some_case(&mut self, word: &[u8]) -> Vec<u8> {
        match self.choose(4) {
            0 | 1 => word.to_vec(),
            2 => word.to_ascii_lowercase(),
            _ => word
                .iter()
                .map(|byte| match self.choose(2) {
                    0 => byte.to_ascii_uppercase(),
                    _ => byte.to_ascii_lowercase(),
                })
                .collect(),
        }
    }

    fn adds(&mut self) -> bool {
        self.extras == Extras::Items && self.choose(4) == 1
    }

    fn choose(&mut self, of: u8) -> u8 {
        self.choices.int_in_range(0..=of - 1).unwrap_or_default()
    }

    fn raw(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.line.extend_from_slice(bytes);
    }
}
