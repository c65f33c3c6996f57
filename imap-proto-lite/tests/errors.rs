//! What an error says: where, what was wanted, and enough of the response to look into it without its mail.

use imap_proto_lite::{ParseError, QuirkSet, Response};

fn error(wire: &[u8], accepted: QuirkSet) -> String {
    match Response::parse_with(wire, accepted) {
        Ok((response, _)) => panic!("{response:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn it_names_place_and_wish() {
    for (wire, accepted, says) in [
        (
            &b"* 12 FETCH (UID 4294967296 FLAGS (\\Seen))\r\n"[..],
            QuirkSet::LENIENT,
            r#"malformed response at byte 16: expected a number below 2^32, between "* 12 FETCH (UID " and "4294967296 FLAGS (\\Seen)""#,
        ),
        (
            b"* 12 FETCH (BODY[HEADER] \"Subject: My 2 secrets\" UID x)\r\n",
            QuirkSet::LENIENT,
            r#"malformed response at byte 53: expected a number, between "xxxx: xx x xxxxxxx\" UID " and "x)""#,
        ),
        (
            b"* LIST ()  \"/\" Work\r\n",
            QuirkSet::STRICT,
            r#"malformed response at byte 10: expected no more spaces, between "* LIST () " and " \"/\" xxxx""#,
        ),
        (
            b"Dear 123\r\n",
            QuirkSet::STRICT,
            r#"malformed response at byte 5: expected OK, NO or BAD, between "xxxx " and "xxx""#,
        ),
    ] {
        assert_eq!(error(wire, accepted), says);
    }
}

#[test]
fn no_secret_is_in_any_error_wherever_the_response_is_cut() {
    let secrets = ["Hunter2", "geheim", "Anna", "4711"];
    let wire = b"* 1 FETCH (UID 5 ENVELOPE (\"Hunter2\" ((\"Anna \\\"geheim\" NIL \"4711\" \"x\")) {7}\r\nHunter2) BODY[HEADER] {4}\r\n4711)";
    for end in 1..wire.len() {
        for accepted in [QuirkSet::LENIENT, QuirkSet::STRICT] {
            let cut = wire.get(..end).expect("within");
            let Err(error) = Response::parse_with(cut, accepted) else {
                continue;
            };
            let said = format!("{error} {error:?}");
            for secret in secrets {
                assert!(!said.contains(secret), "{said}");
            }
        }
    }
}

#[test]
fn it_is_small_and_holds_no_reference() {
    fn copied<T: Copy + Send + 'static>(_: T) -> usize {
        size_of::<T>()
    }
    let error = Response::parse(b"* 1 FETCH\r\n").expect_err("no items");
    assert!(copied::<ParseError>(error) <= 80);
}
