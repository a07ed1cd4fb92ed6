//! What stands beside a value: `"role":"agent"` in its object or in one around it, the speaker of its cue, another cell of its row.

use crate::model::record::{NodeId, Record, Role, Step};
use regex::bytes::Regex;
use std::collections::HashMap;

/// Questions about what stands beside findings, at most 64 of them: the answers are one bit each, in the order in which they were added.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    keys: Vec<Key>,
    asked: u32,
}

/// A key, what is asked of its values, and the bits that answer.
#[derive(Debug, Clone)]
struct Key {
    name: String,
    questions: Vec<(u32, Regex)>,
    bits: u64,
}

/// What values say: the bits that are so, and all those of their keys, which are decided by that.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    bits: u64,
    decided: u64,
}

impl Said {
    /// Adds what is said farther off: it decides what isn't yet.
    fn or(&mut self, other: Said) {
        self.bits |= other.bits & !self.decided;
        self.decided |= other.decided;
    }
}

/// The answers for one record. Reused.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By the node above: what the values of keys say.
    at: HashMap<Option<NodeId>, Said>,
    /// The same of parts of a format, which have nothing above: by the number of the segment instead.
    parts: Vec<(usize, Said)>,
    /// By the number of the unit's layouts: nothing is asked of such records.
    none: Vec<bool>,
}

impl Index {
    /// Another unit begins: its layouts have other numbers.
    pub fn unit(&mut self) {
        self.none.clear();
    }
}

impl Beside {
    /// The most questions.
    pub const MOST: u32 = 64;

