//! One unit in, edits and findings out.

use super::*;
use crate::detect::Options;
use crate::model::{Layer, Layers};
use crate::patterns::RuleSet;
use crate::redact::Replacement;
use crate::redact::policy::Policy;

/// Lines of comma-separated bare cells; a line with `boom` is a bug.
struct Cells;
impl Reader for Cells {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        let end = memchr::memchr(b'\n', &bytes[at..core.end]).map_or(core.end, |i| at + i + 1);
        record.clear(Span::new(at, end));
        let line = &bytes[at..end];
        assert!(!line.starts_with(b"boom"), "a bug");
        let mut start = at;
        for cell in line.trim_ascii_end().split(|b| *b == b',') {
            let mut s = Segment::plain(Span::new(start, start + cell.len()), Role::Text);
            s.layers = Layers::one(Layer::CsvBare(b','));
            record.segments.push(s);
            start += cell.len() + 1;
        }
        end
    }
}

fn redacted(text: &str, core: Span, op: &str, on_error: OnError) -> (String, Outcome) {
    let rules = Arc::new(RuleSet::builtin());
    let mut policy = Policy::named("default").unwrap();
    policy.set(op).unwrap();
    let edits = Some(policy.operators(&rules, None).unwrap());
    let detectors = Arc::new(Detectors::new(rules, &Options::default()).unwrap());
    let engine = Engine::new(detectors, Wanted { edits, on_error, places: true, ..Wanted::default() }, Key::new(*b"k"));
    let mut outcome = Outcome::default();
    engine.process(text.as_bytes(), core, &mut Cells, &mut Scratch::default(), &mut outcome);
    let (mut out, mut at) = (String::new(), core.start);
    for e in &outcome.edits {
        assert!(at <= e.span.start && e.span.end <= core.end, "{e:?}");
        out.push_str(&text[at..e.span.start]);
        let Replacement::Text(s) = e.with else { panic!("no tokens here") };
        out.push_str(std::str::from_utf8(&outcome.arena[s.range()]).unwrap());
        at = e.span.end;
    }
    out.push_str(&text[at..core.end]);
    (out, outcome)
}

fn all(text: &str) -> Span {
    Span::new(0, text.len())
}

#[test]
fn a_bare_field_is_quoted_when_its_replacement_needs_it() {
    let text = "5\" x ana@example.com and bob@example.com,y\n";
    let (out, _) = redacted(text, all(text), "contact=replace:a,\"b", OnError::Stop);
    assert_eq!(out, "\"5\"\" x a,\"\"b and a,\"\"b\",y\n");
    let (out, _) = redacted(text, all(text), "contact=replace", OnError::Stop);
    assert_eq!(out, "5\" x <EMAIL_ADDRESS> and <EMAIL_ADDRESS>,y\n");
}

/// A part of a long line: sees its context on both sides.
struct Part;
impl Reader for Part {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        record.clear(Span::new(at, core.end));
        record.starts = core.start == 0;
        record.segments.push(Segment::plain(Span::new(0, bytes.len()), Role::Text));
        core.end
    }
}

#[test]
fn what_crosses_a_units_edge_is_written_once() {
    let text = "to ana@example.com now";
    let detectors = Arc::new(Detectors::new(Arc::new(RuleSet::builtin()), &Options::default()).unwrap());
    let edits = Some(Policy::named("default").unwrap().operators(detectors.rules(), None).unwrap());
    let engine = Engine::new(detectors, Wanted { edits, ..Wanted::default() }, Key::new(*b"k"));
    let mut out = Outcome::default();
    let scratch = &mut Scratch::default();
    engine.process(text.as_bytes(), Span::new(0, 8), &mut Part, scratch, &mut out);
    assert_eq!((out.findings.len(), out.records, out.edits[0].span), (1, 1, Span::new(3, 8)));
    assert_ne!(out.edits[0].with, Replacement::Text(Span::default()));
    engine.process(text.as_bytes(), Span::new(8, text.len()), &mut Part, scratch, &mut out);
    assert_eq!((out.findings.len(), out.records, out.edits[0].span), (0, 0, Span::new(8, 18)));
    assert_eq!(out.edits[0].with, Replacement::Text(Span::default()));
}

#[test]
fn a_record_that_fails_is_never_passed_on() {
    let text = "ana@example.com\nboom bob@example.com\nx\n";
    let (out, o) = redacted(text, all(text), "contact=replace", OnError::Placeholder);
    assert_eq!((out.as_str(), o.failed), ("<EMAIL_ADDRESS>\n<UNREADABLE_RECORD>\nx\n", 1));
    let (out, _) = redacted(text, all(text), "contact=replace", OnError::Drop);
    assert_eq!(out, "<EMAIL_ADDRESS>\nx\n");
}

#[test]
fn lines_and_columns() {
    let text = "a,b\nü ana@example.com,bob@example.org\n";
    let (_, o) = redacted(text, all(text), "contact=replace", OnError::Stop);
    let at: Vec<_> = o.places.iter().map(|p| (p.line, p.column, p.record, p.start, p.end)).collect();
    assert_eq!(at, [(1, 2, 2, 2, 17), (1, 18, 2, 0, 15)]);
    assert_eq!((o.lines, o.column, o.records), (2, 0, 2));
}

/// As [`Cells`], with a bug where it should pass over records.
struct Stumbling;
impl Reader for Stumbling {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        Cells.read(bytes, core, at, record)
    }
    fn pass(&mut self, _: &[u8], _: Span, _: Option<&dyn Fn(u32) -> bool>) -> (usize, u64) {
        panic!("a bug")
    }
}

#[test]
fn what_fails_to_be_passed_over_is_read() {
    let text = format!("{}ana@example.com\nx\n", "no more than words\n".repeat(300));
    let detectors = Arc::new(Detectors::new(Arc::new(RuleSet::builtin()), &Options::default()).unwrap());
    let engine = Engine::new(detectors, Wanted::default(), Key::new(*b"k"));
    let (mut out, scratch) = (Outcome::default(), &mut Scratch::default());
    engine.process(text.as_bytes(), all(&text), &mut Stumbling, scratch, &mut out);
    assert_eq!((out.findings.len(), out.records, out.failed), (1, 302, 0));
}
