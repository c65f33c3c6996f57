//! Ordinary mail in bulk, for benchmarks and for big runs.

use super::ordinary::{MEDIAN_BYTES, Ordinary};
use super::{Account, MailboxSpec};

/// Mailboxes of ordinary messages (median 6 KB, mean 14 KB), INBOX first. `plain(4, 2_500, seed)` is the
/// benchmark's account: some 145 MB.
pub fn plain(mailboxes: usize, per_mailbox: usize, seed: u64) -> Account {
    plain_of_mean(mailboxes, per_mailbox, seed, 14_000.0)
}

/// The same where the mean size of a message is this many octets.
pub fn plain_of_mean(mailboxes: usize, per_mailbox: usize, seed: u64, mean_octets: f64) -> Account {
    plain_of_sizes(mailboxes, per_mailbox, seed, (MEDIAN_BYTES, mean_octets))
}

/// The same where sizes have this median and this mean, in octets; all are the same where both are equal.
pub fn plain_of_sizes(
    mailboxes: usize,
    per_mailbox: usize,
    seed: u64,
    (median_octets, mean_octets): (f64, f64),
) -> Account {
    let mut ordinary = Ordinary::new(seed, median_octets, mean_octets);
    let mailboxes = (0..mailboxes).map(|index| {
        let name = if index == 0 {
            "INBOX".to_owned()
        } else {
            format!("Mailbox {index}")
        };
        MailboxSpec {
            messages: ordinary.messages(per_mailbox),
            ..MailboxSpec::new(&[&name])
        }
    });
    Account {
        mailboxes: mailboxes.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, plain_of_sizes};

    #[test]
    fn sizes_are_as_asked_for() {
        let large = plain_of_sizes(1, 2, 1, (5e6, 5e6));
        let sizes = large.mailboxes[0].messages.iter();
        assert!(
            sizes
                .map(|message| message.body.len())
                .all(|size| (5_000_000..5_000_100).contains(&size))
        );
        let small = plain_of_sizes(1, 2000, 1, (1500.0, 3900.0)).total_bytes() / 2000;
        assert!((3400..4600).contains(&small), "{small}");
    }

    #[test]
    fn has_the_size_of_the_benchmark() {
        let account = plain(4, 250, 1);
        assert_eq!(account.message_count(), 1000);
        assert!(
            (11_000_000..18_000_000).contains(&account.total_bytes()),
            "{}",
            account.total_bytes()
        );
    }
}
