//! One text through the compiled rules, by how much there is to find. Each bench asserts its expected count.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sluicegate::Scanner;
use std::hint::black_box;

/// A megabyte of chat lines; every `every`th holds one address.
fn chat(every: usize) -> (String, usize) {
    let mut text = String::new();
    let mut found = 0;
    for i in 0.. {
        if text.len() > 1 << 20 {
            break;
        }
        if i % every == 0 {
            text.push_str("ok, then write to someone@example.com and we will see\n");
            found += 1;
        } else {
            text.push_str("see you there at half past nine, bring the blue folder please\n");
        }
    }
    (text, found)
}

fn scan(c: &mut Criterion) {
    let scanner = Scanner::new().expect("the built-in rules compile");
    let mut group = c.benchmark_group("scan");
    for (name, every) in [("none", usize::MAX), ("rare", 1000), ("common", 10), ("every line", 1)] {
        let (text, expected) = if every == usize::MAX { (chat(2).0.replace('@', " at "), 0) } else { chat(every) };
        group.throughput(Throughput::Bytes(text.len() as u64));
        assert_eq!(scanner.scan_str(&text).len(), expected, "{name}");
        group.bench_function(name, |b| b.iter(|| scanner.scan_str(black_box(&text)).len()));
    }
    group.finish();
}

criterion_group!(benches, scan);
criterion_main!(benches);
