//! Finds what was appended among what is stored, where the server has not said it credibly: by size
//! where that is enough, else by body, at last by order.

use std::collections::{BTreeMap, HashMap, HashSet};

use imap_client_lite::proto::Uid;

use super::digest::Digest;
use super::hash_bodies::hash_bodies;
use super::message::Envelope;
use super::pairing::{pair_equals, pair_kinds};
use super::read_back::{Place, Sent};
use crate::error::{Fault, OnSide};
use crate::report::{Altered, MailboxReport};
use crate::side::Side;

/// Finds what was sent among what is stored: by size where that is enough, else by body, at last
/// by order.
pub(super) async fn identify(
    place: &mut Place<'_>,
    sent: &[Sent],
    stored: &BTreeMap<Uid, Envelope>,
) -> Result<Vec<Option<Uid>>, Fault> {
    place.ledger.commit()?;
    let sources: HashSet<Uid> = sent.iter().map(|sent| sent.source).collect();
    let others: HashSet<Uid> = match stored.keys().next() {
        Some(&first) => place.ledger.mapped(place.mailbox, first)?,
        None => Vec::new(),
    }
    .into_iter()
    .filter(|(source, _)| !sources.contains(source))
    .map(|(_, dest)| dest)
    .collect();
    let free: Vec<&Envelope> = stored
        .values()
        .filter(|one| !others.contains(&one.uid))
        .collect();
    let uid_at = |place: usize| free.get(place).map(|one| one.uid);
    let mut found: Vec<Option<Uid>> = vec![None; sent.len()];
    let mut settle = |pairs: &[(usize, usize)]| {
        for &(one, there) in pairs {
            if let Some(slot) = found.get_mut(one) {
                *slot = uid_at(there);
            }
        }
    };
    let by_size = pair_kinds(
        sent.iter().map(|sent| Some(sent.octets)).enumerate(),
        free.iter().map(|one| one.octets).enumerate(),
    );
    if by_size.sent.is_empty() {
        settle(&by_size.pairs);
        return Ok(found);
    }
    // What was stored in another size can be anywhere, so sizes prove nothing here.
    let all: Vec<Uid> = free.iter().map(|one| one.uid).collect();
    let bodies = hash_bodies(place.client, &all).await.on(Side::Dest)?;
    let body = |at: usize, form: fn(&Digest) -> [u8; 32]| {
        uid_at(at).and_then(|uid| bodies.get(&uid)).map(form)
    };
    let identity = |at: usize| sent.get(at).and_then(|sent| sent.identity);
    let by_body = pair_equals(
        (0..sent.len()).filter_map(|at| Some((at, identity(at)?.exact))),
        (0..free.len()).filter_map(|at| Some((at, body(at, |digest| digest.exact)?))),
    );
    settle(&by_body.pairs);
    let by_form = pair_equals(
        by_body.sent.into_iter().filter_map(|at| {
            let identity = identity(at)?;
            Some((at, identity.stored_as.unwrap_or(identity.exact)))
        }),
        by_body
            .stored
            .into_iter()
            .filter_map(|at| Some((at, body(at, |digest| digest.canonical)?))),
    );
    settle(&by_form.pairs);
    let by_order = pair_kinds(
        by_form
            .sent
            .iter()
            .filter_map(|at| Some((*at, sent.get(*at)?.internal_date?.unix_seconds()))),
        by_form
            .stored
            .iter()
            .filter_map(|at| Some((*at, free.get(*at)?.internal_date?.unix_seconds()))),
    );
    settle(&by_order.pairs);
    Ok(found)
}

/// A message that was stored and is not there: the destination keeps equal ones once, or it was
/// moved or deleted in this moment.
pub(super) async fn find_merged(
    place: &mut Place<'_>,
    sent: &[Sent],
    found: &mut [Option<Uid>],
    report: &mut MailboxReport,
) -> Result<(), Fault> {
    let equals: HashMap<[u8; 32], Uid> = sent
        .iter()
        .zip(found.iter())
        .filter_map(|(sent, uid)| Some((sent.identity?.exact, (*uid)?)))
        .collect();
    let missing = sent
        .iter()
        .zip(found.iter())
        .filter(|(_, uid)| uid.is_none());
    let claimed: Vec<Uid> = missing.filter_map(|(sent, _)| sent.claimed).collect();
    let bodies = hash_bodies(place.client, &claimed).await.on(Side::Dest)?;
    for (sent, found) in sent
        .iter()
        .zip(found.iter_mut())
        .filter(|(_, uid)| uid.is_none())
    {
        let exact = sent.identity.map(|identity| identity.exact);
        let is_it = |uid: &Uid| bodies.get(uid).map(|digest| digest.exact) == exact;
        let equal = exact.and_then(|exact| equals.get(&exact).copied());
        *found = equal.or_else(|| sent.claimed.filter(|uid| exact.is_some() && is_it(uid)));
        match *found {
            Some(uid) => report.altered(sent.source, uid, vec![Altered::Merged]),
            None => report.unfound.push(sent.source.into()),
        }
    }
    Ok(())
}
