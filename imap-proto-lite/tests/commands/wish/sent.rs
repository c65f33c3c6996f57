//! Wishes as commands.

use imap_proto_lite::command::{
    AclEntry, Atom, Authenticate, Command, Create, GetMetadata, ListOld, Login, Numbering,
    SaslResponse, Search, SearchReturn, SetAcl, SetMetadata, SetQuota, Sort, SpecialUse, Thread,
};
use imap_proto_lite::{ModSeq, Tag};

use super::keys::with_keys;
use super::sent_parts::{append, counted, fetch, list, notify, pairs, select, store, texts};
use super::sent_types::with_messages;
use super::{Found, Sasl, Tagged, Wish, Word};

impl Tagged {
    /// The tag.
    pub fn tag(&self) -> Tag<'_> {
        Tag::new(&self.tag.0).expect("checked")
    }

    /// Lends the command; not at all where its search key is too deep.
    pub fn with_command(&self, then: impl FnOnce(Command<'_>)) {
        self.wish.with_command(then);
    }
}

impl Wish {
    fn with_command(&self, then: impl FnOnce(Command<'_>)) {
        match self {
            Self::Bare(bare) => then(bare.command()),
            Self::Append(name, messages) => append(name, messages, then),
            Self::Authenticate(mechanism, sasl) => then(Command::Authenticate(Authenticate {
                mechanism: mechanism.atom(),
                response: match sasl {
                    Sasl::Initial(coded) => SaslResponse::Initial(coded.base64()),
                    Sasl::After(coded) => SaslResponse::AfterContinuation(coded.base64()),
                    Sasl::Challenged => SaslResponse::Challenged,
                },
            })),
            Self::Copy(which, to) => with_messages(which, |messages| {
                then(Command::Copy(messages, &to.0));
            }),
            Self::Create(name, uses) => {
                let uses: Vec<SpecialUse> = uses.iter().map(|one| one.special_use()).collect();
                then(Command::Create(Create {
                    mailbox: &name.0,
                    special_use: &uses,
                }));
            }
            Self::Enable(first, others) => {
                let all = std::iter::once(first).chain(others);
                let atoms: Vec<Atom<'_>> = all.map(Word::atom).collect();
                then(Command::Enable(&atoms));
            }
            Self::Fetch(which, items, modifiers) => fetch(which, items, modifiers, then),
            Self::GetMetadata(name, size, depth, entries) => {
                then(Command::GetMetadata(GetMetadata {
                    mailbox: name.as_ref().map(|name| &name.0),
                    max_size: *size,
                    depth: depth.depth(),
                    entries: &texts(entries),
                }))
            }
            Self::GetQuota(root) => then(Command::GetQuota(root.text())),
            Self::Id(fields) => then(Command::Id(&pairs(fields))),
            Self::List(selection, reference, patterns, returns) => {
                list(selection, reference, patterns, returns, then);
            }
            Self::Login(user, password) => then(Command::Login(Login {
                user: user.text(),
                password: password.text(),
            })),
            Self::AclEntry(entry, name, who) => then(entry.command(AclEntry {
                mailbox: &name.0,
                identifier: who.text(),
            })),
            Self::ListOld(old, reference, pattern) => then(old.command(ListOld {
                reference: reference.text(),
                pattern: pattern.text(),
            })),
            Self::Mailbox(which, name) => then(which.command(&name.0)),
            Self::Notify(groups) => notify(groups, then),
            Self::Rename(from, to) => then(Command::Rename {
                from: &from.0,
                to: &to.0,
            }),
            _ => self.with_other(then),
        }
    }

    fn with_other(&self, then: impl FnOnce(Command<'_>)) {
        match self {
            Self::Search(returns, charset, keys) => {
                let found = |all: &Vec<Found>| all.iter().map(|one| one.search_return()).collect();
                let returns: Option<Vec<SearchReturn>> = returns.as_ref().map(found);
                once(then, |then| {
                    with_keys(keys, &mut |keys| {
                        then(Command::Search(Search {
                            numbering: Numbering::Uid,
                            returns: returns.as_deref(),
                            charset: charset.as_ref().map(Word::atom),
                            keys,
                        }));
                    });
                });
            }
            Self::Select(name, known) => select(name, known.as_ref(), then),
            Self::SetAcl(name, who, change, letters) => then(Command::SetAcl(SetAcl {
                mailbox: &name.0,
                identifier: who.text(),
                change: change.change(),
                rights: letters.rights(),
            })),
            Self::SetMetadata(name, entries) => then(Command::SetMetadata(SetMetadata {
                mailbox: Some(&name.0),
                entries: &pairs(entries),
            })),
            Self::SetQuota(root, limits) => {
                let pair = |(word, limit): &'_ (Word, u64)| (word.clone(), *limit);
                let owned: Vec<(Word, u64)> = limits.iter().map(pair).collect();
                let limits: Vec<(Atom<'_>, u64)> = owned
                    .iter()
                    .map(|(word, limit)| (word.atom(), *limit))
                    .collect();
                then(Command::SetQuota(SetQuota {
                    root: root.text(),
                    limits: &limits,
                }));
            }
            Self::Sort(orders, charset, keys) => {
                let criteria: Vec<_> = orders.iter().map(|one| one.criterion()).collect();
                once(then, |then| {
                    with_keys(keys, &mut |keys| {
                        then(Command::Sort(Sort {
                            numbering: Numbering::Uid,
                            returns: None,
                            criteria: &criteria,
                            charset: charset.atom(),
                            keys,
                        }));
                    });
                });
            }
            Self::Status(name, items) => then(Command::Status {
                mailbox: &name.0,
                items: &counted(items),
            }),
            Self::Store(which, since, change, stored) => {
                store(which, since.map(ModSeq), *change, stored, then);
            }
            Self::Thread(algorithm, charset, keys) => once(then, |then| {
                with_keys(keys, &mut |keys| {
                    then(Command::Thread(Thread {
                        numbering: Numbering::Sequence,
                        algorithm: algorithm.atom(),
                        charset: charset.atom(),
                        keys,
                    }));
                });
            }),
            Self::UidExpunge(uids) => then(Command::UidExpunge(&uids.uids())),
            _ => unreachable!("{self:?} is treated above"),
        }
    }
}

/// Lets a function be called once by one that would call it any number of times.
fn once(then: impl FnOnce(Command<'_>), call: impl FnOnce(&mut dyn FnMut(Command<'_>))) {
    let mut then = Some(then);
    call(&mut |command| {
        if let Some(then) = then.take() {
            then(command);
        }
    });
}
