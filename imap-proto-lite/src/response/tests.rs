//! Whole lines as servers send them.

use super::*;
use crate::Condition;
use crate::Quirk;
use crate::ids::Uid;

fn parse(wire: &str) -> Response<'_> {
    Response::parse(wire.as_bytes()).unwrap_or_else(|error| panic!("{wire:?}: {error}"))
}

fn data(wire: &str) -> Untagged<'_> {
    match parse(wire) {
        Response::Untagged(untagged) => untagged,
        other => panic!("{wire:?} is {other:?}"),
    }
}

#[test]
fn status_responses() {
    for (wire, condition, text) in [
        (
            "* OK IMAP4rev2 server ready\r\n",
            Condition::Ok,
            "IMAP4rev2 server ready",
        ),
        (
            "* OK Coremail System IMap Server Ready(163com[8db7])\r\n",
            Condition::Ok,
            "Coremail System IMap Server Ready(163com[8db7])",
        ),
        ("* BYE\r\n", Condition::Bye, ""),
        ("* OK [HIGHESTMODSEQ 9195383]\r\n", Condition::Ok, ""),
        (
            "* PREAUTH [ALERT] hello {5}\r\n",
            Condition::PreAuth,
            "hello {5}",
        ),
        ("* bad  [X a\r\n", Condition::Bad, "[X a"),
    ] {
        let Untagged::Status(status) = data(wire) else {
            panic!("{wire}")
        };
        assert_eq!(
            (status.condition, status.text),
            (condition, text.as_bytes()),
            "{wire}"
        );
    }
}

#[test]
fn tagged_responses() {
    for (wire, condition, has_code) in [
        (
            "a1 OK [APPENDUID 38505 3955] APPEND completed\r\n",
            Condition::Ok,
            true,
        ),
        ("a1 OK\n", Condition::Ok, false),
        ("a1 NO [TRYCREATE] no such mailbox\r\n", Condition::No, true),
        ("a4 BYE going\r\n", Condition::Bye, false),
    ] {
        let Response::Tagged { tag, status } = parse(wire) else {
            panic!("{wire}")
        };
        assert!(tag.starts_with(b"a"));
        assert_eq!(
            (status.condition, status.code.is_some()),
            (condition, has_code),
            "{wire}"
        );
    }
}

#[test]
fn continuations() {
    for (wire, text) in [
        ("+ go ahead\r\n", "go ahead"),
        ("+\r\n", ""),
        ("+ \r\n", ""),
        ("+ {3}\r\n", "{3}"),
    ] {
        assert_eq!(
            parse(wire),
            Response::Continuation {
                text: text.as_bytes()
            }
        );
    }
}

#[test]
fn data_responses() {
    assert_eq!(data("*  1843 EXISTS\r\n"), Untagged::Exists(1843));
    assert_eq!(data("* 3 Recent\r\n"), Untagged::Recent(3));
    assert_eq!(data("* 44 EXPUNGED\r\n"), Untagged::Expunge(44));
    assert!(
        matches!(data("* SEARCH 2 84 882\r\n"), Untagged::Search(found) if found.iter().sum::<u32>() == 968)
    );
    assert!(
        matches!(data("* ESEARCH (TAG \"A285\") UID COUNT 17\r\n"), Untagged::Esearch(found) if found.count == Some(17))
    );
    assert!(
        matches!(data("* CAPABILITY IMAP4rev1 XPIG-LATIN\r\n"), Untagged::Capability(all) if all.has("xpig-latin"))
    );
    assert!(
        matches!(data("* ENABLED CONDSTORE\r\n"), Untagged::Enabled(all) if all.has("CONDSTORE"))
    );
    assert!(
        matches!(data("* LIST (\\Noselect) \"/\" ~/Mail/foo\r\n"), Untagged::List(one) if !one.selectable())
    );
    assert!(matches!(
        data("* LSUB () \".\" #news.comp.mail.misc\r\n"),
        Untagged::Lsub(_)
    ));
    assert!(
        matches!(data("* FLAGS (\\Answered \\Flagged)\r\n"), Untagged::Flags(flags) if flags.iter().count() == 2)
    );
    assert!(matches!(
        data("* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n"),
        Untagged::Namespace(_)
    ));
    assert!(matches!(
        data("* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)\r\n"),
        Untagged::MailboxStatus(_)
    ));
    assert!(
        matches!(data("* VANISHED (EARLIER) 41,43:116\r\n"), Untagged::Vanished(Vanished::Earlier(set)) if set.count() == 75)
    );
    assert!(matches!(
        data("* VANISHED 405\r\n"),
        Untagged::Vanished(Vanished::Now(_))
    ));
    assert!(
        matches!(data("* ID (\"name\" \"Cyrus\" \"os\" NIL )\r\n"), Untagged::Id(id) if id.fields().count() == 2)
    );
    assert!(matches!(data("* ID NIL\r\n"), Untagged::Id(id) if id.fields().count() == 0));
    assert!(
        matches!(data("* 23 FETCH (FLAGS (\\Seen) UID 4827313)\r\n"), Untagged::Fetch(fetch) if fetch.uid == Uid::new(4_827_313))
    );
}

