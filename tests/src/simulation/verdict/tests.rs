//! The verdict sees each thing that an engine could do wrong; here the test is the engine.

use imapsync_cli::side::Both;

use super::super::habits::Habits;
use super::super::model::Place;
use super::super::stage::{PASSWORD, Stage, USER};
use super::super::world::World;
use super::*;
use crate::corpus::Random;
use crate::server::{Delivery, FlagChange, InternalDate, Options};

/// A source with three messages, two of them equal in octets, and an empty destination.
fn world() -> (World, Stage) {
    let options = || Options::default().with_user(USER, PASSWORD);
    let stage = Stage::new(Both {
        source: options(),
        dest: options(),
    });
    for message in originals() {
        stage.servers.source.store().deliver(USER, "INBOX", message);
    }
    let world = World::on(&stage, Random::new(1), Habits::default());
    world.state().model.begin_run();
    (world, stage)
}

fn originals() -> [Delivery; 3] {
    let twin = Delivery::new(&b"Subject: twin\r\n\r\n"[..]);
    let later = twin.clone().dated(InternalDate::utc(7));
    let seen = Delivery::new(&b"Subject: seen\r\n\r\n"[..]).flagged(&["\\Seen"]);
    [twin, later, seen]
}

fn append(stage: &Stage, messages: impl IntoIterator<Item = Delivery>) {
    let mut store = stage.servers.dest.store();
    for message in messages {
        store.deliver(USER, "INBOX", message);
    }
}

/// What the model says when an engine claims that all went well.
fn violations(world: &World, stage: &Stage) -> Vec<String> {
    world.observe();
    let server = &stage.servers.dest;
    let profile = server.profile();
    let mut store = server.store();
    let mut state = world.state();
    state.model.judge(&Aftermath {
        dest: store.account(USER),
        profile: &profile,
        report: &Report::default(),
        exit: Exit::Complete,
        refusals: 0,
        sizes_lie: false,
    });
    std::mem::take(&mut state.model.violations)
}

#[test]
fn a_perfect_copy_is_perfect() {
    let (world, stage) = world();
    append(&stage, originals());
    assert_eq!(violations(&world, &stage), [""; 0]);
}

#[test]
fn what_an_engine_appends_wrongly_shows() {
    let [twin, later, seen] = originals();
    let altered = Delivery::new(&b"Subject: Seen\r\n\r\n"[..]).flagged(&["\\Seen"]);
    let unseen = Delivery::new(seen.body.clone());
    for (appended, words) in [
        (vec![twin.clone(), later.clone()], "lost"),
        (vec![twin.clone(), later.clone(), altered], "alien"),
        (vec![twin.clone(), later.clone(), unseen], "date or flags"),
        (
            vec![twin.clone(), twin.clone(), seen.clone()],
            "date or flags",
        ),
        (vec![twin, later, seen.clone(), seen], "too often"),
    ] {
        let (world, stage) = world();
        append(&stage, appended);
        let found = violations(&world, &stage);
        assert!(
            found.iter().any(|line| line.contains(words)),
            "{words}: {found:?}"
        );
    }
}

/// The copy of the message that is \Seen.
fn place(stage: &Stage) -> Place {
    let mut store = stage.servers.dest.store();
    let mailbox = store.mailbox(USER, "INBOX").expect("it is there");
    Place {
        mailbox: vec!["INBOX".to_owned()],
        uidvalidity: mailbox.uidvalidity,
        uid: 3,
    }
}

fn expunge(stage: &Stage, uid: u32) {
    let mut store = stage.servers.dest.store();
    let mailbox = store.mailbox(USER, "INBOX").expect("it is there");
    mailbox.expunge(|message| message.uid == uid);
}

#[test]
fn what_a_user_deleted_stays_deleted() {
    for (confirmed, allowed) in [(true, false), (false, true)] {
        let (world, stage) = world();
        append(&stage, originals());
        world.observe();
        if confirmed {
            world.state().model.confirm();
        }
        expunge(&stage, 3);
        world.state().model.removed(&place(&stage));
        let [.., seen] = originals();
        append(&stage, [seen]);
        let found = violations(&world, &stage);
        assert_eq!(found.is_empty(), allowed, "{found:?}");
    }
}

#[test]
fn what_an_engine_does_besides_appending_shows() {
    let (world, stage) = world();
    append(&stage, originals());
    world.observe();
    expunge(&stage, 3);
    assert!(violations(&world, &stage)[0].contains("vanished"));

    let (world, stage) = self::world();
    append(&stage, originals());
    world.observe();
    let mut store = stage.servers.dest.store();
    let mailbox = store.mailbox(USER, "INBOX").expect("it is there");
    mailbox.change_flags(1, FlagChange::Add, &["\\Seen".to_owned()]);
    drop(store);
    assert!(violations(&world, &stage)[0].contains("changed into"));

    let (world, stage) = self::world();
    append(&stage, originals());
    let mut store = stage.servers.source.store();
    let mailbox = store.mailbox(USER, "INBOX").expect("it is there");
    mailbox.change_flags(1, FlagChange::Add, &["\\Seen".to_owned()]);
    drop(store);
    assert_eq!(violations(&world, &stage), ["the source was changed"]);
}

#[test]
fn a_mailbox_that_is_missing_shows() {
    let (world, stage) = world();
    append(&stage, originals());
    let created = stage.servers.source.store().create(USER, "empty").is_ok();
    assert!(created);
    world.source_changed();
    assert_eq!(
        violations(&world, &stage),
        ["mailbox [\"empty\"] is missing"]
    );
}