    /// Asks whether the value of `key` (a JSON key or a column, without regard to the case of ASCII letters; `speaker`) fits `value`. The number of the
    /// bit that answers; `None`: there are too many questions.
    pub fn ask(&mut self, key: &str, value: Regex) -> Option<u32> {
        let bit = self.asked;
        if bit == Beside::MOST {
            return None;
        }
        self.asked += 1;
        let known = self.keys.iter().position(|k| k.name.eq_ignore_ascii_case(key)).unwrap_or_else(|| {
            self.keys.push(Key { name: key.to_owned(), questions: Vec::new(), bits: 0 });
            self.keys.len() - 1
        });
        self.keys[known].questions.push((bit, value));
        self.keys[known].bits |= 1 << bit;
        Some(bit)
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Looks what stands in `record`.
    pub(super) fn index(&self, record: &Record, bytes: &[u8], index: &mut Index) {
        index.at.clear();
        index.parts.clear();
        let layout = record.layout as usize;
        if layout > 0 && index.none.get(layout) == Some(&true) {
            return;
        }
        let mut none = true;
        for (i, segment) in record.segments.iter().enumerate() {
            let (Role::Text | Role::Value | Role::Number, Some(node)) = (segment.role, segment.node) else { continue };
            let node = record.at(node);
            let name = match node.step {
                Step::Key(name) | Step::Column(name, _) => record.interned(name),
                Step::Part(name) => name.as_bytes(),
                Step::Index(_) => continue,
            };
            let Some(key) = self.keys.iter().find(|k| k.name.as_bytes().eq_ignore_ascii_case(name)) else { continue };
            none = false;
            let text = record.text(segment, bytes);
            let fits = key.questions.iter().filter(|(_, value)| value.is_match(text));
            let said = Said { bits: fits.fold(0, |bits, (bit, _)| bits | 1 << bit), decided: key.bits };
            if let Step::Part(_) = node.step {
                index.parts.push((i, said));
            } else {
                let at = index.at.entry(node.parent).or_default();
                (at.bits, at.decided) = (at.bits | said.bits, at.decided | said.decided);
            }
        }
        if layout > 0 {
            index.none.resize(index.none.len().max(layout + 1), false);
            index.none[layout] = none;
        }
    }

    /// The answers for the segment with this number: of each key, those of the nearest object that has it; of a format's parts, those of the
    /// last one before.
    pub(super) fn of(&self, record: &Record, segment: usize, index: &Index) -> u64 {
        if index.at.is_empty() && index.parts.is_empty() {
            return 0;
        }
        let mut all = Said::default();
        for (_, said) in index.parts.iter().rev().skip_while(|part| part.0 > segment) {
            all.or(*said);
        }
        let mut at = record.segments[segment].node;
        while let Some(node) = at.filter(|_| !index.at.is_empty()) {
            at = record.at(node).parent;
            index.at.get(&at).into_iter().for_each(|said| all.or(*said));
        }
        all.bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Detectors, Options};
    use crate::engine::{Engine, Outcome, Recall, Scratch, Wanted};
    use crate::format::{self, Cut, Head, Settings};
    use crate::model::Span;
    use crate::normalise::Key;
    use crate::patterns::RuleSet;
    use std::sync::Arc;

    /// The answers at each finding of an e-mail address or a name, in order.
    fn answers(format: &str, text: &str, questions: &[(&str, &str)]) -> Vec<u64> {
        let mut beside = Beside::default();
        for (key, value) in questions {
            beside.ask(key, Regex::new(&format!("^(?:{value})$")).unwrap()).unwrap();
        }
        let rules = Arc::new(RuleSet::builtin());
        let kept = ["EMAIL_ADDRESS", "PERSON"];
        let enabled = rules.entities().iter().map(|e| kept.contains(&e.name.as_str())).collect();
        let detectors = Arc::new(Detectors::new(rules, &Options { enabled, ..Options::default() }).unwrap());
        let engine = Engine::new(detectors, Wanted { places: true, beside, ..Wanted::default() }, Key::new(*b"k"));
        let head = Head { bytes: text.as_bytes(), whole: true, name: "" };
        let mut stream = format::named(format).unwrap().stream(&head, &Settings::default());
        let (mut at, mut answers, mut known) = (0, Vec::new(), Recall::default());
        while at < text.len() {
            let Cut::Unit(mut unit) = stream.cut(&text.as_bytes()[at..], true) else { panic!("all is there") };
            let (bytes, core) = (&text.as_bytes()[at..at + unit.until], Span::new(0, unit.end));
            assert_eq!(unit.keep, 0, "small records need no context");
            let mut out = Outcome::default();
            engine.process(bytes, core, &mut *unit.reader, &mut Scratch::default(), &mut out);
            engine.recall(bytes, core, &mut known, &mut out);
            answers.extend(out.findings.iter().map(|f| out.places[f.place as usize].beside));
            at += unit.end;
        }
        answers
    }

    #[test]
    fn the_nearest_object_that_has_the_key_decides() {
        let ask = [("role", "agent"), ("role", "customer"), ("bot", "true")];
        let one = |text: &str| answers("jsonl", text, &ask);
        assert_eq!(one("{\"text\":\"ana@example.com\",\"Role\":\"agent\"}\n"), [1]);
        assert_eq!(one("{\"role\":\"agent\",\"a\":[{\"b\":\"ana@example.com\"}],\"bot\":true}\n"), [5]);
        assert_eq!(one("{\"role\":\"agent\",\"a\":{\"role\":\"customer\",\"b\":\"ana@example.com\"}}\n"), [2]);
        assert_eq!(one("{\"role\":\"agent\",\"a\":{\"role\":\"none\",\"b\":\"ana@example.com\"}}\n"), [0]);
        assert_eq!(one("{\"role\":\"agent\",\"a\":\"{\\\"b\\\":\\\"ana@example.com\\\"}\"}\n"), [1]);
        assert_eq!(one("{\"a\":{\"role\":\"agent\"},\"b\":\"ana@example.com\"}\n"), [0]);
        // Lines that are built alike are compared, not parsed.
        let lines =
            ["agent", "customer", "agent", "none"].map(|r| format!("{{\"role\":\"{r}\",\"t\":\"ana@example.com\"}}\n"));
        assert_eq!(one(&lines.concat()), [1, 2, 1, 0]);
        assert_eq!(
            answers("json", "[{\"role\":\"agent\",\"t\":\"ana@example.com\"},{\"t\":\"ana@example.com\"}]", &ask),
            [1, 0]
        );
    }

    #[test]
    fn rows_and_cues() {
        assert_eq!(
            answers("csv", "role,text\nagent,ana@example.com\ncustomer,bob@example.com\n", &[("role", "agent")]),
            [1, 0]
        );
        let vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>write to ana@example.com\n\n\
                   00:02.000 --> 00:03.000\n<v Client>or bob@example.com\n";
        assert_eq!(answers("webvtt", vtt, &[("speaker", "Agent"), ("speaker", "Client")]), [1, 2]);
    }

    #[test]
    fn names_that_are_recalled_have_what_stands_beside_them() {
        let text = "{\"name\":\"Maya Calloway\",\"email\":\"m@example.com\",\"role\":\"customer\"}\n\
                    {\"role\":\"agent\",\"text\":\"so Maya Calloway it is\"}\n";
        assert_eq!(answers("jsonl", text, &[("role", "agent"), ("role", "customer")]), [2, 2, 1]);
    }

    #[test]
    fn there_are_at_most_64_questions() {
        let mut beside = Beside::default();
        let any = || Regex::new("").unwrap();
        assert!((0..64).all(|n| beside.ask("a", any()) == Some(n)) && beside.ask("b", any()).is_none());
    }
}
