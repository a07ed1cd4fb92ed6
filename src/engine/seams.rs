//! Values that must be nowhere and run over a line's end in plain text, or from one cue into the next of the same speaker.
//!
//! A record is searched by itself, so its last words and the first ones of the next are searched again, together: as many of them as the
//! longest listed value has words, and no more than a value may have bytes. Units are worked on in any order, so workers only hold what was said, and the
//! ordered side looks at the seams, as it does for names ([`super::recall`]). A number is found there only as it is listed: lines
//! end and begin with numbers of all kinds. (One that runs over cues is found in any spelling: cues join where a number goes on.)
//!
//! Such a value is told where its rest begins, behind the seam: what comes before may lie in an earlier unit, and where that ends must make
//! no difference.

use super::recall::Held;
use super::search::{Listed, Lookup};
use super::{Engine, Found, Lines, Outcome, Scratch};
use crate::detect::Hit;
use crate::model::place::Place;
use crate::model::record::{Record, Role, Segment, Step, TextRef};
use crate::model::{Finding, MAX_FINDING, Span};
use crate::proof::absent::{Absent, Within};
use crate::report::masked::masked;

/// Of so many speakers the last words are kept, and for so many texts of others.
const SPEAKERS: usize = 8;

/// So many findings are looked at before a place.
const BEFORE: usize = 16;

/// Last words of what was said, from unit to unit.
#[derive(Debug, Default)]
pub(super) struct Seams {
    strands: Vec<Strand>,
    lookup: Lookup,
    both: Vec<u8>,
}

/// What one speaker said last.
#[derive(Debug, Default)]
struct Strand {
    speaker: Vec<u8>,
    text: Vec<u8>,
    /// Texts since.
    age: usize,
}

/// A value that runs over a seam: the text in which its rest stands and where, and the line of the list.
struct Cross {
    segment: u32,
    rest: Span,
    line: u32,
    masked: String,
}

impl Engine {
    /// Keeps what the record at hand says, if that may go on in the next one.
    pub(super) fn hold_ends(&self, bytes: &[u8], core: Span, scratch: &Scratch, out: &mut Outcome) {
        let record = &scratch.record;
        let mut speaker = Span::default();
        for segment in &record.segments {
            let part = segment.node.map(|n| record.at(n).step);
            match part {
                Some(Step::Part("speaker")) => speaker = segment.raw,
                None | Some(Step::Part("text")) if segment.role == Role::Text => {
                    out.held.end(record, segment, &bytes[speaker.range()], out.records, core);
                    speaker = Span::default();
                }
                _ => {}
            }
        }
    }

    /// Adds to `out`, what came of the unit `bytes`, the values that run over a seam. To be called for all units of an input, in order.
    pub(super) fn seams(&self, listed: &Listed, bytes: &[u8], core: Span, seams: &mut Seams, out: &mut Outcome) {
        let held = std::mem::take(&mut out.held);
        let mut found = Vec::new();
        for (i, segment) in held.said().segments.iter().enumerate() {
            let text = held.said().text(segment, bytes);
            let (speaker, starts) = held.told(i);
            let within = within(segment, text, core);
            if !starts {
                seams.strands.clear();
            }
            if segment.role != Role::Opened && !text[within.range()].trim_ascii().is_empty() {
                seams.next(&listed.values, i as u32, text, within, speaker, &mut found);
            }
        }
        if !found.is_empty() {
            self.tell(listed, bytes, core, &held, found, out);
        }
        out.held = held;
    }

    /// Adds the findings; they come in the order in which they stand.
    fn tell(&self, listed: &Listed, bytes: &[u8], core: Span, held: &Held, found: Vec<Cross>, out: &mut Outcome) {
        let rules = self.detectors.rules();
        let entity = rules.rule(listed.rule).entity;
        let (name, category) = (&rules.entity(entity).name, rules.entity(entity).category);
        let (mut lines, mut paths) = (Lines::new(bytes, core.start), super::Paths::default());
        paths.absent = Some(listed.values.clone());
        let before = out.findings.len();
        for Cross { segment, rest, line, masked: sample } in found {
            let first = held.said().raw_span(&held.said().segments[segment as usize], rest);
            // A number in groups is found where cues join, too.
            let findings = &out.findings[..before];
            let near = findings[..findings.partition_point(|f| f.span.start < first.end)].iter().rev().take(BEFORE);
            let known = |f: &Finding| {
                let place = &out.places[f.place as usize];
                let stands = f.span.overlaps(first) || place.pieces.iter().any(|p| p.span.overlaps(first));
                place.listed == Some(line) && stands
            };
            if near.into_iter().any(known) {
                continue;
            }
            let hit = Hit { entity, rule: listed.rule, span: rest, score: 1.0, wrap: None };
            let one = Found { segment, hit, first, more: Vec::new() };
            let place = self.place(&one, bytes, held.said(), &mut paths, &mut lines, held.number(segment as usize));
            let masked = masked(name, category, sample.as_bytes());
            let number = out.places.len() as u32;
            let finding = Finding { entity, category, span: first, score: 1.0, rule: listed.rule, place: number };
            out.findings.push(finding);
            out.places.push(Place { masked, whole: false, listed: Some(line), ..place });
        }
        out.findings.sort_by_key(|f| f.span);
    }
}

/// What of a segment's text is the unit's own: of a part of a long line, not what lies around it.
fn within(segment: &Segment, text: &[u8], core: Span) -> Span {
    if segment.text != TextRef::Raw {
        return Span::new(0, text.len());
    }
    let at = |raw: usize| raw.clamp(segment.raw.start, segment.raw.end) - segment.raw.start;
    Span::new(at(core.start), at(core.end))
}

