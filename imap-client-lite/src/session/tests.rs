//! Transcripts without sockets, the server's side cut at every byte.

use super::*;
use imap_proto_lite::command::BodyForm;
use imap_proto_lite::{AppendMessage, FetchItem, FlagSet, MailboxName, Messages, Uid, UidSet};

/// An event, owned, with the chunks of one body joined.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Untagged(String),
    Body(Option<u32>, Vec<u8>),
    Done(Ticket, Condition),
    Unreadable,
}

fn take_events(session: &mut Session, seen: &mut Vec<Seen>) -> Result<(), Error> {
    while session.ready()? {
        match session.event()? {
            Event::Untagged(untagged) => seen.push(Seen::Untagged(format!("{untagged:?}"))),
            Event::BodyStart { uid, .. } => seen.push(Seen::Body(uid.map(u32::from), Vec::new())),
            Event::BodyChunk(chunk) => {
                if let Some(Seen::Body(_, body)) = seen.last_mut() {
                    body.extend_from_slice(&chunk);
                }
            }
            Event::Done(done) => seen.push(Seen::Done(done.ticket, done.condition)),
            Event::Unreadable(_) => seen.push(Seen::Unreadable),
        }
    }
    Ok(())
}

fn receive(session: &mut Session, bytes: &[u8], chunk: usize) -> Result<Vec<Seen>, Error> {
    let mut seen = Vec::new();
    for part in bytes.chunks(chunk) {
        session.read_buffer().extend_from_slice(part);
        take_events(session, &mut seen)?;
    }
    Ok(seen)
}

/// What the session wants to send now, with its random tag prefix made `t`.
fn sent(session: &mut Session) -> String {
    let mut text = Vec::new();
    while session.has_writable() {
        let mut slices = [IoSlice::new(&[]); 16];
        let used = session.writable(&mut slices);
        let now: Vec<u8> = slices
            .iter()
            .take(used)
            .flat_map(|slice| slice.to_vec())
            .collect();
        session.wrote(now.len());
        text.extend_from_slice(&now);
    }
    String::from_utf8_lossy(&text).replace(&prefix(session), "t")
}

fn prefix(session: &Session) -> String {
    session.tags.prefix().to_owned()
}

/// A server's lines, with `t` at a line's start made the real prefix.
fn server(session: &Session, text: &str) -> Vec<u8> {
    let tagged = text.replace("\r\nt", &format!("\r\n{}", prefix(session)));
    match tagged.strip_prefix('t') {
        Some(rest) => format!("{}{rest}", prefix(session)).into_bytes(),
        None => tagged.into_bytes(),
    }
}

fn session_with(capabilities: &str) -> Session {
    let mut session = Session::new(Limits::default());
    let greeting = format!("* OK [CAPABILITY IMAP4rev1 {capabilities}] hello {{3}}\r\n");
    receive(&mut session, greeting.as_bytes(), 7).expect("a greeting");
    session
}

fn append_one(session: &mut Session, body: &'static [u8]) -> Ticket {
    let (mailbox, flags) = (MailboxName::inbox(), FlagSet::default());
    let message = AppendMessage {
        flags: &flags,
        internal_date: None,
        octets: body.len() as u64,
        literal: None,
        form: BodyForm::Literal,
    };
    let append = Append {
        mailbox: &mailbox,
        messages: &[message],
    };
    let literals = session.capabilities.literals();
    session
        .enqueue_append(
            append,
            std::iter::once(&[Bytes::from_static(body)][..]),
            literals,
        )
        .expect("nothing is open")
}

