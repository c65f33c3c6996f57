//! Every source name gets its destination name; every collision is settled before mail moves.

use std::collections::{BTreeMap, HashMap, HashSet};

use imap_client_lite::proto::MailboxName;

use super::layout::Layout;
use super::path::Path;

/// A source mailbox with its name on the destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// Its name on the source.
    pub source: MailboxName,
    /// Its place in the tree.
    pub path: Path,
    /// Its name on the destination.
    pub dest: MailboxName,
}

/// A name that a ledger settled for good, as wire bytes: the source's, then the destination's.
pub type SettledName = (Vec<u8>, Vec<u8>);

/// Maps names from one layout to another. Names that a ledger settled earlier stay as they are;
/// `settled` holds wire names, source first.
#[must_use]
pub fn map_names(
    sources: &[MailboxName],
    from: &Layout,
    to: &Layout,
    settled: &[SettledName],
) -> Vec<Mapped> {
    let settled: HashMap<&[u8], &[u8]> = settled
        .iter()
        .map(|(source, dest)| (source.as_slice(), dest.as_slice()))
        .collect();
    let mut tree = Tree {
        to,
        taken: settled.values().map(|dest| dest.to_vec()).collect(),
        nodes: BTreeMap::new(),
    };
    let mut paths: Vec<(Path, &MailboxName)> =
        sources.iter().map(|name| (from.read(name), name)).collect();
    // INBOX and its children have the first claim on a name.
    paths.sort_by_key(|(path, _)| (!path.is_inbox(), !path.in_inbox(), path.clone()));
    let mut mapped = Vec::with_capacity(paths.len());
    for (path, source) in paths {
        let kept = settled
            .get(source.as_wire())
            .and_then(|dest| MailboxName::from_wire(*dest).ok());
        let dest = match kept {
            Some(dest) => {
                // Its children go below it, also those that appeared later.
                let segments = to.read(&dest).segments().to_vec();
                tree.nodes.insert(path.clone(), segments);
                Some(dest)
            }
            None => tree
                .place(&path)
                .and_then(|segments| to.write(&segments, path.in_inbox()).ok()),
        };
        if let Some(dest) = dest {
            mapped.push(Mapped {
                source: source.clone(),
                path,
                dest,
            });
        }
    }
    mapped
}

/// The destination's names given so far.
struct Tree<'a> {
    to: &'a Layout,
    /// Wire names that stand for a node already.
    taken: HashSet<Vec<u8>>,
    /// The segments that a path got.
    nodes: BTreeMap<Path, Vec<String>>,
}

