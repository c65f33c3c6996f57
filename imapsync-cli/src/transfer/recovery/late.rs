//! Late doubles: a message that was taken for absent, was sent again, and showed up after all.
//! They are reported, never deleted.

use std::collections::HashSet;

use imap_client_lite::Client;
use imap_client_lite::proto::Uid;

use super::listing::list_these;
use crate::error::{Fault, OnSide};
use crate::report::LateDouble;
use crate::side::{Both, Side};
use crate::transfer::hash_bodies::hash_bodies;
use crate::transfer::pairing::pair_equals;
use crate::transfer::{Digest, Envelope};

/// Which strangers on the destination have the bodies of messages that were taken for absent.
pub(in crate::transfer) async fn late_doubles(
    clients: &mut Both<Client>,
    absent: &[Uid],
    strangers: &[Envelope],
) -> Result<Vec<LateDouble>, Fault> {
    if absent.is_empty() || strangers.is_empty() {
        return Ok(Vec::new());
    }
    let absent = list_these(&mut clients.source, Side::Source, absent).await?;
    let sources = hash(
        &mut clients.source,
        Side::Source,
        suspects(&absent, strangers),
    )
    .await?;
    let dests = hash(&mut clients.dest, Side::Dest, suspects(strangers, &absent)).await?;
    let body = |digests: &[(Uid, Digest)], at: usize, form: Form| {
        digests.get(at).and_then(|(_, digest)| form(digest))
    };
    let (mut ours, mut theirs) = ((0..sources.len()).collect(), (0..dests.len()).collect());
    let mut doubles = Vec::new();
    let forms: [Form; 3] = [
        |digest| Some(digest.exact),
        |digest| Some(digest.canonical),
        |digest| digest.text,
    ];
    for form in forms {
        let keys = |digests, places: &Vec<usize>| -> Vec<(usize, [u8; 32])> {
            places
                .iter()
                .filter_map(|&at| Some((at, body(digests, at, form)?)))
                .collect()
        };
        let pairing = pair_equals(keys(&sources, &ours), keys(&dests, &theirs));
        for (source, dest) in pairing.pairs {
            let uid = |digests: &[(Uid, Digest)], at: usize| {
                digests.get(at).map(|(uid, _)| (*uid).into())
            };
            if let (Some(source), Some(dest)) = (uid(&sources, source), uid(&dests, dest)) {
                doubles.push(LateDouble { source, dest });
            }
        }
        (ours, theirs) = (pairing.sent, pairing.stored);
    }
    Ok(doubles)
}

/// Those of one side that are like one of the other in size or internal date.
fn suspects(of: &[Envelope], like: &[Envelope]) -> Vec<Uid> {
    let date = |one: &Envelope| one.internal_date.map(|date| date.unix_seconds());
    let sizes: HashSet<u64> = like.iter().filter_map(|one| one.octets).collect();
    let dates: HashSet<i64> = like.iter().filter_map(date).collect();
    of.iter()
        .filter(|one| {
            one.octets.is_none_or(|octets| sizes.contains(&octets))
                || date(one).is_none_or(|date| dates.contains(&date))
        })
        .map(|one| one.uid)
        .collect()
}

async fn hash(
    client: &mut Client,
    side: Side,
    uids: Vec<Uid>,
) -> Result<Vec<(Uid, Digest)>, Fault> {
    let mut digests: Vec<(Uid, Digest)> = hash_bodies(client, &uids)
        .await
        .on(side)?
        .into_iter()
        .collect();
    digests.sort_by_key(|(uid, _)| *uid);
    Ok(digests)
}

/// A way to be alike.
type Form = fn(&Digest) -> Option<[u8; 32]>;