impl Seams {
    /// The next text, number `i` of the unit's; of it what is `within`.
    fn next(&mut self, values: &Absent, i: u32, text: &[u8], within: Span, speaker: &[u8], found: &mut Vec<Cross>) {
        let own = &text[within.range()];
        for n in 0..self.strands.len() {
            self.strands[n].age += 1;
            let name = &self.strands[n].speaker[..];
            if name == speaker || name.is_empty() || speaker.is_empty() {
                self.look(n, values, i, own, within.start, found);
            }
        }
        self.strands.retain(|s| s.age < SPEAKERS);
        let n = self.strands.iter().position(|s| s.speaker == speaker).unwrap_or_else(|| {
            self.strands.push(Strand { speaker: speaker.to_vec(), ..Strand::default() });
            self.strands.len() - 1
        });
        let strand = &mut self.strands[n];
        strand.age = 0;
        let words = values.reach(false);
        let from = last_words(own, words);
        if from > 0 {
            strand.text.clear();
        } else if !strand.text.is_empty() {
            strand.text.push(b' ');
        }
        strand.text.extend_from_slice(&own[from..]);
        let cut = last_words(&strand.text, words);
        strand.text.drain(..cut);
    }

    /// Looks at the seam between strand `n` and the text `own`.
    fn look(&mut self, n: usize, values: &Absent, i: u32, own: &[u8], start: usize, found: &mut Vec<Cross>) {
        let Seams { strands, lookup, both } = self;
        let strand = &strands[n];
        for (joint, gone) in joints(&strand.text, own) {
            let words = values.reach(!joint.is_empty());
            if words == 0 {
                continue;
            }
            let ends = strand.text.len() - gone;
            let from = last_words(&strand.text[..ends], words);
            both.clear();
            both.extend_from_slice(&strand.text[from..ends]);
            let seam = both.len();
            both.extend_from_slice(joint);
            let head = both.len();
            both.extend_from_slice(&own[..first_words(own, words)]);
            for f in lookup.find(values, both, Within::Lines) {
                if f.span.start >= seam || f.span.end <= head {
                    continue;
                }
                let rest = Span::new(start, start + f.span.end - head);
                let masked = String::from_utf8_lossy(&both[f.span.range()]).into_owned();
                found.push(Cross { segment: i, rest, line: f.line, masked });
            }
        }
    }
}

/// What may have stood between a text and the next, and how many bytes of the first go: nothing behind a sign that announces more (`ana@`), behind
/// the `=` by which quoted-printable breaks lines (RFC 2045, 6.7), and between letters of scripts without spaces.
fn joints(text: &[u8], next: &[u8]) -> impl Iterator<Item = (&'static [u8], usize)> {
    let (last, first) = (text.last().copied().unwrap_or(b' '), next.first().copied().unwrap_or(b' '));
    let bare = match last {
        b'=' => Some((&b""[..], 1)),
        b'@' | b'-' | b'_' | b'+' | b'/' => Some((&b""[..], 0)),
        0x80.. if first >= 0x80 => Some((&b""[..], 0)),
        _ => None,
    };
    let spaced = (last >= 0x80 || bare.is_none()).then_some((&b" "[..], 0));
    bare.into_iter().chain(spaced)
}

/// Whether a stretch without spaces holds a word.
fn is_word(token: &[u8]) -> bool {
    token.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
}

/// Where the last `count` words of `text` begin, or as many as a value may have bytes.
fn last_words(text: &[u8], count: usize) -> usize {
    let (mut at, mut words) = (text.len(), 0);
    while words < count {
        let rest = text[..at].trim_ascii_end();
        let start = rest.iter().rposition(u8::is_ascii_whitespace).map_or(0, |i| i + 1);
        if rest.is_empty() {
            return 0;
        }
        if text.len() - start > MAX_FINDING {
            break;
        }
        words += usize::from(is_word(&rest[start..]));
        at = start;
    }
    at
}

/// Where the first `count` words of `text` end, or as many as a value may have bytes.
fn first_words(text: &[u8], count: usize) -> usize {
    let (mut at, mut words) = (0, 0);
    while words < count {
        let rest = &text[at..];
        let start = at + rest.len() - rest.trim_ascii_start().len();
        let end = start + text[start..].iter().take(MAX_FINDING + 1).take_while(|b| !b.is_ascii_whitespace()).count();
        if start == end || end > MAX_FINDING {
            break;
        }
        words += usize::from(is_word(&text[start..end]));
        at = end;
    }
    at
}

impl Held {
    /// Keeps a text that may go on in the next record, and who says it.
    fn end(&mut self, record: &Record, segment: &Segment, speaker: &[u8], records: u64, core: Span) {
        self.keep(record, segment, true);
        let later = record.also.iter().filter(|start| **start > segment.raw.start).count() as u64;
        let goes_on = !record.starts && segment.raw.start <= core.start;
        self.tell(speaker.trim_ascii(), records, later, u64::from(goes_on));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_at_the_ends() {
        for (text, count, last, first) in [
            ("a b c", 2, "b c", "a b"),
            ("a  -  b ", 2, "a  -  b ", "a  -  b"),
            ("a", 3, "a", "a"),
            ("", 3, "", ""),
            (" ", 1, " ", ""),
            ("  a", 2, "  a", "  a"),
            ("a b", 0, "", ""),
        ] {
            assert_eq!(&text[last_words(text.as_bytes(), count)..], last, "{text}");
            assert_eq!(&text[..first_words(text.as_bytes(), count)], first, "{text}");
        }
        let long = "x".repeat(2000);
        assert_eq!((last_words(long.as_bytes(), 1), first_words(long.as_bytes(), 1)), (2000, 0));
    }
}
