//! A server's view of one command, written apart from the encoder: RFC 9051 sections 4.3 and 9.

use imap_proto_lite::{Literals, Segment};

/// A word of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Everything that is neither string nor list: atoms, numbers, sets, sections.
    Plain(Vec<u8>),
    /// A quoted string or a literal.
    String(Vec<u8>),
    /// Words in parentheses.
    List(Vec<Self>),
    /// A message of so many octets, which is not there.
    Body(u64),
    /// The same, announced as a literal8.
    Body8(u64),
    /// The end of a line that is not the last one.
    NextLine,
}

/// What is on the wire: a byte, the wait for a `+`, or a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wire {
    Byte(u8),
    Wait,
    Body(u64),
}

/// The words of the one command that `segments` hold, sent to a server that takes these literals.
///
/// # Panics
/// When they are not exactly one command with its CRLF, single spaces between its words, and the
/// pauses where that server needs them.
pub fn read(segments: &[Segment], literals: Literals) -> Vec<Word> {
    let wire = segments.iter().flat_map(on_the_wire).collect();
    let mut reader = Reader {
        wire,
        at: 0,
        literals,
        lists: vec![Vec::new()],
        place: Place::Word,
    };
    while reader.step() {}
    assert_eq!(reader.at, reader.wire.len(), "bytes behind the command");
    assert_eq!(reader.lists.len(), 1, "a list is open");
    reader.lists.remove(0)
}

fn on_the_wire(segment: &Segment) -> Vec<Wire> {
    match segment {
        Segment::Bytes(bytes) => bytes.iter().copied().map(Wire::Byte).collect(),
        Segment::AwaitContinuation => vec![Wire::Wait],
        Segment::Body(octets) => vec![Wire::Body(*octets)],
    }
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A word: the line or a list begins, or there was a space.
    Word,
    /// A word or the end of the list, which has just begun.
    ListBegun,
    /// A space or an end.
    Behind,
    /// The same, or a `]` that ends a section's list of names.
    BehindList,
}

struct Reader {
    wire: Vec<Wire>,
    at: usize,
    literals: Literals,
    lists: Vec<Vec<Word>>,
    place: Place,
}

impl Reader {
    /// Reads a word or what stands between words; `false` at the end of the command.
    fn step(&mut self) -> bool {
        let may_begin = matches!(self.place, Place::Word | Place::ListBegun);
        match self.byte() {
            b' ' => {
                assert!(!may_begin, "a space without a word before it");
                self.place = Place::Word;
            }
            b'(' => {
                assert!(may_begin, "a list right behind a word");
                self.lists.push(Vec::new());
                self.place = Place::ListBegun;
            }
            b')' => {
                assert_ne!(self.place, Place::Word, "a list ends with a space");
                let list = self.lists.pop().expect("the line's own");
                self.push(Word::List(list), Place::BehindList);
            }
            b'\r' => return self.line_end(),
            b']' if self.place == Place::BehindList => self.plain(b']'),
            byte => {
                assert!(may_begin, "{} right behind a word", byte.escape_ascii());
                self.word(byte);
            }
        }
        true
    }

    fn word(&mut self, first: u8) {
        match first {
            b'"' => self.quoted(),
            b'{' => {
                let (octets, body) = self.literal();
                let word = match body {
                    true => Word::Body(octets),
                    false => Word::String(self.take(octets)),
                };
                self.push(word, Place::Behind);
            }
            b'~' if self.peek() == Some(Wire::Byte(b'{')) => {
                self.byte();
                let (octets, body) = self.literal();
                assert!(body, "a literal8 without a body");
                self.push(Word::Body8(octets), Place::Behind);
            }
            _ => self.plain(first),
        }
    }

    /// The end of the command, or of a line of it.
    fn line_end(&mut self) -> bool {
        assert_eq!(self.byte(), b'\n');
        assert!(matches!(self.place, Place::Behind | Place::BehindList));
        if self.peek() != Some(Wire::Wait) {
            return false;
        }
        self.at += 1;
        self.push(Word::NextLine, Place::Word);
        // A response of no octets is a line of its own.
        if self.peek() == Some(Wire::Byte(b'\r')) {
            self.place = Place::Behind;
        }
        true
    }

    fn quoted(&mut self) {
        let mut text = Vec::new();
        loop {
            match self.byte() {
                b'"' => break,
                b'\\' => {
                    let escaped = self.byte();
                    assert!(matches!(escaped, b'"' | b'\\'), "a bad escape");
                    text.push(escaped);
                }
                byte => {
                    assert!(matches!(byte, b' '..=b'~'), "byte {byte} in quotes");
                    text.push(byte);
                }
            }
        }
        self.push(Word::String(text), Place::Behind);
    }

    /// The length of a literal, and whether it is a body.
    fn literal(&mut self) -> (u64, bool) {
        let mut header = String::new();
        while !header.ends_with('}') {
            header.push(char::from(self.byte()));
        }
        let length = header.trim_end_matches('}');
        let digits = length.strip_suffix('+').unwrap_or(length);
        let octets: u64 = digits.parse().expect("a length");
        assert_eq!((self.byte(), self.byte()), (b'\r', b'\n'));
        let unasked = match self.literals {
            Literals::Plus => true,
            Literals::Minus => octets <= 4096,
            Literals::Synchronizing => false,
        };
        if digits == length {
            assert_eq!(self.peek(), Some(Wire::Wait), "no pause before a literal");
            self.at += 1;
        } else {
            assert!(
                unasked,
                "a literal of {octets} octets that nobody asked for"
            );
        }
        let body = matches!(self.peek(), Some(Wire::Body(_)));
        if body {
            assert_eq!(self.peek(), Some(Wire::Body(octets)), "another body");
            self.at += 1;
        }
        (octets, body)
    }

    fn plain(&mut self, first: u8) {
        let mut text = vec![first];
        while let Some(Wire::Byte(byte)) = self.peek()
            && !matches!(byte, b' ' | b'\r' | b'(' | b')')
        {
            text.push(byte);
            self.at += 1;
        }
        let fits = |byte: &u8| matches!(byte, b'!'..=b'~') && !b"\"%{".contains(byte);
        assert!(text.iter().all(fits), "{}", text.escape_ascii());
        self.push(Word::Plain(text), Place::Behind);
        // The names of header fields stand right behind it.
        let begins_list = self.peek() == Some(Wire::Byte(b'('));
        assert!(!begins_list, "a list right behind a word");
    }

    fn push(&mut self, word: Word, place: Place) {
        self.lists.last_mut().expect("a list is open").push(word);
        self.place = place;
    }

    fn take(&mut self, octets: u64) -> Vec<u8> {
        (0..octets).map(|_| self.byte()).collect()
    }

    fn peek(&self) -> Option<Wire> {
        self.wire.get(self.at).copied()
    }

    fn byte(&mut self) -> u8 {
        let next = self.peek();
        self.at += 1;
        match next {
            Some(Wire::Byte(byte)) => byte,
            other => panic!("{other:?} within a command"),
        }
    }
}
