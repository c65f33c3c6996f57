//! Every bound on hostile input, in one place.

/// What a [`Framer`](crate::Framer) accepts from the peer before it gives up on the connection.
///
/// Nothing is allocated because a peer announced it: buffers grow as bytes arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one whole response, without streamed bodies. Dovecot answers a `LIST` of long
    /// names and a `FLAGS` of hundreds of keywords well within this.
    pub response_bytes: usize,
    /// Bytes that one literal may announce when it is kept in the response (names, headers).
    pub inline_literal_bytes: u64,
    /// Bytes that one streamed body literal may announce.
    pub body_literal_bytes: u64,
    /// Literals that are kept in one response.
    pub literals_per_response: u32,
    /// Bodies that are streamed past one response. Each one lends all that came before it once
    /// more, so this bounds work; a client asks for one body per message.
    pub bodies_per_response: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            response_bytes: 2 << 20,
            inline_literal_bytes: 1 << 20,
            body_literal_bytes: 64 << 30,
            literals_per_response: 4096,
            bodies_per_response: 16,
        }
    }
}

/// Nesting of parentheses in one response; deeper is malformed. Skipping is iterative, so this
/// bounds work and not the stack.
pub(crate) const NESTING_DEPTH: usize = 100;

/// Non-synchronizing literals under `LITERAL-` (RFC 7888 section 5) hold at most this many octets.
pub(crate) const LITERAL_MINUS_OCTETS: u64 = 4096;
