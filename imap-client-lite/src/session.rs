//! One IMAP connection as a pure state machine: bytes in, bytes and events out.
//!
//! ```text
//! enqueue ──> outbox ──> writable / wrote          (bytes to the server, pausing at literals)
//!                │ completed, continued
//! read_buffer ──> framer ──> ready ──> event       (one borrowed event at a time)
//! ```
//! A `+` belongs to the oldest command that waits for one; an unexpected `+`, and a completion of
//! a command that is still being sent, end the connection (RFC 9051 sections 5.5 and 7.6).

use std::collections::VecDeque;
use std::io::IoSlice;

use bytes::{Bytes, BytesMut};
use imap_proto_lite::{
    Append, Code, Command, Condition, Framer, Limits, Literals, Piece, PieceKind, Quirk, QuirkSet,
    Response, Segment, StatusResponse, Tag, Tally, Untagged, fetch_prefix_uid,
};

use crate::capability_set::CapabilitySet;
use crate::error::Error;
use crate::event::{Done, Event};
use crate::outbox::{Outbox, Rest};
use crate::printable::printable;
use crate::tag::{Tags, Ticket};

/// The state of one connection.
#[derive(Debug)]
pub(crate) struct Session {
    framer: Framer,
    outbox: Outbox,
    tags: Tags,
    in_flight: VecDeque<InFlight>,
    capabilities: CapabilitySet,
    bye: Option<String>,
    deflate: Deflate,
    announced: bool,
    greeted: bool,
    /// Continuation requests heard.
    continued: u64,
    unreadable: u32,
    quirks: Tally,
}

/// Whether the connection is deflated: RFC 4978.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deflate {
    Off,
    /// The server has agreed; everything behind its OK is deflated.
    Due,
    On,
}

#[derive(Debug)]
struct InFlight {
    ticket: Ticket,
    name: &'static str,
}