impl Tree<'_> {
    /// The destination segments for a path; its ancestors are placed first, so that a whole
    /// subtree moves when its root had to.
    fn place(&mut self, path: &Path) -> Option<Vec<String>> {
        if let Some(known) = self.nodes.get(path) {
            return Some(known.clone());
        }
        let mut segments = match path.parent() {
            Some(parent) => self.place(&parent)?,
            None => Vec::new(),
        };
        let last = path.segments().last()?;
        segments.push(self.to.fit(last));
        self.settle(&mut segments, path)?;
        self.nodes.insert(path.clone(), segments.clone());
        Some(segments)
    }

    /// Gives the last segment a number until nobody else has the name.
    fn settle(&mut self, segments: &mut Vec<String>, path: &Path) -> Option<()> {
        let plain = segments.pop()?;
        for number in 1..=u32::MAX {
            segments.push(if number == 1 {
                plain.clone()
            } else {
                format!("{plain}={number}")
            });
            let name = self.to.write(segments, path.in_inbox()).ok()?;
            let key = if name.is_inbox() {
                b"INBOX".to_vec()
            } else {
                name.as_wire().to_vec()
            };
            let shadows_inbox = name.is_inbox() && !path.is_inbox();
            if !shadows_inbox && self.taken.insert(key) {
                return Some(());
            }
            segments.pop();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(wire: &str) -> MailboxName {
        MailboxName::from_wire(wire.as_bytes()).expect("fit to be sent")
    }

    fn layout(prefix: &str, delimiter: char) -> Layout {
        Layout {
            prefix: prefix.as_bytes().to_vec(),
            delimiter: u8::try_from(delimiter).ok(),
            ..Layout::default()
        }
    }

    fn map(from: &Layout, to: &Layout, names: &[&str]) -> Vec<(String, String)> {
        let names: Vec<MailboxName> = names.iter().map(|wire| name(wire)).collect();
        let wire = |name: &MailboxName| String::from_utf8_lossy(name.as_wire()).into_owned();
        map_names(&names, from, to, &[])
            .iter()
            .map(|one| (wire(&one.source), wire(&one.dest)))
            .collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    }

    #[test]
    fn the_same_layout_changes_nothing() {
        let slash = layout("", '/');
        let names = [
            "INBOX",
            " lead",
            "NIL",
            "a  b",
            "a/b/c",
            "Entw&APw-rfe",
            "q\"\\%*&-",
        ];
        for (source, dest) in map(&slash, &slash, &names) {
            assert_eq!(source, dest);
        }
    }

    #[test]
    fn a_tree_moves_under_a_prefix() {
        let (slash, dot) = (layout("", '/'), layout("INBOX.", '.'));
        let got = map(
            &slash,
            &dot,
            &[
                "Sent",
                "inbox",
                "Work/2024/Q1",
                "v1.2",
                "INBOX/Sub",
                "Sub",
                "Sub/x",
            ],
        );
        assert_eq!(
            got,
            pairs(&[
                ("inbox", "INBOX"),
                ("INBOX/Sub", "INBOX.Sub"),
                ("Sent", "INBOX.Sent"),
                ("Sub", "INBOX.Sub=2"),
                ("Sub/x", "INBOX.Sub=2.x"),
                ("Work/2024/Q1", "INBOX.Work.2024.Q1"),
                ("v1.2", "INBOX.v1=2E2"),
            ])
        );
    }

    #[test]
    fn and_out_of_a_prefix() {
        let (slash, dot) = (layout("", '/'), layout("INBOX.", '.'));
        let got = map(
            &dot,
            &slash,
            &["INBOX", "INBOX.Sent", "INBOX.a/b.c", "INBOX.inbox"],
        );
        assert_eq!(
            got,
            pairs(&[
                ("INBOX", "INBOX"),
                ("INBOX.inbox", "INBOX/inbox"),
                ("INBOX.Sent", "Sent"),
                ("INBOX.a/b.c", "a=2Fb/c"),
            ])
        );
    }

    #[test]
    fn names_that_become_equal_get_numbers() {
        let (slash, dot) = (layout("", '/'), layout("", '.'));
        let got = map(&slash, &dot, &["a.b", "a=2Eb", "x=2E.y"]);
        assert_eq!(
            got,
            pairs(&[
                ("a.b", "a=2Eb"),
                ("a=2Eb", "a=2Eb=2"),
                ("x=2E.y", "x=3D2E=2Ey")
            ])
        );
    }

    #[test]
    fn a_settled_name_stays() {
        let slash = layout("", '/');
        let settled = [(b"b".to_vec(), b"a".to_vec())];
        let mapped = map_names(&[name("a"), name("b")], &slash, &slash, &settled);
        let dests: Vec<&[u8]> = mapped.iter().map(|one| one.dest.as_wire()).collect();
        assert_eq!(dests, [&b"a=2"[..], b"a"]);
    }

    #[test]
    fn what_a_server_refused_is_escaped() {
        let path = |wire: &str| layout("", '/').read(&name(wire));
        let taken = [path("a&-b"), path("x!")];
        let refused = super::super::suspects(&path("v1.2 &- b!/%"), taken.iter());
        assert_eq!(refused.iter().collect::<String>(), "%.");
        let picky = Layout {
            refused,
            ..layout("", '/')
        };
        let got = map(&layout("", '/'), &picky, &["v1.2 &- b!/%"]);
        assert_eq!(got, pairs(&[("v1.2 &- b!/%", "v1=2E2 &- b!/=25")]));
    }

    #[test]
    fn what_cannot_be_decoded_or_held_is_escaped() {
        let (slash, flat) = (layout("", '/'), Layout::default());
        assert_eq!(
            map(&slash, &slash, &["a&b", "t\tab", "x//y"]),
            pairs(&[("a&b", "a=26b"), ("t\tab", "t=09ab"), ("x//y", "x/=/y")])
        );
        assert_eq!(map(&flat, &slash, &["a/b"]), pairs(&[("a/b", "a=2Fb")]));
    }

    #[test]
    fn a_child_that_appears_later_goes_below_its_settled_parent() {
        for (to, settled, dest) in [
            (layout("", '/'), ("Work", "Work"), "Work/2024"),
            (
                layout("INBOX.", '.'),
                ("Work", "INBOX.Work=2"),
                "INBOX.Work=2.2024",
            ),
        ] {
            let names = [name("Work"), name("Work/2024")];
            let settled = [(settled.0.as_bytes().to_vec(), settled.1.as_bytes().to_vec())];
            let mapped = map_names(&names, &layout("", '/'), &to, &settled);
            let found = mapped
                .iter()
                .find(|one| one.source == names[1])
                .map(|one| &one.dest);
            assert_eq!(found, Some(&name(dest)));
        }
    }
}
