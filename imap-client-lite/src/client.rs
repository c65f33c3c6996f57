//! The user's handle on a session: enqueue commands, take events.
//!
//! ```text
//! connect ──> not authenticated ──login──> authenticated ──select/examine──> selected
//! ```
//! The states are the server's (RFC 9051 section 3); a command in the wrong one is refused by it.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use imap_proto_lite::{Append, Code, Command, Condition, Literals, Tally, Untagged};

use crate::capability_set::CapabilitySet;
use crate::config::{Config, Endpoint};
use crate::driver::Driver;
use crate::error::Error;
use crate::event::{Done, Event};
use crate::printable::printable;
use crate::session::Session;
use crate::tag::Ticket;
use crate::transport::Transport;

/// A connection to an IMAP server.
#[derive(Debug)]
pub struct Client {
    pub(crate) driver: Driver,
    pub(crate) config: Config,
    pub(crate) endpoint: Endpoint,
    pub(crate) preauthenticated: bool,
    pub(crate) server_id: Vec<(String, String)>,
    pub(crate) login: Login,
    pub(crate) round_trip: Option<Duration>,
    literals: Option<Literals>,
}

/// Whether [`Client::login`] has done its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Login {
    Outstanding,
    Done,
}

/// A command that was sent and is waited for later.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead {
    ticket: Ticket,
    name: &'static str,
}

/// How a command ended, for those who waited for just that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The response code, when it carries nothing borrowed.
    pub code: Option<Code<'static>>,
    /// The server's words, made printable.
    pub text: String,
}

impl Client {
    pub(crate) fn over(transport: Transport, endpoint: Endpoint, config: &Config) -> Self {
        let session = Session::new(config.limits);
        Self {
            driver: Driver::new(transport, session),
            config: config.clone(),
            endpoint,
            preauthenticated: false,
            server_id: Vec::new(),
            login: Login::Outstanding,
            round_trip: None,
            literals: None,
        }
    }

    /// What the server can do, by its last word.
    #[must_use]
    pub const fn capabilities(&self) -> &CapabilitySet {
        self.driver.session.capabilities()
    }

    /// What the server sent on this connection that the grammar of RFC 9051 does not allow and that was
    /// read all the same, with the number of responses that showed it. What was said before STARTTLS is
    /// forgotten.
    #[must_use]
    pub const fn quirks(&self) -> &Tally {
        self.driver.session.quirks()
    }

    /// How the server named itself after login (ID, RFC 2971); empty when it did not.
    #[must_use]
    pub fn server_id(&self) -> &[(String, String)] {
        &self.server_id
    }

    /// Uses synchronizing literals for APPENDs from now on, whatever the server offers.
    pub const fn distrust_literals(&mut self) {
        self.literals = Some(Literals::Synchronizing);
    }

    /// Adds a command to what is sent.
    ///
    /// # Errors
    /// While the body of an APPEND is open.
    pub fn enqueue(&mut self, command: &Command<'_>) -> Result<Ticket, Error> {
        self.driver.session.enqueue(command)
    }

