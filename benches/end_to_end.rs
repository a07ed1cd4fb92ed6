//! A scan from bytes in memory to findings: formats recognised, cut, read and searched, by kind of text and by how much there
//! is to find.

mod common;

use common::{ALL, DENSITIES, FOUR, Kind, USUAL, engine, generated, process};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sluicegate::engine::Engine;
use std::hint::black_box;

/// By kind: as which format it is read, how much of the four entities is found by density, and how much with everything that is
/// looked for by default. See `common`.
const EXPECTED: [(&str, [u64; 4], u64); 7] = [
    ("jsonl", [0, 3, 40, 942], 2256),
    ("webvtt", [2, 3, 32, 783], 2572),
    ("text", [0, 1, 20, 561], 26),
    ("text", [0, 0, 10, 515], 15),
    // Contacts: the share is that of their notes.
    ("csv", [4182, 4182, 4179, 4359], 13442),
    ("json", [0, 4, 46, 1108], 2724),
    ("text", [0, 0, 18, 598], 26),
];

fn end_to_end(c: &mut Criterion) {
    let (four, all) = (engine(FOUR, false), engine(ALL, false));
    let mut group = c.benchmark_group("end to end");
    for ((name, kind), (format, by_density, everything)) in Kind::ALL.into_iter().zip(EXPECTED) {
        let mut bench = |what: &str, engine: &Engine, share: f64, expected: u64| {
            let text = generated(kind, share);
            let totals = process(engine, &text);
            assert_eq!((totals.format, totals.findings), (format, expected), "{name}, {what}");
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(name, what), |b| b.iter(|| process(engine, black_box(&text))));
        };
        for ((density, share), expected) in DENSITIES.into_iter().zip(by_density) {
            bench(density, &four, share, expected);
        }
        bench("usual, everything", &all, USUAL, everything);
    }
    group.finish();
}

criterion_group!(benches, end_to_end);
criterion_main!(benches);
