//! A relay before a server that is far away: every octet arrives half a round trip after it was sent, in each
//! direction, and, where the line has a rate, after those that all connections sent before it. How much is on its way
//! is limited by a window that no row fills, so that a server that falls behind still slows its client down. The TCP
//! handshake itself is not delayed.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use crate::pace::Pace;

/// A relay; its connections end with it.
#[derive(Debug)]
pub(crate) struct Relay {
    port: u16,
    octets: Arc<AtomicU64>,
    runtime: Option<Runtime>,
}

/// One direction of the line, which all connections share.
#[derive(Clone)]
struct Direction {
    pace: Arc<Mutex<Pace>>,
    /// Those of both directions.
    octets: Arc<AtomicU64>,
}

/// Octets on their way.
struct Chunk {
    due: Instant,
    octets: Bytes,
    _room: OwnedSemaphorePermit,
}

impl Relay {
    /// The rate is that of each direction, in octets a second.
    pub(crate) fn before(
        server: SocketAddr,
        round_trip: Duration,
        rate: Option<NonZeroU64>,
    ) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let port = listener.local_addr()?.port();
        let octets = Arc::new(AtomicU64::new(0));
        let directions = [(); 2].map(|()| Direction {
            pace: Arc::new(Mutex::new(Pace::new(round_trip / 2, rate))),
            octets: Arc::clone(&octets),
        });
        runtime.spawn(accept(listener, server, directions));
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

impl Direction {
    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, [up, down]: [Direction; 2]) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(server).await else {
            continue;
        };
        // Without it small writes would wait for acknowledgements, which no network asks for.
        let _ = client.set_nodelay(true);
        let _ = server.set_nodelay(true);
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        carry(from_client, to_server, up.clone());
        carry(from_server, to_client, down.clone());
    }
}

/// One direction of one connection.
fn carry(
    from: impl AsyncRead + Unpin + Send + 'static,
    to: impl AsyncWrite + Unpin + Send + 'static,
    direction: Direction,
) {
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(take(from, sender, direction));
    tokio::spawn(give(to, receiver));
}

/// The end of the stream travels as an empty chunk.
async fn take(
    mut from: impl AsyncRead + Unpin,
    sender: UnboundedSender<Chunk>,
    direction: Direction,
) {
    let chunk_bytes = direction.pace().chunk_bytes();
    let window = Arc::new(Semaphore::new(direction.pace().window_bytes()));
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(chunk_bytes);
        let mut room = (&mut buffer).limit(chunk_bytes);
        let read = from.read_buf(&mut room).await.unwrap_or(0);
        let due = direction.pace().arrival(Instant::now(), read);
        let octets = buffer.split().freeze();
        direction.octets.fetch_add(read as u64, Ordering::Relaxed);
        // No more than a chunk, which every window holds.
        let wanted = u32::try_from(read).unwrap_or(u32::MAX);
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

async fn give(mut to: impl AsyncWrite + Unpin, mut receiver: UnboundedReceiver<Chunk>) {
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread;
    use std::time::Instant;

    use tokio::io::{DuplexStream, duplex};

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
        let relay = Relay::before(echo(), Duration::from_millis(40), None).expect("a relay");
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
        let relay = Relay::before(echo(), Duration::from_millis(40), None).expect("a relay");
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

    /// What was sent into one end of a connection by the relay's means comes out of the other, all of it.
    fn connection(direction: &Direction) -> (DuplexStream, DuplexStream) {
        let (client, near) = duplex(1 << 20);
        let (far, server) = duplex(1 << 20);
        carry(near, far, direction.clone());
        (client, server)
    }

    /// In virtual time; the octets must arrive as they were sent.
    async fn send(direction: &Direction, octets: usize) -> Duration {
        let (mut client, mut server) = connection(direction);
        let begun = tokio::time::Instant::now();
        tokio::spawn(async move {
            let sent: Vec<u8> = (0..octets).map(pattern).collect();
            client.write_all(&sent).await.expect("the relay reads");
        });
        let mut heard = Vec::with_capacity(octets);
        server.read_to_end(&mut heard).await.expect("heard");
        assert_eq!(heard.len(), octets);
        assert!((0..).zip(&heard).all(|(at, octet)| *octet == pattern(at)));
        begun.elapsed()
    }

    fn pattern(at: usize) -> u8 {
        (at % 251) as u8
    }

    fn direction(rate: u64) -> Direction {
        Direction {
            pace: Arc::new(Mutex::new(Pace::new(
                Duration::from_millis(10),
                NonZeroU64::new(rate),
            ))),
            octets: Arc::default(),
        }
    }

    /// Half a round trip, and two steps of the clock for the last chunk and the end.
    #[track_caller]
    fn assert_took(took: Duration, octets: usize, rate: u64) {
        let least = Duration::from_secs_f64(octets as f64 / rate as f64) + Duration::from_millis(9);
        let most = least + Duration::from_millis(4);
        assert!(
            least <= took && took <= most,
            "{octets} at {rate}: {took:?}, not between {least:?} and {most:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn octets_take_the_time_that_the_rate_says() {
        for rate in [1_000, 2_500_000, 6_250_000, 30_000_000, 125_000_000] {
            let octets = (rate as usize / 2).min(8_000_000);
            let direction = direction(rate);
            assert_took(send(&direction, octets).await, octets, rate);
            assert_eq!(direction.octets.load(Ordering::Relaxed), octets as u64);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn connections_share_a_line_and_directions_do_not() {
        const RATE: u64 = 6_250_000;
        const OCTETS: usize = 2_000_000;
        let [up, down] = [(); 2].map(|()| direction(RATE));
        let (one, two, three) =
            tokio::join!(send(&up, OCTETS), send(&up, OCTETS), send(&down, OCTETS));
        assert_took(one.max(two), 2 * OCTETS, RATE);
        assert_took(three, OCTETS, RATE);
    }
}
