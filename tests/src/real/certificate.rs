//! Self-made certificates: the right one, and the wrong ones that a client must refuse.

use std::io;

use rcgen::{CertificateParams, IsCa, KeyPair, date_time_ymd};

/// A certificate and its private key, both in PEM.
///
/// It is its own trust anchor: give [`certificate_pem`](Self::certificate_pem) to the client as CA file.
#[derive(Clone)]
pub struct ServerCertificate {
    certificate_pem: String,
    key_pem: String,
}

impl ServerCertificate {
    /// Valid for `localhost` and `127.0.0.1`.
    pub fn for_localhost() -> io::Result<Self> {
        Self::sign(localhost()?)
    }

    /// Valid, but for another host: `elsewhere.example`.
    pub fn for_elsewhere() -> io::Result<Self> {
        Self::sign(
            CertificateParams::new(vec!["elsewhere.example".into()]).map_err(io::Error::other)?,
        )
    }

    /// For `localhost`, but its time was over in 2001.
    pub fn expired() -> io::Result<Self> {
        let mut params = localhost()?;
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
        Self::sign(params)
    }

    /// The certificate, which is also the one that a client must trust.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The private key (PKCS #8).
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// Says CA:FALSE aloud: rustls refuses a server that shows a CA certificate.
    fn sign(mut params: CertificateParams) -> io::Result<Self> {
        params.is_ca = IsCa::ExplicitNoCa;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        })
    }
}

impl std::fmt::Debug for ServerCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerCertificate").finish_non_exhaustive()
    }
}

fn localhost() -> io::Result<CertificateParams> {
    CertificateParams::new(vec!["localhost".into(), "127.0.0.1".into()]).map_err(io::Error::other)
}
