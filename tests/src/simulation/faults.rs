//! What goes wrong in one run: on the wires, in the servers, with the process.

use std::time::Duration;

use imapsync_cli::side::Side;
use imapsync_cli::sync::Traffic;
use imapsync_cli::transfer::{First, Order};

use super::control::Plan;
use super::deeds::Act;
use super::killable::Kill;
use super::line::{Cut, Direction, Ending, Fate};
use super::play::Tally;
use super::world::World;
use crate::corpus::Random;
use crate::server::{AppendUidLie, Fault, HangUp, Rule};

/// Octets of a run besides those of the mail.
const TALK: u64 = 4000;

/// A run in which things go wrong; its rules are given to the servers.
pub(super) fn trouble(random: &mut Random, world: &World, tally: &mut Tally) -> Plan {
    calm(world);
    let volume = world.volume() + TALK;
    for side in [Side::Source, Side::Dest] {
        for _ in 0..random.below(3) {
            let rule = rule(random, side, tally);
            world.history.note(format!("fault: {side}: {rule:?}"));
            world.server(side).add_fault(rule);
        }
    }
    let mut plan = Plan {
        source: fates(random, volume),
        dest: fates(random, volume),
        others: fate(random),
        traffic: traffic(random),
        kill: kill(random, volume),
        interrupt: None,
        ledger_writes: random.one_in(25).then(|| random.bits() % 60),
        meanwhile: Default::default(),
    };
    let mut moments: Vec<u64> = (0..random.below(4))
        .map(|_| somewhere(random, 2 * volume))
        .collect();
    moments.sort_unstable();
    for moment in moments {
        let (world, act) = (world.clone(), Act::any(random));
        plan.meanwhile
            .push_back((moment, Box::new(move || world.act(act))));
    }
    if random.one_in(6) {
        slow(random, world, &mut plan);
    }
    if random.one_in(8) {
        plan.interrupt = Some(somewhere(random, volume));
    }
    world.history.note(format!("plan: {plan:?}"));
    plan
}

fn traffic(random: &mut Random) -> Traffic {
    Traffic {
        connections: 1 + random.below(8),
        order: if random.one_in(3) {
            Order::Free
        } else {
            Order::Kept
        },
        first: if random.one_in(4) {
            First::Newest
        } else {
            First::Oldest
        },
    }
}

/// A destination that takes its time to store, and goes on when its client is killed meanwhile.
fn slow(random: &mut Random, world: &World, plan: &mut Plan) {
    let delay = delay(random);
    let rule = Rule::new(Fault::Delay(delay))
        .on_command("APPEND")
        .times(30);
    world
        .history
        .note(format!("fault: {}: {rule:?}", Side::Dest));
    world.server(Side::Dest).add_fault(rule);
    plan.others.ending = Ending::WorksOn;
    let turns = random.below(8) as u32;
    let part = Duration::from_millis(random.bits() % 100);
    plan.kill = Some(Kill::After(delay * turns + part));
}

/// Nothing goes wrong any more.
pub(super) fn calm(world: &World) {
    for side in [Side::Source, Side::Dest] {
        world.server(side).faults().clear();
    }
    for rule in world.habits().rules() {
        world.server(Side::Dest).add_fault(rule);
    }
}

/// Early or anywhere.
fn somewhere(random: &mut Random, end: u64) -> u64 {
    let end = match random.one_in(3) {
        true => end.min(TALK),
        false => end,
    };
    random.bits() % end
}

fn fates(random: &mut Random, volume: u64) -> Vec<Fate> {
    let mut fates = Vec::new();
    while random.one_in(2) && fates.len() < 3 {
        let direction = match random.one_in(2) {
            true => Direction::ToServer,
            false => Direction::ToClient,
        };
        let octets = somewhere(random, volume);
        fates.push(Fate {
            refused: random.one_in(12),
            cut: Some(Cut { direction, octets }),
            ..fate(random)
        });
    }
    fates
}

fn fate(random: &mut Random) -> Fate {
    Fate {
        ending: random.pick(&[Ending::Stops, Ending::WorksOn]),
        buffer: random.pick(&[100, 1 << 10, 4 << 10, 64 << 10, 1 << 20]),
        ..Fate::default()
    }
}

