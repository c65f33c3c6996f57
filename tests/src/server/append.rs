//! APPEND and MULTIAPPEND: all messages of a command or none (RFC 9051 section 6.3.12, RFC 3502, RFC 4315).

use std::io;
use std::time::{Instant, SystemTime};

use tokio::io::{AsyncRead, AsyncWrite};

use super::append_message::{Envelope, receive, skip};
use super::appenduid;
use super::command::{Command, LiteralHeader, Permission, not_offered};
use super::date::InternalDate;
use super::fault::HangUp;
use super::mailbox::{Delivery, Mailbox};
use super::reply::{LateCommit, Outcome, Reply};
use super::session::{Core, Session};
use super::store::Store;
use super::storing::Storing;
use super::token::{Token, Tokenizer};
use super::wire::Line;

/// Messages on their way into one mailbox.
#[derive(Debug)]
pub(super) struct Batch {
    mailbox: Vec<u8>,
    deliveries: Vec<Delivery>,
    storing: Storing,
}

impl Batch {
    /// Delivers all messages; tells the mailbox and their UIDs there, unless it is gone.
    pub(super) fn commit<'a>(
        self,
        store: &'a mut Store,
        user: &str,
    ) -> Option<(&'a Mailbox, Vec<u32>)> {
        let mailbox = store
            .users
            .get_mut(user)?
            .mailboxes
            .get_mut(&self.mailbox)?;
        let arrival = (Instant::now(), self.deliveries.len());
        mailbox.arrivals.push(arrival);
        let deliveries = self.deliveries.into_iter();
        let uids = deliveries
            .map(|delivery| self.storing.store(mailbox, delivery))
            .collect();
        Some((mailbox, uids))
    }
}

/// Why a message is not taken: before the client sends its octets, or whatever these are.
enum Refusal {
    /// Answered at once; octets that come nevertheless are run as commands (Dovecot 2.3).
    Early(Outcome),
    /// Answered when the octets have gone by, or before a synchronizing literal.
    Polite(Reply),
}

pub(super) async fn append<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    command: &Command,
) -> io::Result<Outcome> {
    let (Some((mailbox, first)), Some(literal)) =
        (command.arguments.split_first(), command.literal)
    else {
        return Ok(Reply::bad("Error in IMAP command APPEND: Invalid arguments.").into());
    };
    let mut part = (first.to_vec(), literal);
    let mut batch = Batch {
        mailbox: session
            .core
            .profile
            .hierarchy()
            .normalise(mailbox.text().unwrap_or_default()),
        deliveries: Vec::new(),
        storing: session.core.orders.storing.clone(),
    };
    if let Some(text) = session.core.orders.refuse_early.take() {
        return Ok(Reply::verbatim(text).into());
    }
    let mut refusal = refused_at_once(&session.core, &batch.mailbox);
    let mut parts = 0;
    loop {
        let (tokens, literal) = &part;
        let envelope = match examine(&session.core, &command.tag, tokens, *literal) {
            Ok(envelope) => envelope,
            Err(Refusal::Early(outcome)) => return Ok(outcome),
            Err(Refusal::Polite(reply)) => {
                refusal.get_or_insert(reply);
                None
            }
        };
        match (&refusal, literal.is_synchronizing) {
            (Some(reply), true) => return Ok(reply.clone().into()),
            (None, true) => session.wire.put(b"+ OK\r\n"),
            (_, false) => {}
        }
        match envelope.filter(|_| refusal.is_none()) {
            Some(envelope) => batch.deliveries.push(take(session, envelope).await?),
            None => skip(&mut session.wire, literal.length).await?,
        }
        parts += 1;
        match next_part(session, command).await? {
            Next::End => break,
            Next::Part(tokens, literal) => part = (tokens, literal),
            Next::Malformed => {
                return Ok(Reply::bad("Error in IMAP command APPEND: Invalid arguments.").into());
            }
        }
    }
    if let Some(reply) = refusal {
        return Ok(reply.into());
    }
    finish(session, batch, parts).await
}

/// A reason that holds for all messages.
fn refused_at_once(core: &Core, mailbox: &[u8]) -> Option<Reply> {
    if let Some(text) = &core.orders.refuse {
        return Some(Reply::verbatim(text.clone()));
    }
    let store = core.shared.store();
    let account = store.users.get(core.user());
    let known = account.and_then(|account| account.mailboxes.get(mailbox));
    match known.is_some_and(Mailbox::is_selectable) {
        true => None,
        false => Some(Reply::no("[TRYCREATE] Mailbox doesn't exist")),
    }
}

