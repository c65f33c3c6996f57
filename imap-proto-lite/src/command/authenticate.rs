//! Before login: LOGIN and AUTHENTICATE of RFC 9051 section 6.2, and the lines that follow a `+`.

use core::fmt;

use bytes::{BufMut, Bytes, BytesMut};

use super::argument::{Atom, Base64, Text};
use super::encode::Encoder;

/// LOGIN: RFC 9051 section 6.2.3. `Debug` hides the password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Login<'a> {
    /// The user name.
    pub user: Text<'a>,
    /// The password.
    pub password: Text<'a>,
}

impl fmt::Debug for Login<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Login");
        shown
            .field("user", &self.user)
            .field("password", &"***")
            .finish()
    }
}

/// AUTHENTICATE with any mechanism: RFC 9051 section 6.2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authenticate<'a> {
    /// The SASL mechanism, such as `PLAIN`, `SCRAM-SHA-256` or `OAUTHBEARER`.
    pub mechanism: Atom<'a>,
    /// The client's first word.
    pub response: SaslResponse<'a>,
}

/// When the client's first word is sent (RFC 4959).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaslResponse<'a> {
    /// With the command, where the server offers SASL-IR (RFC 4959).
    Initial(Base64<'a>),
    /// After the server's first `+`, without waiting for what it says.
    AfterContinuation(Base64<'a>),
    /// As [`ClientLine`]s, once the caller has seen the server's challenge.
    Challenged,
}

impl Authenticate<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").atom(self.mechanism);
        match self.response {
            // RFC 4959 section 3: a response of no octets is "=".
            SaslResponse::Initial(response) if response.as_str().is_empty() => {
                out.raw(" =");
            }
            SaslResponse::Initial(response) => {
                out.raw(" ").base64(response);
            }
            SaslResponse::AfterContinuation(response) => {
                out.raw("\r\n").pause();
                out.base64(response);
            }
            SaslResponse::Challenged => {}
        }
    }
}

impl Login<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").astring(self.user);
        out.raw(" ").astring(self.password);
    }
}

/// A line of the client's that is no command: the answer to a `+` (RFC 9051 section 7.6).
///
/// ```
/// use imap_proto_lite::command::{Base64, ClientLine};
///
/// let proof = ClientLine::Response(Base64::new("Yz1iaXdz")?);
/// assert_eq!(&proof.encode()[..], b"Yz1iaXdz\r\n");
/// assert_eq!(&ClientLine::Cancel.encode()[..], b"*\r\n");
/// # Ok::<(), imap_proto_lite::ArgumentError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientLine<'a> {
    /// The response to a challenge of AUTHENTICATE (RFC 9051 section 6.2.2).
    Response(Base64<'a>),
    /// `*`: the end of an AUTHENTICATE that shall not go on (RFC 9051 section 6.2.2).
    Cancel,
    /// `DONE`: the end of IDLE (RFC 9051 section 6.3.13).
    Done,
}

impl ClientLine<'_> {
    /// The line with its CRLF.
    #[must_use]
    pub fn encode(self) -> Bytes {
        let text = match self {
            Self::Response(response) => response.as_str(),
            Self::Cancel => "*",
            Self::Done => "DONE",
        };
        let mut line = BytesMut::with_capacity(text.len() + 2);
        line.put_slice(text.as_bytes());
        line.put_slice(b"\r\n");
        line.freeze()
    }
}
