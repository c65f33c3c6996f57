//! One connection from its first octet to its last: TLS, greeting, session, late commit.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use super::fault::{Fault, Occasion};
use super::reply::LateCommit;
use super::session::{End, Session};
use super::shared::Shared;
use super::tls::Tls;

/// Serves one connection until it ends.
///
/// Time comes from tokio's clock alone and no thread is started, so this also runs over
/// `tokio::io::duplex` under a paused clock. Nothing is reported: a client's misbehaviour is in the log.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, shared: Shared) {
    let mut cut = shared.cut_signal();
    let ended = tokio::select! {
        biased;
        ended = converse(stream, &shared) => ended,
        _ = cut.changed() => Ok(None),
    };
    if let Ok(Some((user, late))) = ended {
        tokio::time::sleep(late.after).await;
        late.batch.commit(&mut shared.store(), &user);
    }
}

/// A user, and what is stored for them after the connection.
type Remainder = Option<(String, LateCommit)>;

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    shared: &Shared,
) -> io::Result<Remainder> {
    let connection = shared.next_connection();
    match shared.tls() {
        Tls::Implicit(config) => {
            let stream = TlsAcceptor::from(config.clone()).accept(stream).await?;
            let session = Session::new(stream, shared.clone(), connection, true);
            Ok(remainder(greeted(session).await?))
        }
        Tls::None => {
            let session = Session::new(stream, shared.clone(), connection, false);
            Ok(remainder(greeted(session).await?))
        }
        Tls::StartTls(config) => {
            let session = Session::new(stream, shared.clone(), connection, false);
            let stream = match greeted(session).await? {
                End::StartTls(stream) => stream,
                other => return Ok(remainder(other)),
            };
            let stream = TlsAcceptor::from(config.clone()).accept(stream).await?;
            let session = Session::new(stream, shared.clone(), connection, true);
            Ok(remainder(session.run().await?))
        }
    }
}

fn remainder<S>(end: End<S>) -> Remainder {
    match end {
        End::CommitLate(user, late) => Some((user, late)),
        End::Closed | End::StartTls(_) => None,
    }
}

/// Greets, unless a fault puts something else in place of the greeting, and runs the session.
async fn greeted<S: AsyncRead + AsyncWrite + Unpin>(mut session: Session<S>) -> io::Result<End<S>> {
    let occasion = Occasion {
        connection: session.core.connection,
        command: None,
        mailbox: None,
    };
    for fault in session.core.shared.strike(occasion) {
        session.wire.arm(&fault);
        if let Fault::Greeting(octets) = fault {
            session.wire.put(octets);
            session.wire.flush().await?;
            session.wire.into_stream().shutdown().await?;
            return Ok(End::Closed);
        }
    }
    session.greet();
    session.run().await
}
