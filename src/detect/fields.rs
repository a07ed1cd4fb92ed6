//! Fields: what the name of a JSON key, a CSV column or a part of a format says about the value.
//!
//! A name counts when its value looks as it must ([`shape`]) and, where the name alone says little, when the object it
//! stands in agrees: what it is called, what else it holds. [`names`] works out once what a name says; per record the
//! nodes are gone through once to see which groups of names stand where, then the segments whose name says something.

pub mod examples;
mod memory;
mod names;
mod shape;
mod speaker;
#[cfg(test)]
mod tests;
mod values;
mod words;

use super::{Options, chars};
use crate::model::record::{Node, NodeId, Record, Role, Segment, Step};
use crate::model::{EntityType, RuleId, Span};
use crate::patterns::fields::{FieldMatcher, Needs};
use crate::patterns::{Matcher, RuleSet};
use memory::Memory;
pub(super) use memory::{Quick, hash};
use names::{Names, Said};
use shape::Value;
use std::collections::HashMap;
use std::sync::Arc;
use values::Values;
pub(super) use words::plain;

/// Names that are kept at most; beyond, the table starts anew, so that hostile input can't fill memory.
const KEPT: usize = 4096;
/// Longer keys say nothing.
const MAX_KEY: usize = 128;
/// Objects around an object that are looked at for evidence.
const AROUND: usize = 4;

/// What the field's name says about a segment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Verdict {
    /// What the value is by its name: counts as a context word for detectors.
    pub hint: Option<EntityType>,
    /// The value is that.
    pub whole: Option<Whole>,
}

/// A value that is found by its field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Whole {
    /// What it is.
    pub entity: EntityType,
    /// The field's rule.
    pub rule: RuleId,
    /// Bytes of the segment's text: the value without blanks around it, a name without the address behind it.
    pub span: Span,
    /// 0 to 1.
    pub score: f32,
}

/// The field rules, ready to judge records.
#[derive(Debug)]
pub struct Fields {
    rules: Arc<RuleSet>,
    names: Names,
    values: Values,
    /// By rule: whether it may make findings. Its names are evidence for others all the same.
    enabled: Vec<bool>,
    /// By rule: whether its name counts as a word beside the value. An account's number is no card, whether accounts are looked for
    /// or not.
    speaks: Vec<bool>,
    wrapper: u128,
    labels: u128,
}

/// A worker's memory of names and of the record at hand.
#[derive(Debug, Default)]
pub struct Judging {
    kept: HashMap<Box<[u8]>, u32>,
    said: Vec<(Box<[u8]>, Said)>,
    /// By node: what its name says (index into `said`), 0 for steps without a name. Also the guess for the next record.
    of_node: Vec<u32>,
    /// By node: the node whose name its values have: itself, or that of the array it is an element of.
    field: Vec<u32>,
    /// By node + 1, 0 for the top: what stands in that object.
    objects: Vec<Object>,
    values: Memory,
    agreeing: Vec<u16>,
}

/// What an object holds.
#[derive(Debug, Default, Clone, Copy)]
struct Object {
    /// Groups of its fields' names.
    own: u128,
    /// Groups of names further down.
    below: u128,
    /// Values that are labels, of those that were judged.
    labels: u32,
    judged: u32,
}

impl Fields {
    /// The field rules of a set, those armed that `options` ask for.
    pub fn new(rules: Arc<RuleSet>, options: &Options) -> Fields {
        let enabled = |r: &crate::patterns::Rule| options.wants(&rules, r.entity) && r.score >= options.min_score;
        Fields {
            names: Names::new(&rules),
            values: Values::new(&rules),
            enabled: rules.rules().iter().map(enabled).collect(),
            speaks: rules.rules().iter().map(|r| enabled(r) || !rules.entity(r.entity).on_request).collect(),
            wrapper: rules.group_bit("wrapper"),
            labels: rules.group_bit("labels"),
            rules,
        }
    }

    /// Adds the segments of `record` that hold what somebody has written or said: messages, notes, cues.
    pub fn bodies(&self, record: &Record, memory: &mut Judging, out: &mut Vec<u32>) {
        let texts = || record.segments.iter().enumerate().filter(|(_, s)| matches!(s.role, Role::Text | Role::Value));
        let part = |n: NodeId| matches!(record.at(n).step, Step::Part("text" | "note"));
        let parts = texts().any(|(_, s)| s.node.is_some_and(part));
        if !parts {
            self.look_up(record, memory);
        }
        let prose = |n: NodeId| match parts {
            true => part(n),
            false => memory.said[memory.of_node[memory.field[n.index()] as usize] as usize].1.prose,
        };
        out.extend(texts().filter(|(_, s)| s.node.is_some_and(prose)).map(|(i, _)| i as u32));
    }

