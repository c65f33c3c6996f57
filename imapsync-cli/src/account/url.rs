//! Account URLs: `imaps://user@host[:993]`, `imap://user@host[:143]`, `imap+insecure://user@host:port`.

use std::fmt;
use std::str::FromStr;

use imap_client_lite::{Endpoint, Security};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

/// A user on a server, and how to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountUrl {
    /// The user name, decoded.
    pub user: String,
    /// The server.
    pub endpoint: Endpoint,
}

/// Why a text is no account URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// No URL at all.
    #[error("not a URL ({0}); an account looks like imaps://user%40example.org@imap.example.org")]
    Malformed(url::ParseError),
    /// Not one of our schemes.
    #[error("unknown scheme {0:?}: use imaps:// (TLS), imap:// (STARTTLS) or imap+insecure://")]
    Scheme(String),
    /// No host.
    #[error("the URL names no host")]
    NoHost,
    /// No user.
    #[error("the URL names no user: write user@host, an @ in the user name as %40")]
    NoUser,
    /// The user name is no UTF-8.
    #[error("the user name is not UTF-8")]
    User,
    /// A password in the URL would be seen by others.
    #[error(
        "a password must not stand in the URL, where others can see it: use --source-password-file, --source-password-command or IMAPSYNC_SOURCE_PASSWORD (or the same with dest)"
    )]
    Password,
    /// Something behind the host.
    #[error("nothing may follow the host and port in an account URL")]
    Trailing,
    /// No port where one is needed.
    #[error("imap+insecure:// needs a port")]
    NoPort,
}

impl FromStr for AccountUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let url = Url::parse(text).map_err(UrlError::Malformed)?;
        let (security, default_port) = match url.scheme() {
            "imaps" => (Security::Tls, Some(993)),
            "imap" => (Security::StartTls, Some(143)),
            "imap+insecure" => (Security::None, None),
            other => return Err(UrlError::Scheme(other.to_owned())),
        };
        if url.password().is_some() {
            return Err(UrlError::Password);
        }
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or(UrlError::NoHost)?;
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_ascii_lowercase();
        if url.username().is_empty() {
            return Err(UrlError::NoUser);
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(UrlError::Trailing);
        }
        let user = percent_decode_str(url.username())
            .decode_utf8()
            .map_err(|_| UrlError::User)?;
        let port = url.port().or(default_port).ok_or(UrlError::NoPort)?;
        Ok(Self {
            user: user.into_owned(),
            endpoint: Endpoint {
                host,
                port,
                security,
            },
        })
    }
}

impl fmt::Display for AccountUrl {
    /// The normalised URL: the same account always reads the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.endpoint.security {
            Security::Tls => "imaps",
            Security::StartTls => "imap",
            Security::None => "imap+insecure",
        };
        let user = utf8_percent_encode(&self.user, NON_ALPHANUMERIC);
        let Endpoint { host, port, .. } = &self.endpoint;
        if host.contains(':') {
            write!(f, "{scheme}://{user}@[{host}]:{port}")
        } else {
            write!(f, "{scheme}://{user}@{host}:{port}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_normalised() {
        for (text, normal) in [
            (
                "imaps://joe@IMAP.Example.org",
                "imaps://joe@imap.example.org:993",
            ),
            (
                "imaps://joe%40example.org@h:994/",
                "imaps://joe%40example%2Eorg@h:994",
            ),
            ("imap://joe@h", "imap://joe@h:143"),
            (
                "imap+insecure://joe@[::1]:1143",
                "imap+insecure://joe@[::1]:1143",
            ),
        ] {
            let url: AccountUrl = text.parse().expect(text);
            assert_eq!(url.to_string(), normal);
            assert_eq!(normal.parse(), Ok(url), "it reads back");
        }
    }

    #[test]
    fn what_is_no_account_is_said_so() {
        for (text, wanted) in [
            ("joe@host", "not a URL"),
            ("http://joe@host", "unknown scheme"),
            ("imaps://host", "names no user"),
            ("imaps://joe:secret@host", "must not stand in the URL"),
            ("imaps://joe@host/INBOX", "nothing may follow"),
            ("imaps://joe@host?x", "nothing may follow"),
            ("imap+insecure://joe@host", "needs a port"),
            ("imaps://joe@host:99999", "not a URL"),
        ] {
            let error = text.parse::<AccountUrl>().expect_err(text).to_string();
            assert!(error.contains(wanted), "{text}: {error}");
            assert!(!error.contains("secret"));
        }
    }
}
