//! Deflated streams against flate2 itself, over pipes that hold one octet, that stall, and that lie.

use std::time::Duration;

use flate2::{Compress, Compression, FlushCompress};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::timeout;

use super::*;

/// What flate2 makes of `parts`, each followed by one such flush.
fn deflated(parts: &[&[u8]], flush: FlushCompress) -> Vec<u8> {
    let mut deflate = Compress::new(Compression::new(6), false);
    let mut out = Vec::new();
    for part in parts {
        let mut part = *part;
        loop {
            out.reserve(1 << 16);
            let before = deflate.total_in();
            deflate
                .compress_vec(part, &mut out, flush)
                .expect("the input is sane");
            part = &part[(deflate.total_in() - before) as usize..];
            if part.is_empty() && out.len() < out.capacity() {
                break;
            }
        }
    }
    out
}

/// Octets of a linear congruential generator: they do not compress.
fn noise(seed: u64, octets: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    (0..octets).map(|_| next()).collect()
}

/// Octets of which some repeat and some do not.
fn mixed(seed: u64, octets: usize) -> Vec<u8> {
    let mut plain = noise(seed, octets);
    for piece in plain.chunks_mut(700).step_by(2) {
        piece.fill(b'x');
    }
    plain
}

fn pair(pipe_octets: usize) -> (Deflated<DuplexStream>, Deflated<DuplexStream>) {
    let (near, far) = duplex(pipe_octets);
    let stream = |pipe| Deflated::new(pipe, BytesMut::new());
    (stream(near), stream(far))
}

/// A stream that receives exactly these octets, and then the end.
async fn receiving(octets: &[u8]) -> Deflated<DuplexStream> {
    let (near, mut far) = duplex(octets.len().max(1));
    far.write_all(octets).await.expect("they fit");
    Deflated::new(near, BytesMut::new())
}

/// Sends `plain` in vectored writes of sizes that `seed` decides, with a flush now and then.
async fn send(stream: &mut Deflated<DuplexStream>, plain: &[u8], seed: u64) {
    let mut sizes = noise(seed, 4096).into_iter().cycle();
    let mut size = move || usize::from(sizes.next().unwrap_or(1));
    let mut rest = plain;
    while !rest.is_empty() {
        let (one, two) = (size() * size() % 3000, size());
        let (first, behind) = rest.split_at(one.min(rest.len()));
        let second = &behind[..two.min(behind.len())];
        let slices = [IoSlice::new(first), IoSlice::new(&[]), IoSlice::new(second)];
        let taken = stream.write_vectored(&slices).await.expect("it is read");
        rest = &rest[taken..];
        if size() % 4 == 0 {
            stream.flush().await.expect("it is read");
        }
    }
    stream.shutdown().await.expect("it is read");
}

async fn receive(stream: &mut Deflated<DuplexStream>, buffer_octets: usize) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    let mut buffer = vec![0; buffer_octets];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(plain),
            octets => plain.extend_from_slice(&buffer[..octets]),
        }
    }
}

