//! The small rules, at their edges.

use super::*;
use crate::tolerance::QuirkSet;
use crate::tolerance::Reading;

#[test]
fn quoted_strings_end_at_the_first_bare_quote() {
    let cases: [(&[u8], &[u8], &[u8]); 4] = [
        (b"\"\" x", b"", b" x"),
        (b"\"a b\")", b"a b", b")"),
        (br#""a\"b\\" c"#, br#"a"b\"#, b" c"),
        (b"\"\0\"", b"\0", b""),
    ];
    for (wire, value, left) in cases {
        let (rest, text) = quoted(&Reading::lenient(), wire).expect("well-formed");
        assert_eq!((text.as_ref(), rest), (value, left));
    }
    assert!(quoted(&Reading::new(QuirkSet::STRICT), br#""open\""#).is_err());
    assert!(quoted(&Reading::lenient(), br#""open\"x"#).is_err());
    assert!(quoted(&Reading::lenient(), b"\"").is_err());
    assert!(quoted(&Reading::lenient(), b"\"{1}\r\n\"").is_err());
    assert!(quoted(&Reading::lenient(), b"\"\\\n\"").is_err());
}

#[test]
fn literals_carry_any_octets() {
    assert_eq!(
        literal(&Reading::lenient(), b"{3}\r\n\0\r\n)"),
        Ok((&b")"[..], &b"\0\r\n"[..]))
    );
    assert_eq!(
        literal(&Reading::lenient(), b"{003+}\r\nabc"),
        Ok((&b""[..], &b"abc"[..]))
    );
    assert_eq!(
        literal(&Reading::lenient(), b"~{0}\n"),
        Ok((&b""[..], &b""[..]))
    );
    assert!(literal(&Reading::lenient(), b"{4}\r\nabc").is_err());
    assert!(literal(&Reading::lenient(), b"{99999999999999999999999}\r\n").is_err());
    assert!(literal(&Reading::lenient(), b"{-1}\r\n").is_err());
}

#[test]
fn values_are_skipped_whole() {
    let value = b"(a (\"b)\" NIL {3}\r\n))) 7) \\Seen) rest";
    let (rest, skipped) = any_value(&Reading::lenient(), value).expect("balanced");
    assert_eq!(rest, b" rest");
    assert_eq!(skipped.len(), value.len() - 5);
    assert!(any_value(&Reading::lenient(), &[b'('; 1000]).is_err());
    assert!(any_value(&Reading::lenient(), b"(a").is_err());
    assert!(any_value(&Reading::lenient(), b"(BODY {1}\r\n) RFC822.SIZE {1}\r\n))").is_ok());
    assert!(any_value(&Reading::lenient(), b"").is_err());
}

#[test]
fn numbers_do_not_wrap() {
    assert_eq!(number(b"4294967295 "), Ok((&b" "[..], u32::MAX)));
    assert!(number(b"4294967296").is_err());
    assert!(number64(b"18446744073709551616").is_err());
    assert!(number64(b"-1").is_err());
}
