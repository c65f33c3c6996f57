//! Commands that concern the session and the account.

use super::*;

#[test]
fn commands_of_one_word() {
    check(&[
        (Command::Capability, "CAPABILITY"),
        (Command::Check, "CHECK"),
        (Command::Close, "CLOSE"),
        (Command::Compress, "COMPRESS DEFLATE"),
        (Command::Expunge, "EXPUNGE"),
        (Command::Idle, "IDLE"),
        (Command::Logout, "LOGOUT"),
        (Command::Namespace, "NAMESPACE"),
        (Command::Noop, "NOOP"),
        (Command::StartTls, "STARTTLS"),
        (Command::Unauthenticate, "UNAUTHENTICATE"),
        (Command::Unselect, "UNSELECT"),
    ]);
}

#[test]
fn who_we_are() {
    let authenticate = |mechanism, response| {
        let mechanism = atom(mechanism);
        Command::Authenticate(Authenticate {
            mechanism,
            response,
        })
    };
    let plain = Base64::new("AGEAYg==").expect("base64");
    let none = Base64::new("").expect("base64");
    let both = [atom("CONDSTORE"), atom("UTF8=ACCEPT")];
    check(&[
        (
            authenticate("PLAIN", SaslResponse::Initial(plain)),
            "AUTHENTICATE PLAIN AGEAYg==",
        ),
        (
            authenticate("PLAIN", SaslResponse::AfterContinuation(plain)),
            "AUTHENTICATE PLAIN\r\n<+>AGEAYg==",
        ),
        (
            authenticate("SCRAM-SHA-256", SaslResponse::Challenged),
            "AUTHENTICATE SCRAM-SHA-256",
        ),
        (
            authenticate("EXTERNAL", SaslResponse::Initial(none)),
            "AUTHENTICATE EXTERNAL =",
        ),
        (Command::Enable(&both), "ENABLE CONDSTORE UTF8=ACCEPT"),
        (Command::Id(&[]), "ID NIL"),
        (
            Command::Id(&[
                (text("name"), Some(text("x y"))),
                (text("support-url"), None),
            ]),
            "ID (\"name\" \"x y\" \"support-url\" NIL)",
        ),
    ]);
    assert!(authenticate("PLAIN", SaslResponse::Initial(plain)).is_secret());
    assert_eq!(&ClientLine::Done.encode()[..], b"DONE\r\n");
}

#[test]
fn quotas_and_rights() {
    let mailbox = name("INBOX/Drafts");
    let set = |change, letters| {
        let rights = Rights::new(letters).expect("letters");
        Command::SetAcl(SetAcl {
            mailbox: &mailbox,
            identifier: text("Byron"),
            change,
            rights,
        })
    };
    let entry = AclEntry {
        mailbox: &mailbox,
        identifier: text("-Fred"),
    };
    check(&[
        (Command::GetQuota(text("")), "GETQUOTA \"\""),
        (
            Command::GetQuota(text("#user/alice")),
            "GETQUOTA #user/alice",
        ),
        (
            Command::GetQuotaRoot(&mailbox),
            "GETQUOTAROOT \"INBOX/Drafts\"",
        ),
        (
            Command::SetQuota(SetQuota {
                root: text(""),
                limits: &[(atom("STORAGE"), 512), (atom("MESSAGE"), u64::MAX)],
            }),
            "SETQUOTA \"\" (STORAGE 512 MESSAGE 18446744073709551615)",
        ),
        (
            set(Change::Add, "lrswipkxtea"),
            "SETACL \"INBOX/Drafts\" Byron \"+lrswipkxtea\"",
        ),
        (
            set(Change::Remove, "w0"),
            "SETACL \"INBOX/Drafts\" Byron \"-w0\"",
        ),
        (
            set(Change::Replace, ""),
            "SETACL \"INBOX/Drafts\" Byron \"\"",
        ),
        (
            Command::DeleteAcl(entry),
            "DELETEACL \"INBOX/Drafts\" -Fred",
        ),
        (
            Command::ListRights(entry),
            "LISTRIGHTS \"INBOX/Drafts\" -Fred",
        ),
        (Command::GetAcl(&mailbox), "GETACL \"INBOX/Drafts\""),
        (Command::MyRights(&mailbox), "MYRIGHTS \"INBOX/Drafts\""),
    ]);
    for letters in ["+l", "L", "l\"", "l\r\n"] {
        assert!(Rights::new(letters).is_err(), "{letters}");
    }
}
