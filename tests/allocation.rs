//! After warm-up, records in which nothing is found cost no allocation: counted by an allocator of this test's own. What costs
//! allocations however often it is met belongs here; what costs time belongs into `benches/`.
//!
//! Counted is all that a worker does with a unit, `Engine::process`. Cutting is not: it allocates a reader for each unit.
//!
//! Not covered, because they allocate for each record today:
//! - WebVTT and SRT: the parts of a cue, and who says what in it, are lists of their own, some three for each cue;
//! - JSON documents: the path to an element and the containers open in it, two for each element; lines of JSON built unlike any
//!   line of their unit before pay the latter, too;
//! - strings that hold JSON themselves: what is opened is copied, and its runs are led back through lists of their own.

mod support;

use sluicegate::Span;
use sluicegate::engine::{Engine, Outcome, Scratch};
use sluicegate::format::{self, Cut, Head, Settings};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::Write;

/// The system's allocator, which counts what each thread asks of it: tests run side by side.
struct Counting;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: All is handed on to the system's allocator as it came. The counter is a constant at first and has no destructor, so
// reaching it allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as the caller warrants.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as the caller warrants.
        unsafe { System.dealloc(at, layout) }
    }
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as the caller warrants.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a unit may cost however many records it has: a reader of JSON Lines learns anew how its lines are built.
const PER_UNIT: u64 = 40;

/// Words that nothing is found in, with something that only looks like a value in every third text.
fn words(n: usize) -> String {
    const WORDS: [&str; 7] = ["see", "you there", "bring the blue folder", "half past nine", "Grüße", "ok", "наконец"];
    let mut s = String::new();
    for i in 0..3 + n % 5 {
        s.push_str(WORDS[(n * 7 + i * 3) % WORDS.len()]);
        s.push(' ');
    }
    if n.is_multiple_of(3) {
        let _ = write!(s, "version 1.2.{} at 10:{:02}", n % 10, n % 60);
    }
    s
}

fn json_lines(n: usize) -> String {
    // Every eleventh text has escapes, so that it is decoded.
    let escaped = if n.is_multiple_of(11) { "\\u00fc said \\\"yes\\\"\\n" } else { "" };
    format!(
        "{{\"id\":\"m{n}\",\"timestamp\":\"2024-03-05T10:{:02}:00Z\",\"count\":{},\"text\":\"{}{escaped}\"}}\n",
        n % 60,
        n % 90,
        words(n)
    )
}

fn text(n: usize) -> String {
    words(n) + "\n"
}

fn csv(n: usize) -> String {
    // Every eleventh text is quoted and has a doubled quote in it.
    let quoted = if n.is_multiple_of(11) { "\"said \"\"yes\"\", then\"" } else { "said so" };
    format!("m{n},2024-03-05 10:{:02}:00,{},{quoted}\n", n % 60, words(n))
}

fn whatsapp(n: usize) -> String {
    format!("05/03/2024, {:02}:{:02} - Agent: {}\n", n / 60 % 24, n % 60, words(n))
}

/// Allocations of the engine over the units of `format` in `data`, which all of it is.
fn allocations(engine: &Engine, name: &str, data: &str, scratch: &mut Scratch, outcome: &mut Outcome) -> (u64, u64) {
    let data = data.as_bytes();
    let head = Head { bytes: &data[..data.len().min(format::HEAD)], whole: data.len() <= format::HEAD, name: "" };
    let mut stream = format::named(name).expect("a format").stream(&head, &Settings::default());
    let (mut at, mut counted, mut records) = (0, 0, 0);
    while at < data.len() {
        let Cut::Unit(mut unit) = stream.cut(&data[at..], true) else { panic!("{name}: nothing was cut") };
        assert_eq!(unit.keep, 0, "{name}: records are short");
        let bytes = &data[at..at + unit.end];
        let before = COUNT.get();
        engine.process(bytes, Span::new(0, bytes.len()), unit.reader.as_mut(), scratch, outcome);
        counted += COUNT.get() - before;
        assert!(outcome.findings.is_empty(), "{name}: {} found", outcome.findings.len());
        records += outcome.records;
        at += unit.end;
    }
    (counted, records)
}

/// A unit with eleven times the records may not cost more: with a buffer for each record, it would cost at least 1000 more.
fn check(name: &str, header: &str, line: fn(usize) -> String) {
    // What growing a buffer a last time may cost: some line of a unit is the longest so far.
    const SLACK: u64 = 8;
    let engine = support::engine(&[]);
    let (mut scratch, mut outcome) = (Scratch::default(), Outcome::default());
    let mut of = |records: std::ops::Range<usize>| {
        let expected = records.len() as u64 + u64::from(!header.is_empty());
        let data = header.to_owned() + &records.map(line).collect::<String>();
        let (count, read) = allocations(&engine, name, &data, &mut scratch, &mut outcome);
        assert_eq!(read, expected, "{name}: every line is a record");
        count
    };
    of(0..3000);
    // Records that were not met before: what is remembered of those that were must not help.
    let (few, many) = (of(3000..3100), of(3100..4200));
    assert!(few <= PER_UNIT + SLACK, "{name}: {few} allocations for a unit of 100 records");
    assert!(many <= few + SLACK, "{name}: {few} allocations for 100 records, {many} for 1100");
}

#[test]
fn the_allocator_counts() {
    let before = COUNT.get();
    drop(std::hint::black_box(vec![0_u8; 100]));
    assert_eq!(COUNT.get() - before, 1);
}

#[test]
fn json_lines_cost_no_allocation() {
    check("jsonl", "", json_lines);
}

#[test]
fn text_costs_no_allocation() {
    check("text", "", text);
}

#[test]
fn csv_costs_no_allocation() {
    check("csv", "id,timestamp,text,note\n", csv);
}

#[test]
fn whatsapp_costs_no_allocation() {
    check("whatsapp", "", whatsapp);
}