#[test]
fn a_fetch_is_the_same_however_it_is_cut() {
    let wire =
        "* 1 FETCH (UID 7 BODY[] {9}\r\nt1 OK {2} FLAGS (\\Seen))\r\n* 2 EXISTS\r\nt1 OK done\r\n";
    let mut expected = None;
    for chunk in 1..wire.len() {
        let mut session = session_with("");
        let uids = UidSet::collect(Uid::new(7)).expect("one");
        let items = [FetchItem::BODY];
        session
            .enqueue(&Command::fetch(Messages::Uids(&uids), &items))
            .expect("nothing is open");
        assert_eq!(sent(&mut session), "t1 UID FETCH 7 (BODY.PEEK[])\r\n");
        let bytes = [
            &b"* 1 FETCH (UID 7 BODY[] {9}\r\nt1 OK {2}"[..],
            b" FLAGS (\\Seen))\r\n* 2 EXISTS\r\n",
            &server(&session, "t1 OK done\r\n"),
        ]
        .concat();
        let seen = receive(&mut session, &bytes, chunk).expect("well-formed");
        assert_eq!(
            seen.first(),
            Some(&Seen::Body(Some(7), b"t1 OK {2}".to_vec()))
        );
        assert_eq!(
            *expected.get_or_insert_with(|| seen.clone()),
            seen,
            "chunks of {chunk}"
        );
        assert_eq!((seen.len(), session.in_flight()), (4, 0));
    }
}

#[test]
fn literal_plus_sends_all_at_once() {
    let mut session = session_with("LITERAL+");
    append_one(&mut session, b"abc");
    append_one(&mut session, b"");
    assert_eq!(
        sent(&mut session),
        "t1 APPEND \"INBOX\" () {3+}\r\nabc\r\nt2 APPEND \"INBOX\" () {0+}\r\n\r\n"
    );
}

#[test]
fn a_plus_releases_one_literal() {
    let mut session = session_with("");
    append_one(&mut session, b"abc");
    let second = append_one(&mut session, b"de");
    assert_eq!(sent(&mut session), "t1 APPEND \"INBOX\" () {3}\r\n");
    receive(&mut session, b"+ go\r\n", 1).expect("awaited");
    assert_eq!(sent(&mut session), "abc\r\nt2 APPEND \"INBOX\" () {2}\r\n");
    // Refused before its literal: the body is never sent, and nothing else is in the way.
    let reply = server(&session, "t1 OK stored\r\nt2 NO too big\r\n");
    let seen = receive(&mut session, &reply, 3).expect("a refusal");
    assert_eq!(seen.last(), Some(&Seen::Done(second, Condition::No)));
    assert_eq!(sent(&mut session), "");
    session.enqueue(&Command::Noop).expect("nothing is open");
    assert_eq!(sent(&mut session), "t3 NOOP\r\n");
}

#[test]
fn a_reply_before_the_body_is_sent_stops_everything() {
    let mut session = session_with("LITERAL+");
    append_one(&mut session, b"x1 CREATE pwned\r\n");
    let mut slices = [IoSlice::new(&[]); 1];
    let used = session.writable(&mut slices);
    let octets: usize = slices.iter().take(used).map(|slice| slice.len()).sum();
    session.wrote(octets);
    let reply = server(&session, "t1 BAD invalid flag\r\n");
    assert!(matches!(
        receive(&mut session, &reply, 5),
        Err(Error::EarlyReply {
            command: "APPEND",
            ..
        })
    ));
    assert_eq!(sent(&mut session), "", "not one byte more");
}

#[test]
fn what_breaks_the_protocol_ends_the_connection() {
    let mut session = session_with("");
    assert!(matches!(
        receive(&mut session, b"+ surprise\r\n", 99),
        Err(Error::Protocol(_))
    ));
    let mut session = session_with("");
    assert!(matches!(
        receive(&mut session, b"zzzz9 OK done\r\n", 99),
        Err(Error::Protocol(_))
    ));
    let mut session = session_with("");
    session.enqueue(&Command::Noop).expect("nothing is open");
    let early = server(&session, "t1 OK before it was sent\r\n");
    assert!(matches!(
        receive(&mut session, &early, 99),
        Err(Error::EarlyReply { .. })
    ));
}

