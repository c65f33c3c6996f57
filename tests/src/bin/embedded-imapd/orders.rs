//! What can be asked for on standard input, a line each; each is answered by lines of which the last is `end`.
//!
//! `dump [USER]`: a line per message (mailbox, UID, SHA-256, length, internal date, flags; separated
//! by tabs); `log`: the commands so far; `count USER`: how many messages there are; `add USER`: a user
//! with an empty INBOX; `arrivals USER`: when APPENDs have put
//! how many messages into INBOX, in nanoseconds from the first on; `forget USER`: no such user any more; `warm OCTETS`: so
//! much memory has been used once, and is at hand if the allocator keeps it; `quit`.

use std::io::{self, BufRead, BufWriter, Write};
use std::time::Instant;

use imapsync_tests::server::EmbeddedServer;

/// Who has mail from the beginning.
#[derive(Debug)]
pub(crate) struct Owner {
    pub(crate) user: String,
    /// Everybody's.
    pub(crate) password: String,
}

/// Does what standard input says, until it ends.
pub(crate) fn obey(server: &EmbeddedServer, owner: &Owner) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (order, user) = line
            .trim()
            .split_once(' ')
            .unwrap_or_else(|| (line.trim(), ""));
        match (order, user) {
            ("dump", "") => write_lines(&mut out, server.dump(&owner.user))?,
            ("dump", user) => write_lines(&mut out, server.dump(user))?,
            ("log", "") => write_lines(&mut out, server.log().lines())?,
            ("count", user) => write_lines(&mut out, [server.store().message_count(user)])?,
            ("arrivals", user) => write_lines(&mut out, arrivals(server, user))?,
            ("add", user) => {
                let hierarchy = server.shared().profile().hierarchy();
                let mut store = server.store();
                store.add_user(user, &owner.password, hierarchy);
            }
            ("forget", user) => drop(server.store().users.remove(user)),
            ("warm", octets) => warm(octets.parse().unwrap_or(0)),
            ("quit", "") => break,
            _ => eprintln!("embedded-imapd: unknown order {line}"),
        }
        writeln!(out, "end")?;
        out.flush()?;
    }
    Ok(())
}

/// Uses memory and gives it back, in blocks that are small enough to come from the heap.
fn warm(octets: usize) {
    let blocks = (0..octets / BLOCK_BYTES).map(|_| vec![1_u8; BLOCK_BYTES]);
    drop(std::hint::black_box(blocks.collect::<Vec<_>>()));
}

fn arrivals(server: &EmbeddedServer, user: &str) -> Vec<String> {
    let mut store = server.store();
    let inbox = store.mailbox(user, "INBOX");
    let arrivals = inbox.map_or(&[][..], |inbox| &inbox.arrivals);
    let Some((first, _)) = arrivals.first() else {
        return Vec::new();
    };
    let line = |(at, messages): &(Instant, usize)| {
        format!("{}\t{messages}", at.duration_since(*first).as_nanos())
    };
    arrivals.iter().map(line).collect()
}

fn write_lines<T: std::fmt::Display>(
    out: &mut impl Write,
    lines: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    lines
        .into_iter()
        .try_for_each(|line| writeln!(out, "{line}"))
}

const BLOCK_BYTES: usize = 64 << 10;
