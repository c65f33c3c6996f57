//! TLS: whom to trust, and what is wrong with a certificate, in words.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::certificate::CertificateProblem;
use crate::error::Error;

/// Which authorities vouch for a server: the system's, and those of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustRoots {
    /// A PEM file with further certificates to trust.
    pub ca_file: Option<PathBuf>,
}

impl TrustRoots {
    /// The TLS settings that trust these roots.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, Error> {
        let mut store = RootCertStore::empty();
        let system = rustls_native_certs::load_native_certs();
        store.add_parsable_certificates(system.certs);
        if let Some(path) = &self.ca_file {
            let shown = path.display().to_string();
            let unusable = |reason: String| Error::CaFile {
                path: shown.clone(),
                reason,
            };
            let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
            let certificates =
                rustls_pemfile::certs(&mut pem.as_slice()).collect::<Result<Vec<_>, _>>();
            let certificates = certificates.map_err(|error| unusable(error.to_string()))?;
            if certificates.is_empty() {
                return Err(unusable("it holds no certificate in PEM form".to_owned()));
            }
            for certificate in certificates {
                store
                    .add(certificate)
                    .map_err(|error| unusable(error.to_string()))?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| Error::Tls {
            host: String::new(),
            reason: error.to_string(),
        })?;
        Ok(builder.with_root_certificates(store).with_no_client_auth())
    }
}

/// Does the TLS handshake over `stream`.
pub(crate) async fn handshake<S>(
    stream: S,
    host: &str,
    roots: &TrustRoots,
) -> Result<TlsStream<S>, Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config = roots.client_config()?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::Tls {
        host: host.to_owned(),
        reason: "the host is no name that a certificate can hold".to_owned(),
    })?;
    let connector = TlsConnector::from(Arc::new(config));
    connector
        .connect(name, stream)
        .await
        .map_err(|error| explain(host, &error))
}

/// Says what a failed handshake means.
fn explain(host: &str, error: &std::io::Error) -> Error {
    let host = host.to_owned();
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(problem)) => Error::Certificate {
            host,
            problem: CertificateProblem::from(problem),
        },
        Some(rustls::Error::InvalidMessage(_)) => Error::Tls {
            host,
            reason: "the server does not speak TLS on this port".to_owned(),
        },
        Some(other) => Error::Tls {
            host,
            reason: other.to_string(),
        },
        None => Error::Tls {
            host,
            reason: error.to_string(),
        },
    }
}
