//! STATUS responses of many servers.

use super::*;

#[test]
fn statuses_of_real_servers() {
    let cases: [(&[u8], &[u8], Option<u32>); 6] = [
        (
            b"blurdybloop (MESSAGES 231 UIDNEXT 44292)",
            b"blurdybloop",
            Some(231),
        ),
        (b"\"x\" ()", b"x", None),
        (b"Sent Items (MESSAGES 1)", b"Sent Items", Some(1)),
        (b"\"a (b\" (MESSAGES 2 ) ", b"a (b", Some(2)),
        (
            b"{3}\r\na\" (MESSAGES 3 MAILBOXID (F1) APPENDLIMIT NIL)",
            b"a\" ",
            None,
        ),
        (b"nil (UNSEEN 0 MESSAGES 4)", b"nil", Some(4)),
    ];
    for (wire, name, messages) in cases {
        match mailbox_status(&Reading::lenient(), wire) {
            Ok((_, status)) if name != b"a\" " => {
                assert_eq!((status.mailbox.as_ref(), status.messages), (name, messages));
            }
            Ok((_, status)) => assert_eq!(status.messages, Some(3)),
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[test]
fn items_of_extensions() {
    let wire =
        b"foo (MAILBOXID (F2212ea87-6097) DELETED 4 DELETED-STORAGE 8 RECENT 1 APPENDLIMIT 9)";
    let (rest, status) = mailbox_status(&Reading::lenient(), wire).expect("well-formed");
    assert!(rest.is_empty());
    assert_eq!(status.mailbox.as_ref(), b"foo");
    assert_eq!(status.mailbox_id, Some(&b"F2212ea87-6097"[..]));
    assert_eq!((status.deleted, status.recent), (Some(4), Some(1)));
    assert_eq!(status.deleted_storage, Some(8));
    assert_eq!(status.append_limit, Some(AppendLimit::Octets(9)));
    let wire = b"\"a b\" (APPENDLIMIT NIL MAILBOXID NIL X (1))";
    let (_, status) = mailbox_status(&Reading::lenient(), wire).expect("lenient");
    assert_eq!(status.append_limit, Some(AppendLimit::Unlimited));
    assert_eq!(status.mailbox_id, None);
}

#[test]
fn forbidden_zeros_are_nothing() {
    let (_, status) = mailbox_status(
        &Reading::lenient(),
        b"a (UIDNEXT 0 UIDVALIDITY 0 HIGHESTMODSEQ 0 SIZE 9)",
    )
    .expect("lenient");
    assert_eq!(
        (status.uid_next, status.uid_validity, status.size),
        (None, None, Some(9))
    );
}

#[test]
fn what_is_no_status_is_refused() {
    for wire in [
        "",
        "a",
        "a (MESSAGES",
        "a (UIDNEXT x)",
        "a (UIDVALIDITY 4294967296)",
        "a (UIDVALIDITY -1)",
        "\"a (MESSAGES 1)",
    ] {
        assert!(
            mailbox_status(&Reading::lenient(), wire.as_bytes()).is_err(),
            "{wire}"
        );
    }
}
