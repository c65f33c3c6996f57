//! Command arguments: atoms, quoted strings, literals, parenthesised lists (RFC 9051 section 4).

/// One argument of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Unquoted text; a section such as `BODY[HEADER.FIELDS (TO)]<0.5>` is one atom.
    Atom(Vec<u8>),
    /// A quoted string or a literal.
    String(Vec<u8>),
    /// A parenthesised list.
    List(Vec<Self>),
}

impl Token {
    /// The octets of an `astring`.
    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Atom(text) | Self::String(text) => Some(text),
            Self::List(_) => None,
        }
    }

    /// Is it this keyword of the grammar?
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Atom(text) if text.eq_ignore_ascii_case(keyword.as_bytes()))
    }

    /// The members of a list.
    pub(super) fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(members) => Some(members),
            _ => None,
        }
    }
}

/// What is wrong with a command's form.
pub(super) type Malformed = &'static str;

/// Builds tokens from the lines and literals of one command, as these arrive.
#[derive(Debug)]
pub(super) struct Tokenizer {
    /// Open lists, the innermost last; the first is the command itself.
    open: Vec<Vec<Token>>,
}

impl Tokenizer {
    pub(super) fn new() -> Self {
        Self {
            open: vec![Vec::new()],
        }
    }

    /// The arguments so far, unless a list is open.
    pub(super) fn complete(&self) -> Option<&[Token]> {
        match &self.open[..] {
            [tokens] => Some(tokens),
            _ => None,
        }
    }

    /// All arguments.
    pub(super) fn finish(mut self) -> Result<Vec<Token>, Malformed> {
        match (self.open.pop(), self.open.is_empty()) {
            (Some(tokens), true) => Ok(tokens),
            _ => Err("Missing ')'"),
        }
    }

    /// Takes a literal.
    pub(super) fn literal(&mut self, octets: Vec<u8>) {
        self.push(Token::String(octets));
    }

    /// Takes a line, or what precedes or follows a literal.
    pub(super) fn line(&mut self, mut text: &[u8]) -> Result<(), Malformed> {
        while let Some((&first, rest)) = text.split_first() {
            text = match first {
                b' ' => rest,
                b'(' => self.open_list(rest)?,
                b')' => self.close_list(rest)?,
                b'"' => self.quoted(rest)?,
                _ => self.atom(text),
            };
        }
        Ok(())
    }

    fn open_list<'a>(&mut self, rest: &'a [u8]) -> Result<&'a [u8], Malformed> {
        if self.open.len() > DEPTH_LIMIT {
            return Err("Lists nest too deeply");
        }
        self.open.push(Vec::new());
        Ok(rest)
    }

    fn close_list<'a>(&mut self, rest: &'a [u8]) -> Result<&'a [u8], Malformed> {
        if self.open.len() < 2 {
            return Err("Unexpected ')'");
        }
        let members = self.open.pop().unwrap_or_default();
        self.push(Token::List(members));
        Ok(rest)
    }

    fn quoted<'a>(&mut self, text: &'a [u8]) -> Result<&'a [u8], Malformed> {
        let mut value = Vec::new();
        let mut octets = text.iter().enumerate();
        while let Some((place, &octet)) = octets.next() {
            match octet {
                b'"' => {
                    self.push(Token::String(value));
                    return Ok(&text[place + 1..]);
                }
                b'\\' => match octets.next() {
                    Some((_, &escaped @ (b'"' | b'\\'))) => value.push(escaped),
                    _ => return Err("Escaped char not '\\' or '\"'"),
                },
                _ => value.push(octet),
            }
        }
        Err("Missing '\"'")
    }

    fn atom<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let mut end = 0;
        while let Some(&octet) = text.get(end) {
            match octet {
                b' ' | b'(' | b')' | b'"' => break,
                b'[' => end += section_length(&text[end..]),
                _ => end += 1,
            }
        }
        self.push(Token::Atom(text[..end].to_vec()));
        &text[end..]
    }

    fn push(&mut self, token: Token) {
        if let Some(innermost) = self.open.last_mut() {
            innermost.push(token);
        }
    }
}

/// Length of `[...]`; only the bracket where it never closes.
fn section_length(text: &[u8]) -> usize {
    text.iter()
        .position(|&octet| octet == b']')
        .map_or(1, |end| end + 1)
}

const DEPTH_LIMIT: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(line: &str) -> Result<Vec<Token>, Malformed> {
        let mut tokenizer = Tokenizer::new();
        tokenizer.line(line.as_bytes())?;
        tokenizer.finish()
    }

    fn atom(text: &str) -> Token {
        Token::Atom(text.as_bytes().to_vec())
    }

    #[test]
    fn every_kind_of_argument() {
        let string = Token::String(b"a \"b\\ c".to_vec());
        assert_eq!(
            tokens(r#"a1 X "a \"b\\ c" (\Seen ()) BODY[HEADER.FIELDS (TO "x")]<0.5>"#),
            Ok(vec![
                atom("a1"),
                atom("X"),
                string,
                Token::List(vec![atom("\\Seen"), Token::List(vec![])]),
                atom("BODY[HEADER.FIELDS (TO \"x\")]<0.5>"),
            ])
        );
    }

    #[test]
    fn malformed_lines() {
        for line in ["(", ")", "\"", "\"\\x\"", &"(".repeat(100)] {
            assert!(tokens(line).is_err(), "{line}");
        }
    }

    #[test]
    fn brackets_that_never_close_are_text() {
        assert_eq!(tokens("[Gmail x"), Ok(vec![atom("[Gmail"), atom("x")]));
    }
}
