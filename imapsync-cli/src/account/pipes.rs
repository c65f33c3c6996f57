//! Connections that somebody else makes: within the process, for simulations, where there is nothing
//! but bytes and no clock but tokio's; or such that what goes over them can be watched.

use std::fmt;
use std::io;
use std::sync::Arc;

use imap_client_lite::ByteStream;

/// Makes a connection each time it is asked; clones lead to the same server.
#[derive(Clone)]
pub struct Pipes(Arc<Dial>);

type Dial = dyn Fn() -> io::Result<Box<dyn ByteStream>> + Send + Sync;

impl Pipes {
    /// Connections that `dial` makes: it hands out the client's end, and an error where a
    /// connection would have failed.
    pub fn new<S: ByteStream + 'static>(
        dial: impl Fn() -> io::Result<S> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move || Ok(Box::new(dial()?))))
    }

    pub(super) fn dial(&self) -> io::Result<Box<dyn ByteStream>> {
        (self.0)()
    }
}

impl fmt::Debug for Pipes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pipes")
    }
}
