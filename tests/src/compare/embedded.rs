//! What a user's account holds on an embedded server, by the server's own store.

use super::snapshot::{Message, Snapshot};
use crate::real::decode_mutf7;
use crate::server::{Body, EmbeddedServer, Hierarchy};

impl Snapshot {
    /// Reads a user's mail from the store; names without the prefix of the namespace.
    ///
    /// # Panics
    /// When there is no such user, or a name is not what any client could have made.
    pub fn of_embedded(server: &EmbeddedServer, user: &str) -> Self {
        let account = server.store().account(user).clone();
        let mut snapshot = Self::default();
        for (name, mailbox) in &account.mailboxes {
            if !mailbox.is_selectable() {
                continue;
            }
            let name = segments(name, &account.hierarchy);
            snapshot.add_mailbox(&name);
            for message in &mailbox.messages {
                let date = message.internal_date.unix_seconds;
                let message = stored(&message.body, date, &message.flags);
                snapshot.add_message(&name, message);
            }
        }
        for name in &account.subscriptions {
            snapshot.add_subscription(&segments(name, &account.hierarchy));
        }
        snapshot
    }
}

fn stored(body: &Body, internal_date: i64, flags: &[String]) -> Message {
    let digest = body.digest();
    Message {
        sha256: digest.sha256,
        length: digest.length,
        ..Message::new(b"", internal_date, flags)
    }
}

/// The levels of a raw name, in Unicode.
fn segments(name: &[u8], hierarchy: &Hierarchy) -> Vec<String> {
    let below = name.strip_prefix(&hierarchy.prefix[..]).unwrap_or(name);
    let levels = below.split(|&octet| octet == hierarchy.delimiter);
    let decoded = levels.map(|level| {
        let level = str::from_utf8(level).expect("names on the wire are ASCII");
        decode_mutf7(level).expect("names are modified UTF-7")
    });
    decoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::awkward;
    use crate::server::{Delivery, Options, Profile};

    fn server(profile: Profile) -> EmbeddedServer {
        let options = Options::with_profile(profile).with_user("alice", "pw");
        EmbeddedServer::start(options).expect("loopback has a free port")
    }

    #[test]
    fn a_store_holds_what_was_put_there() {
        let account = awkward(1);
        let server = server(Profile::full());
        server.store().account("alice").fill(&account);
        let held = Snapshot::of_embedded(&server, "alice");
        assert_eq!(Snapshot::of_account(&account).differences(&held), [""; 0]);
    }

    #[test]
    fn one_changed_octet_date_flag_or_name_shows() {
        let put = |body: &'static [u8], name: &str, flag: &str| {
            let server = server(Profile::full());
            let message = Delivery::new(body).flagged(&[flag]);
            server.store().deliver("alice", name, message);
            Snapshot::of_embedded(&server, "alice")
        };
        let expected = put(b"body", "a/b", "\\Seen");
        assert_eq!(expected, put(b"body", "a/b", "\\Seen"));
        for other in [
            put(b"bodY", "a/b", "\\Seen"),
            put(b"body", "a/c", "\\Seen"),
            put(b"body", "a/b", "\\Draft"),
        ] {
            assert_ne!(expected.differences(&other), [""; 0]);
        }
    }

    #[test]
    fn names_lose_the_prefix() {
        let server = server(Profile::courier_like());
        let message = Delivery::new(&b"x"[..]);
        server.store().deliver("alice", "INBOX.Caf&AOk-.x", message);
        let held = Snapshot::of_embedded(&server, "alice");
        let name = ["Caf\u{e9}".to_owned(), "x".to_owned()];
        assert!(held.mailboxes.contains_key(&name[..]), "{held:?}");
    }
}
