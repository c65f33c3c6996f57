//! Flags, received and sent.

use super::*;
use crate::tolerance::Reading;

#[test]
fn lists_are_split_leniently() {
    let (rest, flags) = flag_list(
        &Reading::lenient(),
        b"(\\SEEN \\Recent  $Forwarded a]b \\* \\X)x",
    )
    .expect("a list");
    assert_eq!(rest, b"x");
    let seen: Vec<Flag<'_>> = flags.iter().collect();
    assert_eq!(
        seen,
        [
            Flag::System(SystemFlag::Seen),
            Flag::Recent,
            Flag::Keyword(b"$Forwarded"),
            Flag::Keyword(b"a]b"),
            Flag::Wildcard,
            Flag::Extension(b"\\X"),
        ]
    );
    assert!(flags.allows_new_keywords());
}

#[test]
fn only_what_may_be_sent_gets_into_a_set() {
    let mut refused = Vec::new();
    let flags = Flags(b"\\Seen \\Recent b a b \\Odd a]b \xc3\xa9 x\"y \\answered");
    let set = FlagSet::from_flags(flags, |word| refused.push(word));
    assert_eq!(set.to_string(), "\\Answered \\Seen a b");
    assert_eq!(refused, [&b"\\Odd"[..], b"a]b", b"\xc3\xa9", b"x\"y"]);
}