impl Session {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            framer: Framer::new(limits),
            outbox: Outbox::default(),
            tags: Tags::random(),
            in_flight: VecDeque::new(),
            capabilities: CapabilitySet::default(),
            bye: None,
            deflate: Deflate::Off,
            announced: false,
            greeted: false,
            continued: 0,
            unreadable: 0,
            quirks: Tally::default(),
        }
    }

    /// Adds a command to what is to be sent.
    pub(crate) fn enqueue(&mut self, command: &Command<'_>) -> Result<Ticket, Error> {
        self.push_with(command, std::iter::empty(), self.capabilities.literals())
    }

    /// Adds an APPEND with its whole bodies.
    pub(crate) fn enqueue_append<'b>(
        &mut self,
        append: Append<'_>,
        bodies: impl ExactSizeIterator<Item = &'b [Bytes]> + Clone,
        literals: Literals,
    ) -> Result<Ticket, Error> {
        let octets = |body: &[Bytes]| body.iter().map(|chunk| chunk.len() as u64).sum::<u64>();
        let announced = append.messages.iter().map(|message| message.octets);
        if append.messages.is_empty() || !bodies.clone().map(octets).eq(announced) {
            return Err(Error::Misuse(
                "bodies have other lengths than their APPEND announces",
            ));
        }
        self.push_with(&Command::Append(append), bodies, literals)
    }

    /// Adds an APPEND of one message whose body is supplied afterwards.
    pub(crate) fn open_append(
        &mut self,
        append: Append<'_>,
        literals: Literals,
    ) -> Result<Ticket, Error> {
        if append.messages.len() != 1 {
            return Err(Error::Misuse("only a single message can be supplied"));
        }
        self.push_with(&Command::Append(append), std::iter::empty(), literals)
    }

    fn push_with<'b>(
        &mut self,
        command: &Command<'_>,
        bodies: impl Iterator<Item = &'b [Bytes]>,
        literals: Literals,
    ) -> Result<Ticket, Error> {
        if self.outbox.body_is_open() {
            return Err(Error::Misuse(
                "a command cannot be sent inside an open body",
            ));
        }
        self.may_follow(command)?;
        let (ticket, tag) = self.tags.issue();
        let segments = command.encode(Tag::new(&tag)?, literals);
        log_command(&tag, command, &segments);
        self.outbox.push(ticket, segments, bodies);
        self.in_flight.push_back(InFlight {
            ticket,
            name: command.name(),
        });
        Ok(ticket)
    }

    /// Whether a command may be sent behind those in flight. Where the stream changes with an OK,
    /// nothing else may be under way in either direction.
    fn may_follow(&self, command: &Command<'_>) -> Result<(), Error> {
        let compressing = |one: &InFlight| one.name == Command::Compress.name();
        if self.in_flight.iter().any(compressing) {
            return Err(Error::Misuse("nothing can be sent behind COMPRESS"));
        }
        match command {
            Command::Compress | Command::StartTls if self.deflate != Deflate::Off => {
                Err(Error::Misuse("the connection is compressed already"))
            }
            Command::Compress if !self.in_flight.is_empty() => Err(Error::Misuse(
                "COMPRESS cannot be sent while answers are under way",
            )),
            _ => Ok(()),
        }
    }

    /// What was received behind the OK of COMPRESS, once: the stream is deflated from there on.
    pub(crate) fn begin_deflate(&mut self) -> Option<BytesMut> {
        if self.deflate != Deflate::Due {
            return None;
        }
        self.deflate = Deflate::On;
        Some(self.framer.take_unread())
    }

    /// Adds octets of the open body.
    pub(crate) fn supply(&mut self, chunk: Bytes) -> Result<(), Error> {
        if self.outbox.supply(chunk) {
            Ok(())
        } else {
            Err(Error::Misuse("no open body takes these octets"))
        }
    }

    pub(crate) fn body_left(&self) -> u64 {
        self.outbox.body_left()
    }

    /// How many continuation requests the server has sent.
    pub(crate) const fn continued(&self) -> u64 {
        self.continued
    }

    pub(crate) fn awaits_continuation(&self) -> bool {
        self.outbox.awaits_continuation()
    }

    pub(crate) const fn queued_bytes(&self) -> usize {
        self.outbox.queued_bytes()
    }

    pub(crate) fn writable<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        self.outbox.writable(slices)
    }

    pub(crate) fn has_writable(&self) -> bool {
        self.outbox.has_writable()
    }

    pub(crate) fn wrote(&mut self, octets: usize) {
        self.outbox.wrote(octets);
    }

    pub(crate) const fn read_buffer(&mut self) -> &mut BytesMut {
        self.framer.buffer()
    }

    /// Octets that the server still has to send of a body.
    pub(crate) fn body_to_come(&self) -> u64 {
        self.framer.body_left()
    }

    /// Commands that the server has not completed.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// The oldest command that the server has not completed.
    pub(crate) fn oldest(&self) -> &'static str {
        self.in_flight
            .front()
            .map_or("nothing", |command| command.name)
    }

    pub(crate) const fn capabilities(&self) -> &CapabilitySet {
        &self.capabilities
    }

    /// What was read although the grammar does not allow it.
    pub(crate) const fn quirks(&self) -> &Tally {
        &self.quirks
    }

    /// The error for a connection that ended, with the server's reason if it gave one.
    pub(crate) fn closed(&self) -> Error {
        Error::Closed {
            awaiting: self.oldest(),
            bye: self.bye.clone(),
        }
    }

    /// Forgets what a server said before TLS; `false` when it said more than it should have.
    pub(crate) fn reset_for_tls(&mut self, limits: Limits) -> bool {
        let clean = self.framer.unread() == 0;
        *self = Self::new(limits);
        clean
    }

    /// Whether an event can be lent. Continuation requests are dealt with on the way.
    pub(crate) fn ready(&mut self) -> Result<bool, Error> {
        while !self.announced && self.framer.ready()? {
            match self.framer.piece_kind() {
                PieceKind::Continuation if self.greeted => {
                    tracing::trace!(target: WIRE, "S: +");
                    self.continued += 1;
                    if !self.outbox.continued() {
                        self.outbox.clear();
                        return Err(Error::Protocol(
                            "a continuation request that nothing waits for",
                        ));
                    }
                }
                PieceKind::Continuation | PieceKind::Other => self.announced = true,
            }
        }
        Ok(self.announced)
    }

    /// Lends the event that [`Session::ready`] announced.
    pub(crate) fn event(&mut self) -> Result<Event<'_>, Error> {
        self.announced = false;
        self.greeted = true;
        let frame = match self.framer.piece() {
            Piece::LiteralStart { prefix, octets } => {
                return Ok(Event::BodyStart {
                    uid: fetch_prefix_uid(prefix),
                    octets,
                });
            }
            Piece::LiteralChunk(chunk) => return Ok(Event::BodyChunk(chunk)),
            Piece::Frame(frame) => frame,
        };
        tracing::trace!(target: WIRE, "S: {}", shown(frame));
        let read = Response::parse_with(frame, READ).map(|(response, met)| {
            self.quirks.add(met);
            response
        });
        match read {
            Ok(Response::Untagged(untagged)) => {
                self.unreadable = 0;
                notice(&untagged, &mut self.capabilities, &mut self.bye);
                Ok(Event::Untagged(untagged))
            }
            Ok(Response::Tagged { tag, status }) => {
                let ticket = self.tags.ticket(tag);
                let name = complete(
                    ticket,
                    &status,
                    &mut self.in_flight,
                    &mut self.outbox,
                    &self.bye,
                )?;
                if name == Command::Compress.name() && status.condition == Condition::Ok {
                    self.deflate = Deflate::Due;
                }
                notice_status(&status, &mut self.capabilities);
                let Some(ticket) = ticket else {
                    return Err(Error::Protocol("a tag that we did not send"));
                };
                let StatusResponse {
                    condition,
                    code,
                    text,
                } = status;
                Ok(Event::Done(Done {
                    ticket,
                    condition,
                    code,
                    text,
                }))
            }
            // Only instead of a greeting: `+OK` is how POP3 begins.
            Ok(Response::Continuation { .. } | Response::Stray(_)) => {
                Ok(Event::Unreadable(frame.trim_ascii_end()))
            }
            Err(error) => {
                self.unreadable += 1;
                if self.unreadable >= UNREADABLE_IN_A_ROW {
                    return Err(error.into());
                }
                tracing::debug!(%error, "a response that cannot be read: {}", shown(frame));
                Ok(Event::Unreadable(frame.trim_ascii_end()))
            }
        }
    }
}

