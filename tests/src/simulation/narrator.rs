//! Tells the history what clients said, without tags, which are random.

use std::sync::{Arc, Mutex};

use imapsync_cli::side::{Both, Side};

use super::history::History;
use super::locked;
use crate::server::Shared;

/// Follows the logs of both servers.
#[derive(Clone, Debug)]
pub(super) struct Narrator {
    servers: Both<Shared>,
    history: History,
    /// Commands of each side that were told.
    told: Arc<Mutex<[usize; 2]>>,
}

impl Narrator {
    pub(super) fn new(servers: &Both<Shared>, history: &History) -> Self {
        Self {
            servers: Both {
                source: servers.source.clone(),
                dest: servers.dest.clone(),
            },
            history: history.clone(),
            told: Arc::default(),
        }
    }

    /// Tells what came since the last time.
    pub(super) fn catch_up(&self, side: Side) {
        let server = match side {
            Side::Source => &self.servers.source,
            Side::Dest => &self.servers.dest,
        };
        let entries = server.log().entries();
        let told = std::mem::replace(&mut locked(&self.told)[side as usize], entries.len());
        for entry in entries.iter().skip(told) {
            let (command, arguments) = (&entry.command, &entry.arguments);
            let line = format!("{side} {}: {command} {arguments}", entry.connection);
            self.history.note(line);
        }
    }
}
