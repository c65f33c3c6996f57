//! FETCH and UID FETCH: bodies stream out chunk by chunk, whatever their size (RFC 9051 section 6.4.5).

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};

use super::body::Body;
use super::command::Command;
use super::fetch_item::{Item, Part, Request, Section};
use super::mailbox::FlagChange;
use super::orders::Orders;
use super::reply::Reply;
use super::select::Access;
use super::session::{Core, Session};
use super::wire::Wire;

/// A message as it was when its response began; the store is not locked while it is sent.
struct Snapshot {
    place: usize,
    uid: u32,
    /// Empty where nobody asked for it, as is the date.
    flags: String,
    internal_date: String,
    modseq: u64,
    body: Body,
    /// The command itself set `\Seen`.
    newly_seen: bool,
}

pub(super) async fn fetch<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    command: &Command,
) -> io::Result<Reply> {
    let Session { wire, core } = session;
    let request = match Request::parse(&command.name, &command.arguments, core.profile.condstore) {
        Ok(request) => request,
        Err(malformed) => return Ok(Reply::bad(malformed)),
    };
    let Some(selected) = &core.selected else {
        return Ok(Reply::bad("No mailbox selected"));
    };
    let Some(places) = request.set.places(&selected.uids, request.numbering) else {
        return Ok(Reply::bad("Invalid messageset"));
    };
    let mut lost = None;
    for place in places.into_iter().flatten() {
        let Some(snapshot) = snapshot(core, &request, place) else {
            continue;
        };
        if !core.orders.response_delay.is_zero() {
            wire.flush().await?;
            tokio::time::sleep(core.orders.response_delay).await;
        }
        if respond(wire, &core.orders, &request, &snapshot).await? == Told::Incomplete {
            lost = Some(snapshot.uid);
        }
    }
    Ok(match lost {
        None => Reply::ok("Fetch completed"),
        Some(uid) => Reply::no(format!(
            "[SERVERBUG] The body of UID {uid} was hashed, not kept"
        )),
    })
}

fn snapshot(core: &mut Core, request: &Request, place: usize) -> Option<Snapshot> {
    let selected = core.selected.as_mut()?;
    let uid = *selected.uids.get(place)?;
    let user = core.login.as_ref().map_or("", |login| &login.user);
    let mut store = core.shared.store();
    let mailbox = store
        .users
        .get_mut(user)?
        .mailboxes
        .get_mut(&selected.name)?;
    let message = mailbox.message(uid)?;
    if request
        .changed_since
        .is_some_and(|modseq| message.modseq <= modseq)
    {
        return None;
    }
    let may_set = request.sets_seen() && selected.access == Access::ReadWrite;
    let newly_seen = may_set && !message.has("\\Seen");
    if newly_seen {
        let up_to_date = selected.told_modseq == mailbox.highest_modseq;
        mailbox.change_flags(uid, FlagChange::Add, &["\\Seen".to_owned()]);
        if up_to_date {
            selected.told_modseq = mailbox.highest_modseq;
        }
    }
    let message = mailbox.message(uid)?;
    let wants = |item| request.items.contains(&item);
    let flags = match newly_seen || wants(Item::Flags) {
        true => selected.flags_of(message),
        false => String::new(),
    };
    let internal_date = match (&core.orders.internal_date, wants(Item::InternalDate)) {
        (Some(ordered), _) => ordered.clone(),
        (None, true) => message.internal_date.format(core.profile.day_filler),
        (None, false) => String::new(),
    };
    Some(Snapshot {
        place,
        uid,
        flags,
        internal_date,
        modseq: message.modseq,
        body: message.body.clone(),
        newly_seen,
    })
}

/// Whether all that was asked for could be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Completely,
    Incomplete,
}

