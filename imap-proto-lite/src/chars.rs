//! Classes of bytes: RFC 9051 section 9.

/// `ATOM-CHAR`, taken widely: 8-bit bytes are let through, as servers send them.
pub(crate) const fn is_atom_char(byte: u8) -> bool {
    !matches!(
        byte,
        0..=0x20 | 0x7f | b'(' | b')' | b'{' | b'%' | b'*' | b'"' | b'\\' | b']'
    )
}

/// `ASTRING-CHAR = ATOM-CHAR / resp-specials`
pub(crate) const fn is_astring_char(byte: u8) -> bool {
    is_atom_char(byte) || byte == b']'
}

/// A byte that every server takes in an atom that we send: ASCII only.
pub(crate) const fn is_strict_atom_char(byte: u8) -> bool {
    byte.is_ascii() && is_atom_char(byte)
}

/// A byte of a message data item's name, such as `RFC822.SIZE` or `X-GM-MSGID`.
pub(crate) const fn is_item_name_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// A byte that may stand in a quoted string that we send (backslash and quote escaped).
pub(crate) const fn is_quotable(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7e)
}

/// What follows the NULs that some servers send before a response; the framer asks here, too.
pub(crate) fn without_nuls(line: &[u8]) -> &[u8] {
    let nuls = line.iter().take_while(|&&byte| byte == 0).count();
    line.get(nuls..).unwrap_or_default()
}
