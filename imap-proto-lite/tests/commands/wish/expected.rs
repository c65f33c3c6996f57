//! What a server must read of each wish: RFC 9051 section 9, without a look at the encoder.

use super::expected_parts::{
    expected_list, expected_stored, found, group, item, message, metadata_options, modifier,
    response, sign, status_items,
};
use super::want::{Want, list, mailbox, nstring, plain, server_or, set, string, text};
use super::{Known, OneMailbox, Order, Set, Tagged, Use, Which, Wish, keys};

impl Tagged {
    /// The words of the whole command.
    pub fn expected(&self) -> Vec<Want> {
        let mut words = vec![plain(&self.tag.0)];
        words.extend(self.wish.expected());
        words
    }
}

impl Wish {
    fn expected(&self) -> Vec<Want> {
        match self {
            Self::Bare(super::Bare::Compress) => vec![plain("COMPRESS"), plain("DEFLATE")],
            Self::Bare(bare) => vec![plain(format!("{bare:?}").to_uppercase())],
            Self::Append(name, messages) => {
                let mut words = vec![plain("APPEND"), mailbox(name)];
                words.extend(messages.iter().flat_map(message));
                words
            }
            Self::Authenticate(mechanism, sasl) => {
                let mut words = vec![plain("AUTHENTICATE"), plain(&mechanism.0)];
                words.extend(response(sasl));
                words
            }
            Self::Copy(which, to) => command("COPY", which, vec![mailbox(to)]),
            Self::Create(name, uses) => {
                let mut words = vec![plain("CREATE"), mailbox(name)];
                if !uses.is_empty() {
                    let uses = uses.iter().map(|one| match one {
                        Use::All => plain("\\All"),
                        Use::Sent => plain("\\Sent"),
                    });
                    words.push(list(vec![plain("USE"), list(uses.collect())]));
                }
                words
            }
            Self::Enable(first, others) => {
                let all = std::iter::once(first).chain(others);
                let words = all.map(|word| plain(&word.0));
                std::iter::once(plain("ENABLE")).chain(words).collect()
            }
            Self::Fetch(which, items, modifiers) => {
                let mut words = vec![list(items.iter().flat_map(item).collect())];
                if !modifiers.is_empty() {
                    words.push(list(modifiers.iter().flat_map(modifier).collect()));
                }
                command("FETCH", which, words)
            }
            _ => self.expected_of_mailbox(),
        }
    }

    fn expected_of_mailbox(&self) -> Vec<Want> {
        match self {
            Self::GetMetadata(name, size, depth, entries) => {
                let mut words = vec![plain("GETMETADATA")];
                words.extend(metadata_options(*size, *depth));
                words.push(server_or(name.as_ref()));
                words.push(list(entries.iter().map(text).collect()));
                words
            }
            Self::GetQuota(root) => vec![plain("GETQUOTA"), text(root)],
            Self::Id(fields) if fields.is_empty() => vec![plain("ID"), plain("NIL")],
            Self::Id(fields) => {
                let pair = |(name, value): &_| [string(name), nstring(value)];
                vec![plain("ID"), list(fields.iter().flat_map(pair).collect())]
            }
            Self::List(selection, reference, patterns, returns) => {
                expected_list(selection, reference, patterns, returns)
            }
            Self::Login(user, password) => vec![plain("LOGIN"), text(user), text(password)],
            Self::AclEntry(entry, name, who) => {
                let word = plain(format!("{entry:?}").to_uppercase());
                vec![word, mailbox(name), text(who)]
            }
            Self::ListOld(old, reference, pattern) => {
                let word = plain(format!("{old:?}").to_uppercase());
                vec![word, string(reference), string(pattern)]
            }
            Self::Mailbox(which, name) => {
                let word = match which {
                    OneMailbox::Delete => "DELETE",
                    OneMailbox::Examine => "EXAMINE",
                    OneMailbox::GetAcl => "GETACL",
                    OneMailbox::GetQuotaRoot => "GETQUOTAROOT",
                    OneMailbox::MyRights => "MYRIGHTS",
                    OneMailbox::Subscribe => "SUBSCRIBE",
                    OneMailbox::Unsubscribe => "UNSUBSCRIBE",
                };
                vec![plain(word), mailbox(name)]
            }
            Self::Notify(groups) if groups.is_empty() => vec![plain("NOTIFY"), plain("NONE")],
            Self::Notify(groups) => {
                let mut words = vec![plain("NOTIFY"), plain("SET")];
                words.extend(
                    groups
                        .iter()
                        .map(|(watched, events)| group(watched, events)),
                );
                words
            }
            Self::Rename(from, to) => vec![plain("RENAME"), mailbox(from), mailbox(to)],
            _ => self.expected_of_messages(),
        }
    }

