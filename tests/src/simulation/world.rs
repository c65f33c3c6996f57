//! Two accounts with their users, and the model of them.

use std::sync::{Arc, Mutex, MutexGuard};

use imapsync_cli::side::{Both, Side};

use super::habits::Habits;
use super::history::History;
use super::locked;
use super::mail::Postman;
use super::model::{Model, Name};
use super::profiles;
use super::stage::{PASSWORD, Stage, USER};
use crate::corpus::Random;
use crate::server::{Delivery, Hierarchy, Options, Shared};

/// Accounts, users and model; clones are the same world.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) servers: Both<Shared>,
    pub(super) history: History,
    state: Arc<Mutex<State>>,
}

/// What users and model remember.
#[derive(Debug)]
pub(super) struct State {
    pub(super) model: Model,
    pub(super) postman: Postman,
    pub(super) random: Random,
    /// Mailboxes that got another name.
    pub(super) renames: u32,
}

impl World {
    /// A random world and the stage on which runs happen.
    pub fn random(seed: u64) -> (Self, Stage) {
        let mut random = Random::new(seed);
        let mut profiles = [
            profiles::profile(&mut random),
            profiles::profile(&mut random),
        ];
        profiles[1].hides_new_mail = random.one_in(8);
        let habits = Habits::random(&mut random);
        let descriptions = profiles.each_ref().map(profiles::describe);
        let [source, dest] =
            profiles.map(|profile| Options::with_profile(profile).with_user(USER, PASSWORD));
        let stage = Stage::new(Both { source, dest });
        // Equal UIDVALIDITY of equal accounts would look like the same account.
        let mut store = stage.servers.dest.store();
        store
            .account(USER)
            .renumber(b"INBOX")
            .expect("INBOX is there");
        drop(store);
        for (side, description) in ["source", "dest"].iter().zip(descriptions) {
            stage.history.note(format!("{side}: {description}"));
        }
        stage.history.note(format!("dest: {habits:?}"));
        let world = Self::on(&stage, random, habits);
        world.fill();
        (world, stage)
    }

    /// The world of accounts that are already there.
    pub(super) fn on(stage: &Stage, mut random: Random, habits: Habits) -> Self {
        let state = State {
            model: Model::new(habits),
            postman: Postman::new(random.bits()),
            random,
            renames: 0,
        };
        let world = Self {
            servers: Both {
                source: stage.servers.source.clone(),
                dest: stage.servers.dest.clone(),
            },
            history: stage.history.clone(),
            state: Arc::new(Mutex::new(state)),
        };
        world.source_changed();
        world
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    pub(super) fn server(&self, side: Side) -> &Shared {
        match side {
            Side::Source => &self.servers.source,
            Side::Dest => &self.servers.dest,
        }
    }

    /// Looks at both stores: what has the engine done?
    pub fn observe(&self) {
        let mut state = self.state();
        let mut source = self.servers.source.store();
        state.model.check_source(source.account(USER));
        drop(source);
        state.model.observe(self.servers.dest.store().account(USER));
    }

    /// The source's users have done something.
    pub(super) fn source_changed(&self) {
        let mut source = self.servers.source.store();
        self.state().model.source_changed(source.account(USER));
    }

    /// What the destination does with every message.
    pub(super) fn habits(&self) -> Habits {
        self.state().model.habits.clone()
    }

    /// Octets of all mail on the source.
    pub fn volume(&self) -> u64 {
        let mut store = self.servers.source.store();
        let mailboxes = store.account(USER).mailboxes.values();
        let messages = mailboxes.flat_map(|mailbox| &mailbox.messages);
        messages.map(|message| message.body.length()).sum()
    }

    fn fill(&self) {
        let mut state = self.state();
        let State {
            postman, random, ..
        } = &mut *state;
        let mut store = self.servers.source.store();
        let account = store.account(USER);
        for name in NAMES {
            if random.one_in(3) {
                continue;
            }
            let name: Name = name.split('/').map(str::to_owned).collect();
            let raw = raw_name(&name, &account.hierarchy);
            if account.mailbox(&raw).is_none() {
                account.create(&raw).expect("the name is possible");
            }
            if random.one_in(2) {
                account.subscriptions.insert(raw.clone());
            }
            let most = random.pick(&[1, 3, 12, 40]);
            let mut earlier: Vec<Delivery> = Vec::new();
            for _ in 0..random.below(most + 1) {
                let message = postman.message(&earlier);
                account
                    .deliver(&raw, message.clone())
                    .expect("the mailbox is there");
                earlier.push(message);
            }
        }
        drop(store);
        drop(state);
        self.source_changed();
    }
}

/// A name as it is on the wire.
pub(super) fn raw_name(name: &Name, hierarchy: &Hierarchy) -> Vec<u8> {
    let delimiter = char::from(hierarchy.delimiter).to_string();
    let joined = name.join(&delimiter).into_bytes();
    match name[0] == "INBOX" {
        true => joined,
        false => [&hierarchy.prefix[..], &joined].concat(),
    }
}

/// The mailboxes of a world, as far as it has them.
pub(super) const NAMES: [&str; 5] = ["INBOX", "Archive", "Sent", "Work/2024", "Work"];
