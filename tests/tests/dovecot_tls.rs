//! The harness's certificates: a strict TLS client takes the right one and refuses the wrong ones.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use imapsync_tests::real::{
    Dovecot, DovecotOptions, MailFormat, ServerCertificate, dovecot_or_not_run,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// The greeting of a server that shows `certificate`, read by a client that trusts it.
fn greeting(certificate: io::Result<ServerCertificate>) -> io::Result<String> {
    let certificate = certificate?;
    let options = DovecotOptions {
        certificate,
        ..DovecotOptions::with_format(MailFormat::Maildir)?
    };
    let server = Dovecot::start(options)?;
    let mut roots = RootCertStore::empty();
    let trusted = CertificateDer::from_pem_file(server.ca_file()).map_err(io::Error::other)?;
    roots.add(trusted).map_err(io::Error::other)?;
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let session = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(session, TcpStream::connect(server.tls_address())?);
    stream.write_all(b"t1 LOGOUT\r\n")?;
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}

#[test]
fn strict_client_takes_only_the_right_certificate() {
    if !dovecot_or_not_run() {
        return;
    }
    let right = greeting(ServerCertificate::for_localhost()).expect("trusted");
    assert!(right.starts_with("* OK"), "{right}");
    let elsewhere = greeting(ServerCertificate::for_elsewhere()).expect_err("another host's");
    assert!(
        elsewhere.to_string().contains("not valid for name"),
        "{elsewhere}"
    );
    let expired = greeting(ServerCertificate::expired()).expect_err("out of date");
    assert!(expired.to_string().contains("expired"), "{expired}");
}