    /// Fills `verdicts` with one for each segment of `record`; `still`: see [`super::Detectors::judge`].
    pub fn judge(
        &self,
        unit: &[u8],
        record: &Record,
        still: &[bool],
        memory: &mut Judging,
        verdicts: &mut Vec<Verdict>,
    ) {
        verdicts.clear();
        verdicts.resize(record.segments.len(), Verdict::default());
        if !self.look_up(record, memory) {
            return;
        }
        self.gather(record, memory);
        self.count_labels(unit, record, memory);
        for ((segment, verdict), still) in record.segments.iter().zip(verdicts).zip(still) {
            if let Some(at) = judged(segment) {
                *verdict = self.verdict(unit, record, *still, memory, segment, at);
            }
        }
    }

    /// Whether one of the names in `record` is of a rule that may make findings.
    pub fn may_find(&self, record: &Record, memory: &mut Judging) -> bool {
        self.look_up(record, memory) && memory.of_node.iter().any(|i| memory.said[*i as usize].1.finds)
    }

    /// Finds out what each node's name says. `false`: none says anything.
    fn look_up(&self, record: &Record, memory: &mut Judging) -> bool {
        if memory.said.is_empty() || memory.said.len() > KEPT {
            memory.kept.clear();
            memory.of_node.clear();
            memory.said.clear();
            memory.said.push(<(Box<[u8]>, Said)>::default());
        }
        let nodes = record.nodes();
        memory.of_node.resize(nodes.len(), 0);
        memory.field.clear();
        let mut any = false;
        for (i, node) in nodes.iter().enumerate() {
            let name: &[u8] = match node.step {
                Step::Key(s) | Step::Column(s, _) => record.interned(s),
                Step::Part(p) => p.as_bytes(),
                Step::Index(_) => b"",
            };
            // Records of a stream are alike: most often the node before at this place had the same name.
            if *memory.said[memory.of_node[i] as usize].0 != *name {
                memory.of_node[i] = self.said(name, memory);
            }
            memory.field.push(match (node.step, node.parent) {
                (Step::Index(_), Some(up)) => memory.field[up.index()],
                _ => i as u32,
            });
            any |= memory.said[memory.of_node[i] as usize].1.armed;
        }
        any
    }

    fn said(&self, name: &[u8], memory: &mut Judging) -> u32 {
        if name.is_empty() || name.len() > MAX_KEY {
            return 0;
        }
        if let Some(&i) = memory.kept.get(name) {
            return i;
        }
        let i = memory.said.len() as u32;
        let mut said = self.names.say(name, &self.rules);
        said.finds = said.rules.iter().any(|r| self.enabled[*r as usize]);
        said.armed = said.rules.iter().any(|r| self.speaks[*r as usize]);
        memory.said.push((name.into(), said));
        memory.kept.insert(name.into(), i);
        i
    }

    /// Adds up the groups of names that stand in each object, and below it.
    fn gather(&self, record: &Record, memory: &mut Judging) {
        let Judging { said, of_node, objects, .. } = memory;
        objects.clear();
        objects.resize(of_node.len() + 1, Object::default());
        // A node comes after its parent: from the back, what stands below is complete when it is passed on.
        for (i, node) in record.nodes().iter().enumerate().rev() {
            let inside = objects[i + 1];
            let outer = &mut objects[place(node.parent)];
            outer.below |= inside.own | inside.below;
            outer.own |= said[of_node[i] as usize].1.groups;
        }
    }

    /// Counts values that are labels: where there are several, the object is a form or a locale file.
    fn count_labels(&self, unit: &[u8], record: &Record, memory: &mut Judging) {
        for segment in &record.segments {
            let Some(at) = judged(segment).filter(|_| segment.role == Role::Value) else { continue };
            let at = memory.field[at.index()] as usize;
            if memory.said[memory.of_node[at] as usize].1.rules.is_empty() {
                continue;
            }
            let value = record.text(segment, unit).trim_ascii();
            let label = memory.values.label(value, || self.tells_form(value));
            let object = &mut memory.objects[counted_with(record.nodes()[at], at)];
            object.judged += 1;
            object.labels += u32::from(label);
        }
    }

    fn verdict(
        &self,
        unit: &[u8],
        record: &Record,
        still: bool,
        memory: &mut Judging,
        segment: &Segment,
        at: NodeId,
    ) -> Verdict {
        let at = memory.field[at.index()] as usize;
        let said = &memory.said[memory.of_node[at] as usize].1;
        if !said.armed || still && !said.finds {
            return Verdict::default();
        }
        let evidence = Evidence::new(self, record, memory, record.nodes()[at], said);
        let Judging { agreeing, values, .. } = memory;
        agreeing.clear();
        agreeing.extend(said.rules.iter().filter(|r| self.agrees(**r, &evidence)));
        let object = memory.objects[counted_with(record.nodes()[at], at)];
        let labels = evidence.labels || are_labels(object.labels as usize, object.judged as usize);
        self.weigh(record.text(segment, unit), segment.role == Role::Number, agreeing, labels, values)
    }