/// Looks at what precedes a literal.
fn examine(
    core: &Core,
    tag: &str,
    tokens: &[Token],
    literal: LiteralHeader,
) -> Result<Option<Envelope>, Refusal> {
    let profile = &core.profile;
    match literal.permission(profile) {
        Permission::Granted => {}
        Permission::Unknown => {
            let text = not_offered(tag);
            let text = text.split_once(' ').map_or("", |(_, text)| text);
            return Err(Refusal::Early(Reply::verbatim(text.to_owned()).into()));
        }
        Permission::TooLarge => {
            return Err(Refusal::Early(Outcome::Bye(
                "[TOOBIG] Literal too large".to_owned(),
            )));
        }
    }
    let early = |text: String| {
        Refusal::Early(Reply::bad(format!("Error in IMAP command APPEND: {text}")).into())
    };
    if literal.is_literal8 && !profile.binary {
        return Err(early("Invalid arguments.".to_owned()));
    }
    let envelope = Envelope::parse(tokens, literal).map_err(early)?;
    if profile
        .appendlimit
        .is_some_and(|limit| literal.length > limit)
    {
        return Err(Refusal::Polite(Reply::no("[TOOBIG] Message is too large")));
    }
    if literal.length == 0 && profile.refuse_empty {
        return Err(Refusal::Polite(Reply::no(
            "Can't save a zero byte message.",
        )));
    }
    let has_keyword = envelope.flags.iter().any(|flag| !flag.starts_with('\\'));
    match has_keyword && !profile.keywords {
        true => Err(Refusal::Polite(Reply::no(
            "[CANNOT] Keywords are not supported",
        ))),
        false => Ok(Some(envelope)),
    }
}

/// Receives a message's octets.
async fn take<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    envelope: Envelope,
) -> io::Result<Delivery> {
    // What is only hashed cannot be altered.
    let hash_over = match session.core.orders.storing.alterations.is_empty() {
        true => session.core.shared.hash_over(),
        false => u64::MAX,
    };
    let body = receive(&mut session.wire, envelope.literal.length, hash_over).await?;
    Ok(Delivery {
        flags: envelope.flags,
        internal_date: envelope.internal_date.unwrap_or_else(now),
        body,
    })
}

/// What follows a message.
enum Next {
    End,
    Part(Vec<Token>, LiteralHeader),
    Malformed,
}

async fn next_part<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    command: &Command,
) -> io::Result<Next> {
    let Line::Whole(line) = session.wire.line(session.core.profile.line_limit).await? else {
        return Ok(Next::Malformed);
    };
    if line.is_empty() {
        return Ok(Next::End);
    }
    session.core.shared.log().extend(command.place, &line);
    let (text, literal) = LiteralHeader::split(&line);
    let mut tokenizer = Tokenizer::new();
    let tokens = tokenizer.line(text).and_then(|()| tokenizer.finish());
    Ok(match (tokens, literal) {
        (Ok(tokens), Some(literal)) if text.starts_with(b" ") => Next::Part(tokens, literal),
        _ => Next::Malformed,
    })
}

/// Stores what was received, when and as far as profile and faults allow.
async fn finish<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    mut batch: Batch,
    parts: usize,
) -> io::Result<Outcome> {
    let core = &mut session.core;
    if let Some(text) = core.orders.refuse_after_data.take() {
        return Ok(Reply::verbatim(text).into());
    }
    if let Some(order) = core.orders.refuse_batch.take_if(|order| parts > order.over) {
        batch.deliveries.truncate(order.keeps);
        batch.commit(&mut core.shared.store(), core.user());
        return Ok(match order.text.strip_prefix("BYE ") {
            Some(text) => Outcome::Bye(text.to_owned()),
            None => Reply::verbatim(order.text).into(),
        });
    }
    let too_many = parts > 1 && !core.profile.multiappend;
    if too_many && !core.profile.multiappend_keeps_first {
        return Ok(Reply::bad("Error in IMAP command APPEND: Unexpected data").into());
    }
    if too_many {
        batch.deliveries.truncate(1);
    }
    if let Some((after, hang_up)) = core.orders.commit_late {
        if hang_up == HangUp::Client {
            session.wire.until_gone().await;
        }
        return Ok(Outcome::CommitLate(LateCommit { after, batch }));
    }
    let mut store = core.shared.store();
    Ok(match batch.commit(&mut store, core.user()) {
        None => Reply::no("[TRYCREATE] Mailbox vanished"),
        Some(_) if too_many => Reply::no("Error in IMAP command received by server."),
        Some((mailbox, uids)) => {
            let code = match core.profile.uidplus {
                true => appenduid::code(core.orders.appenduid, mailbox, uids),
                false => String::new(),
            };
            Reply::ok(format!("{code}Append completed"))
        }
    }
    .into())
}

fn now() -> InternalDate {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    InternalDate::utc(since_epoch.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(0)))
}
