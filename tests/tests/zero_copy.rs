//! Body octets are written from where the source's socket has put them, on connections without TLS: at most one in
//! twenty is copied. Proved by addresses (see `imapsync_tests::addresses`), for every size and way of sending.

use std::fmt::Debug;
use std::io;
use std::net::{Ipv4Addr, TcpStream as Dialled};
use std::pin::Pin;
use std::task::{Context, Poll};

use imapsync_cli::account::{Account, Pipes};
use imapsync_cli::ledger::Place;
use imapsync_cli::plan::Deleted;
use imapsync_cli::side::{Both, Side};
use imapsync_cli::stop::Stop;
use imapsync_cli::sync::{Job, Patience, RefusedMail, Traffic, sync};
use imapsync_cli::transfer::Uncertain;
use imapsync_tests::addresses::{Notes, Share, Watched};
use imapsync_tests::corpus::Random;
use imapsync_tests::server::{Body, Delivery, EmbeddedServer, Options, Profile};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A body like no other, nor like any part of itself.
fn body(random: &mut Random, octets: usize) -> Vec<u8> {
    let mut body = format!("Subject: {:016x}\r\n\r\n", random.bits()).into_bytes();
    while body.len() < octets {
        body.extend_from_slice(
            format!("{:016x}{:016x}\r\n", random.bits(), random.bits()).as_bytes(),
        );
    }
    body.truncate(octets - 2);
    body.extend_from_slice(b"\r\n");
    body
}

fn bodies(kinds: &[(usize, usize)]) -> Vec<Vec<u8>> {
    let mut random = Random::new(1);
    let sizes = kinds
        .iter()
        .flat_map(|&(octets, count)| [octets].repeat(count));
    sizes.map(|octets| body(&mut random, octets)).collect()
}

fn server(profile: &Profile) -> EmbeddedServer {
    let options = Options::with_profile(profile.clone()).with_user("alice", "pw");
    EmbeddedServer::start(options).expect("loopback has a free port")
}

/// How a stream to the destination is made of a TCP connection.
type Made<S> = fn(TcpStream, Notes) -> S;

/// Copies these bodies from a server to another, over TCP, and says how they were written.
fn copy<S>(profile: &Profile, bodies: &[Vec<u8>], to_dest: Made<S>) -> Share
where
    S: AsyncRead + AsyncWrite + Debug + Send + Sync + Unpin + 'static,
{
    let (source, dest) = (server(profile), server(profile));
    for body in bodies {
        let delivery = Delivery::new(body.clone());
        source.store().deliver("alice", "INBOX", delivery);
    }
    let notes = Notes::default();
    let accounts = Both {
        source: account(Side::Source, source.port(), &notes, |tcp, notes| {
            Watched::new(tcp, Side::Source, notes)
        }),
        dest: account(Side::Dest, dest.port(), &notes, to_dest),
    };
    run(accounts);
    let stored = dest.store().mailbox("alice", "INBOX").cloned();
    let stored = stored.expect("INBOX is there").messages.into_iter();
    let stored = stored.map(|message| match message.body {
        Body::Bytes(octets) => octets,
        other => panic!("{other:?}"),
    });
    assert!(stored.eq(bodies.iter().cloned()), "they have arrived");
    notes.share(bodies.iter().map(Vec::as_slice))
}

fn account<S>(side: Side, port: u16, notes: &Notes, made: Made<S>) -> Account
where
    S: AsyncRead + AsyncWrite + Debug + Send + Sync + Unpin + 'static,
{
    let url = format!("imap+insecure://alice@127.0.0.1:{port}");
    let url = url.parse().expect("the URL is well-formed");
    let notes = notes.clone();
    let pipes = Pipes::new(move || {
        let tcp = Dialled::connect((Ipv4Addr::LOCALHOST, port))?;
        tcp.set_nodelay(true)?;
        tcp.set_nonblocking(true)?;
        Ok(made(TcpStream::from_std(tcp)?, notes.clone()))
    });
    Account::over_pipes(side, url, "pw".to_owned(), pipes)
}

fn run(accounts: Both<Account>) {
    let folder = tempfile::tempdir().expect("a folder");
    let job = Job {
        accounts,
        ledger: Place::file(folder.path().join("ledger")),
        memory: 12 << 20,
        refused: RefusedMail::default(),
        patience: Patience::default(),
        uncertain: Uncertain::default(),
        deleted: Deleted::default(),
        traffic: Traffic::single(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (_signals, stop) = Stop::by_hand();
    let (_, fault) = runtime.block_on(sync(&job, stop));
    assert!(fault.is_none(), "{fault:?}");
}

fn watched(tcp: TcpStream, notes: Notes) -> Watched<TcpStream> {
    Watched::new(tcp, Side::Dest, notes)
}

#[track_caller]
fn assert_not_copied(profile: &Profile, kinds: &[(usize, usize)]) {
    let share = copy(profile, &bodies(kinds), watched);
    println!("{kinds:?}: {share:?}, {:.4}", share.ratio());
    assert!(share.ratio() >= 0.95, "{kinds:?}: {share:?}");
}

/// Octets, and how many messages of them.
const SIZES: [(usize, usize); 5] = [
    (300, 2000),
    (2000, 2000),
    (14_000, 300),
    (100_000, 60),
    (3_000_000, 4),
];

#[test]
fn batches_are_written_from_where_they_were_read() {
    for kind in SIZES {
        assert_not_copied(&Profile::full(), &[kind]);
    }
}

#[test]
fn single_messages_are_written_from_where_they_were_read() {
    for kind in SIZES {
        assert_not_copied(&Profile::singles(), &[kind]);
        assert_not_copied(&Profile::plain(), &[kind]);
    }
}

#[test]
fn mail_of_all_sizes_is_written_from_where_it_was_read() {
    assert_not_copied(&Profile::full(), &SIZES);
}

/// A stream that copies what it is to write.
#[derive(Debug)]
struct Copying<S>(S);

impl<S: AsyncRead + Unpin> AsyncRead for Copying<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Copying<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        let copy = octets.to_vec();
        Pin::new(&mut self.0).poll_write(cx, &copy)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[test]
fn a_writer_that_copies_is_seen() {
    let copying = |tcp, notes| Copying(watched(tcp, notes));
    for kind in SIZES {
        let share = copy(&Profile::full(), &bodies(&[kind]), copying);
        assert!(share.ratio() < 0.05, "{kind:?}: {share:?}");
    }
}
