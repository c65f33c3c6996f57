//! Faults as data: what goes wrong, for which connection, command and mailbox, and how often.

use std::time::Duration;

use super::alteration::Alteration;
use super::appenduid::AppendUidLie;
use super::operation::Operation;

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// These octets come in place of the greeting, then the connection closes.
    Greeting(Vec<u8>),
    /// The connection breaks after this many octets were sent (counted from the connection's start,
    /// or from the command when the rule names one).
    CutAfterSent(u64),
    /// The connection breaks after this many octets were received (counted alike).
    CutAfterReceived(u64),
    /// The connection breaks inside the n-th FETCH literal (from 1), `after` octets into it.
    CutInLiteral {
        /// Which literal, from 1.
        literal: u64,
        /// How much of it is still sent.
        after: u64,
    },
    /// The command is refused with this text, for example `NO [OVERQUOTA] full`; APPEND before its data.
    Refuse(String),
    /// APPEND is answered with this text at once, and octets that come nevertheless are run as commands
    /// (Dovecot 2.3, where it dislikes a flag or a date).
    RefuseEarly(String),
    /// APPEND takes all its data, stores nothing and answers with this text.
    RefuseAfterData(String),
    /// APPEND of more messages than `over` takes all its data, stores the first `keeps` of them and
    /// answers with this text; `BYE` and a text ends the connection.
    RefuseBatch {
        /// Messages that are taken.
        over: usize,
        /// Messages that stay, although the command is refused.
        keeps: usize,
        /// The answer.
        text: String,
    },
    /// `* BYE` with this text in place of running the command.
    Bye(String),
    /// The command runs only after this time.
    Delay(Duration),
    /// Each FETCH response is sent only after this time.
    DelayResponses(Duration),
    /// The command takes effect, the connection breaks before the tagged response.
    CutBeforeReply,
    /// APPEND takes its data and never answers; the messages appear this time after the connection is gone.
    CommitLate {
        /// Time from the loss of the connection.
        after: Duration,
        /// Who ends the connection.
        hang_up: HangUp,
    },
    /// RFC822.SIZE is told this much too large (or too small).
    SizeOff(i64),
    /// INTERNALDATE is told as this text, whatever it is.
    InternalDate(String),
    /// All other message data items come after the body.
    BodyFirst,
    /// SELECT, EXAMINE and STATUS do not tell UIDVALIDITY.
    NoUidValidity,
    /// SELECT, EXAMINE and STATUS do not tell UIDNEXT.
    NoUidNext,
    /// APPENDUID is wrong.
    AppendUid(AppendUidLie),
    /// APPEND stores each message with this change; several of them happen one after the other.
    Alter(Alteration),
    /// APPEND of a message that the mailbox holds already, octet by octet, stores nothing; APPENDUID
    /// names the one that is there.
    MergeIdentical,
    /// APPEND leaves out so many UIDs before each message.
    SkipUids(u32),
    /// The account's user does this just before the command runs.
    Meanwhile(Operation),
}

/// Who ends the connection of a late commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// The server, as soon as it has the data.
    Server,
    /// The client, when it is tired of waiting.
    Client,
}

/// When a fault happens. All conditions must hold.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What goes wrong.
    pub fault: Fault,
    /// Only on this connection (from 1).
    pub connection: Option<u64>,
    /// Only for this command, as in the log (`"APPEND"`, `"UID FETCH"`).
    pub command: Option<String>,
    /// Only for this mailbox: the command's argument, or the selected one.
    pub mailbox: Option<Vec<u8>>,
    /// So many matches go by first.
    pub skip: usize,
    /// So many times in all; without a number always.
    pub times: Option<usize>,
}

impl Rule {
    /// A fault that always happens.
    pub const fn new(fault: Fault) -> Self {
        Self {
            fault,
            connection: None,
            command: None,
            mailbox: None,
            skip: 0,
            times: None,
        }
    }

    /// Only on the connection of this number, from 1.
    #[must_use]
    pub const fn on_connection(mut self, connection: u64) -> Self {
        self.connection = Some(connection);
        self
    }

