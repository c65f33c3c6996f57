//! A session's loop: read a command, let faults have their way, run it, say what changed, answer.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use super::command::{self, Command, Incoming};
use super::fault::Occasion;
use super::orders::Orders;
use super::profile::{Profile, Situation};
use super::reply::{LateCommit, Outcome, Reply};
use super::select::Selected;
use super::shared::{Login, Shared};
use super::wire::{Wire, cut};
use super::{
    append, authenticate, compress, expunge, fetch, list, mailboxes, search, select, status,
    store_flags,
};

/// One client: its connection, and what the server knows about it.
#[derive(Debug)]
pub(super) struct Session<S> {
    pub(super) wire: Wire<S>,
    pub(super) core: Core,
}

/// The part of a session that does no I/O.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) shared: Shared,
    pub(super) profile: Arc<Profile>,
    pub(super) connection: u64,
    pub(super) secure: bool,
    pub(super) login: Option<Login>,
    pub(super) selected: Option<Selected>,
    pub(super) sent_id: bool,
    /// The faults of the command that runs now.
    pub(super) orders: Orders,
}

/// How a session ended.
#[derive(Debug)]
pub(super) enum End<S> {
    Closed,
    StartTls(S),
    CommitLate(String, LateCommit),
}

impl Core {
    /// The capability list as of now.
    pub(super) fn capabilities(&self) -> String {
        let starttls = matches!(self.shared.tls(), super::tls::Tls::StartTls(_));
        self.profile.capabilities(Situation {
            secure: self.secure,
            starttls: starttls && !self.secure,
            authenticated: self.login.is_some(),
        })
    }

    /// Who is logged in; empty before.
    pub(super) fn user(&self) -> &str {
        self.login.as_ref().map_or("", |login| &login.user)
    }

    /// What the account's user does while this command is on its way.
    fn meanwhile(&mut self) {
        let operations = std::mem::take(&mut self.orders.meanwhile);
        if operations.is_empty() {
            return;
        }
        let mut store = self.shared.store();
        let Some(account) = store.users.get_mut(self.user()) else {
            return;
        };
        for operation in operations {
            // What cannot be done is not done: a random user tries many things.
            let _ = account.operate(&operation);
        }
    }

