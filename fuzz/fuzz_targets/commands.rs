//! Command values to bytes: a server sees the one command that was meant, with its arguments.
//!
//! The input is a few fields with 0xff between them: literals, mailbox, flags, user, password, ID.

#![no_main]

use imap_proto_lite::{
    Append, AppendMessage, Command, FlagSet, InternalDate, ListReturn, Literals, MailboxName,
    Response, Untagged,
};
use imapsync_fuzz::command_reader::{Word, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut fields = input.split(|&byte| byte == 0xff);
    let mut field = || fields.next().unwrap_or_default();
    let literals = match field().first() {
        Some(b'+') => Literals::Plus,
        Some(b'-') => Literals::Minus,
        _ => Literals::Synchronizing,
    };
    let words = |command: &Command<'_>| read(&command.encode("a1", literals));

    let (mailbox, flags) = (field(), flag_set(field()));
    if let Ok(name) = MailboxName::from_wire(mailbox) {
        assert_eq!(words(&Command::Create(&name))[2].text(), mailbox);
        append(&name, &flags, mailbox.len() as u64 * 700, literals);
    }
    let mut text = || String::from_utf8_lossy(field());
    let (user, password, id) = (text(), text(), text());
    let login = words(&Command::Login {
        user: &user,
        password: &password,
    });
    let arguments: Vec<&[u8]> = login.iter().map(Word::text).collect();
    assert_eq!(
        arguments,
        [b"a1", &b"LOGIN"[..], user.as_bytes(), password.as_bytes()]
    );

    let list = words(&Command::List {
        pattern: &user,
        with: ListReturn::Nothing,
    });
    assert_eq!(list[3], Word::String(user.as_bytes().to_vec()));
    assert_eq!(words(&Command::Id(&[("name", &id), (&id, "x")])).len(), 8);
});

fn append(mailbox: &MailboxName, flags: &FlagSet, octets: u64, literals: Literals) {
    let internal_date = InternalDate::new(octets.cast_signed() * 86_400, -60);
    let message = AppendMessage {
        flags,
        internal_date,
        octets,
        literal: None,
    };
    let append = Append {
        mailbox,
        messages: &[message],
    };
    let words = read(&Command::Append(append).encode("a1", literals));
    assert_eq!(words[2].text(), mailbox.as_wire());
    assert_eq!(words.last(), Some(&Word::Body(octets)));
    let sent: Vec<&[u8]> = words[3..words.len() - 1 - usize::from(internal_date.is_some())]
        .iter()
        .map(Word::text)
        .collect();
    assert_eq!(sent.join(&b' '), format!("({flags})").as_bytes());
}

/// The flags that may be sent of a list as a server writes it.
fn flag_set(list: &[u8]) -> FlagSet {
    let line = [b"* FLAGS (", list, b")\r\n"].concat();
    match Response::parse(&line) {
        Ok(Response::Untagged(Untagged::Flags(flags))) => FlagSet::from_flags(flags, |_| {}),
        _ => FlagSet::default(),
    }
}
