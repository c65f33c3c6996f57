//! Values to bytes, with the pauses of synchronizing literals: RFC 9051 sections 4.3 and 9.
//!
//! Whatever gets into a line is a word of ours (`&'static str`), a number, or a checked type.

use alloc::vec::Vec;
use core::fmt::{self, Write};

use bytes::{BufMut, Bytes, BytesMut};

use super::argument::{Atom, Base64, Tag, Text};
use super::mailbox_name::MailboxName;
use super::rights::Rights;
use crate::chars::{is_quotable, is_strict_atom_char};
use crate::date::InternalDate;
use crate::flag::FlagSet;
use crate::limits::LITERAL_MINUS_OCTETS;
use crate::uid_set::NumberSet;

/// Which literals the server takes without being asked first: RFC 7888.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Literals {
    /// Every literal waits for a command continuation request.
    #[default]
    Synchronizing,
    /// `LITERAL-`: up to 4096 octets go out at once.
    Minus,
    /// `LITERAL+`: all go out at once.
    Plus,
}

impl Literals {
    /// Whether a literal of so many octets waits for a command continuation request.
    #[must_use]
    pub const fn waits(self, octets: u64) -> bool {
        match self {
            Self::Synchronizing => true,
            Self::Minus => octets > LITERAL_MINUS_OCTETS,
            Self::Plus => false,
        }
    }
}

/// A part of an encoded command (RFC 9051 sections 4.3 and 7.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Bytes to send.
    Bytes(Bytes),
    /// Nothing more of this command before the server's `+`.
    AwaitContinuation,
    /// So many octets of a body, which the caller provides, go here.
    Body(u64),
}

/// A command line as it grows.
pub(super) struct Encoder {
    line: BytesMut,
    segments: Vec<Segment>,
    literals: Literals,
}

impl Encoder {
    /// Begins a line with its tag and a space.
    pub(super) fn tagged(tag: Tag<'_>, literals: Literals) -> Self {
        let mut out = Self {
            line: BytesMut::with_capacity(128),
            segments: Vec::with_capacity(4),
            literals,
        };
        out.line.put_slice(tag.as_str().as_bytes());
        out.raw(" ");
        out
    }

    /// Ends the line.
    pub(super) fn end(mut self) -> Vec<Segment> {
        self.raw("\r\n");
        self.flush();
        self.segments
    }

    pub(super) fn raw(&mut self, text: &'static str) -> &mut Self {
        self.line.put_slice(text.as_bytes());
        self
    }

    pub(super) fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        self.display(&number.into())
    }

    pub(super) fn atom(&mut self, atom: Atom<'_>) -> &mut Self {
        self.line.put_slice(atom.as_str().as_bytes());
        self
    }

    pub(super) fn base64(&mut self, text: Base64<'_>) -> &mut Self {
        self.line.put_slice(text.as_str().as_bytes());
        self
    }

    pub(super) fn rights(&mut self, rights: Rights<'_>) -> &mut Self {
        self.line.put_slice(rights.as_str().as_bytes());
        self
    }

    pub(super) fn set<N: Copy + Ord + fmt::Display>(&mut self, set: &NumberSet<N>) -> &mut Self {
        self.display(set)
    }

    pub(super) fn flags(&mut self, flags: &FlagSet) -> &mut Self {
        self.raw("(").display(flags).raw(")")
    }

    pub(super) fn internal_date(&mut self, date: InternalDate) -> &mut Self {
        self.raw("\"").display(&date).raw("\"")
    }

    /// A name is never an atom: quotes keep `NIL` and wildcards from meaning something.
    pub(super) fn mailbox(&mut self, mailbox: &MailboxName) -> &mut Self {
        self.octets(mailbox.as_wire())
    }

    /// `astring`: an atom where the text is one, else a string. NIL is quoted.
    pub(super) fn astring(&mut self, text: Text<'_>) -> &mut Self {
        let octets = text.as_bytes();
        let atom = !octets.is_empty() && octets.iter().all(|&byte| is_strict_atom_char(byte));
        if atom && !octets.eq_ignore_ascii_case(b"NIL") {
            self.line.put_slice(octets);
            self
        } else {
            self.octets(octets)
        }
    }

    /// `string`: quoted where the grammar allows it, else a literal.
    pub(super) fn string(&mut self, text: Text<'_>) -> &mut Self {
        self.octets(text.as_bytes())
    }

    /// `nstring`
    pub(super) fn nstring(&mut self, text: Option<Text<'_>>) -> &mut Self {
        match text {
            Some(text) => self.string(text),
            None => self.raw("NIL"),
        }
    }

    /// `"(" [one *(SP one)] ")"`
    pub(super) fn list<T>(&mut self, all: &[T], one: impl FnMut(&mut Self, &T)) -> &mut Self {
        self.raw("(").spaced(all, one).raw(")")
    }

    /// `one *(SP one)`
    pub(super) fn spaced<T>(&mut self, all: &[T], mut one: impl FnMut(&mut Self, &T)) -> &mut Self {
        for (index, value) in all.iter().enumerate() {
            if index > 0 {
                self.raw(" ");
            }
            one(self, value);
        }
        self
    }

    /// The header of a literal, and its wait where the server wants one.
    pub(super) fn literal_header(&mut self, octets: u64, literals: Literals) {
        self.raw("{").number(octets);
        if literals.waits(octets) {
            self.raw("}\r\n").pause();
        } else {
            self.raw("+}\r\n");
        }
    }

    /// A body that the caller sends, as a literal.
    pub(super) fn body(&mut self, octets: u64, literals: Option<Literals>) -> &mut Self {
        self.literal_header(octets, literals.unwrap_or(self.literals));
        self.flush();
        self.segments.push(Segment::Body(octets));
        self
    }

    /// What follows waits for the server's `+`.
    pub(super) fn pause(&mut self) {
        self.flush();
        self.segments.push(Segment::AwaitContinuation);
    }

    fn octets(&mut self, text: &[u8]) -> &mut Self {
        if text.iter().all(|&byte| is_quotable(byte)) {
            self.quoted(text)
        } else {
            self.literal_header(text.len() as u64, self.literals);
            self.line.put_slice(text);
            self
        }
    }

    fn quoted(&mut self, text: &[u8]) -> &mut Self {
        self.raw("\"");
        for &byte in text {
            if matches!(byte, b'"' | b'\\') {
                self.raw("\\");
            }
            self.line.put_u8(byte);
        }
        self.raw("\"")
    }

    fn display(&mut self, value: &impl fmt::Display) -> &mut Self {
        // A `BytesMut` takes all that fits into memory.
        let _ = write!(self.line, "{value}");
        self
    }

    fn flush(&mut self) {
        if !self.line.is_empty() {
            self.segments
                .push(Segment::Bytes(self.line.split().freeze()));
        }
    }
}
