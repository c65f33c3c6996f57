//! A server on loopback with a runtime of its own, for tests that are not asynchronous themselves.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::MutexGuard;

use tokio::runtime::{Builder, Runtime};

use super::fault::Rule;
use super::log::Log;
use super::serve::serve;
use super::shared::{Options, Shared};
use super::store::{Row, Store};

/// A running server; dropping it closes the port and all connections.
#[derive(Debug)]
pub struct EmbeddedServer {
    shared: Shared,
    port: u16,
    /// `Some` until dropped.
    runtime: Option<Runtime>,
}

impl EmbeddedServer {
    /// Starts a server on a free port of 127.0.0.1.
    pub fn start(options: Options) -> io::Result<Self> {
        let threads = options.threads;
        Self::listen(Shared::new(options), threads)
    }

    /// Starts a server on state that may have other servers too.
    pub fn listen(shared: Shared, threads: usize) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads.max(1))
            .thread_name("embedded-imapd")
            .enable_all()
            .build()?;
        runtime.spawn(accept(listener, shared.clone()));
        Ok(Self {
            shared,
            port,
            runtime: Some(runtime),
        })
    }

    /// The TCP port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The handle that sessions share.
    pub const fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The accounts. Sessions wait while the guard is held.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.shared.store()
    }

    /// Every message of a user with its hash; sessions wait only for a moment.
    pub fn dump(&self, user: &str) -> Vec<Row> {
        self.shared.dump(user)
    }

    /// What clients said.
    pub fn log(&self) -> &Log {
        self.shared.log()
    }

    /// Adds one fault rule.
    pub fn add_fault(&self, rule: Rule) {
        self.shared.add_fault(rule);
    }
}

impl Drop for EmbeddedServer {
    fn drop(&mut self) {
        // Without waiting: a test may drop this inside a runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: TcpListener, shared: Shared) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        // An error here is a client that left early, or too many open files: the next one may do.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        // Without this the client waits 40 ms for small responses; failing to set it is harmless.
        let _ = stream.set_nodelay(true);
        tokio::spawn(serve(stream, shared.clone()));
    }
}
