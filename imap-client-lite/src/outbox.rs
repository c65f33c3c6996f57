//! What is to be sent, with the places where sending waits for the server.

use std::collections::VecDeque;
use std::io::IoSlice;

use bytes::{Buf, Bytes};
use imap_proto_lite::Segment;

use crate::tag::Ticket;

/// Commands and bodies on their way out, in order.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: VecDeque<(Ticket, Item)>,
    queued_bytes: usize,
    open: Option<OpenBody>,
}

#[derive(Debug)]
enum Item {
    Bytes(Bytes),
    AwaitContinuation,
}

/// A body whose octets the caller still has to supply; it is the last thing in the queue.
#[derive(Debug)]
struct OpenBody {
    ticket: Ticket,
    left: u64,
    tail: Vec<Segment>,
}

/// What was left to send of a command that the server has completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Nothing: it was sent whole.
    Nothing,
    /// It waited for a `+` that now never comes; the rest is forgotten.
    Forgotten,
    /// Part of it was still on its way: the server may read the rest as commands.
    OnItsWay,
}

impl Outbox {
    /// Adds a command with its bodies; one that is absent is supplied later.
    pub(crate) fn push<'b>(
        &mut self,
        ticket: Ticket,
        segments: Vec<Segment>,
        mut bodies: impl Iterator<Item = &'b [Bytes]>,
    ) {
        let mut segments = segments.into_iter();
        while let Some(segment) = segments.next() {
            match segment {
                Segment::Bytes(bytes) => self.push_bytes(ticket, bytes),
                Segment::AwaitContinuation => {
                    self.queue.push_back((ticket, Item::AwaitContinuation))
                }
                Segment::Body(left) => match bodies.next() {
                    Some(chunks) => chunks
                        .iter()
                        .for_each(|chunk| self.push_bytes(ticket, chunk.clone())),
                    None => {
                        self.open = Some(OpenBody {
                            ticket,
                            left,
                            tail: segments.collect(),
                        });
                        self.close_if_whole();
                        return;
                    }
                },
            }
        }
    }

    /// Whether a body is open: nothing else can be sent before its last octet.
    pub(crate) const fn body_is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Octets of the open body that were not supplied yet.
    pub(crate) fn body_left(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.left)
    }

    /// Adds octets of the open body. Says whether they belong to it: there is one, and it is not
    /// overrun.
    pub(crate) fn supply(&mut self, chunk: Bytes) -> bool {
        let Some(open) = &mut self.open else {
            return false;
        };
        let Some(left) = open.left.checked_sub(chunk.len() as u64) else {
            return false;
        };
        open.left = left;
        let ticket = open.ticket;
        self.push_bytes(ticket, chunk);
        self.close_if_whole();
        true
    }

    fn close_if_whole(&mut self) {
        if let Some(open) = self.open.take_if(|open| open.left == 0) {
            self.push(open.ticket, open.tail, std::iter::empty());
        }
    }

    fn push_bytes(&mut self, ticket: Ticket, bytes: Bytes) {
        if !bytes.is_empty() {
            self.queued_bytes += bytes.len();
            self.queue.push_back((ticket, Item::Bytes(bytes)));
        }
    }

    /// Bytes in the queue.
    pub(crate) const fn queued_bytes(&self) -> usize {
        self.queued_bytes
    }

    /// Fills `slices` with what may be sent now; says how many it used.
    pub(crate) fn writable<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let mut used = 0;
        for ((_, item), slot) in self.queue.iter().zip(slices) {
            let Item::Bytes(bytes) = item else { break };
            *slot = IoSlice::new(bytes);
            used += 1;
        }
        used
    }

    /// Whether something may be sent now.
    pub(crate) fn has_writable(&self) -> bool {
        matches!(self.queue.front(), Some((_, Item::Bytes(_))))
    }

    /// Takes back the first `octets` bytes: they were sent.
    pub(crate) fn wrote(&mut self, mut octets: usize) {
        self.queued_bytes = self.queued_bytes.saturating_sub(octets);
        while octets > 0 {
            let Some((_, Item::Bytes(bytes))) = self.queue.front_mut() else {
                return;
            };
            let step = octets.min(bytes.len());
            bytes.advance(step);
            octets -= step;
            if bytes.is_empty() {
                self.queue.pop_front();
            }
        }
    }

    /// Whether something in the queue waits for the server's `+`.
    pub(crate) fn awaits_continuation(&self) -> bool {
        self.queue
            .iter()
            .any(|(_, item)| matches!(item, Item::AwaitContinuation))
    }

    /// The server sent `+`. Says whether something waited for it.
    pub(crate) fn continued(&mut self) -> bool {
        let awaited = matches!(self.queue.front(), Some((_, Item::AwaitContinuation)));
        if awaited {
            self.queue.pop_front();
        }
        awaited
    }

    /// The server completed the command: what was not sent of it yet is forgotten.
    pub(crate) fn completed(&mut self, ticket: Ticket) -> Rest {
        let open = self.open.take_if(|open| open.ticket == ticket).is_some();
        let unsent = self.queue.iter().any(|(owner, _)| *owner == ticket);
        if !open && !unsent {
            return Rest::Nothing;
        }
        let waiting = matches!(self.queue.front(), Some((owner, Item::AwaitContinuation)) if *owner == ticket);
        self.queue.retain(|(owner, _)| *owner != ticket);
        self.queued_bytes = self.queue.iter().map(|(_, item)| item.octets()).sum();
        if waiting {
            Rest::Forgotten
        } else {
            Rest::OnItsWay
        }
    }

    /// Forgets everything: no byte goes out any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Item {
    const fn octets(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::AwaitContinuation => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::Tags;

    fn sent(outbox: &mut Outbox) -> Vec<u8> {
        let mut slices = [IoSlice::new(&[]); 8];
        let used = outbox.writable(&mut slices);
        let bytes: Vec<u8> = slices[..used]
            .iter()
            .flat_map(|slice| slice.to_vec())
            .collect();
        outbox.wrote(bytes.len());
        bytes
    }

    fn append(waits: bool) -> Vec<Segment> {
        let mut segments = vec![Segment::Bytes(Bytes::from_static(b"A {4}\r\n"))];
        if waits {
            segments.push(Segment::AwaitContinuation);
        }
        segments.extend([
            Segment::Body(4),
            Segment::Bytes(Bytes::from_static(b"\r\n")),
        ]);
        segments
    }

    #[test]
    fn the_next_line_goes_out_with_the_literal_before_it() {
        let mut tags = Tags::random();
        let mut outbox = Outbox::default();
        for _ in 0..2 {
            let body = [Bytes::from_static(b"ab"), Bytes::from_static(b"cd")];
            outbox.push(tags.issue().0, append(true), std::iter::once(&body[..]));
        }
        assert_eq!(sent(&mut outbox), b"A {4}\r\n");
        assert_eq!(sent(&mut outbox), b"");
        assert!(outbox.continued());
        assert_eq!(sent(&mut outbox), b"abcd\r\nA {4}\r\n");
        assert!(outbox.continued());
        assert!(!outbox.continued());
        assert_eq!(sent(&mut outbox), b"abcd\r\n");
        assert_eq!(outbox.queued_bytes(), 0);
    }

    #[test]
    fn a_body_can_be_supplied_in_pieces() {
        let mut outbox = Outbox::default();
        outbox.push(Tags::random().issue().0, append(false), std::iter::empty());
        assert!(outbox.supply(Bytes::from_static(b"ab")));
        assert!(outbox.body_is_open());
        assert!(
            !outbox.supply(Bytes::from_static(b"cde")),
            "more than announced"
        );
        assert!(outbox.supply(Bytes::from_static(b"cd")));
        assert!(!outbox.body_is_open());
        assert_eq!(sent(&mut outbox), b"A {4}\r\nabcd\r\n");
    }

    #[test]
    fn a_refusal_before_the_plus_forgets_the_body() {
        let mut tags = Tags::random();
        let mut outbox = Outbox::default();
        let (first, second) = (tags.issue().0, tags.issue().0);
        for (ticket, body) in [(first, b"abcd"), (second, b"efgh")] {
            let body = [Bytes::from_static(body)];
            outbox.push(ticket, append(true), std::iter::once(&body[..]));
        }
        sent(&mut outbox);
        assert_eq!(outbox.completed(first), Rest::Forgotten);
        assert_eq!(sent(&mut outbox), b"A {4}\r\n");
    }

    #[test]
    fn a_reply_in_the_middle_of_a_body_is_noticed() {
        let mut outbox = Outbox::default();
        let ticket = Tags::random().issue().0;
        outbox.push(ticket, append(false), std::iter::empty());
        sent(&mut outbox);
        assert_eq!(outbox.completed(ticket), Rest::OnItsWay);
    }
}
