//! Sessions over pipes in memory under a paused clock, and TLS.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;
use tokio_rustls::TlsConnector;

use crate::server::tls::{Identity, Tls};
use crate::server::{Fault, Options, Rule, Shared, serve};

/// Sends a command, reads to the end of its tagged response.
async fn run(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    command: &str,
    tag: &str,
) -> String {
    stream.write_all(command.as_bytes()).await.expect("written");
    let mut answer = Vec::new();
    loop {
        answer.push(stream.read_u8().await.expect("an answer"));
        let text = String::from_utf8_lossy(&answer);
        let last = text
            .strip_suffix("\r\n")
            .and_then(|text| text.rsplit("\r\n").next());
        if last.is_some_and(|line| line.starts_with(tag)) {
            return text.into_owned();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_of_an_hour_costs_no_time() {
    let shared = Shared::new(Options::default().with_user("alice", "pw"));
    let hour = Duration::from_secs(3600);
    shared.add_fault(Rule::new(Fault::Delay(hour)).on_command("NOOP"));
    let (mut client, served) = tokio::io::duplex(64);
    let server = tokio::spawn(serve(served, shared));
    run(&mut client, "a LOGIN alice pw\r\n", "a OK").await;
    let start = Instant::now();
    run(&mut client, "b NOOP\r\n", "b OK").await;
    assert_eq!(start.elapsed().as_secs(), 3600);
    drop(client);
    server.await.expect("the session ends with its client");
}

/// A TLS client that trusts exactly this certificate.
fn connector(identity: &Identity) -> TlsConnector {
    let certificate =
        CertificateDer::from_pem_slice(identity.certificate_pem.as_bytes()).expect("PEM");
    let mut roots = RootCertStore::empty();
    roots.add(certificate).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn handshake(identity: Identity) -> Result<(), String> {
    let tls = Tls::Implicit(Arc::clone(&identity.config));
    let shared = Shared::new(Options::default().with_user("alice", "pw").with_tls(tls));
    let (client, served) = tokio::io::duplex(4096);
    tokio::spawn(serve(served, shared));
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = connector(&identity).connect(name, client).await;
    let mut stream = stream.map_err(|error| error.to_string())?;
    run(&mut stream, "a LOGIN alice pw\r\n", "a OK").await;
    Ok(())
}

#[tokio::test]
async fn only_the_good_certificate_passes() {
    assert_eq!(handshake(Identity::good()).await, Ok(()));
    let refused = |result: Result<(), String>, reason: &str| {
        let error = result.expect_err("this certificate is bad");
        assert!(error.contains(reason), "{error}");
    };
    refused(
        handshake(Identity::other_host()).await,
        "not valid for name",
    );
    refused(handshake(Identity::expired()).await, "expired");
    refused(handshake(Identity::ca_as_leaf()).await, "CaUsedAsEndEntity");
}

#[tokio::test]
async fn starttls_forgets_what_came_before() {
    let identity = Identity::good();
    let tls = Tls::StartTls(Arc::clone(&identity.config));
    let shared = Shared::new(Options::default().with_user("alice", "pw").with_tls(tls));
    let (mut client, served) = tokio::io::duplex(4096);
    tokio::spawn(serve(served, shared));
    let greeting = run(&mut client, "a STARTTLS\r\n", "a OK").await;
    assert!(greeting.contains(" STARTTLS "), "{greeting}");
    let name = ServerName::try_from("localhost").expect("a name");
    let mut stream = connector(&identity)
        .connect(name, client)
        .await
        .expect("TLS");
    let answer = run(&mut stream, "b CAPABILITY\r\nc LOGIN alice pw\r\n", "c OK").await;
    assert!(!answer.contains("STARTTLS"), "{answer}");
}
