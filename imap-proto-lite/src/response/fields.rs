//! The fields of a parenthesised list such as an ENVELOPE or a body part: with one space between them, in a
//! fixed order, and with fewer of them than the grammar wants where servers leave some out.

use crate::error::{Fail, Parsed};
use crate::primitive::{blanks, byte, no_sp, sp};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// A place in a list, behind its `(`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'r, 'a> {
    pub(crate) reading: &'r Reading,
    pub(crate) rest: &'a [u8],
    short: Quirk,
    begun: Begun,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begun {
    No,
    Yes,
}

impl<'r, 'a> Fields<'r, 'a> {
    /// A list from behind its `(` on; one that ends too early shows the quirk `short`.
    pub(crate) fn open(
        reading: &'r Reading,
        input: &'a [u8],
        short: Quirk,
    ) -> Result<Self, nom::Err<Fail<'a>>> {
        let (rest, ()) = no_sp(reading, input)?;
        Ok(Self {
            reading,
            rest,
            short,
            begun: Begun::No,
        })
    }

    /// A list from behind one of its fields on.
    pub(crate) const fn resume(reading: &'r Reading, rest: &'a [u8], short: Quirk) -> Self {
        Self {
            reading,
            rest,
            short,
            begun: Begun::Yes,
        }
    }

    /// Whether there is another field; if so, `rest` stands before it.
    pub(crate) fn more(&mut self) -> Result<bool, nom::Err<Fail<'a>>> {
        if matches!(blanks(self.rest).first(), Some(b')')) {
            self.rest = no_sp(self.reading, self.rest)?.0;
            return Ok(false);
        }
        if self.begun == Begun::Yes {
            self.rest = sp(self.reading, self.rest)?.0;
        }
        self.begun = Begun::Yes;
        Ok(true)
    }

    /// The next field, which should be there.
    pub(crate) fn read<T: Default>(
        &mut self,
        expected: &'static str,
        rule: impl FnOnce(&Reading, &'a [u8]) -> Parsed<'a, T>,
    ) -> Result<T, nom::Err<Fail<'a>>> {
        if !self.more()? {
            self.missing(expected)?;
            return Ok(T::default());
        }
        let (rest, value) = rule(self.reading, self.rest)?;
        self.rest = rest;
        Ok(value)
    }

    /// What to do where a field is left out.
    pub(crate) fn missing(&self, expected: &'static str) -> Result<(), nom::Err<Fail<'a>>> {
        self.reading.accept(self.short, self.rest, expected)
    }

    /// What follows the list's `)`.
    pub(crate) fn close(self) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
        let (rest, ()) = no_sp(self.reading, self.rest)?;
        byte(b')', "the end of the fields", rest).map(|(rest, ())| rest)
    }
}