    /// Only for this command.
    #[must_use]
    pub fn on_command(mut self, command: &str) -> Self {
        self.command = Some(command.to_owned());
        self
    }

    /// Only for this mailbox.
    #[must_use]
    pub fn on_mailbox(mut self, mailbox: &str) -> Self {
        self.mailbox = Some(mailbox.as_bytes().to_vec());
        self
    }

    /// Only the n-th match, from 1.
    #[must_use]
    pub const fn nth(mut self, n: usize) -> Self {
        self.skip = n.saturating_sub(1);
        self.times = Some(1);
        self
    }

    /// The first `n` matches.
    #[must_use]
    pub const fn times(mut self, n: usize) -> Self {
        self.times = Some(n);
        self
    }

    /// Does this belong to a connection as a whole, not to a command?
    const fn is_for_connection(&self) -> bool {
        let of_octets = matches!(
            self.fault,
            Fault::CutAfterSent(_) | Fault::CutAfterReceived(_) | Fault::CutInLiteral { .. }
        );
        matches!(self.fault, Fault::Greeting(_)) || (of_octets && self.command.is_none())
    }

    fn matches(&self, occasion: &Occasion<'_>) -> bool {
        let here = |wanted: Option<u64>| wanted.is_none_or(|wanted| wanted == occasion.connection);
        let command = |name: &String| Some(name.as_str()) == occasion.command;
        let mailbox = |name: &Vec<u8>| Some(name.as_slice()) == occasion.mailbox;
        self.is_for_connection() == occasion.command.is_none()
            && here(self.connection)
            && self.command.as_ref().is_none_or(command)
            && self.mailbox.as_ref().is_none_or(mailbox)
    }

    /// Counts a match and tells whether the fault happens now.
    fn strikes(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.times {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}

/// What may go wrong now: a connection's start, or a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occasion<'a> {
    pub(super) connection: u64,
    pub(super) command: Option<&'a str>,
    pub(super) mailbox: Option<&'a [u8]>,
}

/// The rules in force.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Vec<Rule>,
}

impl Faults {
    /// Adds a rule; it holds for connections and commands that begin from now on.
    pub fn add(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    /// Everything goes well again.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// Are there no rules, so that nobody needs to look?
    pub(super) const fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The faults that happen now.
    pub(super) fn strike(&mut self, occasion: Occasion<'_>) -> Vec<Fault> {
        let matching = self.rules.iter_mut().filter(|rule| rule.matches(&occasion));
        let striking = matching.filter_map(|rule| rule.strikes().then(|| rule.fault.clone()));
        striking.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_append_into_one_mailbox() {
        let refuse = Fault::Refuse("NO".to_owned());
        let mut faults = Faults::default();
        faults.add(
            Rule::new(refuse.clone())
                .on_command("APPEND")
                .on_mailbox("x")
                .nth(3),
        );
        let mut append = |mailbox: &[u8]| {
            let occasion = Occasion {
                connection: 1,
                command: Some("APPEND"),
                mailbox: Some(mailbox),
            };
            faults.strike(occasion).len()
        };
        let struck: Vec<_> = [b"x", b"x", b"y", b"x", b"x"]
            .map(|name| append(name))
            .to_vec();
        assert_eq!(struck, [0, 0, 0, 1, 0]);
    }

    #[test]
    fn octet_cuts_belong_to_connections_unless_a_command_is_named() {
        let mut faults = Faults::default();
        faults.add(Rule::new(Fault::CutAfterSent(5)).on_connection(2));
        faults.add(Rule::new(Fault::CutAfterSent(6)).on_command("NOOP"));
        let mut at = |connection, command| {
            faults.strike(Occasion {
                connection,
                command,
                mailbox: None,
            })
        };
        assert_eq!(at(1, None), []);
        assert_eq!(at(2, None), [Fault::CutAfterSent(5)]);
        assert_eq!(at(2, Some("NOOP")), [Fault::CutAfterSent(6)]);
    }
}