fn kill(random: &mut Random, volume: u64) -> Option<Kill> {
    match random.below(4) {
        0 => None,
        1 => Some(Kill::AtTurn(1 + somewhere(random, 1500))),
        _ => Some(Kill::AtOctet(somewhere(random, 2 * volume))),
    }
}

fn rule(random: &mut Random, side: Side, tally: &mut Tally) -> Rule {
    let command = match side {
        Side::Source => random.pick(&[
            "FETCH",
            "UID FETCH",
            "UID FETCH",
            "EXAMINE",
            "STATUS",
            "LIST",
            "LOGIN",
        ]),
        Side::Dest => random.pick(&[
            "APPEND",
            "APPEND",
            "APPEND",
            "APPEND",
            "SELECT",
            "UID FETCH",
            "STATUS",
            "CREATE",
        ]),
    };
    let fault = match command {
        "APPEND" => append_fault(random, tally),
        "FETCH" | "UID FETCH" if side == Side::Source => fetch_fault(random, tally),
        _ => any_fault(random),
    };
    let rule = Rule::new(fault).on_command(command);
    match random.one_in(3) {
        true => rule.times(1 + random.below(4)),
        false => rule.nth(1 + random.below(20)),
    }
}

fn any_fault(random: &mut Random) -> Fault {
    match random.below(4) {
        0 => Fault::CutBeforeReply,
        1 => Fault::Bye("Server shutting down.".to_owned()),
        2 => Fault::Delay(delay(random)),
        _ => Fault::CutAfterReceived(random.bits() % 300),
    }
}

fn fetch_fault(random: &mut Random, tally: &mut Tally) -> Fault {
    match random.below(8) {
        0 => Fault::BodyFirst,
        1 => Fault::DelayResponses(Duration::from_millis(random.bits() % 50)),
        2 => Fault::CutAfterSent(random.bits() % 5000),
        3 => {
            tally.size_lies += 1;
            Fault::SizeOff(random.pick(&[-7, -1, 1, 9]))
        }
        4 => Fault::CutInLiteral {
            literal: 1 + random.bits() % 9,
            after: random.bits() % 500,
        },
        _ => any_fault(random),
    }
}

fn append_fault(random: &mut Random, tally: &mut Tally) -> Fault {
    match random.below(11) {
        0 | 1 => {
            tally.late_commits += 1;
            Fault::CommitLate {
                after: delay(random),
                hang_up: random.pick(&[HangUp::Server, HangUp::Server, HangUp::Client]),
            }
        }
        2 => Fault::AppendUid(random.pick(&[
            AppendUidLie::Swapped,
            AppendUidLie::OtherValidity,
            AppendUidLie::TooMany,
            AppendUidLie::Missing,
            AppendUidLie::Shifted(1),
            AppendUidLie::Shifted(3),
            AppendUidLie::Below(1),
            AppendUidLie::Always(1),
            AppendUidLie::Another { seed: 1 },
            AppendUidLie::Random { seed: 1 },
        ])),
        3 => Fault::Refuse(
            random
                .pick(&["NO [UNAVAILABLE] later", "NO [INUSE] locked"])
                .to_owned(),
        ),
        4 if random.one_in(2) => Fault::RefuseAfterData("NO [SERVERBUG] out of order".to_owned()),
        4 => {
            tally.refusals += 4;
            Fault::RefuseAfterData("NO [CANNOT] not this one".to_owned())
        }
        5 | 6 => Fault::CutBeforeReply,
        7 => Fault::Delay(delay(random)),
        8 => refused_batch(random),
        _ => any_fault(random),
    }
}

/// All of a batch is refused, or all but what came first.
fn refused_batch(random: &mut Random) -> Fault {
    let over = 1 + random.below(5);
    let text = random.pick(&["NO not now", "NO [LIMITS] too many", "BAD what", "BYE what"]);
    Fault::RefuseBatch {
        over,
        keeps: random.pick(&[0, 0, 1, over]),
        text: text.to_owned(),
    }
}

/// Below the time for which the engine waits for late messages.
fn delay(random: &mut Random) -> Duration {
    let most = random.pick(&[5, 300, 1900]);
    Duration::from_millis(1 + random.bits() % most)
}