#[test]
fn responses_of_extensions() {
    assert!(
        matches!(data("* SORT 5 3 4 1 2\r\n"), Untagged::Sort(found) if found.iter().count() == 5)
    );
    assert!(matches!(data("* SORT\r\n"), Untagged::Sort(found) if found.iter().next().is_none()));
    assert!(
        matches!(data("* THREAD (2)(3 6 (4 23)(44 7 96))\r\n"), Untagged::Thread(found) if found.iter().count() == 16)
    );
    assert!(
        matches!(data("* QUOTA \"\" (STORAGE 10 512)\r\n"), Untagged::Quota(quota) if quota.resources.len() == 1)
    );
    assert!(
        matches!(data("* QUOTAROOT INBOX \"\"\r\n"), Untagged::QuotaRoot(one) if one.roots.len() == 1)
    );
    assert!(
        matches!(data("* ACL INBOX Fred rwipslda\r\n"), Untagged::Acl(acl) if acl.entries.len() == 1)
    );
    assert!(
        matches!(data("* LISTRIGHTS a smith la r\r\n"), Untagged::ListRights(one) if one.optional.len() == 1)
    );
    assert!(
        matches!(data("* MYRIGHTS INBOX rwipt\r\n"), Untagged::MyRights(one) if one.rights.as_ref() == b"rwipt")
    );
    assert!(matches!(
        data("* METADATA \"\" /shared/comment\r\n"),
        Untagged::Metadata(_)
    ));
    assert!(matches!(data("* LANGUAGE (DE)\r\n"), Untagged::Other(_)));
    assert!(
        matches!(data("* LANGUAGE (\"DE\")\r\n"), Untagged::Language(tags) if tags.iter().count() == 1)
    );
    assert!(matches!(
        data("* COMPARATOR \"i;octet\"\r\n"),
        Untagged::Comparator(_)
    ));
    assert!(
        matches!(data("* JMAPACCESS \"https://x/\"\r\n"), Untagged::JmapAccess(url) if url.as_ref() == b"https://x/")
    );
    assert!(
        matches!(data("* 42 UIDFETCH (FLAGS ())\r\n"), Untagged::Fetch(one) if one.uid == Uid::new(42) && one.seq.is_none())
    );
    assert!(
        matches!(data("* LIST () \"/\" new (\"OLDNAME\" (\"old\"))\r\n"), Untagged::List(one) if one.old_name().is_some())
    );
    for wire in [
        "* 0 UIDFETCH (FLAGS ())\r\n",
        "* SORT x\r\n",
        "* THREAD (1\r\n",
    ] {
        assert!(Response::parse(wire.as_bytes()).is_err(), "{wire}");
    }
}

#[test]
fn what_is_unknown_is_kept() {
    for wire in [
        "* NOOP\r\n",
        "* [X-NEW 1 2 3]\r\n",
        "* X-NEW (a {3}\r\nabc)\r\n",
        "* 4 X-NEW\r\n",
    ] {
        assert!(matches!(data(wire), Untagged::Other(_)), "{wire}");
    }
}

#[test]
fn what_is_no_response_says_where() {
    for (wire, offset) in [
        ("Server Unavailable. 15\r\n", 7),
        ("\r\n", 0),
        ("* 1 FETCH (UID 1) x\r\n", 18),
        ("* STATUS x\r\n", 9),
        ("* VANISHED 0\r\n", 11),
        ("a1 FINE\r\n", 3),
    ] {
        assert_eq!(
            Response::parse_with(wire.as_bytes(), QuirkSet::LENIENT.without(Quirk::StrayLine))
                .map_err(|error| error.offset),
            Err(offset),
            "{wire:?}"
        );
    }
}
