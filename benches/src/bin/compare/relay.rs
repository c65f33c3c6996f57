//! A relay before a server that is far away: every octet arrives half a round trip after it was sent, in each
//! direction. It does not limit how much is on its way but by a window that no row fills, so that a server that
//! falls behind still slows its client down. The TCP handshake itself is not delayed.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// A relay; its connections end with it.
#[derive(Debug)]
pub(crate) struct Relay {
    port: u16,
    octets: Arc<AtomicU64>,
    runtime: Option<Runtime>,
}

/// Octets on their way.
struct Chunk {
    due: Instant,
    octets: Bytes,
    _room: OwnedSemaphorePermit,
}

impl Relay {
    pub(crate) fn before(server: SocketAddr, round_trip: Duration) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let port = listener.local_addr()?.port();
        let octets = Arc::new(AtomicU64::new(0));
        runtime.spawn(accept(
            listener,
            server,
            round_trip / 2,
            Arc::clone(&octets),
        ));
        Ok(Self {
            port,
            octets,
            runtime: Some(runtime),
        })
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Carried so far, both ways.
    pub(crate) fn octets(&self) -> u64 {
        self.octets.load(Ordering::Relaxed)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, delay: Duration, count: Arc<AtomicU64>) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(server).await else {
            continue;
        };
        // Without it small writes would wait for acknowledgements, which no network asks for.
        let _ = client.set_nodelay(true);
        let _ = server.set_nodelay(true);
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        carry(from_client, to_server, delay, Arc::clone(&count));
        carry(from_server, to_client, delay, Arc::clone(&count));
    }
}

/// One direction of one connection.
fn carry(from: OwnedReadHalf, to: OwnedWriteHalf, delay: Duration, count: Arc<AtomicU64>) {
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(take(from, sender, delay, count));
    tokio::spawn(give(to, receiver));
}

/// The end of the stream travels as an empty chunk.
async fn take(
    mut from: OwnedReadHalf,
    sender: UnboundedSender<Chunk>,
    delay: Duration,
    count: Arc<AtomicU64>,
) {
    let window = Arc::new(Semaphore::new(WINDOW_BYTES));
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(CHUNK_BYTES);
        let read = from.read_buf(&mut buffer).await.unwrap_or(0);
        let due = Instant::now() + delay;
        let octets = buffer.split().freeze();
        count.fetch_add(octets.len() as u64, Ordering::Relaxed);
        let wanted = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        let Ok(room) = Arc::clone(&window).acquire_many_owned(wanted).await else {
            return;
        };
        let chunk = Chunk {
            due,
            octets,
            _room: room,
        };
        if sender.send(chunk).is_err() || read == 0 {
            return;
        }
    }
}

async fn give(mut to: OwnedWriteHalf, mut receiver: UnboundedReceiver<Chunk>) {
    while let Some(chunk) = receiver.recv().await {
        sleep_until(chunk.due).await;
        let over = chunk.octets.is_empty();
        if over || to.write_all(&chunk.octets).await.is_err() {
            break;
        }
    }
    // The other side may be gone already.
    let _ = to.shutdown().await;
}

const CHUNK_BYTES: usize = 64 * 1024;
/// In each direction of a connection: 320 MB/s at a round trip of 100 ms.
const WINDOW_BYTES: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread;
    use std::time::Instant;

    use super::*;

    /// Says back what it hears, on one connection.
    fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("bound");
        thread::spawn(move || {
            let (mut reader, _) = listener.accept().expect("one client");
            let mut writer = reader.try_clone().expect("a socket can be cloned");
            io::copy(&mut reader, &mut writer).expect("the client reads");
        });
        address
    }

    fn client(relay: &Relay) -> TcpStream {
        let client = TcpStream::connect((Ipv4Addr::LOCALHOST, relay.port())).expect("it listens");
        client.set_nodelay(true).expect("a socket");
        client
    }

    #[test]
    fn a_word_takes_a_round_trip() {
        let relay = Relay::before(echo(), Duration::from_millis(40)).expect("a relay");
        let mut client = client(&relay);
        for _ in 0..5 {
            let begun = Instant::now();
            client.write_all(b"word").expect("sent");
            let mut heard = [0; 4];
            client.read_exact(&mut heard).expect("heard");
            assert_eq!(&heard, b"word");
            let took = begun.elapsed();
            assert!(took >= Duration::from_millis(40), "{took:?}");
            // Generous: the machine may be busy.
            assert!(took < Duration::from_millis(120), "{took:?}");
        }
        assert_eq!(relay.octets(), 40);
    }

    #[test]
    fn what_follows_at_once_arrives_at_once_and_then_the_end() {
        const OCTETS: usize = 48 * 1024 * 1024;
        let relay = Relay::before(echo(), Duration::from_millis(40)).expect("a relay");
        let mut client = client(&relay);
        let mut writer = client.try_clone().expect("a socket can be cloned");
        let begun = Instant::now();
        let writing = thread::spawn(move || {
            let block = vec![7; 1024 * 1024];
            (0..OCTETS / block.len()).for_each(|_| writer.write_all(&block).expect("sent"));
            writer
                .shutdown(std::net::Shutdown::Write)
                .expect("still open");
        });
        let mut heard = Vec::new();
        client.read_to_end(&mut heard).expect("heard");
        writing.join().expect("all was sent");
        assert_eq!(heard.len(), OCTETS);
        // A relay that carried one chunk at a time would take 15 s and more.
        assert!(
            begun.elapsed() < Duration::from_secs(8),
            "{:?}",
            begun.elapsed()
        );
    }
}
