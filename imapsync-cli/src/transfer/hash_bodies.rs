//! Reads bodies only to hash them: streamed, nothing is kept.

use std::collections::HashMap;

use imap_client_lite::proto::{
    BodyValue, Command, Condition, FetchItem, Messages, Uid, UidSet, Untagged,
};
use imap_client_lite::{Client, Error, Event};

use super::digest::{Digest, Hasher};

/// The identity of each of these messages that the server still has.
pub(super) async fn hash_bodies(
    client: &mut Client,
    uids: &[Uid],
) -> Result<HashMap<Uid, Digest>, Error> {
    let mut found = HashMap::with_capacity(uids.len());
    for some in uids.chunks(UIDS_AT_ONCE) {
        let Some(set) = UidSet::collect(some.iter().copied()) else {
            break;
        };
        let items = [FetchItem::Uid, FetchItem::BODY];
        let ticket = client.enqueue(&Command::fetch(Messages::Uids(&set), &items))?;
        let mut hasher = Hasher::default();
        loop {
            match client.next().await? {
                Event::BodyStart { .. } => hasher = Hasher::default(),
                Event::BodyChunk(chunk) => hasher.update(&chunk),
                Event::Untagged(Untagged::Fetch(fetch)) => {
                    if let (Some(uid), Some(section)) = (fetch.uid, fetch.sections.first()) {
                        let mut hasher = std::mem::take(&mut hasher);
                        if let BodyValue::Inline(text) = &section.value {
                            hasher.update(text);
                        }
                        if set.contains(uid) {
                            found.insert(uid, hasher.finish());
                        }
                    }
                }
                Event::Done(done) if done.ticket == ticket => {
                    if done.condition != Condition::Ok {
                        tracing::debug!("a FETCH of bodies was not answered in full");
                    }
                    break;
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

/// UIDs in one command line: well below 8,000 octets.
const UIDS_AT_ONCE: usize = 500;
