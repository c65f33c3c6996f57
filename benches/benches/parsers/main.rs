//! This parser beside imap-codec and imap-proto: the same bytes, the same sums, one run.
//!
//! Bytes come in chunks of a TCP segment on Ethernet, a TLS record and the client's reads, and are copied
//! into each parser's buffer, as a read from a socket would do. imap-codec and imap-proto begin a response
//! again with each chunk; `whole` is the figure with each response in hand, which leaves that out.

mod codec;
mod envelopes;
mod ours;
mod proto;
mod sum;
mod traffic;

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};

use crate::sum::{Sum, touch};
use crate::traffic::Traffic;

/// The metadata of a large mailbox.
fn metadata(criterion: &mut Criterion) {
    lines(criterion, &traffic::metadata(1_000_000));
}

/// The list that a mail reader shows.
fn envelopes(criterion: &mut Criterion) {
    lines(criterion, &traffic::envelopes(100_000));
}

/// The names of a large account.
fn names(criterion: &mut Criterion) {
    lines(criterion, &traffic::names(10_000));
}

/// Short responses: every parser, every chunk size.
fn lines(criterion: &mut Criterion, traffic: &Traffic) {
    let mut group = group(criterion, traffic);
    for size in CHUNK_OCTETS {
        let chunks = || traffic.bytes.chunks(size);
        let wanted = ours::read(chunks());
        time(&mut group, OURS, size, wanted, || ours::read(chunks()));
        time(&mut group, CODEC, size, wanted, || codec::read(chunks()));
        time(&mut group, PROTO, size, wanted, || proto::read(chunks()));
    }
    let wanted = each(traffic, ours::parse);
    time(&mut group, OURS, WHOLE, wanted, || {
        each(traffic, ours::parse)
    });
    whole(&mut group, traffic, wanted);
}

/// One response of 7 MB. imap-proto begins it again with each chunk, which would take minutes here;
/// imap-codec has its fragmentizer against that.
fn search(criterion: &mut Criterion) {
    let traffic = traffic::search(1_000_000);
    let mut group = group(criterion, &traffic);
    let wanted = each(&traffic, ours::parse);
    for size in CHUNK_OCTETS {
        let chunks = || traffic.bytes.chunks(size);
        time(&mut group, OURS, size, wanted, || ours::read(chunks()));
        time(&mut group, CODEC, size, wanted, || {
            codec::read_fragments(chunks())
        });
    }
    time(&mut group, OURS, WHOLE, wanted, || {
        each(&traffic, ours::parse)
    });
    whole(&mut group, &traffic, wanted);
}

/// Messages of 64 KB. Ours streams them past the grammar; with whole responses in hand the buffer that
/// holds them becomes the framer's, so that nobody copies anything.
fn bodies(criterion: &mut Criterion) {
    let traffic = traffic::bodies(1000);
    let mut group = group(criterion, &traffic);
    for size in CHUNK_OCTETS {
        let chunks = || traffic.bytes.chunks(size);
        let wanted = ours::read(chunks());
        time(&mut group, COPY, size, copy(chunks()), || copy(chunks()));
        time(&mut group, OURS, size, wanted, || ours::read(chunks()));
        time(&mut group, CODEC, size, wanted, || codec::read(chunks()));
        time(&mut group, PROTO, size, wanted, || proto::read(chunks()));
    }
    let wanted = each(&traffic, proto::parse);
    assert_eq!(ours::read_in_place(traffic.bytes[..].into()).0, wanted);
    group.bench_function(BenchmarkId::new(OURS, WHOLE), |bencher| {
        let in_hand = || traffic.bytes[..].into();
        bencher.iter_batched(in_hand, ours::read_in_place, BatchSize::PerIteration);
    });
    whole(&mut group, &traffic, wanted);
}

/// A literal of 1 GiB from a generator, never in memory as a whole. The others hand a literal out when
/// they have all of it in their buffer.
fn gibibyte(criterion: &mut Criterion) {
    let text = traffic::body(64 << 10);
    let mut group = criterion.benchmark_group("BODY[] of 1 GiB");
    group.throughput(Throughput::ElementsAndBytes {
        elements: 1,
        bytes: GIBIBYTE as u64,
    });
    for size in CHUNK_OCTETS {
        let (block, last) = (
            &text.as_bytes()[..size],
            &text.as_bytes()[..GIBIBYTE % size],
        );
        let chunks = || {
            let begin = [&b"* 1 FETCH (UID 1 BODY[] {1073741824}\r\n"[..]];
            let blocks = std::iter::repeat_n(block, GIBIBYTE / size);
            begin.into_iter().chain(blocks).chain([last, b")\r\n"])
        };
        time(&mut group, COPY, size, copy(chunks()), || copy(chunks()));
        time(&mut group, OURS, size, ours::read(chunks()), || {
            ours::read(chunks())
        });
    }
}

fn group<'c>(criterion: &'c mut Criterion, traffic: &Traffic) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(traffic.name);
    group.throughput(Throughput::ElementsAndBytes {
        elements: traffic.ends.len() as u64,
        bytes: traffic.bytes.len() as u64,
    });
    group
}

/// The others with each response in hand.
fn whole(group: &mut BenchmarkGroup<'_, WallTime>, traffic: &Traffic, wanted: Sum) {
    time(group, CODEC, WHOLE, wanted, || each(traffic, codec::parse));
    time(group, PROTO, WHOLE, wanted, || each(traffic, proto::parse));
}

fn each(traffic: &Traffic, parse: impl Fn(&mut Sum, &[u8])) -> Sum {
    let mut sum = Sum::default();
    traffic
        .responses()
        .for_each(|response| parse(&mut sum, response));
    sum
}

/// What any parser has to do at least: bytes into a buffer, and each of them read once.
fn copy<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Sum {
    let (mut buffer, mut sum) = (vec![0; 64 << 10], Sum::default());
    for chunk in chunks {
        let copied = &mut buffer[..chunk.len()];
        copied.copy_from_slice(chunk);
        sum.literals += touch(black_box(copied));
    }
    sum
}

/// Times `run`, which has to come to the sum that is wanted.
fn time(
    group: &mut BenchmarkGroup<'_, WallTime>,
    parser: &str,
    chunk: impl std::fmt::Display,
    wanted: Sum,
    run: impl Fn() -> Sum,
) {
    let mut checked = false;
    group.bench_function(BenchmarkId::new(parser, &chunk), |bencher| {
        if !checked {
            assert_eq!(run(), wanted, "{parser}, {chunk}");
            checked = true;
        }
        bencher.iter(|| black_box(run()));
    });
}

fn short() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
}

/// A TCP segment on Ethernet, a TLS record, the client's reads.
const CHUNK_OCTETS: [usize; 3] = [1460, 16 << 10, 64 << 10];
const WHOLE: &str = "whole";
const GIBIBYTE: usize = 1 << 30;
const OURS: &str = "imap-proto-lite";
const CODEC: &str = "imap-codec";
const PROTO: &str = "imap-proto";
const COPY: &str = "memcpy";

criterion_group! {
    name = benches;
    config = short();
    targets = metadata, envelopes, search, names, bodies, gibibyte
}
criterion_main!(benches);
