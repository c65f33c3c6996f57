//! What a run asks before it knows what there is to do, and servers that cannot say it all at once.

use imapsync_tests::corpus::plain;
use imapsync_tests::program::Pair;
use imapsync_tests::server::{Fault, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const MAILBOXES: usize = 40;

fn pair(profile: Profile) -> Pair {
    Pair::alike(PROGRAM, profile, &plain(MAILBOXES, MAILBOXES, 1))
}

#[test]
fn one_list_tells_how_all_mailboxes_stand() {
    let pair = pair(Profile::full());
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
    for server in [&pair.source, &pair.dest] {
        server.log().clear();
    }
    pair.program.sync(&[]).exits(0);
    for server in [&pair.source, &pair.dest] {
        let log = server.log();
        assert_eq!((log.count("LIST"), log.count("STATUS")), (1, 0));
    }
}

#[test]
fn a_list_that_refuses_to_tell_or_lists_nothing_is_asked_again_plainly() {
    for answer in ["BAD unknown option", "NO [CANNOT] not here", "OK none"] {
        let pair = pair(Profile::full());
        for server in [&pair.source, &pair.dest] {
            let refuse = Fault::Refuse(answer.to_owned());
            server.add_fault(Rule::new(refuse).on_command("LIST").times(1));
        }
        pair.program.sync(&[]).exits(0);
        pair.assert_equal();
        for server in [&pair.source, &pair.dest] {
            assert_eq!(server.log().count("LIST"), 2, "{answer}");
        }
        pair.assert_settled();
    }
}