/// Takes a completed command out of those in flight, and says which it is.
fn complete(
    ticket: Option<Ticket>,
    status: &StatusResponse<'_>,
    in_flight: &mut VecDeque<InFlight>,
    outbox: &mut Outbox,
    bye: &Option<String>,
) -> Result<&'static str, Error> {
    let at = in_flight
        .iter()
        .position(|command| Some(command.ticket) == ticket);
    let Some(command) = at.and_then(|at| in_flight.remove(at)) else {
        outbox.clear();
        return Err(Error::Protocol(
            "the completion of a command that is not in flight",
        ));
    };
    if !matches!(
        status.condition,
        Condition::Ok | Condition::No | Condition::Bad
    ) {
        return Err(Error::Closed {
            awaiting: command.name,
            bye: bye.clone().or_else(|| Some(printable(status.text))),
        });
    }
    match outbox.completed(command.ticket) {
        Rest::Nothing => Ok(command.name),
        Rest::Forgotten if status.condition != Condition::Ok => Ok(command.name),
        Rest::Forgotten | Rest::OnItsWay => {
            // The server now reads what follows as commands: not one byte more (design.md, 5).
            outbox.clear();
            Err(Error::EarlyReply {
                command: command.name,
                text: printable(status.text),
            })
        }
    }
}

/// Keeps what the connection itself must know.
fn notice(untagged: &Untagged<'_>, capabilities: &mut CapabilitySet, bye: &mut Option<String>) {
    match untagged {
        Untagged::Capability(list) => *capabilities = (*list).into(),
        Untagged::Status(status) => {
            notice_status(status, capabilities);
            if status.condition == Condition::Bye {
                *bye = Some(printable(status.text));
            }
        }
        _ => {}
    }
}

fn notice_status(status: &StatusResponse<'_>, capabilities: &mut CapabilitySet) {
    if let Some(Code::Capability(list)) = status.code {
        *capabilities = list.into();
    }
}

fn shown(frame: &[u8]) -> impl std::fmt::Display + '_ {
    let line = frame.trim_ascii_end();
    line.get(..1000).unwrap_or(line).escape_ascii()
}

/// The wire log of a command; credentials are masked, bodies left out.
fn log_command(tag: &str, command: &Command<'_>, segments: &[Segment]) {
    if !tracing::enabled!(target: WIRE, tracing::Level::TRACE) {
        return;
    }
    if command.is_secret() {
        tracing::trace!(target: WIRE, "C: {tag} {} ***", command.name());
        return;
    }
    for segment in segments {
        match segment {
            Segment::Bytes(bytes) => tracing::trace!(target: WIRE, "C: {}", shown(bytes)),
            Segment::AwaitContinuation => {}
            Segment::Body(octets) => tracing::trace!(target: WIRE, "C: <{octets} octets>"),
        }
    }
}

/// The tracing target of the wire log.
const WIRE: &str = "imap::wire";
/// What of a server's quirks is read. A line that is no response, or one whose value makes no sense, counts
/// as one that cannot be read, so that a stream that is out of step ends.
const READ: QuirkSet = QuirkSet::LENIENT
    .without(Quirk::StrayLine)
    .without(Quirk::OddResponse);
/// So many responses in a row that cannot be read mean that the stream is out of step.
const UNREADABLE_IN_A_ROW: u32 = 16;

#[cfg(test)]
mod tests;
