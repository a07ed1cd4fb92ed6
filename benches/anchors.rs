//! The sweep for anchors, at each level of instructions that this processor has, by kind of text.

mod common;

use common::{Kind, USUAL, generated};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sluicegate::detect::anchors::{Kinds, Level, Sweep};
use std::hint::black_box;

/// How many anchors there are, by kind of text and the same at each level: see `common`.
const EXPECTED: [usize; 7] = [1849, 1446, 2301, 3498, 9894, 2128, 6686];

/// All kinds, and a few literals: about what the built-in rules want.
fn sweep(level: Level) -> Sweep {
    let all = [Kinds::AT, Kinds::RUN, Kinds::DOTS, Kinds::COLONS, Kinds::IBAN, Kinds::DECIMAL, Kinds::LONG];
    let mut builder = Sweep::builder();
    all.iter().for_each(|k| builder.want(*k));
    builder.literals(0, false, &["bearer ", "password", "eyJ", "geo:"]);
    builder.literals(1, true, &["://", "www."]);
    builder.build(Some(level))
}

fn anchors(c: &mut Criterion) {
    let mut group = c.benchmark_group("anchors");
    for ((name, kind), expected) in Kind::ALL.into_iter().zip(EXPECTED) {
        let text = generated(kind, USUAL);
        group.throughput(Throughput::Bytes(text.len() as u64));
        for level in Level::ALL.into_iter().filter(|l| l.available()) {
            let (sweep, mut out) = (sweep(level), Vec::new());
            sweep.sweep_unit(&text, None, &mut out);
            assert_eq!(out.len(), expected, "{name}, {}", level.name());
            group.bench_function(BenchmarkId::new(level.name(), name), |b| {
                b.iter(|| {
                    out.clear();
                    sweep.sweep_unit(black_box(&text), None, &mut out);
                    out.len()
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, anchors);
criterion_main!(benches);
