//! What all sessions of a server share, and a test holds on to: store, log, faults, profile.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::fault::{Fault, Faults, Occasion, Rule};
use super::log::Log;
use super::profile::Profile;
use super::store::{Row, Store, rows};
use super::tls::Tls;

/// Settings of a server.
#[derive(Clone, Debug)]
pub struct Options {
    /// What it offers.
    pub profile: Profile,
    /// Whether and how it encrypts.
    pub tls: Tls,
    /// Appended bodies longer than this are hashed, not kept.
    pub hash_over: u64,
    /// The accounts.
    pub store: Store,
    /// Threads of the server's own runtime.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: Profile::full(),
            tls: Tls::None,
            hash_over: 64 << 20,
            store: Store::default(),
            threads: 1,
        }
    }
}

impl Options {
    /// Plain text, with this profile.
    pub fn with_profile(profile: Profile) -> Self {
        Self {
            profile,
            ..Self::default()
        }
    }

    /// The same with one more user, who has an empty INBOX.
    #[must_use]
    pub fn with_user(mut self, user: &str, password: &str) -> Self {
        self.store
            .add_user(user, password, self.profile.hierarchy());
        self
    }

    /// The same with TLS.
    #[must_use]
    pub fn with_tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }
}

/// The handle to a running (or scripted) server; clones are the same server.
#[derive(Clone, Debug)]
pub struct Shared(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Mutex<Store>,
    log: Log,
    faults: Mutex<Faults>,
    profile: Mutex<Arc<Profile>>,
    tls: Tls,
    hash_over: u64,
    connections: AtomicU64,
    traffic: Traffic,
    logins: Mutex<BTreeMap<String, usize>>,
    cut: watch::Sender<u64>,
}

/// Octets that went over all connections, inside TLS, outside compression.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    pub(super) sent: AtomicU64,
    pub(super) received: AtomicU64,
}

impl Shared {
    /// The state of a server that has no connections yet.
    pub fn new(options: Options) -> Self {
        Self(Arc::new(Inner {
            store: Mutex::new(options.store),
            log: Log::default(),
            faults: Mutex::default(),
            profile: Mutex::new(Arc::new(options.profile)),
            tls: options.tls,
            hash_over: options.hash_over,
            connections: AtomicU64::new(0),
            traffic: Traffic::default(),
            logins: Mutex::default(),
            cut: watch::Sender::new(0),
        }))
    }

    /// The accounts. Sessions wait while the guard is held: drop it before talking to the server
    /// (`for x in shared.store()...` holds it for the whole loop).
    pub fn store(&self) -> MutexGuard<'_, Store> {
        locked(&self.0.store)
    }

    /// Every message of a user with its hash; sessions wait only for a moment.
    pub fn dump(&self, user: &str) -> Vec<Row> {
        let account = self.store().users.get(user).cloned();
        account.as_ref().map_or_else(Vec::new, rows)
    }

    /// What clients said.
    pub fn log(&self) -> &Log {
        &self.0.log
    }

    /// The rules of what goes wrong.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        locked(&self.0.faults)
    }

    /// Adds one fault rule.
    pub fn add_fault(&self, rule: Rule) {
        self.faults().add(rule);
    }

    /// What the server offers to connections that begin now.
    pub fn profile(&self) -> Arc<Profile> {
        Arc::clone(&locked(&self.0.profile))
    }

    /// Changes what the server offers to connections that begin from now on.
    pub fn set_profile(&self, profile: Profile) {
        *locked(&self.0.profile) = Arc::new(profile);
    }

    /// Breaks every open connection now.
    pub fn cut_all(&self) {
        self.0.cut.send_modify(|generation| *generation += 1);
    }

    /// Connections so far.
    pub fn connections(&self) -> u64 {
        self.0.connections.load(Ordering::Relaxed)
    }

    /// Octets sent to clients so far.
    pub fn octets_sent(&self) -> u64 {
        self.0.traffic.sent.load(Ordering::Relaxed)
    }

    /// Octets received from clients so far.
    pub fn octets_received(&self) -> u64 {
        self.0.traffic.received.load(Ordering::Relaxed)
    }

    pub(super) fn tls(&self) -> &Tls {
        &self.0.tls
    }

    pub(super) fn hash_over(&self) -> u64 {
        self.0.hash_over
    }

    pub(super) fn traffic(&self) -> &Traffic {
        &self.0.traffic
    }

    pub(super) fn next_connection(&self) -> u64 {
        self.0.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Changes when all connections are to break.
    pub(super) fn cut_signal(&self) -> watch::Receiver<u64> {
        self.0.cut.subscribe()
    }

    /// The faults of this occasion.
    pub(super) fn strike(&self, occasion: Occasion<'_>) -> Vec<Fault> {
        let mut faults = self.faults();
        match faults.is_empty() {
            true => Vec::new(),
            false => faults.strike(occasion),
        }
    }

    /// Counts a login; `None` where the user has as many sessions as `limit` allows.
    pub(super) fn log_in(&self, user: &str, limit: Option<usize>) -> Option<Login> {
        let mut logins = locked(&self.0.logins);
        let sessions = logins.entry(user.to_owned()).or_default();
        if limit.is_some_and(|limit| *sessions >= limit) {
            return None;
        }
        *sessions += 1;
        Some(Login {
            shared: self.clone(),
            user: user.to_owned(),
        })
    }
}

/// A session's place among those of its user, given back when dropped.
#[derive(Debug)]
pub(super) struct Login {
    shared: Shared,
    /// Who logged in.
    pub(super) user: String,
}

impl Drop for Login {
    fn drop(&mut self) {
        if let Some(sessions) = locked(&self.shared.0.logins).get_mut(&self.user) {
            *sessions -= 1;
        }
    }
}

/// Locks, also after another thread panicked: a failed test must not hide its own reason.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
