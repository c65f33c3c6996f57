//! Servers of all kinds: a named profile with single things changed.

use crate::corpus::Random;
use crate::server::Profile;

/// A random server.
pub(super) fn profile(random: &mut Random) -> Profile {
    let mut profile = match random.below(3) {
        0 => Profile::full(),
        1 => Profile::plain(),
        _ => Profile::courier_like(),
    };
    for _ in 0..random.below(4) {
        change(&mut profile, random);
    }
    profile
}

fn change(profile: &mut Profile, random: &mut Random) {
    match random.below(11) {
        0 => profile.uidplus = !profile.uidplus,
        1 => profile.literal_plus = !profile.literal_plus,
        2 => {
            profile.literal_plus = false;
            profile.literal_minus = true;
        }
        3 => profile.select_uidnext = !profile.select_uidnext,
        4 if profile.prefix.is_empty() => profile.delimiter = random.pick(&['/', '.', '|']),
        5 => profile.list_status = !profile.list_status && profile.list_extended,
        6 => profile.greeting_capability = !profile.greeting_capability,
        7 => profile.login_capability = !profile.login_capability,
        8 => profile.refuse_empty = !profile.refuse_empty,
        9 => profile.keywords = random.one_in(2),
        _ => profile.id = !profile.id,
    }
}

/// In a few words, for the history.
pub(super) fn describe(profile: &Profile) -> String {
    let mut words = vec![format!("{:?}{:?}", profile.delimiter, profile.prefix)];
    for (is_so, word) in [
        (profile.uidplus, "UIDPLUS"),
        (profile.literal_plus, "LITERAL+"),
        (profile.literal_minus, "LITERAL-"),
        (profile.multiappend, "MULTIAPPEND"),
        (profile.select_uidnext, "UIDNEXT"),
        (profile.list_status, "LIST-STATUS"),
        (profile.keywords, "keywords"),
        (profile.refuse_empty, "refuses-empty"),
    ] {
        if is_so {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}