#[test]
fn replies_may_come_out_of_order_and_news_between() {
    let mut session = session_with("");
    let first = session.enqueue(&Command::Noop).expect("nothing is open");
    let second = session.enqueue(&Command::Noop).expect("nothing is open");
    sent(&mut session);
    let reply = server(
        &session,
        "t2 OK b\r\n* BAD stray\r\nServer Unavailable. 15\r\nt1 OK a\r\n",
    );
    let seen = receive(&mut session, &reply, 4).expect("lenient");
    assert_eq!(seen.first(), Some(&Seen::Done(second, Condition::Ok)));
    assert!(seen.contains(&Seen::Unreadable));
    assert_eq!(seen.last(), Some(&Seen::Done(first, Condition::Ok)));
}

#[test]
fn a_stream_out_of_step_is_given_up() {
    let mut session = session_with("");
    let garbage = "nonsense\r\n".repeat(16);
    assert!(matches!(
        receive(&mut session, garbage.as_bytes(), 50),
        Err(Error::Malformed(_))
    ));
}

#[test]
fn the_last_word_of_a_closed_connection_is_kept() {
    let mut session = session_with("");
    session.enqueue(&Command::Noop).expect("nothing is open");
    receive(&mut session, b"* BYE shutting\x07down\r\n", 4).expect("a farewell");
    let said = session.closed().to_string();
    assert_eq!(
        said,
        "the server closed the connection while we awaited NOOP; it said: shutting\u{fffd}down"
    );
}

#[test]
fn nothing_from_before_tls_survives() {
    let mut session = session_with("LITERAL+");
    receive(&mut session, b"* OK almost\r\n", 99).expect("news");
    assert!(session.reset_for_tls(Limits::default()));
    assert!(session.capabilities().is_empty());
    let mut session = session_with("");
    session
        .read_buffer()
        .extend_from_slice(b"* OK injected\r\n");
    assert!(!session.reset_for_tls(Limits::default()));
}

#[test]
fn a_body_is_supplied_once_and_whole() {
    let mut session = session_with("");
    let (mailbox, flags) = (MailboxName::inbox(), FlagSet::default());
    let message = AppendMessage {
        flags: &flags,
        internal_date: None,
        octets: 4,
        literal: None,
        form: BodyForm::Literal,
    };
    let append = Append {
        mailbox: &mailbox,
        messages: &[message],
    };
    session
        .open_append(append, Literals::Synchronizing)
        .expect("nothing is open");
    assert!(matches!(
        session.enqueue(&Command::Noop),
        Err(Error::Misuse(_))
    ));
    session.supply(Bytes::from_static(b"ab")).expect("fits");
    assert!(session.supply(Bytes::from_static(b"cde")).is_err());
    session.supply(Bytes::from_static(b"cd")).expect("fits");
    assert_eq!(sent(&mut session), "t1 APPEND \"INBOX\" () {4}\r\n");
    receive(&mut session, b"+\r\n", 9).expect("awaited");
    assert_eq!(sent(&mut session), "abcd\r\n");
}

#[test]
fn quirks_are_counted_and_the_grammar_is_not() {
    let mut session = session_with("IDLE");
    let well_formed = b"* 3 EXISTS\r\n* LIST () \"/\" a\r\n";
    receive(&mut session, well_formed, 5).expect("well-formed");
    assert_eq!(session.quirks(), &Tally::default());
    let odd = b"*  3 EXISTS\r\n*  4 EXISTS\n* OK\r\nnonsense\r\n";
    receive(&mut session, odd, 5).expect("odd, and read");
    assert_eq!(
        session.quirks().iter().collect::<Vec<_>>(),
        [
            (Quirk::BareLineFeed, 1),
            (Quirk::ExtraBlanks, 2),
            (Quirk::MissingText, 1),
        ]
    );
    assert!(session.reset_for_tls(Limits::default()));
    assert_eq!(session.quirks(), &Tally::default());
}
