//! Encryption, and self-signed certificates: a good one and those that a client must refuse.

use std::fmt;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;

/// Whether and how a server encrypts.
#[derive(Clone, Default)]
pub enum Tls {
    /// Plain text only.
    #[default]
    None,
    /// Plain text that STARTTLS turns into TLS.
    StartTls(Arc<ServerConfig>),
    /// TLS from the first octet (imaps).
    Implicit(Arc<ServerConfig>),
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "None",
            Self::StartTls(_) => "StartTls",
            Self::Implicit(_) => "Implicit",
        })
    }
}

/// A certificate and the server settings that use it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate in PEM, for a client's CA file.
    pub certificate_pem: String,
    /// What the server runs with.
    pub config: Arc<ServerConfig>,
}

impl Identity {
    /// An end entity for `localhost` and `127.0.0.1`, to be trusted by itself.
    pub fn good() -> Self {
        Self::from_params(params(&LOOPBACK))
    }

    /// Valid, but for another host.
    pub fn other_host() -> Self {
        Self::from_params(params(&["elsewhere.example.org"]))
    }

    /// Expired in 2001.
    pub fn expired() -> Self {
        let mut params = params(&LOOPBACK);
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
        Self::from_params(params)
    }

    /// A CA that serves as its own leaf; rustls calls this `CaUsedAsEndEntity`.
    pub fn ca_as_leaf() -> Self {
        let mut params = params(&LOOPBACK);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self::from_params(params)
    }

    fn from_params(params: CertificateParams) -> Self {
        let key = KeyPair::generate().expect("ring makes keys");
        let certificate = params.self_signed(&key).expect("the parameters are valid");
        let key_der = PrivatePkcs8KeyDer::from(key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring knows the default versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key_der.into())
            .expect("the key belongs to the certificate");
        Self {
            certificate_pem: certificate.pem(),
            config: Arc::new(config),
        }
    }
}

/// Not a CA: without saying so in the certificate rustls would take it for one.
fn params(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<_> = hosts.iter().map(|&host| host.to_owned()).collect();
    let mut params = CertificateParams::new(hosts).expect("host names are valid");
    params.is_ca = IsCa::ExplicitNoCa;
    params
}

const LOOPBACK: [&str; 2] = ["localhost", "127.0.0.1"];
