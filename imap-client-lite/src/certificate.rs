//! What is wrong with a certificate, in words.

use rustls::CertificateError;

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

impl From<&CertificateError> for CertificateProblem {
    fn from(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Self::NotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::OtherHost
            }
            CertificateError::Revoked => Self::Revoked,
            other => {
                let text = other.to_string();
                if text.contains("CaUsedAsEndEntity") {
                    Self::CaUsedAsLeaf
                } else {
                    Self::Other(text)
                }
            }
        }
    }
}
