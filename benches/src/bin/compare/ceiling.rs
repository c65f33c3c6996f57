//! The ceiling: what the two servers allow. In a process of its own, with everything prepared in memory before
//! the clock starts, it reads the source into nothing and at the same time streams APPENDs into the destination,
//! in order, over one connection a mailbox and side.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt::Write;
use std::io::{self, BufRead};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;

use clap::Args;
use imapsync_tests::corpus::{MailboxSpec, MessageSpec};
use imapsync_tests::real::PASSWORD;

use crate::rows::Row;
use crate::wire::{Answer, Wire};

/// What the ceiling is to do; only the comparison itself starts it.
#[derive(Debug, Args)]
pub(crate) struct Ceiling {
    #[arg(long)]
    row: String,
    /// Messages in one command.
    #[arg(long)]
    batch: usize,
    #[arg(long)]
    source: SocketAddr,
    #[arg(long)]
    source_user: String,
    #[arg(long)]
    source_ca: PathBuf,
    #[arg(long)]
    dest: SocketAddr,
    #[arg(long)]
    dest_user: String,
    #[arg(long)]
    dest_ca: PathBuf,
}

/// One mailbox, ready to be sent.
struct Prepared {
    name: String,
    commands: Vec<Command>,
}

struct Command {
    tag: String,
    /// What goes out in one piece; the next one waits for the server's `+`.
    pieces: Vec<Vec<u8>>,
}

impl Ceiling {
    /// Prepares, says `ready`, waits for a line, works.
    pub(crate) fn run(&self) -> Result<(), Box<dyn Error>> {
        let row = Row::named(&self.row)?;
        let mailboxes: Vec<Prepared> = row
            .account()
            .mailboxes
            .iter()
            .map(|mailbox| self.prepare(row, mailbox))
            .collect();
        println!("ready");
        io::stdin().lock().read_line(&mut String::new())?;
        thread::scope(|scope| {
            let mut threads = Vec::new();
            for mailbox in &mailboxes {
                threads.push(scope.spawn(|| self.read(row, mailbox)));
                threads.push(scope.spawn(|| self.write(row, mailbox)));
            }
            threads.into_iter().try_for_each(|thread| {
                let ended = thread.join();
                ended.unwrap_or_else(|_| Err(io::Error::other("a thread panicked")))
            })
        })?;
        // Giving memory back is not work.
        std::process::exit(0)
    }

    fn prepare(&self, row: &Row, mailbox: &MailboxSpec) -> Prepared {
        let name = format!("\"{}\"", mailbox.segments.join("/"));
        let (multiappend, plus) = (row.offers("MULTIAPPEND"), row.offers("LITERAL+"));
        let batch = if multiappend { self.batch } else { 1 };
        let batches = mailbox.messages.chunks(batch.max(1));
        let commands = batches.enumerate().map(|(index, batch)| {
            let tag = format!("a{index}");
            let pieces = match plus {
                true => vec![in_one_piece(&tag, &name, batch)],
                false => waiting(&tag, &name, batch),
            };
            Command { tag, pieces }
        });
        Prepared {
            commands: commands.collect(),
            name,
        }
    }

    fn read(&self, row: &Row, mailbox: &Prepared) -> io::Result<()> {
        let login = (self.source_user.as_str(), PASSWORD);
        let mut wire = Wire::open(self.source, row.security, &self.source_ca, login)?;
        wire.run(&format!("EXAMINE {}", mailbox.name))?;
        wire.read_into_nothing("UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])")
            .map(drop)
    }

    fn write(&self, row: &Row, mailbox: &Prepared) -> io::Result<()> {
        let login = (self.dest_user.as_str(), PASSWORD);
        let mut wire = Wire::open(self.dest, row.security, &self.dest_ca, login)?;
        if mailbox.name != "\"INBOX\"" {
            wire.create(&mailbox.name)?;
        }
        let mut unanswered = VecDeque::new();
        for command in &mailbox.commands {
            command.send(&mut wire, &mut unanswered)?;
            // So that the server never waits with its answers for us.
            if unanswered.len() > UNANSWERED {
                settle(&mut wire, &mut unanswered)?;
            }
        }
        while !unanswered.is_empty() {
            settle(&mut wire, &mut unanswered)?;
        }
        Ok(())
    }
}

impl Command {
    fn send<'a>(&'a self, wire: &mut Wire, unanswered: &mut VecDeque<&'a str>) -> io::Result<()> {
        let Some((first, rest)) = self.pieces.split_first() else {
            return Ok(());
        };
        wire.send(first)?;
        for piece in rest {
            // Earlier commands are answered before this one may go on.
            while wire.answer(unanswered.front().copied().unwrap_or(&self.tag))? == Answer::Done {
                unanswered.pop_front();
            }
            wire.send(piece)?;
        }
        unanswered.push_back(&self.tag);
        Ok(())
    }
}

fn settle(wire: &mut Wire, unanswered: &mut VecDeque<&str>) -> io::Result<()> {
    match unanswered.pop_front() {
        Some(tag) => wire.answer(tag).map(drop),
        None => Ok(()),
    }
}

/// With non-synchronizing literals (RFC 7888).
fn in_one_piece(tag: &str, name: &str, batch: &[MessageSpec]) -> Vec<u8> {
    let octets: usize = batch.iter().map(|message| message.body.len() + 128).sum();
    let mut piece = Vec::with_capacity(octets);
    piece.extend_from_slice(format!("{tag} APPEND {name}").as_bytes());
    for message in batch {
        piece.extend_from_slice(announcement(message, "+").as_bytes());
        piece.extend_from_slice(&message.body);
    }
    piece.extend_from_slice(b"\r\n");
    piece
}

/// With synchronizing literals: each body waits for the server's word.
fn waiting(tag: &str, name: &str, batch: &[MessageSpec]) -> Vec<Vec<u8>> {
    let mut pieces = vec![format!("{tag} APPEND {name}").into_bytes()];
    for message in batch {
        if let Some(piece) = pieces.last_mut() {
            piece.extend_from_slice(announcement(message, "").as_bytes());
        }
        pieces.push(message.body.clone());
    }
    if let Some(piece) = pieces.last_mut() {
        piece.extend_from_slice(b"\r\n");
    }
    pieces
}

/// ` (flags) "date" {n}CRLF`
fn announcement(message: &MessageSpec, plus: &str) -> String {
    let flags = message.flags.join(" ");
    let mut text = format!(" ({flags}) \"{}\" ", message.internal_date);
    // A String takes all.
    let _ = write!(text, "{{{}{plus}}}\r\n", message.body.len());
    text
}

/// Commands on their way.
const UNANSWERED: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_one_command_either_way() {
        let batch = [MessageSpec::new(*b"one"), MessageSpec::new(*b"three")];
        let whole = in_one_piece("a0", "\"INBOX\"", &batch);
        let whole = String::from_utf8_lossy(&whole).into_owned();
        assert!(
            whole
                .starts_with("a0 APPEND \"INBOX\" () \"13-Sep-2020 12:26:40 +0000\" {3+}\r\none (")
        );
        assert!(whole.ends_with("{5+}\r\nthree\r\n"));
        let pieces = waiting("a0", "\"INBOX\"", &batch);
        assert_eq!(pieces.len(), 3);
        assert_eq!(
            String::from_utf8_lossy(&pieces.concat()),
            whole.replace("+}", "}")
        );
    }
}
