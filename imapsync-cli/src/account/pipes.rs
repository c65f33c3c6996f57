//! Connections within the process, for simulations: nothing but bytes, and no clock but tokio's.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::io::DuplexStream;

/// Makes a connection each time it is asked; clones lead to the same server.
#[derive(Clone)]
pub struct Pipes(Arc<dyn Fn() -> io::Result<DuplexStream> + Send + Sync>);

impl Pipes {
    /// Connections that `dial` makes: it hands out the client's end, and an error where a
    /// connection would have failed.
    pub fn new(dial: impl Fn() -> io::Result<DuplexStream> + Send + Sync + 'static) -> Self {
        Self(Arc::new(dial))
    }

    pub(super) fn dial(&self) -> io::Result<DuplexStream> {
        (self.0)()
    }
}

impl fmt::Debug for Pipes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pipes")
    }
}
