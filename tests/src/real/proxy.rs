//! A TCP proxy on loopback that cuts a connection after a number of octets, or keeps the server's words from
//! the client.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::linux::net::TcpStreamExt as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What happens to one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It ends when the client was sent so many octets.
    AfterSent(u64),
    /// It ends when the server was sent so many octets.
    AfterReceived(u64),
    /// The client is sent so many octets and no more, the server hears all that the client says; when the client falls
    /// silent the connection ends.
    RepliesLost(u64),
}

/// A proxy before one server; it ends with this value.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct State {
    /// For the next connection.
    next: Mutex<Option<Cut>>,
    over: AtomicBool,
    cuts: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
    /// What clients say, from when it is wanted.
    said: Mutex<Option<Vec<u8>>>,
    /// When servers have been sent so many octets, they are sent no more.
    hold_at: AtomicU64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            next: Mutex::default(),
            over: AtomicBool::default(),
            cuts: AtomicU64::default(),
            sent: AtomicU64::default(),
            received: AtomicU64::default(),
            said: Mutex::default(),
            hold_at: AtomicU64::new(u64::MAX),
        }
    }
}

impl Proxy {
    /// A proxy before the server at this address.
    pub fn before(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let accepting = thread::spawn(move || accept(&listener, server, &shared));
        Ok(Self {
            port,
            state,
            accepting: Some(accepting),
        })
    }

    /// Where it listens.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The next connection is cut; those after it are not.
    pub fn cut_next(&self, cut: Cut) {
        *self.state.next() = Some(cut);
    }

    /// How many connections have been cut.
    pub fn cuts(&self) -> u64 {
        self.state.cuts.load(Ordering::Relaxed)
    }

    /// When clients have said so many octets, on all connections, the server hears no more.
    pub fn hold_at(&self, octets: u64) {
        self.state.hold_at.store(octets, Ordering::Relaxed);
    }

    /// Whether the server is kept from hearing more.
    pub fn holds(&self) -> bool {
        self.state.is_held()
    }

    /// New connections are carried again; those that were held end.
    pub fn release(&self) {
        self.hold_at(u64::MAX);
    }

    /// From now on, what clients say is kept.
    pub fn listen(&self) {
        *self.state.said() = Some(Vec::new());
    }

    /// What clients have said since somebody began to listen.
    pub fn said(&self) -> Vec<u8> {
        self.state.said().clone().unwrap_or_default()
    }

    /// Octets sent to clients, and received from them, on all connections.
    pub fn traffic(&self) -> (u64, u64) {
        let State { sent, received, .. } = &*self.state;
        (
            sent.load(Ordering::Relaxed),
            received.load(Ordering::Relaxed),
        )
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

impl State {
    fn is_held(&self) -> bool {
        self.received.load(Ordering::Relaxed) >= self.hold_at.load(Ordering::Relaxed)
    }

    /// Whether the server may hear more: waits while it may not, and then it never hears what was said meanwhile.
    fn may_pass(&self) -> bool {
        let was_held = self.is_held();
        while self.is_held() && !self.over.load(Ordering::Relaxed) {
            thread::sleep(HELD_POLL);
        }
        !was_held
    }

    fn next(&self) -> std::sync::MutexGuard<'_, Option<Cut>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn said(&self) -> std::sync::MutexGuard<'_, Option<Vec<u8>>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accept(listener: &TcpListener, server: SocketAddr, state: &Arc<State>) {
    for client in listener.incoming() {
        if state.over.load(Ordering::Relaxed) {
            return;
        }
        let connected = client.and_then(|client| Ok((client, TcpStream::connect(server)?)));
        let connected = connected.and_then(|(client, server)| {
            client.set_nodelay(true)?;
            server.set_nodelay(true)?;
            Ok((client, server))
        });
        let Ok((client, server)) = connected else {
            continue;
        };
        let (state, cut) = (Arc::clone(state), state.next().take());
        // They end with their sockets, which end with client and server.
        thread::spawn(move || carry(&client, &server, &state, cut));
    }
}

/// Both directions, until either side or the cut ends them.
fn carry(client: &TcpStream, server: &TcpStream, state: &State, cut: Option<Cut>) {
    let spoke = Mutex::new(Instant::now());
    let [to_client, to_server] = match cut {
        Some(Cut::AfterSent(octets) | Cut::RepliesLost(octets)) => [Some(octets), None],
        Some(Cut::AfterReceived(octets)) => [None, Some(octets)],
        None => [None, None],
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            let reached = pump(client, server, to_server, &state.received, |octets| {
                if let Some(said) = &mut *state.said() {
                    said.extend_from_slice(octets);
                }
                *spoke.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
                state.may_pass()
            });
            end(client, server, state, reached);
        });
        let reached = pump(server, client, to_client, &state.sent, |_| true);
        if reached && matches!(cut, Some(Cut::RepliesLost(_))) {
            swallow(server, || {
                spoke
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .elapsed()
            });
        }
        end(client, server, state, reached);
    });
}

/// Passes octets on, while `heard` lets them; says whether it stopped since it had passed as many as it may.
fn pump(
    mut from: &TcpStream,
    mut to: &TcpStream,
    limit: Option<u64>,
    passed: &AtomicU64,
    heard: impl Fn(&[u8]) -> bool,
) -> bool {
    let mut left = limit.unwrap_or(u64::MAX);
    let mut buffer = [0; 4096];
    while left > 0 {
        // Servers that send small packets one by one wait for the first to be acknowledged, which takes 40 ms otherwise.
        let _ = from.set_quickack(true);
        let Ok(octets @ 1..) = from.read(&mut buffer) else {
            return false;
        };
        if !heard(&buffer[..octets]) {
            return false;
        }
        let octets = octets.min(usize::try_from(left).unwrap_or(usize::MAX));
        if to.write_all(&buffer[..octets]).is_err() {
            return false;
        }
        left -= octets as u64;
        passed.fetch_add(octets as u64, Ordering::Relaxed);
    }
    true
}

/// Reads what the server says for nobody, until the client has been silent for a while.
fn swallow(mut server: &TcpStream, silent_for: impl Fn() -> Duration) {
    let mut buffer = [0; 4096];
    let _ = server.set_read_timeout(Some(SILENCE / 10));
    while silent_for() < SILENCE {
        if matches!(server.read(&mut buffer), Ok(0)) {
            return;
        }
    }
}

fn end(client: &TcpStream, server: &TcpStream, state: &State, cut: bool) {
    if cut {
        state.cuts.fetch_add(1, Ordering::Relaxed);
    }
    // Either may be gone already.
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

const HELD_POLL: Duration = Duration::from_millis(1);
const SILENCE: Duration = Duration::from_millis(400);
