//! Redacting, by how much there is to redact: a text through the library's face, and JSON Lines into memory.

mod common;

use common::{DENSITIES, FOUR, Kind, engine, generated, process, scanner};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use memchr::memmem;
use sluicegate::{Policy, Redactor};
use std::hint::black_box;

/// How many values are replaced, by density: see `common`.
const TEXT: [usize; 4] = [0, 1, 20, 561];
const JSON_LINES: [u64; 4] = [0, 3, 40, 942];

fn text(c: &mut Criterion) {
    let policy = Policy::named("default").expect("a policy");
    let redactor = Redactor::new(scanner(FOUR), &policy, None).expect("no operator needs a key");
    let mut group = c.benchmark_group("rewrite");
    for ((name, density), expected) in DENSITIES.into_iter().zip(TEXT) {
        let text = generated(Kind::Prose, density);
        // A replacement is `<ENTITY>`, or that as markup or with percent signs.
        let redacted = redactor.redact(&text);
        let replaced: usize = FOUR.iter().map(|e| memmem::find_iter(&redacted, e).count()).sum();
        assert_eq!(replaced, expected, "text, {name}");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("text", name), |b| b.iter(|| redactor.redact(black_box(&text))));
    }
    group.finish();
}

fn json_lines(c: &mut Criterion) {
    let engine = engine(FOUR, true);
    let mut group = c.benchmark_group("rewrite");
    for ((name, density), expected) in DENSITIES.into_iter().zip(JSON_LINES) {
        let text = generated(Kind::Chat, density);
        assert_eq!(process(&engine, &text).edits, expected, "JSON Lines, {name}");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("json lines", name), |b| b.iter(|| process(&engine, black_box(&text))));
    }
    group.finish();
}

criterion_group!(benches, text, json_lines);
criterion_main!(benches);
