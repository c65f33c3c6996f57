//! Response codes without a value: RFC 9051 section 7.1, RFC 5530 and others.

use crate::response::code::Code;

/// The code of this name, which is in upper case.
pub(super) fn plain(name: &[u8]) -> Option<Code<'static>> {
    PLAIN
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, code)| code)
}

/// The codes that are a word and nothing else.
pub(super) const PLAIN: [(&[u8], Code<'static>); 35] = [
    (b"ALERT", Code::Alert),
    (b"ALREADYEXISTS", Code::AlreadyExists),
    (b"AUTHENTICATIONFAILED", Code::AuthenticationFailed),
    (b"AUTHORIZATIONFAILED", Code::AuthorizationFailed),
    (b"BADCOMPARATOR", Code::BadComparator),
    (b"CANNOT", Code::Cannot),
    (b"CLIENTBUG", Code::ClientBug),
    (b"CLOSED", Code::Closed),
    (b"COMPRESSIONACTIVE", Code::CompressionActive),
    (b"CONTACTADMIN", Code::ContactAdmin),
    (b"CORRUPTION", Code::Corruption),
    (b"EXPIRED", Code::Expired),
    (b"EXPUNGEISSUED", Code::ExpungeIssued),
    (b"HASCHILDREN", Code::HasChildren),
    (b"INUSE", Code::InUse),
    (b"LIMIT", Code::Limit),
    (b"NOMODSEQ", Code::NoModSeq),
    (b"NONEXISTENT", Code::NonExistent),
    (b"NOPERM", Code::NoPerm),
    (b"NOTIFICATIONOVERFLOW", Code::NotificationOverflow),
    (b"NOTSAVED", Code::NotSaved),
    (b"OVERQUOTA", Code::OverQuota),
    (b"PARSE", Code::Parse),
    (b"PRIVACYREQUIRED", Code::PrivacyRequired),
    (b"READ-ONLY", Code::ReadOnly),
    (b"READ-WRITE", Code::ReadWrite),
    (b"SERVERBUG", Code::ServerBug),
    (b"TEMPFAIL", Code::TempFail),
    (b"TOOBIG", Code::TooBig),
    (b"TRYCREATE", Code::TryCreate),
    (b"UIDNOTSTICKY", Code::UidNotSticky),
    (b"UIDREQUIRED", Code::UidRequired),
    (b"UNAVAILABLE", Code::Unavailable),
    (b"UNKNOWN-CTE", Code::UnknownCte),
    (b"USEATTR", Code::UseAttr),
];
