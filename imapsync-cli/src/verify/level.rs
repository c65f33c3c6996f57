//! How closely the two sides are looked at, and what each level can and cannot see.

use serde::Serialize;

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// How many messages each mailbox holds (LIST-STATUS or STATUS); no mailbox is read
    Counts,
    /// Flags, dates, sizes and a few header fields of each message, no bodies
    Headers,
    /// Every octet of every message
    #[default]
    Bodies,
}

impl Level {
    /// What was looked at, and what that cannot show.
    #[must_use]
    pub const fn sees(self) -> &'static str {
        match self {
            Self::Counts => {
                "level counts: the numbers of messages were compared, no message was looked at; \
                 one missing and one too many would not show"
            }
            Self::Headers => {
                "level headers: flags, dates, sizes, Message-ID, Date, Subject and From of every message were \
                 compared; other octets were not read, so an altered text of the same size would not show"
            }
            Self::Bodies => {
                "level bodies: every octet, date and flag of every message was read on both sides and compared"
            }
        }
    }
}