    fn agrees(&self, rule: u16, evidence: &Evidence) -> bool {
        matches!(&self.rules.rule(RuleId(rule)).matcher, Matcher::Field(field) if evidence.agrees(field))
    }

    fn is_soft(&self, rule: u16) -> bool {
        matches!(&self.rules.rule(RuleId(rule)).matcher, Matcher::Field(field) if shape::soft(field.shape))
    }

    /// What a value is under a name for which these rules speak, in an object that holds a program's `labels` or not.
    fn weigh(&self, text: &[u8], bare: bool, rules: &[u16], labels: bool, known: &mut Memory) -> Verdict {
        let mut verdict = Verdict::default();
        let value = trimmed(text);
        let hole = || self.values.is_placeholder(&text[value.range()], &self.names);
        if value.is_empty() || known.placeholder(&text[value.range()], hole) {
            return verdict;
        }
        // Where none of the rules may make findings, the first one's word is all there is to say.
        if let Some(&first) = rules.first()
            && self.speaks[first as usize]
            && !rules.iter().any(|r| self.enabled[*r as usize])
        {
            verdict.hint = Some(self.rules.rule(RuleId(first)).entity);
            return verdict;
        }
        let fits = Value { text: &text[value.range()], bare, values: &self.values, names: &self.names };
        for &r in rules {
            let rule = self.rules.rule(RuleId(r));
            let Matcher::Field(field) = &rule.matcher else { continue };
            if self.speaks[r as usize] {
                verdict.hint = verdict.hint.or(Some(rule.entity));
            }
            if labels && shape::soft(field.shape) {
                continue;
            }
            let fitted = known.fitted(fits.text, field.shape, fits.bare, || fits.fits(field.shape));
            let Some(span) = fitted else { continue };
            let span = span.shifted(value.start);
            if self.enabled[r as usize] && span.len() <= crate::model::MAX_FINDING {
                verdict.whole = Some(Whole { entity: rule.entity, rule: RuleId(r), span, score: rule.score });
            }
            break;
        }
        verdict
    }

    /// What the names say of each segment of `record`, whatever the values: for records that are built alike.
    pub(super) fn outline(&self, record: &Record, memory: &mut Judging) -> Outline {
        let mut outline = Outline::default();
        self.look_up(record, memory);
        self.gather(record, memory);
        for segment in &record.segments {
            let mut named = Named::default();
            if let Some(at) = judged(segment) {
                let at = memory.field[at.index()] as usize;
                let said = &memory.said[memory.of_node[at] as usize].1;
                let evidence = Evidence::new(self, record, memory, record.nodes()[at], said);
                named.object = counted_with(record.nodes()[at], at);
                named.labels = evidence.labels;
                named.counts = segment.role == Role::Value && !said.rules.is_empty();
                named.rules.extend(said.rules.iter().filter(|r| self.agrees(**r, &evidence)));
                named.speaks = named.rules.iter().any(|r| self.speaks[*r as usize]);
                let first = named.rules.first().is_some_and(|r| self.speaks[*r as usize]);
                named.plain = first && !named.rules.iter().any(|r| self.enabled[*r as usize]);
                named.finds = named.rules.iter().any(|r| self.enabled[*r as usize]);
                named.soft = !named.labels && named.rules.iter().any(|r| self.is_soft(*r));
            }
            outline.segments.push(named);
        }
        outline
    }

    /// What a value is in a segment of an outline; `labels`: whether the object it stands in holds labels, by its values.
    pub(super) fn in_outline(
        &self,
        named: &Named,
        text: &[u8],
        bare: bool,
        labels: bool,
        memory: &mut Judging,
    ) -> Verdict {
        self.weigh(text, bare, &named.rules, named.labels || labels, &mut memory.values)
    }

    /// Whether a value tells that its object is a form: it is what a program calls a field. A role is no sign of that: `agent: "Agent"` stands
    /// beside names.
    fn tells_form(&self, value: &[u8]) -> bool {
        self.values.is_label(value, &self.names) && !self.values.is_role(value, &self.names)
    }

    /// As [`Fields::tells_form`], remembered.
    pub(super) fn is_label(&self, text: &[u8], memory: &mut Judging) -> bool {
        let value = text.trim_ascii();
        memory.values.label(value, || self.tells_form(value))
    }
}

