//! Extended data of a listed name: `mbox-list-extended`, RFC 5258 section 6, RFC 9051 section 6.3.9.

use alloc::borrow::Cow;

use crate::primitive::{Next, any_value, astring, next_in_list, sp};
use crate::quirk::Quirk;
use crate::response::list::List;
use crate::response::raw::Raw;
use crate::response::string_list::{Strings, string_list};
use crate::tolerance::Reading;

impl<'a> List<'a> {
    /// The value of an extended data item; names compare case-insensitively.
    #[must_use]
    pub fn extended_item(&self, name: &str) -> Option<Raw<'a>> {
        let reading = Reading::lenient();
        let mut rest = self.extended?.as_bytes().strip_prefix(b"(")?;
        loop {
            let (tail, known) = astring(&reading, rest).ok()?;
            let (value, ()) = sp(&reading, tail).ok()?;
            let (tail, value) = any_value(&reading, value).ok()?;
            if known.eq_ignore_ascii_case(name.as_bytes()) {
                return Some(Raw(value));
            }
            rest = match next_in_list(&reading, tail).ok()? {
                (_, Next::End) => return None,
                (next, Next::Element) => next,
            };
        }
    }

    /// `OLDNAME`: what the mailbox was called before, or how the client called it (RFC 9051 section
    /// 6.3.9.7).
    #[must_use]
    pub fn old_name(&self) -> Option<Cow<'a, [u8]>> {
        let value = self.extended_item("OLDNAME")?.as_bytes();
        astring(&Reading::lenient(), value.strip_prefix(b"(")?)
            .ok()
            .map(|(_, name)| name)
    }

    /// `CHILDINFO`: why the name is listed although it does not match: `SUBSCRIBED` for the sake of
    /// a child (RFC 5258 section 3.5).
    #[must_use]
    pub fn child_info(&self) -> Strings<'a> {
        let strings = self.extended_item("CHILDINFO").and_then(|value| {
            string_list(&Reading::lenient(), Quirk::OddItem, value.as_bytes()).ok()
        });
        strings.map_or_else(Strings::default, |(_, (strings, _))| strings)
    }
}
