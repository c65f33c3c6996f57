//! Numbers that must not be mixed up: RFC 9051 section 2.3.1 and RFC 7162.

use core::fmt;
use core::num::NonZeroU32;

macro_rules! non_zero_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The value, unless it is zero, which RFC 9051 forbids here.
            #[must_use]
            pub const fn new(value: u32) -> Option<Self> {
                match NonZeroU32::new(value) {
                    Some(value) => Some(Self(value)),
                    None => None,
                }
            }
        }

        impl From<$name> for u32 {
            fn from(id: $name) -> Self {
                id.0.get()
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> Self {
                Self::from(id.0.get())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

non_zero_id! {
    /// A unique identifier: names a message within a mailbox and a [`UidValidity`] for good.
    Uid
}
non_zero_id! {
    /// The generation of a mailbox's UIDs; when it changes, every UID is void.
    UidValidity
}
non_zero_id! {
    /// A message sequence number: a position, shifting with each expunge.
    SeqNumber
}

impl Uid {
    /// The UID after this one; the largest stays where it is.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A mod-sequence: RFC 7162 section 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModSeq(pub u64);
