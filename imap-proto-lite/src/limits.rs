//! Every bound on hostile input, in one place.

/// What a [`Framer`](crate::Framer) accepts from the peer before it gives up on the connection. RFC 9051
/// sets no such bounds (section 4.3 lets a literal have 2^63 octets), so each has its reason here.
///
/// Nothing is allocated because a peer announced it: buffers grow as bytes arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one whole response, without streamed bodies: **2 MiB**. An endless line ends here. A
    /// `LIST` of long names and a `FLAGS` of hundreds of keywords stay well below, and so does a `SEARCH`
    /// of a quarter of a million messages; more are to be asked for in windows or as an `ESEARCH`.
    pub response_bytes: usize,
    /// Octets that one literal may announce when it is kept in the response (names, headers):
    /// **1 MiB**. The largest headers seen are some hundred KiB.
    pub inline_literal_bytes: u64,
    /// Octets that one streamed body literal may announce: **64 GiB**. Nothing is kept of it, so this
    /// only stops a number that is no size; servers end at some ten MiB.
    pub body_literal_bytes: u64,
    /// Literals that are kept in one response: **4096**. A message with that many encoded addresses is
    /// none, and each costs work that no byte count shows when it is empty.
    pub literals_per_response: u32,
    /// Bodies that are streamed past one response: **16**. Each one lends all that came before it once
    /// more, so this bounds work; a client asks for one body per message.
    pub bodies_per_response: u32,
}

impl Limits {
    /// Nesting of parentheses in one value, such as a BODYSTRUCTURE: **100**; deeper is malformed. Values
    /// are skipped without recursion, so that it bounds work and not the stack. It is a bound of the
    /// grammar, which has no settings but quirks; mail is nested ten deep where it is nested at all.
    pub const NESTING_DEPTH: usize = 100;
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

/// [`Limits::NESTING_DEPTH`], for the rules.
pub(crate) const NESTING_DEPTH: usize = Limits::NESTING_DEPTH;

/// Non-synchronizing literals under `LITERAL-` (RFC 7888 section 5) hold at most this many octets.
pub(crate) const LITERAL_MINUS_OCTETS: u64 = 4096;