#[tokio::test]
async fn everything_arrives_whatever_the_pieces() {
    for (seed, pipe, buffer) in [(1, 1, 1), (2, 1, 4096), (3, 7, 3), (4, 70_000, 100_000)] {
        for plain in [mixed(seed, 300_000), noise(seed, 200_000), vec![0; 400_000]] {
            let (mut near, mut far) = pair(pipe);
            let (_, received) =
                tokio::join!(send(&mut near, &plain, seed), receive(&mut far, buffer));
            assert!(received.expect("it is sane") == plain, "seed {seed}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_cancelled_at_every_wait_loses_nothing() {
    let (mut near, mut far) = pair(5);
    let plain = mixed(9, 20_000);
    let expected = plain.clone();
    let patience = Duration::from_millis(1);
    let sender = tokio::spawn(async move {
        let mut rest = &plain[..];
        while !rest.is_empty() {
            // The peer reads only every 3 ms: most of these are dropped.
            if let Ok(taken) = timeout(patience, near.write(&rest[..rest.len().min(900)])).await {
                rest = &rest[taken.expect("it is read")..];
            }
            let _ = timeout(patience, near.flush()).await;
        }
        while timeout(patience, near.shutdown()).await.is_err() {}
    });
    let mut received = Vec::new();
    let mut buffer = [0; 64];
    loop {
        tokio::time::sleep(patience * 3).await;
        let Ok(octets) = timeout(patience, far.read(&mut buffer)).await else {
            continue;
        };
        match octets.expect("it is sane") {
            0 => break,
            octets => received.extend_from_slice(&buffer[..octets]),
        }
    }
    sender.await.expect("all was sent");
    assert!(received == expected);
}

#[tokio::test]
async fn a_batch_ends_in_one_sync_flush_and_nothing_new_in_none() {
    let (near, mut far) = duplex(1 << 20);
    let mut near = Deflated::new(near, BytesMut::new());
    let batches: [&[u8]; 3] = [
        b"a1 APPEND x {3}\r\nabc\r\n",
        &noise(1, 200_000),
        b"a2 NOOP\r\n",
    ];
    near.flush().await.expect("there is room");
    for batch in batches {
        let mut rest = batch;
        while !rest.is_empty() {
            let (first, second) = rest.split_at(rest.len() / 2);
            let slices = [IoSlice::new(first), IoSlice::new(second)];
            let taken = near.write_vectored(&slices).await.expect("there is room");
            rest = &rest[taken..];
        }
        near.flush().await.expect("there is room");
        near.flush().await.expect("there is room");
    }
    near.shutdown().await.expect("there is room");
    let mut wire = Vec::new();
    far.read_to_end(&mut wire).await.expect("it was closed");
    let markers = |wire: &[u8]| wire.windows(4).filter(|at| at == b"\0\0\xff\xff").count();
    assert_eq!(markers(&wire), batches.len());
    assert!(wire.ends_with(b"\0\0\xff\xff"));
    let mut again = receiving(&wire).await;
    let plain = receive(&mut again, 1000).await.expect("it is sane");
    assert!(plain == batches.concat());
}

/// A flush whose octets just fill the buffer, just miss it, or need many buffers.
#[tokio::test]
async fn a_flush_ends_wherever_the_buffer_does() {
    let mut near_full: Vec<usize> = (65_480..65_560).collect();
    near_full.extend([131_000, 131_072, 300_000]);
    for octets in near_full {
        let plain = noise(octets as u64, octets);
        let (near, far) = duplex(1 << 20);
        let mut near = Deflated::new(near, BytesMut::new());
        let mut far = Deflated::new(far, BytesMut::new());
        near.write_all(&plain).await.expect("there is room");
        near.flush().await.expect("there is room");
        let mut received = vec![0; octets];
        far.read_exact(&mut received).await.expect("it was flushed");
        assert!(received == plain, "{octets}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_stops_us_soon() {
    let (mut near, mut far) = pair(1000);
    let plain = noise(3, 2_000_000);
    let mut taken = 0;
    let second = Duration::from_secs(1);
    while let Ok(octets) = timeout(second, near.write(&plain[taken..])).await {
        taken += octets.expect("the pipe is open");
    }
    // The pipe, our buffer, and what zlib holds.
    assert!((50_000..500_000).contains(&taken), "{taken}");
    assert!(timeout(second, near.flush()).await.is_err());
    let rest = async {
        near.write_all(&plain[taken..]).await.expect("it is read");
        near.shutdown().await.expect("it is read");
    };
    let (_, received) = tokio::join!(rest, receive(&mut far, 5000));
    assert!(received.expect("it is sane") == plain);
}

#[tokio::test]
async fn octets_received_before_come_first() {
    let wire = deflated(&[b"* OK one\r\n", b"* OK two\r\n"], FlushCompress::Sync);
    for cut in 0..=wire.len() {
        let (near, mut far) = duplex(100);
        far.write_all(&wire[cut..]).await.expect("they fit");
        drop(far);
        let mut near = Deflated::new(near, BytesMut::from(&wire[..cut]));
        let plain = receive(&mut near, 8).await.expect("it is sane");
        assert_eq!(plain, b"* OK one\r\n* OK two\r\n");
    }
}

#[tokio::test]
async fn a_stream_cut_anywhere_is_a_prefix_and_then_the_end() {
    let plain = mixed(5, 3000);
    let wire = deflated(&[&plain[..1000], &plain[1000..]], FlushCompress::Sync);
    let mut lengths = Vec::new();
    for cut in 0..=wire.len() {
        let mut near = receiving(&wire[..cut]).await;
        let received = receive(&mut near, 333).await.expect("it is only short");
        assert!(plain.starts_with(&received));
        lengths.push(received.len());
    }
    assert!(lengths.is_sorted());
    assert_eq!(lengths.last(), Some(&plain.len()));
}

#[tokio::test]
async fn what_is_no_deflate_is_an_error_and_no_panic() {
    for text in [
        "* OK plain text\r\n",
        "ffff1 OK plain text\r\n",
        "* 23 EXISTS\r\n* 0 RECENT\r\n",
    ] {
        let mut near = receiving(text.as_bytes()).await;
        let error = receive(&mut near, 100).await.expect_err(text);
        assert!(
            error
                .get_ref()
                .is_some_and(|inner| inner.is::<CorruptStream>()),
            "{error}"
        );
        // And it stays one.
        assert!(receive(&mut near, 100).await.is_err(), "{text}");
    }
    let plain = mixed(6, 2000);
    let wire = deflated(&[&plain], FlushCompress::Sync);
    let mut noticed = 0;
    for at in 0..wire.len() {
        let mut damaged = wire.clone();
        damaged[at] ^= 1 << (at % 8);
        let mut near = receiving(&damaged).await;
        match receive(&mut near, 777).await {
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::InvalidData);
                noticed += 1;
            }
            // Deflate has no checksum: TLS has.
            Ok(received) => assert!(received != plain || at + 6 > wire.len(), "octet {at}"),
        }
    }
    assert!(noticed > 0);
    for seed in 0..2000 {
        let mut near = receiving(&noise(seed, 300)).await;
        let _ = receive(&mut near, 64).await;
    }
}

#[tokio::test]
async fn the_end_of_the_stream_is_the_end_of_input() {
    let wire = deflated(&[b"* BYE\r\n"], FlushCompress::Finish);
    let (near, mut far) = duplex(100);
    far.write_all(&wire).await.expect("it fits");
    let mut near = Deflated::new(near, BytesMut::new());
    // The pipe is still open.
    assert_eq!(
        receive(&mut near, 50).await.expect("it ended"),
        b"* BYE\r\n"
    );
    assert_eq!(receive(&mut near, 50).await.expect("it ended"), b"");
    let behind = [&wire[..], b"a1 OK injected\r\n"].concat();
    let mut near = receiving(&behind).await;
    let error = receive(&mut near, 50)
        .await
        .expect_err("nothing may follow");
    assert!(error.to_string().contains("after its end"), "{error}");
}

#[tokio::test]
async fn a_bomb_fills_no_memory_and_is_read_no_sooner_than_inflated() {
    const OCTETS: usize = 100_000_000;
    let wire = deflated(&[&vec![0; OCTETS]], FlushCompress::Sync);
    assert!(wire.len() < OCTETS / 900, "{}", wire.len());
    let (near, mut far) = duplex(1 << 20);
    far.write_all(&wire).await.expect("it fits");
    drop(far);
    let mut near = Deflated::new(near, BytesMut::new());
    let mut buffer = vec![1; 8192];
    let first = near.read(&mut buffer).await.expect("it is sane");
    assert_eq!(
        first,
        buffer.len(),
        "the reader's buffer is filled, no more"
    );
    assert!(
        near.decompressor.input().len() < wire.len(),
        "the rest is not read yet"
    );
    let mut total = first;
    loop {
        assert!(near.decompressor.input().capacity() <= 64 << 10);
        match near.read(&mut buffer).await.expect("it is sane") {
            0 => break,
            octets => total += octets,
        }
    }
    assert_eq!(total, OCTETS);
}
