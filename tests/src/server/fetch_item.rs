//! What a FETCH command asks for: message data items and sections (RFC 9051 section 6.4.5).

use super::sequence_set::{Numbering, SequenceSet};
use super::token::Token;

/// A parsed FETCH command.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) set: SequenceSet,
    pub(super) numbering: Numbering,
    pub(super) items: Vec<Item>,
    /// Only messages that changed after this mod-sequence.
    pub(super) changed_since: Option<u64>,
}

/// A message data item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Uid,
    Flags,
    InternalDate,
    Size,
    ModSeq,
    Body(Section),
}

/// A part of the message's octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// What the response calls it.
    pub(super) label: String,
    pub(super) part: Part,
    /// Reading it sets `\Seen`.
    pub(super) sets_seen: bool,
    /// `<offset.length>`
    pub(super) partial: Option<(u64, u64)>,
}

/// Which octets a section means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Header,
    /// Fields of these names, or of all others.
    HeaderFields {
        names: Vec<String>,
        others: bool,
    },
    Text,
}

impl Request {
    pub(super) fn parse(
        command: &str,
        arguments: &[Token],
        condstore: bool,
    ) -> Result<Self, &'static str> {
        let (set, items, modifiers) = match arguments {
            [set, items] => (set, items, &[][..]),
            [set, items, Token::List(modifiers)] if condstore => (set, items, &modifiers[..]),
            _ => return Err("FETCH wants a set and items"),
        };
        let numbering = if command == "FETCH" {
            Numbering::Sequence
        } else {
            Numbering::Uid
        };
        let names = match items {
            Token::List(names) => &names[..],
            name => std::slice::from_ref(name),
        };
        let mut items = Vec::new();
        for name in names {
            item(name.text().unwrap_or_default(), condstore, &mut items)?;
        }
        let changed_since = changed_since(modifiers)?;
        let mut require = |item: Item, required: bool| {
            if required && !items.contains(&item) {
                items.insert(0, item);
            }
        };
        require(Item::ModSeq, changed_since.is_some());
        require(Item::Uid, numbering == Numbering::Uid);
        Ok(Self {
            set: set
                .text()
                .and_then(SequenceSet::parse)
                .ok_or("Invalid messageset")?,
            numbering,
            items,
            changed_since,
        })
    }

    /// Does the command set `\Seen`?
    pub(super) fn sets_seen(&self) -> bool {
        self.items
            .iter()
            .any(|item| matches!(item, Item::Body(section) if section.sets_seen))
    }
}

fn changed_since(modifiers: &[Token]) -> Result<Option<u64>, &'static str> {
    let number = |token: &Token| std::str::from_utf8(token.text()?).ok()?.parse().ok();
    match modifiers {
        [] => Ok(None),
        [name, value] if name.is("CHANGEDSINCE") => {
            number(value).map(Some).ok_or("Invalid CHANGEDSINCE")
        }
        _ => Err("Unknown FETCH modifier"),
    }
}

fn item(name: &[u8], condstore: bool, items: &mut Vec<Item>) -> Result<(), &'static str> {
    let name = String::from_utf8_lossy(name);
    let upper = name.to_ascii_uppercase();
    let named = |part, sets_seen| {
        Item::Body(Section {
            label: upper.clone(),
            part,
            sets_seen,
            partial: None,
        })
    };
    let item = match upper.as_str() {
        "UID" => Item::Uid,
        "FLAGS" => Item::Flags,
        "INTERNALDATE" => Item::InternalDate,
        "RFC822.SIZE" => Item::Size,
        "MODSEQ" if condstore => Item::ModSeq,
        "RFC822" => named(Part::Whole, true),
        "RFC822.HEADER" => named(Part::Header, false),
        "RFC822.TEXT" => named(Part::Text, true),
        "FAST" => {
            items.extend([Item::Flags, Item::InternalDate]);
            Item::Size
        }
        _ => Item::Body(section(&name).ok_or("Unknown FETCH item")?),
    };
    items.push(item);
    Ok(())
}

/// `BODY[...]<...>` and `BODY.PEEK[...]<...>`
fn section(name: &str) -> Option<Section> {
    let (kind, rest) = name.split_once('[')?;
    let (spec, partial) = rest.rsplit_once(']')?;
    let sets_seen = match kind.to_ascii_uppercase().as_str() {
        "BODY" => true,
        "BODY.PEEK" => false,
        _ => return None,
    };
    let mut label = format!("BODY[{spec}]");
    let partial = match partial {
        "" => None,
        _ => {
            let inside = partial.strip_prefix('<')?.strip_suffix('>')?;
            let (offset, length) = inside.split_once('.')?;
            label.push_str(&format!("<{offset}>"));
            Some((offset.parse().ok()?, length.parse().ok()?))
        }
    };
    Some(Section {
        label,
        part: part(spec)?,
        sets_seen,
        partial,
    })
}

fn part(spec: &str) -> Option<Part> {
    let (name, list) = spec.split_once(' ').unwrap_or((spec, ""));
    let others = match name.to_ascii_uppercase().as_str() {
        "" => return Some(Part::Whole),
        "HEADER" => return Some(Part::Header),
        "TEXT" => return Some(Part::Text),
        "HEADER.FIELDS" => false,
        "HEADER.FIELDS.NOT" => true,
        _ => return None,
    };
    let names = list
        .trim()
        .strip_prefix('(')?
        .strip_suffix(')')?
        .split_ascii_whitespace();
    let names = names
        .map(|name| name.trim_matches('"').to_owned())
        .collect();
    Some(Part::HeaderFields { names, others })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections() {
        let part_of = |name| section(name).map(|section| section.part);
        assert_eq!(part_of("BODY[]"), Some(Part::Whole));
        assert_eq!(part_of("body.peek[header]"), Some(Part::Header));
        let names = vec!["Message-ID".to_owned(), "Date".to_owned()];
        let fields = Part::HeaderFields {
            names,
            others: false,
        };
        assert_eq!(
            part_of("BODY.PEEK[HEADER.FIELDS (Message-ID \"Date\")]"),
            Some(fields)
        );
        assert_eq!(part_of("BODY[1]"), None);
        assert_eq!(part_of("BODYSTRUCTURE"), None);
        let partial = section("BODY.PEEK[]<10.20>");
        assert_eq!(
            partial.as_ref().and_then(|section| section.partial),
            Some((10, 20))
        );
        assert_eq!(
            partial.map(|section| section.label).as_deref(),
            Some("BODY[]<10>")
        );
    }
}