    /// Adds an APPEND with the whole bodies of all its messages.
    ///
    /// # Errors
    /// When there are not as many bodies as messages, or one has another length than announced; when
    /// another body is open.
    pub fn enqueue_append<'b>(
        &mut self,
        append: Append<'_>,
        bodies: impl ExactSizeIterator<Item = &'b [Bytes]> + Clone,
    ) -> Result<Ticket, Error> {
        let literals = self.append_literals();
        self.driver.session.enqueue_append(append, bodies, literals)
    }

    /// Adds an APPEND of one message whose body follows by [`Client::supply`]. Always a synchronizing literal:
    /// a refusal of something large then costs nothing.
    ///
    /// # Errors
    /// While another body is open.
    pub fn open_append(&mut self, append: Append<'_>) -> Result<Ticket, Error> {
        self.driver
            .session
            .open_append(append, Literals::Synchronizing)
    }

    /// Adds octets of the open body.
    ///
    /// # Errors
    /// When no body is open or the octets are more than it announced.
    pub fn supply(&mut self, chunk: Bytes) -> Result<(), Error> {
        self.driver.session.supply(chunk)
    }

    /// Octets of the open body that were not supplied yet.
    #[must_use]
    pub fn body_left(&self) -> u64 {
        self.driver.session.body_left()
    }

    /// Whether a literal waits for the server's `+`.
    #[must_use]
    pub fn awaits_continuation(&self) -> bool {
        self.driver.session.awaits_continuation()
    }

    /// Bytes that wait to be sent.
    #[must_use]
    pub const fn queued_bytes(&self) -> usize {
        self.driver.session.queued_bytes()
    }

    /// Commands that the server has not completed.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.driver.session.in_flight()
    }

    /// Whether a body of so many octets in an APPEND goes out before the server has asked for it.
    #[must_use]
    pub fn sends_unasked(&self, octets: u64) -> bool {
        !self.append_literals().waits(octets)
    }

    fn append_literals(&self) -> Literals {
        self.literals
            .unwrap_or_else(|| self.capabilities().literals())
    }

    /// The next thing that the server says. Cancel-safe: dropping the future loses nothing.
    ///
    /// # Errors
    /// When the connection ended, broke the protocol, or was silent for too long.
    pub async fn next(&mut self) -> Result<Event<'_>, Error> {
        self.wait(self.config.answer_patience).await?;
        self.driver.session.event()
    }

    pub(crate) async fn wait(&mut self, patience: Duration) -> Result<(), Error> {
        while !self.driver.ready()? {
            self.driver.progress(patience).await?;
        }
        Ok(())
    }

    /// Waits until bytes have moved, the server has asked for a literal, or an event is ready; says
    /// whether one is. Cancel-safe.
    ///
    /// # Errors
    /// As [`Client::next`].
    pub async fn progress(&mut self) -> Result<bool, Error> {
        let before = self.driver.session.continued();
        let ready = self.driver.ready()?;
        if ready || self.driver.session.continued() != before {
            return Ok(ready);
        }
        self.driver.progress(self.config.answer_patience).await?;
        self.driver.ready()
    }

    /// Sends one command and waits for its end; untagged responses go to `on`.
    ///
    /// # Errors
    /// [`Error::Refused`] when the server answers NO or BAD, else as [`Client::next`].
    pub async fn run(
        &mut self,
        command: &Command<'_>,
        on: impl FnMut(&Untagged<'_>),
    ) -> Result<Completion, Error> {
        let ahead = self.ahead(command)?;
        self.finish(ahead, on).await
    }

    /// Adds a command to what is sent, to be waited for later, in the order in which they are sent.
    pub(crate) fn ahead(&mut self, command: &Command<'_>) -> Result<Ahead, Error> {
        let (ticket, name) = (self.enqueue(command)?, command.name());
        Ok(Ahead { ticket, name })
    }

    /// Waits for the end of a command; untagged responses until then go to `on`.
    pub(crate) async fn finish(
        &mut self,
        Ahead { ticket, name }: Ahead,
        mut on: impl FnMut(&Untagged<'_>),
    ) -> Result<Completion, Error> {
        loop {
            match self.next().await? {
                Event::Untagged(untagged) => on(&untagged),
                Event::Done(done) if done.ticket == ticket => return completion(name, &done),
                _ => {}
            }
        }
    }

    /// Sends commands that do not need each other's answers, many ahead, and waits for all of them. What
    /// the server says between two answers goes to `on` with the number of the command under way.
    /// A refusal is that command's result.
    ///
    /// # Errors
    /// As [`Client::next`].
    pub async fn run_all<'c>(
        &mut self,
        commands: impl IntoIterator<Item = Command<'c>>,
        mut on: impl FnMut(usize, &Untagged<'_>),
    ) -> Result<Vec<Result<Completion, Error>>, Error> {
        let mut commands = commands.into_iter();
        let mut ahead = VecDeque::new();
        let mut results = Vec::new();
        loop {
            for command in commands.by_ref().take(AHEAD - ahead.len()) {
                ahead.push_back(self.ahead(&command)?);
            }
            let Some(oldest) = ahead.pop_front() else {
                return Ok(results);
            };
            let number = results.len();
            match self.finish(oldest, |untagged| on(number, untagged)).await {
                Err(error) if !matches!(error, Error::Refused { .. }) => return Err(error),
                result => results.push(result),
            }
        }
    }

    /// Waits for the end of all commands in flight and forgets what they say.
    ///
    /// # Errors
    /// As [`Client::next`].
    pub async fn settle(&mut self) -> Result<(), Error> {
        while self.in_flight() > 0 {
            self.next().await?;
        }
        Ok(())
    }

    /// Gives the connection up at once: the socket closes, and whatever is asked for now fails.
    pub fn abandon(&mut self) {
        self.driver.transport = Transport::Gone;
    }

    /// Says goodbye. What goes wrong now does not matter any more. The quirks that were met go to the log.
    pub async fn logout(mut self) {
        log_quirks(self.quirks());
        let goodbye = async {
            self.run(&Command::Logout, |_| {}).await?;
            tokio::io::AsyncWriteExt::shutdown(&mut self.driver.transport)
                .await
                .map_err(Error::from)
        };
        let _ = tokio::time::timeout(LOGOUT_PATIENCE, goodbye).await;
    }
}

fn log_quirks(quirks: &Tally) {
    for (quirk, responses) in quirks.iter() {
        tracing::debug!(%quirk, responses, "read though the grammar forbids it; seen in: {}", quirk.seen_in());
    }
}

/// A command's end as a result.
fn completion(command: &'static str, done: &Done<'_>) -> Result<Completion, Error> {
    let code = done.code.and_then(Code::detached);
    let text = printable(done.text);
    match done.condition {
        Condition::Ok => Ok(Completion { code, text }),
        condition => Err(Error::Refused {
            command,
            condition,
            code,
            text,
        }),
    }
}

/// Commands sent ahead of their answers, where there are many.
const AHEAD: usize = 64;
/// How long a server may take to say goodbye.
const LOGOUT_PATIENCE: Duration = Duration::from_secs(3);
