//! One message of APPEND: its flags and date, its literal streamed in, kept or only hashed.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};

use super::body::{Body, Hasher, header_length};
use super::command::LiteralHeader;
use super::date::InternalDate;
use super::flag;
use super::token::Token;
use super::wire::Wire;

/// What precedes a message's literal.
#[derive(Debug)]
pub(super) struct Envelope {
    pub(super) flags: Vec<String>,
    /// The server's time where the client tells none.
    pub(super) internal_date: Option<InternalDate>,
    pub(super) literal: LiteralHeader,
}

impl Envelope {
    /// `[SP flag-list] [SP date-time] SP literal`
    pub(super) fn parse(tokens: &[Token], literal: LiteralHeader) -> Result<Self, String> {
        let (flags, rest) = match tokens {
            [Token::List(flags), rest @ ..] => (&flags[..], rest),
            rest => (&[][..], rest),
        };
        let flags = flags
            .iter()
            .map(|flag| flag::settable(flag.text().unwrap_or_default()));
        let internal_date = match rest {
            [] => None,
            [Token::String(date)] => {
                Some(InternalDate::parse(date).ok_or_else(|| "Invalid internal date.".to_owned())?)
            }
            _ => return Err("Invalid arguments.".to_owned()),
        };
        Ok(Self {
            flags: flags.collect::<Result<_, _>>()?,
            internal_date,
            literal,
        })
    }
}

/// Takes a literal of `length` octets; one longer than `hash_over` is not kept.
pub(super) async fn receive<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    length: u64,
    hash_over: u64,
) -> io::Result<Body> {
    if length > hash_over {
        return hash(wire, length).await;
    }
    let first = match length {
        0 => Bytes::new(),
        _ => wire.chunk(length).await?,
    };
    let mut left = length - first.len() as u64;
    if left == 0 {
        return Ok(first.into());
    }
    let mut octets = Vec::with_capacity(usize::try_from(length).unwrap_or(0).min(RESERVE_LIMIT));
    octets.extend_from_slice(&first);
    while left > 0 {
        let chunk = wire.chunk(left).await?;
        left -= chunk.len() as u64;
        octets.extend_from_slice(&chunk);
    }
    Ok(octets.into())
}

async fn hash<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    length: u64,
) -> io::Result<Body> {
    let mut hasher = Hasher::default();
    let mut head = Vec::new();
    let mut left = length;
    while left > 0 {
        let chunk = wire.chunk(left).await?;
        left -= chunk.len() as u64;
        let room = HEADER_LIMIT.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(&chunk[..room]);
        hasher.update(&chunk);
    }
    head.truncate(header_length(&head));
    Ok(Body::Hashed {
        digest: hasher.finish(),
        header: Bytes::from(head),
    })
}

/// Lets a literal go by.
pub(super) async fn skip<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    length: u64,
) -> io::Result<()> {
    let mut left = length;
    while left > 0 {
        left -= wire.chunk(left).await?.len() as u64;
    }
    Ok(())
}

/// No more than this is reserved on a client's word alone.
const RESERVE_LIMIT: usize = 1 << 20;
/// A header of a body that is only hashed is kept up to here.
const HEADER_LIMIT: usize = 1 << 18;
