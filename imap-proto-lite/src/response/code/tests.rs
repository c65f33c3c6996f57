//! Response codes as servers send them.

use super::*;
use crate::tolerance::Reading;

fn code(wire: &[u8]) -> Option<Code<'_>> {
    let read = resp_text_code(&Reading::lenient(), wire).expect("all is accepted");
    read.map(|(_, code)| code)
}

#[test]
fn codes_with_payloads() {
    assert!(
        matches!(code(b"[APPENDUID 38505 3955] ok"), Some(Code::AppendUid { uids, .. }) if uids.single() == Some(3955))
    );
    assert!(
        matches!(code(b"[appenduid 3 3:4]"), Some(Code::AppendUid { uids, .. }) if uids.count() == 2)
    );
    assert!(
        matches!(code(b"[COPYUID 38505 304,319:320 3956:3958]"), Some(Code::CopyUid { from, to, .. }) if from.count() == to.count())
    );
    assert_eq!(code(b"[UIDNEXT 4392]"), Uid::new(4392).map(Code::UidNext));
    assert_eq!(
        code(b"[HIGHESTMODSEQ 9195383]"),
        Some(Code::HighestModSeq(ModSeq(9_195_383)))
    );
    assert!(
        matches!(code(b"[PERMANENTFLAGS (\\Seen a]b \\*)] x"), Some(Code::PermanentFlags(flags)) if flags.allows_new_keywords())
    );
    assert!(
        matches!(code(b"[CAPABILITY IMAP4rev1 LITERAL+ ] x"), Some(Code::Capability(all)) if all.has("literal+"))
    );
    assert_eq!(code(b"[read-only] x"), Some(Code::ReadOnly));
}

#[test]
fn codes_of_extensions() {
    let uids = |set: SequenceSet<'_>| set.ranges().collect::<Vec<_>>();
    assert!(
        matches!(code(b"[MODIFIED 7,9] x"), Some(Code::Modified(set)) if uids(set) == [(7, 7), (9, 9)])
    );
    let progress = |tag, done, goal| Some(Code::InProgress { tag, done, goal });
    let limit = |lowest| {
        let lowest = Uid::new(lowest);
        Some(Code::MessageLimit {
            limit: 1000,
            lowest,
        })
    };
    for (wire, expected) in [
        (
            "[MAILBOXID (F2212ea87-6097)]",
            Some(Code::MailboxId(b"F2212ea87-6097")),
        ),
        ("[MESSAGELIMIT 1000 23221]", limit(23_221)),
        ("[MESSAGELIMIT 1000]", limit(0)),
        (
            "[INPROGRESS (\"A001\" 454 1000)]",
            progress(Some(&b"A001"[..]), Some(454), Some(1000)),
        ),
        ("[INPROGRESS (NIL 7 NIL)]", progress(None, Some(7), None)),
        ("[INPROGRESS]", progress(None, None, None)),
        (
            "[METADATA LONGENTRIES 2199]",
            Some(Code::MetadataLongEntries(2199)),
        ),
        ("[METADATA MAXSIZE 1024]", Some(Code::MetadataMaxSize(1024))),
        ("[metadata toomany]", Some(Code::MetadataTooMany)),
        ("[METADATA NOPRIVATE]", Some(Code::MetadataNoPrivate)),
        (
            "[BADCHARSET (UTF-8 \"x\")]",
            Some(Code::BadCharset(b"(UTF-8 \"x\")")),
        ),
        ("[BADCHARSET]", Some(Code::BadCharset(b""))),
        (
            "[BADEVENT (FlagChange)]",
            Some(Code::BadEvent(b"(FlagChange)")),
        ),
        ("[BADURL \"/x;UID=1\"]", Some(Code::BadUrl(b"\"/x;UID=1\""))),
        (
            "[REFERRAL IMAP://a@b/]",
            Some(Code::Referral(b"IMAP://a@b/")),
        ),
        (
            "[UNDEFINED-FILTER on-the-road]",
            Some(Code::UndefinedFilter(b"on-the-road")),
        ),
        ("[NOUPDATE \"B02\"]", Some(Code::NoUpdate(b"B02"))),
        ("[NOTSAVED]", Some(Code::NotSaved)),
        ("[USEATTR]", Some(Code::UseAttr)),
        ("[UIDREQUIRED]", Some(Code::UidRequired)),
        ("[COMPRESSIONACTIVE]", Some(Code::CompressionActive)),
    ] {
        assert_eq!(code(wire.as_bytes()), expected, "{wire}");
    }
}

#[test]
fn what_makes_no_sense_is_kept_as_it_is() {
    for wire in [
        "[APPENDUID 0 1]",
        "[APPENDUID 1 1 1]",
        "[UIDNEXT 0]",
        "[COPYUID 701  ]",
        "[UNSEEN x]",
        "[X-NEW a b]",
        "[Error=\"Microsoft.Exchange\" AuthResultFromPopImapEnd=0]",
        "[TRYCREATE now]",
        "[MODIFIED]",
        "[MODIFIED 0]",
        "[MAILBOXID F1]",
        "[MESSAGELIMIT]",
        "[MESSAGELIMIT 10 0]",
        "[INPROGRESS (1 2)]",
        "[INPROGRESS (\"a\" 1 2]",
        "[INPROGRESS (\"a\\\"\" 1 2)]",
        "[METADATA]",
        "[METADATA MAXSIZE]",
        "[METADATA X 1]",
        "[NOUPDATE B02]",
        "[REFERRAL]",
        "[BADEVENT]",
    ] {
        assert!(
            matches!(code(wire.as_bytes()), Some(Code::Other { .. })),
            "{wire}"
        );
    }
    assert_eq!(code(b"[never closed"), None);
    assert_eq!(code(b"no code [ALERT]"), None);
}
