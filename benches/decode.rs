//! Text that doesn't stand as it is meant: escapes in JSON strings, strings that hold JSON, markup, percent signs, wide digits.
//! Each beside the same text as it is meant.

mod common;

use common::{FOUR, Kind, USUAL, engine, generated_as, process, repeated};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

/// Findings in generated chat, as it is and in ASCII alone, which has fewer messages in as many bytes: see `common`.
const CHAT: [(&str, bool, u64); 2] = [("as it is", false, 40), ("escaped", true, 36)];

/// Lines with so many findings each time.
const LINES: [(&str, u64, &[&str]); 6] = [
    ("json, as it is", 1, &[r#"{"n":1,"text":"write to ana@example.com, ok"}"#, r#"{"n":2,"text":"said \"yes\""}"#]),
    ("json within json", 1, &[r#"{"n":1,"text":"{\"a\":\"to ana\\u0040example.com, ok\",\"b\":[1,\"x\"]}"}"#]),
    ("text, as it is", 2, &["write to ana@example.com, ok", "call +49 30 901820 today", "see you there at nine"]),
    ("markup", 2, &["write to ana&#64;example.com, ok", "call &#x2B;49 30 901820 today", "Tom &amp; Ana"]),
    ("percent signs", 1, &["/q?mail=ana%40example.com&x=1", "see 100%25 of it", "%7Bnothing%7D"]),
    (
        "wide",
        2,
        &["write to ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "call ＋４９ ３０ ９０１８２０ today", "９時に会いましょう"],
    ),
];

fn decode(c: &mut Criterion) {
    let engine = engine(FOUR, false);
    let mut group = c.benchmark_group("decode");
    let mut bench = |name: &str, text: &[u8], expected: u64| {
        assert_eq!(process(&engine, text).findings, expected, "{name}");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| process(&engine, black_box(text))));
    };
    for (name, ascii, expected) in CHAT {
        bench(&format!("chat, {name}"), &generated_as(Kind::Chat, USUAL, ascii), expected);
    }
    for (name, a_round, lines) in LINES {
        let (text, rounds) = repeated(lines);
        bench(name, text.as_bytes(), a_round * rounds as u64);
    }
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