    fn orders_for(&self, command: &Command) -> Vec<super::fault::Fault> {
        let named = match command.name.as_str() {
            "SELECT" | "EXAMINE" | "APPEND" | "STATUS" | "CREATE" | "DELETE" | "RENAME"
            | "SUBSCRIBE" | "UNSUBSCRIBE" => command.arguments.first().and_then(|name| name.text()),
            _ => self
                .selected
                .as_ref()
                .map(|selected| selected.name.as_slice()),
        };
        self.shared.strike(Occasion {
            connection: self.connection,
            command: Some(&command.name),
            mailbox: named,
        })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    pub(super) fn new(stream: S, shared: Shared, connection: u64, secure: bool) -> Self {
        let core = Core {
            profile: shared.profile(),
            connection,
            secure,
            login: None,
            selected: None,
            sent_id: false,
            orders: Orders::default(),
            shared: shared.clone(),
        };
        let wire = Wire::new(stream, shared);
        Self { wire, core }
    }

    pub(super) fn greet(&mut self) {
        let code = match self.core.profile.greeting_capability {
            true => format!("[CAPABILITY {}] ", self.core.capabilities()),
            false => String::new(),
        };
        self.wire
            .put(format!("* OK {code}Embedded IMAP server ready\r\n"));
    }

    /// Runs commands until the session ends; an error means that the connection is gone.
    pub(super) async fn run(mut self) -> io::Result<End<S>> {
        loop {
            let Self { wire, core } = &mut self;
            let incoming =
                command::read(wire, &core.profile, core.shared.log(), core.connection).await?;
            let command = match incoming {
                Incoming::Command(command) => command,
                Incoming::Nonsense(answer) => {
                    wire.put(format!("{answer}\r\n"));
                    continue;
                }
                Incoming::Fatal(answer) => {
                    wire.put(format!("{answer}\r\n"));
                    wire.close().await?;
                    return Ok(End::Closed);
                }
            };
            let outcome = self.obey(&command).await?;
            if let Some(end) = self.settle(&command, outcome).await? {
                return Ok(match end {
                    Ended::Closed => End::Closed,
                    Ended::StartTls => End::StartTls(self.wire.into_stream()),
                    Ended::CommitLate(late) => End::CommitLate(self.core.user().to_owned(), late),
                });
            }
        }
    }

    /// Looks for faults, then runs the command.
    async fn obey(&mut self, command: &Command) -> io::Result<Outcome> {
        let faults = self.core.orders_for(command);
        faults.iter().for_each(|fault| self.wire.arm(fault));
        self.core.orders = faults.into_iter().collect();
        if !self.core.orders.delay.is_zero() {
            self.wire.flush().await?;
            tokio::time::sleep(self.core.orders.delay).await;
        }
        self.core.meanwhile();
        if let Some(text) = self.core.orders.bye.take() {
            return Ok(Outcome::Bye(text));
        }
        // APPEND decides by itself, for its data are yet to come.
        if command.name != "APPEND"
            && let Some(refusal) = self.core.orders.refuse.take()
        {
            return Ok(Reply::verbatim(refusal).into());
        }
        if looks_at_mailbox(&command.name) && self.core.lost_mailbox() {
            return Ok(Outcome::Bye(
                "Mailbox was deleted or replaced under us".to_owned(),
            ));
        }
        self.execute(command).await
    }

    async fn execute(&mut self, command: &Command) -> io::Result<Outcome> {
        let core = &mut self.core;
        let reply = match command.name.as_str() {
            "CAPABILITY" => {
                let list = core.capabilities();
                self.wire.put(format!("* CAPABILITY {list}\r\n"));
                Reply::ok("Capability completed")
            }
            "NOOP" | "CHECK" => Reply::ok("Completed"),
            "LOGOUT" => {
                self.wire.put("* BYE Logging out\r\n");
                return Ok(Outcome::Last(Reply::ok("Logout completed")));
            }
            "ID" if core.profile.id => {
                core.sent_id = true;
                self.wire.put("* ID (\"name\" \"embedded-imapd\")\r\n");
                Reply::ok("ID completed")
            }
            _ if core.login.is_none() => return authenticate::execute(self, command).await,
            "COMPRESS" => {
                return Ok(compress::compress(core, command, self.wire.is_deflated()));
            }
            "APPEND" => return append::append(self, command).await,
            "FETCH" | "UID FETCH" => fetch::fetch(self, command).await?,
            _ => self.core.execute(command, self.wire.output()),
        };
        Ok(reply.into())
    }

    /// Untagged responses that are due, the tagged one, and whether that was all.
    async fn settle(&mut self, command: &Command, outcome: Outcome) -> io::Result<Option<Ended>> {
        match outcome {
            Outcome::Reply(reply) => {
                self.core.announce(&command.name, self.wire.output());
                if self.core.orders.cut_before_reply {
                    self.wire.flush().await?;
                    return Err(cut());
                }
                self.wire.put(reply.line(&command.tag));
                self.wire.drain().await?;
                Ok(None)
            }
            Outcome::Last(reply) => {
                self.wire.put(reply.line(&command.tag));
                self.wire.close().await?;
                Ok(Some(Ended::Closed))
            }
            Outcome::Bye(text) => {
                self.wire.put(format!("* BYE {text}\r\n"));
                self.wire.close().await?;
                Ok(Some(Ended::Closed))
            }
            Outcome::StartTls => {
                self.wire
                    .put(Reply::ok("Begin TLS negotiation now").line(&command.tag));
                self.wire.flush().await?;
                Ok(Some(Ended::StartTls))
            }
            Outcome::Compress => {
                compress::begin(self, &command.tag).await?;
                Ok(None)
            }
            Outcome::CommitLate(late) => Ok(Some(Ended::CommitLate(late))),
        }
    }
}

/// Whether a command needs the selected mailbox, and so the server to look at it.
fn looks_at_mailbox(command: &str) -> bool {
    let command = command.strip_prefix("UID ").unwrap_or(command);
    matches!(
        command,
        "FETCH" | "STORE" | "SEARCH" | "EXPUNGE" | "CLOSE" | "CHECK" | "NOOP"
    )
}

/// Why the loop stops, before the stream is taken apart.
enum Ended {
    Closed,
    StartTls,
    CommitLate(LateCommit),
}

impl Core {
    /// Commands of the authenticated and selected states that only write.
    fn execute(&mut self, command: &Command, out: &mut Vec<u8>) -> Reply {
        match command.name.as_str() {
            "ENABLE" if self.profile.enable => mailboxes::enable(self, command, out),
            "NAMESPACE" if self.profile.namespace => mailboxes::namespace(self, out),
            "CREATE" => mailboxes::create(self, command),
            "DELETE" => mailboxes::delete(self, command),
            "RENAME" => mailboxes::rename(self, command),
            "SUBSCRIBE" => mailboxes::subscribe(self, command),
            "UNSUBSCRIBE" => mailboxes::unsubscribe(self, command),
            "LIST" => list::list(self, command, out),
            "LSUB" => list::lsub(self, command, out),
            "STATUS" => status::status(self, command, out),
            "SELECT" | "EXAMINE" => select::select(self, command, out),
            "CLOSE" => expunge::close(self),
            "UNSELECT" if self.profile.unselect => expunge::unselect(self),
            "EXPUNGE" => expunge::expunge(self),
            "UID EXPUNGE" if self.profile.uidplus => expunge::uid_expunge(self, command),
            "STORE" | "UID STORE" => store_flags::store(self, command, out),
            "SEARCH" | "UID SEARCH" => search::search(self, command, out),
            "LOGIN" | "AUTHENTICATE" | "STARTTLS" => Reply::bad("Already logged in"),
            _ => Reply::bad(format!(
                "Error in IMAP command {}: Unknown command",
                command.name.escape_debug()
            )),
        }
    }
}
