//! Commands that concern mailboxes.

use super::*;

#[test]
fn mailboxes_come_and_go() {
    let (one, other) = (name("blurdybloop"), name("sarasoop"));
    let drafts = Create {
        mailbox: &one,
        special_use: &[SpecialUse::Drafts, SpecialUse::Sent],
    };
    check(&[
        (Command::create(&one), "CREATE \"blurdybloop\""),
        (
            Command::Create(drafts),
            "CREATE \"blurdybloop\" (USE (\\Drafts \\Sent))",
        ),
        (Command::Delete(&one), "DELETE \"blurdybloop\""),
        (
            Command::Rename {
                from: &one,
                to: &other,
            },
            "RENAME \"blurdybloop\" \"sarasoop\"",
        ),
        (Command::Subscribe(&one), "SUBSCRIBE \"blurdybloop\""),
        (Command::Unsubscribe(&one), "UNSUBSCRIBE \"blurdybloop\""),
        (
            Command::Status {
                mailbox: &one,
                items: &[StatusItem::UidNext, StatusItem::Messages],
            },
            "STATUS \"blurdybloop\" (UIDNEXT MESSAGES)",
        ),
        (
            Command::Status {
                mailbox: &one,
                items: &[StatusItem::HighestModSeq, StatusItem::DeletedStorage],
            },
            "STATUS \"blurdybloop\" (HIGHESTMODSEQ DELETED-STORAGE)",
        ),
    ]);
}

#[test]
fn selecting_with_what_is_known() {
    let inbox = MailboxName::inbox();
    let (known, numbers) = (uids([41, 43, 44, 45]), seqs([1, 2, 3]));
    let matching = uids([41, 43, 44]);
    let with = |parameter| {
        Command::Select(Select {
            mailbox: &inbox,
            parameter: Some(parameter),
        })
    };
    let qresync = Qresync {
        uid_validity: UidValidity::new(67_890_007).expect("above zero"),
        mod_seq: ModSeq(20_050_715_194_045_000),
        known_uids: None,
        seq_match: None,
    };
    let known = Qresync {
        known_uids: Some(&known),
        ..qresync
    };
    let matched = Qresync {
        seq_match: Some((&numbers, &matching)),
        ..known
    };
    let matched = with(SelectParameter::Qresync(matched));
    check(&[
        (Command::select(&inbox), "SELECT \"INBOX\""),
        (Command::examine(&inbox), "EXAMINE \"INBOX\""),
        (
            with(SelectParameter::CondStore),
            "SELECT \"INBOX\" (CONDSTORE)",
        ),
        (
            with(SelectParameter::Qresync(qresync)),
            "SELECT \"INBOX\" (QRESYNC (67890007 20050715194045000))",
        ),
        (
            with(SelectParameter::Qresync(known)),
            "SELECT \"INBOX\" (QRESYNC (67890007 20050715194045000 41,43:45))",
        ),
        (
            matched,
            "SELECT \"INBOX\" (QRESYNC (67890007 20050715194045000 41,43:45 (1:3 41,43:44)))",
        ),
    ]);
}

#[test]
fn names_are_listed() {
    let patterns = [text("*")];
    let plain = ListCommand {
        selection: &[],
        reference: Text::EMPTY,
        patterns: &patterns,
        returns: &[],
    };
    let status = [StatusItem::Messages, StatusItem::UidNext];
    let old = ListOld {
        reference: text("#news."),
        pattern: text("comp.%"),
    };
    let all = ListCommand {
        selection: &[
            ListSelection::Subscribed,
            ListSelection::Remote,
            ListSelection::RecursiveMatch,
            ListSelection::SpecialUse,
        ],
        reference: text("~/"),
        patterns: &[text("INBOX"), text("Drafts/%")],
        returns: &[
            ListReturn::Subscribed,
            ListReturn::Children,
            ListReturn::SpecialUse,
            ListReturn::MyRights,
            ListReturn::Metadata(&[text("/shared/comment")]),
        ],
    };
    let with_status = ListCommand {
        returns: &[ListReturn::Status(&status)],
        ..plain
    };
    check(&[
        (Command::list(&patterns), "LIST \"\" \"*\""),
        (
            Command::List(with_status),
            "LIST \"\" \"*\" RETURN (STATUS (MESSAGES UIDNEXT))",
        ),
        (
            Command::List(all),
            "LIST (SUBSCRIBED REMOTE RECURSIVEMATCH SPECIAL-USE) \"~/\" (\"INBOX\" \"Drafts/%\") \
             RETURN (SUBSCRIBED CHILDREN SPECIAL-USE MYRIGHTS METADATA (/shared/comment))",
        ),
        (Command::Lsub(old), "LSUB \"#news.\" \"comp.%\""),
        (Command::Xlist(old), "XLIST \"#news.\" \"comp.%\""),
    ]);
}

