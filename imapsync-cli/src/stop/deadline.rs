//! A deadline ends a run like a signal: after a checkpoint.

use std::time::Duration;

use tokio::sync::watch;

use super::{Signal, Stop};

impl Signal {
    /// Why the run ends, for the user.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Interrupt | Self::Terminate => "stopped by the user",
            Self::Deadline => "the --deadline is reached",
        }
    }
}

impl Stop {
    /// The same, and [`Signal::Deadline`] when so much time has passed.
    #[must_use]
    pub fn with_deadline(mut self, after: Duration) -> Self {
        let (sender, receiver) = watch::channel(self.requested());
        tokio::spawn(async move {
            let signal = tokio::select! {
                biased;
                () = sender.closed() => return,
                signal = self.wait() => signal,
                () = tokio::time::sleep(after) => Signal::Deadline,
            };
            sender.send_replace(Some(signal));
            // Who still looks must not be told that nobody can stop it any more.
            sender.closed().await;
        });
        Self(receiver)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn never() -> (watch::Sender<Option<Signal>>, Stop) {
        let (sender, receiver) = watch::channel(None);
        (sender, Stop(receiver))
    }

    #[tokio::test(start_paused = true)]
    async fn a_deadline_passes_once() {
        let (_sender, stop) = never();
        let started = tokio::time::Instant::now();
        let mut stop = stop.with_deadline(Duration::from_secs(7200));
        assert_eq!(stop.requested(), None);
        assert_eq!(stop.wait().await, Signal::Deadline);
        assert_eq!(started.elapsed().as_secs(), 7200);
    }

    #[tokio::test(start_paused = true)]
    async fn a_signal_comes_first() {
        let (sender, stop) = never();
        let mut stop = stop.with_deadline(Duration::from_secs(7200));
        sender.send_replace(Some(Signal::Interrupt));
        assert_eq!(stop.wait().await, Signal::Interrupt);
    }
}
