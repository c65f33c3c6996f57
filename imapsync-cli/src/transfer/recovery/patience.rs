//! When is a message that is not there not going to come? A server goes on working after its
//! client is gone, so absent is not yet absent. Pure: times and looks in, a verdict out.

use std::time::Duration;

use tokio::time::Instant;

use imap_client_lite::proto::Uid;

/// When a mailbox was looked at, and what UIDNEXT it told then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastLook {
    /// When.
    pub at: Instant,
    /// Its UIDNEXT, where the server says it.
    pub uid_next: Option<Uid>,
}

/// Waits until a mailbox has been quiet for long enough.
#[derive(Debug)]
pub(super) struct Patience {
    quiet_for: Duration,
    began: Instant,
    quiet_since: Instant,
}

/// What to do about messages that are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// They are not going to come.
    Absent,
    /// Look again after this time.
    LookAgain(Duration),
    /// The mailbox has not come to rest in all this time.
    Unsettled,
}

/// What a look showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// Messages of ours that were missing before.
    Arrived,
    /// Nothing, or only other people's mail.
    Nothing,
}

impl Patience {
    /// `last` counts as the first look when the mailbox is now as it was then. `slowest` is the
    /// longest that the server was seen to take for one message, `at_least` a time-out that a
    /// client ran into.
    pub(super) fn new(
        now: Instant,
        last: LastLook,
        uid_next: Option<Uid>,
        slowest: Option<Duration>,
        at_least: Option<Duration>,
    ) -> Self {
        let unchanged = uid_next.is_some() && last.uid_next == uid_next;
        let slow = slowest.unwrap_or_default().saturating_mul(TIMES_SLOWEST);
        Self {
            quiet_for: QUIET
                .max(slow)
                .max(at_least.unwrap_or_default())
                .min(AT_MOST),
            began: now,
            quiet_since: if unchanged { last.at } else { now },
        }
    }

    /// Judges after a look that left messages missing.
    pub(super) fn judge(&mut self, now: Instant, news: News) -> Verdict {
        if news == News::Arrived {
            self.quiet_since = now;
        }
        let quiet = now.saturating_duration_since(self.quiet_since);
        if quiet >= self.quiet_for {
            Verdict::Absent
        } else if now.saturating_duration_since(self.began) >= AT_MOST {
            Verdict::Unsettled
        } else {
            Verdict::LookAgain(LOOK_EVERY.min(self.quiet_for - quiet))
        }
    }
}

/// A 300-message MULTIAPPEND showed up 10 - 500 ms after its connection was gone (Dovecot 2.3).
const QUIET: Duration = Duration::from_secs(2);
const TIMES_SLOWEST: u32 = 3;
const AT_MOST: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    fn patience(last: u64, same: Option<u32>, slowest: u64, at_least: u64) -> (Instant, Patience) {
        let start = Instant::now();
        let look = LastLook {
            at: start,
            uid_next: Uid::new(7),
        };
        let now = start + seconds(last);
        let uid_next = same.and_then(Uid::new);
        let patience = Patience::new(
            now,
            look,
            uid_next,
            Some(seconds(slowest)),
            Some(seconds(at_least)),
        );
        (now, patience)
    }

    #[test]
    fn quiet_lasts_two_seconds_or_three_commits_or_a_time_out() {
        for (last, uid_next, slowest, at_least, wait) in [
            (0, Some(9), 0, 0, 2),
            (0, None, 0, 0, 2),
            (1, Some(7), 0, 0, 1),
            (5, Some(7), 0, 0, 0),
            (5, Some(8), 0, 0, 2),
            (0, Some(8), 4, 0, 12),
            (0, Some(8), 4, 20, 20),
            (0, Some(8), 9999, 0, 600),
        ] {
            let (now, mut patience) = patience(last, uid_next, slowest, at_least);
            let mut waited = 0;
            while patience.judge(now + seconds(waited), News::Nothing) != Verdict::Absent {
                waited += 1;
            }
            assert_eq!(waited, wait, "{last} {uid_next:?} {slowest} {at_least}");
        }
    }

    #[test]
    fn only_our_own_mail_starts_the_wait_anew_and_not_for_ever() {
        let (now, mut patience) = patience(0, None, 0, 0);
        assert_eq!(
            patience.judge(now + seconds(1), News::Nothing),
            Verdict::LookAgain(LOOK_EVERY)
        );
        assert_eq!(
            patience.judge(now + seconds(2), News::Arrived),
            Verdict::LookAgain(LOOK_EVERY)
        );
        assert_eq!(
            patience.judge(now + Duration::from_millis(3800), News::Nothing),
            Verdict::LookAgain(Duration::from_millis(200))
        );
        assert_eq!(
            patience.judge(now + seconds(4), News::Nothing),
            Verdict::Absent
        );
        assert_eq!(
            patience.judge(now + seconds(600), News::Arrived),
            Verdict::Unsettled
        );
    }
}