#[test]
fn annotations() {
    let inbox = MailboxName::inbox();
    let comment = [text("/shared/comment")];
    let get = GetMetadata {
        mailbox: Some(&inbox),
        max_size: None,
        depth: MetadataDepth::Zero,
        entries: &comment,
    };
    let deep = GetMetadata {
        mailbox: None,
        max_size: Some(1024),
        depth: MetadataDepth::Infinity,
        ..get
    };
    let below = GetMetadata {
        depth: MetadataDepth::One,
        ..get
    };
    let short = GetMetadata {
        max_size: Some(1024),
        ..get
    };
    let set = SetMetadata {
        mailbox: Some(&inbox),
        entries: &[
            (text("/private/comment"), Some(text("My new comment"))),
            (text("/shared/comment"), None),
        ],
    };
    check(&[
        (
            Command::GetMetadata(get),
            "GETMETADATA \"INBOX\" (/shared/comment)",
        ),
        (
            Command::GetMetadata(deep),
            "GETMETADATA (MAXSIZE 1024 DEPTH infinity) \"\" (/shared/comment)",
        ),
        (
            Command::GetMetadata(below),
            "GETMETADATA (DEPTH 1) \"INBOX\" (/shared/comment)",
        ),
        (
            Command::GetMetadata(short),
            "GETMETADATA (MAXSIZE 1024) \"INBOX\" (/shared/comment)",
        ),
        (
            Command::SetMetadata(set),
            "SETMETADATA \"INBOX\" (/private/comment \"My new comment\" /shared/comment NIL)",
        ),
    ]);
}

#[test]
fn news_of_many_mailboxes() {
    let projects = [name("Lists/Lemonade"), name("a b")];
    let items = [FetchItem::Uid, FetchItem::HEADER];
    let group = |mailboxes, events| EventGroup { mailboxes, events };
    let both = [
        NotifyEvent::MessageNew(&items),
        NotifyEvent::MessageExpunge,
        NotifyEvent::FlagChange,
    ];
    let names = [
        NotifyEvent::MailboxName,
        NotifyEvent::SubscriptionChange,
        NotifyEvent::MessageNew(&[]),
        NotifyEvent::AnnotationChange,
        NotifyEvent::MailboxMetadataChange,
        NotifyEvent::ServerMetadataChange,
    ];
    let groups = [
        group(WatchedMailboxes::SelectedDelayed, &both[..]),
        group(WatchedMailboxes::Personal, &names),
        group(WatchedMailboxes::Subtree(&projects), &[]),
    ];
    let others = [
        group(WatchedMailboxes::Selected, &both[1..]),
        group(WatchedMailboxes::Inboxes, &[]),
        group(WatchedMailboxes::Subscribed, &[]),
        group(WatchedMailboxes::Mailboxes(&projects[..1]), &[]),
    ];
    let set = |status, groups| Command::Notify(Notify::Set { status, groups });
    check(&[
        (Command::Notify(Notify::None), "NOTIFY NONE"),
        (
            set(NotifyStatus::First, &groups),
            "NOTIFY SET STATUS \
             (SELECTED-DELAYED (MessageNew (UID BODY.PEEK[HEADER]) MessageExpunge FlagChange)) \
             (PERSONAL (MailboxName SubscriptionChange MessageNew AnnotationChange \
             MailboxMetadataChange ServerMetadataChange)) \
             (SUBTREE (\"Lists/Lemonade\" \"a b\") NONE)",
        ),
        (
            set(NotifyStatus::Omitted, &others),
            "NOTIFY SET (SELECTED (MessageExpunge FlagChange)) (INBOXES NONE) (SUBSCRIBED NONE) \
             (MAILBOXES (\"Lists/Lemonade\") NONE)",
        ),
    ]);
}