    fn expected_of_messages(&self) -> Vec<Want> {
        match self {
            Self::Search(returns, charset, keys) => {
                let mut words = vec![plain("UID"), plain("SEARCH")];
                if let Some(returns) = returns {
                    let found = returns.iter().flat_map(found).collect();
                    words.extend([plain("RETURN"), list(found)]);
                }
                if let Some(charset) = charset {
                    words.extend([plain("CHARSET"), plain(&charset.0)]);
                }
                words.extend(keys::expected(keys));
                words
            }
            Self::Select(name, known) => {
                let mut words = vec![plain("SELECT"), mailbox(name)];
                if let Some(Known(validity, mod_seq, uids, matching)) = known {
                    let mut known = vec![plain(validity), plain(mod_seq)];
                    known.extend(uids.as_ref().map(set));
                    let pair = |(one, other): &(Set, Set)| list(vec![set(one), set(other)]);
                    known.extend(matching.as_ref().map(pair));
                    words.push(list(vec![plain("QRESYNC"), list(known)]));
                }
                words
            }
            Self::SetAcl(name, who, change, letters) => {
                let rights = format!("{}{}", sign(*change), letters.0);
                let rights = Want::Text(rights.into_bytes());
                vec![plain("SETACL"), mailbox(name), text(who), rights]
            }
            Self::SetMetadata(name, entries) => {
                let pair = |(name, value): &_| [text(name), nstring(value)];
                let entries = list(entries.iter().flat_map(pair).collect());
                vec![plain("SETMETADATA"), mailbox(name), entries]
            }
            Self::SetQuota(root, limits) => {
                let pair = |(word, limit): &(super::Word, u64)| [plain(&word.0), plain(limit)];
                let limits = list(limits.iter().flat_map(pair).collect());
                vec![plain("SETQUOTA"), text(root), limits]
            }
            Self::Sort(orders, charset, keys) => {
                let order = |order: &Order| match order {
                    Order::ArrivalUp => vec![plain("ARRIVAL")],
                    Order::SizeDown => vec![plain("REVERSE"), plain("SIZE")],
                };
                let orders = list(orders.iter().flat_map(order).collect());
                let mut words = vec![plain("UID"), plain("SORT"), orders, plain(&charset.0)];
                words.extend(keys::expected(keys));
                words
            }
            Self::Status(name, items) => {
                vec![plain("STATUS"), mailbox(name), status_items(items)]
            }
            Self::Store(which, since, change, stored) => {
                let mut words = Vec::new();
                if let Some(since) = since {
                    words.push(list(vec![plain("UNCHANGEDSINCE"), plain(since)]));
                }
                words.extend(expected_stored(*change, stored));
                command("STORE", which, words)
            }
            Self::Thread(algorithm, charset, keys) => {
                let mut words = vec![plain("THREAD"), plain(&algorithm.0), plain(&charset.0)];
                words.extend(keys::expected(keys));
                words
            }
            Self::UidExpunge(uids) => vec![plain("UID"), plain("EXPUNGE"), set(uids)],
            _ => unreachable!("{self:?} is treated above"),
        }
    }
}

/// A command that has a UID form.
fn command(name: &str, which: &Which, rest: Vec<Want>) -> Vec<Want> {
    let numbers = match which {
        Which::Uids(numbers) | Which::Sequence(numbers) => set(numbers),
        Which::UidsFrom(first) | Which::SequenceFrom(first) => plain(format!("{first}:*")),
        Which::Range(first, last) => plain(format!("{first}:{last}")),
        Which::SavedUids | Which::Saved => plain("$"),
    };
    let by_uid = matches!(
        which,
        Which::Uids(_) | Which::UidsFrom(_) | Which::SavedUids
    );
    let prefix = by_uid.then(|| plain("UID"));
    let words = prefix.into_iter().chain([plain(name), numbers]);
    words.chain(rest).collect()
}
