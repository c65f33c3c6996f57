//! The main job with nothing else installed: two IMAP servers in this process, an account of some thousand
//! messages on one of them, a real sync to the other, a verification, and a second run.
//!
//! In the end it compares what both servers hold by their own stores, with none of the code that copied:
//! `cargo run --release --example demo`. With `--break-one` one bit on the destination is flipped before
//! that, which must be seen: it exits with a failure.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use imapsync_tests::server::{Body, Delivery, EmbeddedServer, Options, Profile, synthesize};
use sha2::{Digest, Sha256};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let damage = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Damage::None,
        ["--break-one"] => Damage::OneBit,
        _ => {
            eprintln!("usage: demo [--break-one]");
            return ExitCode::from(2);
        }
    };
    match demonstrate(damage) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("demo: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// What happens to the destination before the stores are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Damage {
    None,
    OneBit,
}

/// Whether both servers hold the same in the end.
fn demonstrate(damage: Damage) -> io::Result<bool> {
    let folder = tempfile::tempdir()?;
    let (source, dest) = (source()?, start(Options::default())?);
    println!(
        "Two IMAP servers run in this process: the source on port {} holds {} messages, the destination on port {} none.",
        source.port(),
        source.dump(USER).len(),
        dest.port(),
    );
    for (command, what) in [
        ("sync", "The first run copies everything"),
        ("verify", "Verification reads both accounts again, whole"),
        ("sync", "A second run finds nothing to do"),
    ] {
        println!("\n{what}:");
        run(command, &source, &dest, folder.path())?;
    }
    if damage == Damage::OneBit {
        println!("\nNow one bit of one message on the destination is flipped.");
        flip_one_bit(&dest)?;
    }
    Ok(compare(&source, &dest))
}

/// A server whose user has mail: ordinary and awkward messages, and a large one.
fn source() -> io::Result<EmbeddedServer> {
    let server = start(Options::default())?;
    let mut store = server.store();
    synthesize(store.account(USER), SEED, MESSAGES, MAILBOXES);
    let large = Delivery::new(Body::synthesized(SEED, LARGE)).flagged(&["\\Seen"]);
    store.deliver(USER, "INBOX", large);
    drop(store);
    Ok(server)
}

fn start(options: Options) -> io::Result<EmbeddedServer> {
    let options = Options {
        profile: Profile::full(),
        ..options
    };
    EmbeddedServer::start(options.with_user(USER, PASSWORD))
}

/// Runs the program as a user would, but in this process.
fn run(
    command: &str,
    source: &EmbeddedServer,
    dest: &EmbeddedServer,
    folder: &Path,
) -> io::Result<()> {
    let password = folder.join("password");
    std::fs::write(&password, PASSWORD)?;
    let [password, state] = [password, folder.join("state")].map(|path| path.display().to_string());
    let [source, dest] = [source, dest].map(|server| {
        let port = server.port();
        format!("imap+insecure://{USER}@127.0.0.1:{port}")
    });
    let arguments = [
        "imapsync-cli",
        command,
        &source,
        &dest,
        "--source-password-file",
        &password,
        "--dest-password-file",
        &password,
        "--state-dir",
        &state,
    ];
    println!("$ {}", arguments[..4].join(" "));
    match imapsync_cli::main_with(arguments.map(Into::into)) {
        ExitCode::SUCCESS => Ok(()),
        code => Err(io::Error::other(format!("{command} ended with {code:?}"))),
    }
}

fn flip_one_bit(server: &EmbeddedServer) -> io::Result<()> {
    let mut store = server.store();
    let mailboxes = store.account(USER).mailboxes.values_mut();
    let bodies = mailboxes
        .flat_map(|mailbox| &mut mailbox.messages)
        .map(|message| &mut message.body);
    for body in bodies {
        if let Body::Bytes(octets) = body
            && !octets.is_empty()
        {
            let mut flipped = octets.to_vec();
            flipped[octets.len() / 2] ^= 1;
            *body = flipped.into();
            return Ok(());
        }
    }
    Err(io::Error::other("the destination keeps no octets to flip"))
}

/// Prints what both stores hold, as a count and a hash, and whether that is the same.
fn compare(source: &EmbeddedServer, dest: &EmbeddedServer) -> bool {
    println!("\nWhat the servers' own stores hold (SHA-256 over names, bodies, dates, flags):");
    let held = [("source", source), ("destination", dest)].map(|(side, server)| {
        let hash = hash(server);
        println!(
            "  {side:<12} {:>5} messages  {hash}",
            server.dump(USER).len()
        );
        hash
    });
    let equal = held[0] == held[1];
    println!("{}", if equal { "Equal." } else { "NOT EQUAL." });
    equal
}

/// Everything in an account that a copy must keep, in order of arrival; UIDs are the server's own.
fn hash(server: &EmbeddedServer) -> String {
    let mut hasher = Sha256::new();
    for row in server.dump(USER) {
        let flags = row.flags.join(" ");
        let date = row.internal_date.unix_seconds;
        hasher.update([row.mailbox.as_slice(), b"\n"].concat());
        hasher.update(format!("{} {date} {flags}\n", row.digest.hex()));
    }
    let account = server.store().account(USER).clone();
    for name in account.mailboxes.keys().chain(&account.subscriptions) {
        hasher.update([name.as_slice(), b"\n"].concat());
    }
    let hash = hasher.finalize();
    hash.iter().map(|octet| format!("{octet:02x}")).collect()
}

const USER: &str = "alice";
const PASSWORD: &str = "a password for the demo";
const SEED: u64 = 1;
const MESSAGES: usize = 4000;
const MAILBOXES: usize = 12;
const LARGE: u64 = 32 << 20;
