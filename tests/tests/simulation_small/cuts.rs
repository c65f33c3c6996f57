//! A connection is cut at every octet of the exchange.

use crate::cases::{Case, course, modes, places, play_all};
use imapsync_cli::side::Side;
use imapsync_tests::simulation::{Cut, Direction, Ending, Fate, Kill, Mode, Plan};

/// The connection to one side is cut everywhere, in each direction.
fn cut_everywhere(side: Side, modes: Vec<Mode>) {
    let mut cases = Vec::new();
    for (salt, mode) in (0..).zip(modes) {
        let course = course(mode, Fate::default());
        for direction in [Direction::ToServer, Direction::ToClient] {
            let octets = match side {
                Side::Source => course.source,
                Side::Dest => course.dest,
            }[direction as usize];
            for octets in places(octets, salt) {
                cases.push(Case::new(mode, cut(side, direction, octets, mode)));
            }
        }
    }
    let count = cases.len() as u64;
    let tally = play_all(cases);
    assert!(
        tally.cuts > count / 2,
        "most connections are really cut: {tally:?}"
    );
}

/// One cut. Neighbouring octets and modes take turns in how the server ends, and in whether the
/// process dies with its connection or goes on.
fn cut(side: Side, direction: Direction, octets: u64, mode: Mode) -> Plan {
    let turn = octets + 2 * u64::from(mode.literal_plus) + u64::from(mode.uidnext);
    let fate = Fate {
        cut: Some(Cut { direction, octets }),
        ending: [Ending::Stops, Ending::WorksOn][usize::from(turn & 1 == 0)],
        ..Fate::default()
    };
    let kill = (turn & 2 == 0).then_some(Kill::AtCut);
    let (source, dest) = match side {
        Side::Source => (vec![fate], Vec::new()),
        // One of the other connections to a mailbox, in turn with the first.
        Side::Dest if mode.unordered && !turn.is_multiple_of(3) => {
            (Vec::new(), vec![Fate::default(), fate])
        }
        Side::Dest => (Vec::new(), vec![fate]),
    };
    Plan {
        source,
        dest,
        kill,
        ..mode.plan()
    }
}

/// A destination that offers just this is cut everywhere, with bodies that fit into memory.
fn destination(uidplus: bool, batched: bool, literal_plus: bool) {
    let wanted = [uidplus, batched, literal_plus];
    let is_so = |mode: &Mode| [mode.uidplus, mode.batched, mode.literal_plus] == wanted;
    cut_everywhere(Side::Dest, modes(|mode| !mode.spliced && is_so(mode)));
}

#[test]
fn a_destination_with_everything() {
    destination(true, true, true);
}

#[test]
fn a_destination_that_asks_for_each_literal_of_a_batch() {
    destination(true, true, false);
}

#[test]
fn a_destination_that_takes_one_message_at_a_time() {
    destination(true, false, true);
}

#[test]
fn a_destination_that_asks_for_each_literal() {
    destination(true, false, false);
}

#[test]
fn a_destination_that_takes_batches_and_names_no_uids() {
    destination(false, true, true);
}

#[test]
fn a_destination_that_asks_for_each_literal_of_a_batch_and_names_no_uids() {
    destination(false, true, false);
}

#[test]
fn a_destination_that_names_no_uids() {
    destination(false, false, true);
}

#[test]
fn a_destination_with_nothing() {
    destination(false, false, false);
}

#[test]
fn a_destination_when_a_message_is_spliced() {
    let few = |mode: &Mode| mode.spliced && mode.literal_plus && mode.uidnext;
    cut_everywhere(Side::Dest, modes(few));
}

#[test]
fn a_source() {
    let few = |mode: &Mode| mode.literal_plus && mode.uidnext && mode.batched;
    cut_everywhere(Side::Source, modes(few));
}

#[test]
fn a_source_of_single_messages() {
    let few = |mode: &Mode| mode.literal_plus && mode.uidnext && !mode.batched;
    cut_everywhere(Side::Source, modes(few));
}
