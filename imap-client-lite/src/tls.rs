//! TLS: whom to trust, and what is wrong with a certificate, in words.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::error::Error;

/// Which authorities vouch for a server: the system's, and those of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustRoots {
    /// A PEM file with further certificates to trust.
    pub ca_file: Option<PathBuf>,
}

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateProblem {
    /// Nobody that we trust has signed it.
    #[error("the server's certificate is self-signed or signed by an unknown authority")]
    UnknownIssuer,
    /// It is for another host.
    #[error("the server's certificate is for another host")]
    OtherHost,
    /// Its time is over.
    #[error("the server's certificate has expired")]
    Expired,
    /// Its time has not come.
    #[error("the server's certificate is not valid yet")]
    NotYetValid,
    /// It is an authority's own certificate, which cannot identify a server.
    #[error(
        "the server's certificate is that of a certificate authority (CA), used as a server's own"
    )]
    CaUsedAsLeaf,
    /// It was revoked.
    #[error("the server's certificate was revoked")]
    Revoked,
    /// Something else.
    #[error("the server's certificate is not acceptable: {0}")]
    Other(String),
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
            problem: certificate_problem(problem),
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

fn certificate_problem(error: &CertificateError) -> CertificateProblem {
    match error {
        CertificateError::UnknownIssuer => CertificateProblem::UnknownIssuer,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            CertificateProblem::Expired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateProblem::NotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateProblem::OtherHost
        }
        CertificateError::Revoked => CertificateProblem::Revoked,
        other => {
            let text = other.to_string();
            if text.contains("CaUsedAsEndEntity") {
                CertificateProblem::CaUsedAsLeaf
            } else {
                CertificateProblem::Other(text)
            }
        }
    }
}