async fn respond<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    orders: &Orders,
    request: &Request,
    snapshot: &Snapshot,
) -> io::Result<Told> {
    let is_body = |item: &&Item| matches!(item, Item::Body(_));
    let mut items: Vec<&Item> = request.items.iter().collect();
    if orders.body_first {
        items.sort_by_key(|item| !is_body(item));
    }
    let told_flags = items.contains(&&Item::Flags);
    if snapshot.newly_seen && !told_flags {
        items.push(&Item::Flags);
    }
    let mut told = Told::Completely;
    wire.say(format_args!("* {} FETCH ", snapshot.place + 1));
    let mut separator = "(";
    for item in items {
        wire.put(separator);
        separator = " ";
        match item {
            Item::Uid => wire.say(format_args!("UID {}", snapshot.uid)),
            Item::Flags => wire.say(format_args!("FLAGS ({})", snapshot.flags)),
            Item::InternalDate => {
                wire.say(format_args!("INTERNALDATE \"{}\"", snapshot.internal_date))
            }
            Item::Size => {
                let size = snapshot
                    .body
                    .length()
                    .saturating_add_signed(orders.size_off);
                wire.say(format_args!("RFC822.SIZE {size}"));
            }
            Item::ModSeq => wire.say(format_args!("MODSEQ ({})", snapshot.modseq)),
            Item::Body(section) => {
                wire.put(&section.label);
                if send_section(wire, section, &snapshot.body).await? == Told::Incomplete {
                    told = Told::Incomplete;
                }
            }
        }
    }
    wire.put(if separator == "(" { "()\r\n" } else { ")\r\n" });
    wire.drain().await?;
    Ok(told)
}

async fn send_section<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    section: &Section,
    body: &Body,
) -> io::Result<Told> {
    let header = match section.part {
        Part::Whole => Bytes::new(),
        _ => body.header(),
    };
    let (body, start) = match &section.part {
        Part::Whole => (body.clone(), 0),
        Part::Text => (body.clone(), header.len() as u64),
        Part::Header => (Body::Bytes(header), 0),
        Part::HeaderFields { names, others } => (fields(&header, names, *others).into(), 0),
    };
    let (start, end) = match section.partial {
        None => (start, body.length()),
        Some((offset, length)) => {
            let start = start.saturating_add(offset).min(body.length());
            (start, start.saturating_add(length).min(body.length()))
        }
    };
    if matches!(body, Body::Hashed { .. }) {
        wire.put(" NIL");
        return Ok(Told::Incomplete);
    }
    wire.put(" ");
    wire.put_literal_header(end - start);
    let mut at = start;
    while at < end {
        let chunk = chunk_of(&body, at, end - at);
        at += chunk.len() as u64;
        wire.put_body(chunk).await?;
    }
    Ok(Told::Completely)
}

/// Some octets of a body, at least one where there are any.
fn chunk_of(body: &Body, offset: u64, limit: u64) -> Bytes {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    match body {
        Body::Bytes(octets) => {
            let offset =
                usize::try_from(offset).map_or(octets.len(), |offset| offset.min(octets.len()));
            octets.slice(offset..offset.saturating_add(limit).min(octets.len()))
        }
        Body::Synthesized(made) => {
            let mut chunk = made.chunk(offset);
            chunk.truncate(limit);
            chunk
        }
        Body::Hashed { .. } => Bytes::new(),
    }
}

/// The fields of a header that are named (or not named), and the empty line.
fn fields(header: &[u8], names: &[String], others: bool) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut keep = false;
    for line in header.split_inclusive(|&octet| octet == b'\n') {
        let folded = matches!(line.first(), Some(b' ' | b'\t'));
        if !folded {
            let name = line
                .split(|&octet| octet == b':')
                .next()
                .unwrap_or_default()
                .trim_ascii_end();
            let named = names
                .iter()
                .any(|wanted| name.eq_ignore_ascii_case(wanted.as_bytes()));
            keep = named != others && line.contains(&b':');
        }
        if keep {
            kept.extend_from_slice(line);
        }
    }
    kept.extend_from_slice(b"\r\n");
    kept
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn fields_with_their_folded_lines() {
        let header = b"A: 1\r\nMessage-Id: <x\r\n y>\r\nB: 2\r\n\r\n";
        let names = ["MESSAGE-ID".to_owned()];
        assert_eq!(
            fields(header, &names, false),
            b"Message-Id: <x\r\n y>\r\n\r\n"
        );
        assert_eq!(fields(header, &names, true), b"A: 1\r\nB: 2\r\n\r\n");
    }
}