/// Whether so many of an object's values are labels that the others are, too.
pub(super) fn are_labels(labels: usize, of: usize) -> bool {
    labels > 0 && labels * 3 >= of
}

/// See [`Fields::outline`].
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// One for each segment of the record.
    pub segments: Vec<Named>,
}

/// What a segment's name says, whatever its value.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The rules that speak for it.
    pub rules: Vec<u16>,
    /// One of them counts as a word beside the value.
    pub speaks: bool,
    /// One of them may make findings.
    pub finds: bool,
    /// None may, and the first speaks: whether values are labels makes no difference.
    pub plain: bool,
    /// Its object holds labels by its name, or by names in it.
    pub labels: bool,
    /// Whether the values around are labels may make a difference.
    pub soft: bool,
    /// The object whose labels tell whether its value is one.
    pub object: usize,
    /// Its value counts among those of the object that may be labels.
    pub counts: bool,
}

/// What speaks for and fair a field being what its name says.
struct Evidence {
    /// Groups of the object's own name, of those of its wrappers, of the words before the field's name.
    parents: u128,
    /// Groups of the fields beside it.
    beside: u128,
    /// Groups of the fields beside it and in the objects around.
    around: u128,
    /// As `around`, of names that stand in these objects themselves.
    near: u128,
    /// The object holds a program's labels, by its name or those in it.
    labels: bool,
    /// A part of the format.
    part: bool,
}

impl Evidence {
    fn new(fields: &Fields, record: &Record, memory: &Judging, node: Node, said: &Said) -> Evidence {
        let object = memory.objects[place(node.parent)];
        let mut evidence = Evidence {
            parents: said.prefix,
            beside: object.own,
            around: 0,
            near: 0,
            labels: false,
            part: matches!(node.step, Step::Part(_)),
        };
        let mut outer = node.parent;
        let mut named = false;
        for _ in 0..AROUND {
            let Some(id) = outer else { break };
            let groups = memory.said[memory.of_node[id.index()] as usize].1.groups;
            let up = record.at(id);
            if !named && !matches!(up.step, Step::Index(_)) {
                evidence.parents |= groups;
                named = groups & fields.wrapper == 0;
            }
            outer = up.parent;
        }
        let mut outer = node.parent;
        for _ in 0..AROUND {
            let object = memory.objects[place(outer)];
            evidence.near |= object.own;
            evidence.around |= object.own | object.below;
            // An array's other elements are other people.
            let Some(id) = outer else { break };
            if matches!(record.at(id).step, Step::Index(_)) {
                break;
            }
            outer = record.at(id).parent;
        }
        evidence.labels = (object.own | evidence.parents) & fields.labels != 0;
        evidence
    }

    /// Whether what the field needs is there, and nothing that speaks fair it.
    fn agrees(&self, field: &FieldMatcher) -> bool {
        let by_parent = self.parents & field.parents != 0 && self.parents & field.unless == 0;
        // Somebody's name and address settle that the record is theirs, whichever company is named beside.
        let settled = field.settled != 0 && self.beside & field.settled == field.settled;
        let against = if settled { field.unless & !field.despite } else { field.unless };
        let fair = |here: u128| here & against == 0 && self.parents & field.unless == 0;
        match field.needs {
            _ if self.part && field.parts => true,
            Needs::Nothing => fair(self.beside),
            Needs::Object => by_parent || self.beside & field.siblings != 0 && fair(self.beside),
            Needs::Record => by_parent || self.around & field.siblings != 0 && fair(self.near),
        }
    }
}

/// The text without blanks, marks of direction and zero-width characters around it.
fn trimmed(text: &[u8]) -> Span {
    let blank =
        |c: char| c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}');
    let ends = [chars::after(text, 0), chars::before(text, text.len())];
    if ends.iter().flatten().all(|(c, _)| !blank(*c)) {
        return Span::new(0, text.len());
    }
    let Ok(s) = std::str::from_utf8(text) else { return Span::new(0, text.len()) };
    let start = s.len() - s.trim_start_matches(blank).len();
    Span::new(start, start + s.trim_matches(blank).len())
}

/// The node of a segment that is judged by its name.
fn judged(segment: &Segment) -> Option<NodeId> {
    matches!(segment.role, Role::Value | Role::Number | Role::Text).then_some(segment.node).flatten()
}

/// The index among the objects of the one whose labels tell whether the value of node `at` is one: that in which it stands. A part of a
/// format is one by itself: that one cue's speaker is called by a role says nothing of another's.
fn counted_with(node: Node, at: usize) -> usize {
    if let Step::Part(_) = node.step { at + 1 } else { place(node.parent) }
}

/// The index among the objects of the one that a node is in.
fn place(parent: Option<NodeId>) -> usize {
    parent.map_or(0, |p| p.index() + 1)
}
