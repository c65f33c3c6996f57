//! The plain relay: one message read from the source's socket and written to the destination's, in a loop over
//! one buffer, by a process that does nothing else with it.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use clap::Args;
use imapsync_tests::real::PASSWORD;

use crate::rows::Security;
use crate::wire::{Answer, Wire};

/// Between which accounts; only the comparison itself starts it.
#[derive(Debug, Args)]
pub(crate) struct PlainRelay {
    #[arg(long)]
    source: SocketAddr,
    #[arg(long)]
    source_user: String,
    #[arg(long)]
    dest: SocketAddr,
    #[arg(long)]
    dest_user: String,
}

impl PlainRelay {
    pub(crate) fn run(&self) -> Result<(), Box<dyn Error>> {
        let open = |address, user: &str| {
            let nobody = Path::new("");
            Wire::open(address, Security::Plain, nobody, (user, PASSWORD))
        };
        let mut source = open(self.source, &self.source_user)?;
        let mut dest = open(self.dest, &self.dest_user)?;
        source.run("EXAMINE INBOX")?;
        source.send(b"f UID FETCH 1 (FLAGS INTERNALDATE BODY.PEEK[])\r\n")?;
        let announced = loop {
            let line = source.line()?;
            if let Some(announced) = Announced::in_line(&line) {
                break announced;
            }
        };
        dest.send(announced.append().as_bytes())?;
        if dest.answer(TAG)? != Answer::GoAhead {
            return Err("the destination did not ask for the message".into());
        }
        source.relay(announced.octets, &mut dest)?;
        dest.send(b"\r\n")?;
        dest.answer(TAG)?;
        Ok(())
    }
}

/// What stands before a body.
#[derive(Debug, PartialEq, Eq)]
struct Announced {
    flags: String,
    date: String,
    octets: u64,
}

impl Announced {
    /// `* 1 FETCH (... FLAGS (...) INTERNALDATE "..." BODY[] {n}`
    fn in_line(line: &str) -> Option<Self> {
        let between = |start: &str, end: char| {
            let (_, rest) = line.split_once(start)?;
            rest.split_once(end).map(|(found, _)| found)
        };
        Some(Self {
            // Which no client can set.
            flags: between("FLAGS (", ')')?
                .replace("\\Recent", "")
                .trim_end()
                .to_owned(),
            date: between("INTERNALDATE \"", '"')?.to_owned(),
            octets: between("BODY[] {", '}')?.parse().ok()?,
        })
    }

    fn append(&self) -> String {
        let Self {
            flags,
            date,
            octets,
        } = self;
        format!("{TAG} APPEND INBOX ({flags}) \"{date}\" {{{octets}}}\r\n")
    }
}

impl Wire {
    /// Passes so many octets on.
    fn relay(&mut self, octets: u64, dest: &mut Self) -> io::Result<()> {
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut left = octets;
        while left > 0 {
            let room = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
            let read = self.read(&mut buffer[..room])?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            dest.send(&buffer[..read])?;
            left -= read as u64;
        }
        Ok(())
    }
}

const TAG: &str = "r";
const BUFFER_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_date_and_length_are_taken_over() {
        let line = r#"* 1 FETCH (UID 1 FLAGS (\Seen a \Recent) INTERNALDATE "01-Jan-2020 00:00:00 +0100" BODY[] {5}"#;
        let announced = Announced::in_line(line).expect("a line of FETCH");
        assert_eq!(
            announced.append(),
            "r APPEND INBOX (\\Seen a) \"01-Jan-2020 00:00:00 +0100\" {5}\r\n"
        );
        assert_eq!(Announced::in_line("* 1 EXISTS"), None);
    }
}
