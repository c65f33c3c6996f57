//! What framing and parsing allocate: nothing for the lines that come by the thousand, and a
//! read buffer or two while a large body passes through.

use allocation_counter::measure;
use imap_proto_lite::{Framer, Limits, Piece, Response};

#[test]
fn the_lines_of_a_sync_allocate_nothing() {
    for line in [
        "* 7 FETCH (UID 42 FLAGS (\\Seen $Work) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286)\r\n",
        "* 1843 EXISTS\r\n",
        "a17 OK Fetch completed (0.013 + 0.000 secs).\r\n",
        "* LIST (\\HasNoChildren \\UnMarked) \"/\" \"Archive/2024 old\"\r\n",
    ] {
        let mut framer = Framer::new(Limits::default());
        framer.buffer().reserve(4096);
        let used = measure(|| {
            framer.push(line.as_bytes());
            assert_eq!(framer.ready(), Ok(true));
            let Piece::Frame(frame) = framer.piece() else {
                panic!("a whole response")
            };
            assert!(Response::parse(frame).is_ok());
            assert_eq!(framer.ready(), Ok(false));
        });
        assert_eq!(used.count_total, 0, "{line}");
    }
}

#[test]
fn a_large_body_passes_in_bounded_memory() {
    let mut framer = Framer::new(Limits::default());
    let chunk = vec![b'x'; CHUNK_OCTETS];
    let mut passed = 0;
    let used = measure(|| {
        framer.push(format!("* 1 FETCH (UID 1 BODY[] {{{BODY_OCTETS}}}\r\n").as_bytes());
        for _ in 0..BODY_OCTETS / CHUNK_OCTETS {
            framer.push(&chunk);
            while framer.ready().expect("a well-formed stream") {
                if let Piece::LiteralChunk(octets) = framer.piece() {
                    passed += octets.len();
                }
            }
        }
    });
    assert_eq!(passed, BODY_OCTETS);
    assert!(used.bytes_max < 1 << 20, "{} bytes at once", used.bytes_max);
}

const BODY_OCTETS: usize = 64 << 20;
const CHUNK_OCTETS: usize = 64 << 10;
