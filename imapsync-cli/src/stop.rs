//! Ctrl-C and SIGTERM: the first asks for a clean end, the second ends at once.

mod deadline;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::Exit;

/// A signal that asks the program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT, which Ctrl-C sends.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// The deadline that the user set.
    Deadline,
}

/// Knows whether the user wants the run to end.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<Option<Signal>>);

impl Stop {
    /// Listens for signals from now on.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn listen() -> std::io::Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(async move {
            loop {
                let (now, exit) = tokio::select! {
                    biased;
                    _ = interrupt.recv() => (Signal::Interrupt, Exit::Interrupted),
                    _ = terminate.recv() => (Signal::Terminate, Exit::Terminated),
                };
                if sender.send_replace(Some(now)).is_some() {
                    std::process::exit(i32::from(exit.code()));
                }
                eprintln!("\nstopping after a checkpoint; once more ends at once");
            }
        });
        Ok(Self(receiver))
    }

    /// Hears no signals, but what the other half says: for those who embed the engine.
    #[must_use]
    pub fn by_hand() -> (watch::Sender<Option<Signal>>, Self) {
        let (sender, receiver) = watch::channel(None);
        (sender, Self(receiver))
    }

    /// The signal, if one came.
    #[must_use]
    pub fn requested(&self) -> Option<Signal> {
        *self.0.borrow()
    }

    /// Waits for a signal.
    pub async fn wait(&mut self) -> Signal {
        loop {
            if let Some(signal) = self.requested() {
                return signal;
            }
            if self.0.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
