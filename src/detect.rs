//! What is personal data: one text in, hits out. Knows no formats, files or policies.
//!
//! A text is folded ([`fold`]: full-width, zero-width, entities, percent-encoding), swept once for anchors
//! ([`anchors`]: where something could stand), and verified there by the rules that asked for that kind of anchor.
//! What overlaps is resolved once ([`resolve`]). Before that, [`fields`] judges a record's values by their names.

pub mod anchors;
pub(crate) mod chars;
mod checks;
mod context;
mod dates;
mod domain;
pub mod examples;
pub mod explain;
pub mod fields;
pub(crate) mod fold;
mod groups;
mod ids;
mod own;
mod pattern;
pub mod plan;
pub mod replaced;
pub mod resolve;
pub mod review;
pub mod roster;

// One file an entity that needs code.
mod age;
mod birth;
mod card;
mod coordinates;
mod crypto;
mod damaged;
mod email;
mod iban;
mod ip;
mod mac;
mod national;
mod person;
mod phone;
mod social;
mod special;
mod ssn;
mod url;

use crate::error::Result;
use crate::model::record::Record;
use crate::model::{EntityType, RuleId, Span, Stops};
use crate::patterns::lists::Allowed;
use crate::patterns::{Matcher, Rule, RuleSet};
use anchors::{Anchor, Cursor, Folding, Kinds};
use damaged::{Damaged, Ways};
use fields::Verdict;
use std::sync::Arc;

/// What a detector sees of a text.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The folded text: digits, spaces, dashes, dots and `@` of every script are ASCII; zero-width characters are gone;
    /// letters of other scripts stand as UTF-8; bytes that are no UTF-8 stand as they are.
    pub text: &'a [u8],
    /// What the field's name says that the value is, if it says anything. It counts as a context word.
    pub hint: Option<EntityType>,
}

/// A place in a view where a detector found its entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Bytes of the view.
    pub span: Span,
    /// 0 to 1.
    pub score: f32,
}

/// Finds one entity around anchors.
pub(crate) trait Detector: Send + Sync + std::fmt::Debug {
    /// The kinds of anchor it wants to be called for.
    fn kinds(&self) -> Kinds;

    /// The literals (in any case) that it wants to be called at, if [`Kinds::LITERAL`] is among its kinds.
    fn literals(&self) -> &[&'static str] {
        &[]
    }

    /// Whether it wants to be called at its literals within words, too.
    fn within_words(&self) -> bool {
        true
    }

    /// Whether it makes nothing of the digits `run` of a unit, a run in one group, whatever the text around and the field's name
    /// say. Bytes beside it may belong to another text; only the one before it may count, so that the answer holds for the same
    /// digits behind the same byte.
    fn dismisses(&self, unit: &[u8], run: Span) -> bool {
        let _ = (unit, run);
        false
    }

    /// Looks around `anchor` and adds what it finds to `out` (in order, none overlapping).
    ///
    /// Returns how far it has seen: it isn't called for anchors that start before that offset. Returning less than what it
    /// has looked at makes it look again, so return the end of what was found, or the anchor's end if there is nothing.
    /// It must look at a bounded distance around the anchor (see [`REACH`]), or time goes quadratic on hostile input.
    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize;
}

/// Finds what many rules name in one look, where asking each of them would take too long.
pub(crate) trait Crowd: Send + Sync + std::fmt::Debug {
    /// As [`Detector::kinds`]; literals are none.
    fn kinds(&self) -> Kinds;

    /// As [`Detector::dismisses`].
    fn dismisses(&self, unit: &[u8], run: Span) -> bool;

    /// As [`Detector::verify`], with the rule of each match.
    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<(RuleId, Match)>) -> usize;
}

/// How far around an anchor a detector may look for its value and its context, in bytes: a finding is never longer.
pub const REACH: usize = crate::model::MAX_FINDING;

/// From how many digits on a run is asked to be dismissed: a phone number may have fewer.
const IDS: usize = 14;

/// Whether a value's anchors are among its unit's: ids are dismissed there whatever the text around says, but not against their field's
/// name.
pub(crate) fn swept_with_unit(value: &[u8], verdict: &Verdict) -> bool {
    let has_id = || value.split(|b| !b.is_ascii_digit()).any(|digits| digits.len() >= IDS);
    verdict.hint.is_none() || value.len() < IDS || !has_id()
}

/// What the user chose.
#[derive(Debug, Clone)]
pub struct Options {
    /// Findings below are dropped.
    pub min_score: f32,
    /// ISO 3166 codes of the countries in whose national format a phone number may be written; empty: every country's,
    /// where shape, grouping or context is evidence enough.
    pub regions: Vec<String>,
    /// Values that are never findings.
    pub allowed: Allowed,
    /// By entity index: whether it is looked for. Empty: all that are not on request.
    pub enabled: Vec<bool>,
    /// By entity index: whether it was asked for by name or category, for the rules that look only then
    /// ([`Rule::on_request`]). Empty: those that `enabled` lists.
    pub asked: Vec<bool>,
    /// Which instructions the sweep uses; `None`: the best that this processor has. What is found does not depend on it.
    pub level: Option<anchors::Level>,
}

impl Options {
    /// Whether `entity` is looked for.
    pub fn wants(&self, rules: &RuleSet, entity: EntityType) -> bool {
        self.enabled.get(entity.index()).copied().unwrap_or(!rules.entity(entity).on_request)
    }

    /// Whether `rule` is to look: its entity is looked for and, where it looks on request only, was asked for.
    pub fn arms(&self, rules: &RuleSet, rule: &Rule) -> bool {
        let asked = if self.asked.is_empty() { &self.enabled } else { &self.asked };
        let asked = asked.get(rule.entity.index()).copied().unwrap_or(false);
        self.wants(rules, rule.entity) && (asked || !rule.on_request())
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            min_score: 0.5,
            regions: Vec::new(),
            allowed: Allowed::default(),
            enabled: Vec::new(),
            asked: Vec::new(),
            level: None,
        }
    }
}

/// Makes the detector of a rule with `code = NAME`. One row an entity that needs code.
fn code(name: &str, rule: &Rule, options: &Options) -> Option<Box<dyn Detector>> {
    Some(match name {
        "age" => Box::new(age::Age::new(rule)),
        "age-eastern" => Box::new(age::Age::eastern(rule)),
        "birth" => Box::new(birth::Birth::new(rule)),
        "card" => Box::new(card::Card::new(rule)),
        "card-damaged" => Box::new(Damaged::new(Box::new(card::Card::new(rule)), Ways::Card)),
        "card_cvc" => Box::new(card::Cvc::new(rule)),
        "card_expiry" => Box::new(card::Expiry::new(rule)),
        "coordinates" => Box::new(coordinates::Coordinates::new(rule)),
        "crypto" => Box::new(crypto::Crypto::new(rule)),
        "email" => Box::new(email::Email::new(rule)),
        "email-encoded" => Box::new(email::hidden::Hidden::encoded(rule)),
        "email-hidden" => Box::new(email::hidden::Hidden::new(rule)),
        "iban" => Box::new(iban::Iban::new(rule)),
        "introduced" => Box::new(person::Introduced::new(rule)),
        "ipv4" => Box::new(ip::V4::new(rule)),
        "ipv4-defanged" => Box::new(ip::Defanged::new(rule)),
        "ipv6" => Box::new(ip::v6::V6::new(rule)),
        "itin" => Box::new(ssn::Ssn::taxpayer(rule)),
        "mac" => Box::new(mac::Mac::new(rule)),
        "social-handle" => Box::new(social::Handle::new(rule)),
        "social-profile" => Box::new(social::Social::new(rule)),
        "roster" => Box::new(roster::Declared::new(rule)),
        "url" => Box::new(url::Url::new(rule)),
        "phone" => Box::new(phone::Phone::new(rule, options)),
        "phone-damaged" => Box::new(Damaged::new(Box::new(phone::Phone::new(rule, options)), Ways::Phone)),
        "ssn" => Box::new(ssn::Ssn::new(rule)),
        _ => return None,
    })
}

/// The names that `code =` knows, for messages.
pub(crate) const CODES: &[&str] = &[
    "age",
    "age-eastern",
    "birth",
    "card",
    "card-damaged",
    "card_cvc",
    "card_expiry",
    "coordinates",
    "crypto",
    "email",
    "email-encoded",
    "email-hidden",
    "iban",
    "introduced",
    "ipv4",
    "ipv4-defanged",
    "ipv6",
    "itin",
    "mac",
    "phone",
    "phone-damaged",
    "roster",
    "social-handle",
    "social-profile",
    "ssn",
    "url",
];

#[derive(Debug)]
struct Armed {
    rule: RuleId,
    entity: EntityType,
    detector: Box<dyn Detector>,
}

/// A hit in a segment's text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// What it is.
    pub entity: EntityType,
    /// The rule that found it.
    pub rule: RuleId,
    /// Bytes of the segment's text.
    pub span: Span,
    /// 0 to 1.
    pub score: f32,
    /// How a replacement must be written besides the segment's own layers: it stands among entities or in a URL.
    pub wrap: Option<crate::model::Layer>,
}

/// The compiled rules: immutable, shared by threads. Finds personal data in one text at a time.
#[derive(Debug)]
pub struct Detectors {
    rules: Arc<RuleSet>,
    armed: Vec<Armed>,
    crowds: Vec<(Kinds, Box<dyn Crowd>)>,
    /// By kind of anchor: which of the armed rules are called for it.
    by_kind: [Vec<u32>; anchors::KINDS],
    /// Each armed rule alone, for its own literals.
    own: Vec<[u32; 1]>,
    sweep: anchors::Sweep,
    /// Some literal has characters in it that others fold to: each text that folds is looked at.
    odd_literals: bool,
    allowed: Allowed,
    fields: fields::Fields,
    min_score: f32,
    /// The rule for names that the input has declared, if it is armed, and its score.
    recalls: Option<(RuleId, f32)>,
    /// By rule: what it finds declares a name.
    declares: Vec<bool>,
}

/// A worker's buffers, kept from text to text, for one set of detectors.
#[derive(Debug, Default)]
pub struct Scratch {
    anchors: Vec<Anchor>,
    done: Vec<usize>,
    matches: Vec<Match>,
    crowd: Vec<(RuleId, Match)>,
    folded: fold::Folded,
    blanked: Vec<u8>,
    dismissed: ids::Dismissed,
    /// Anchors of the unit at hand, by their first byte.
    unit: Vec<Anchor>,
    cursor: Cursor,
    judging: fields::Judging,
    hits: Vec<Hit>,
}

impl Detectors {
    /// Compiles the rules that `options` enables.
    ///
    /// # Errors
    ///
    /// A rule's pattern that does not compile, a `code` that doesn't exist.
    pub fn new(rules: Arc<RuleSet>, options: &Options) -> Result<Detectors> {
        let mut armed = Vec::new();
        let (mut national, mut special) = (Vec::new(), Vec::new());
        let mut sweep = anchors::Sweep::builder();
        for (i, rule) in rules.rules().iter().enumerate() {
            if !options.arms(&rules, rule) {
                continue;
            }
            let detector: Box<dyn Detector> = match &rule.matcher {
                Matcher::Code(name) => {
                    code(name, rule, options).ok_or_else(|| rules.unknown_code(rule, name, CODES))?
                }
                Matcher::Pattern(p) => {
                    let d = pattern::Pattern::new(rule, p)?;
                    // One of the built-in regexes takes as long to compile as a page to scan: each waits until it is needed.
                    if !rules.is_builtin(RuleId(i as u16)) {
                        d.compile()?;
                    }
                    if !p.anchors.is_empty() {
                        // A letter or digit that begins a match must begin a word, unless the rule says otherwise.
                        let begins =
                            |a: &&str| p.lead == 0 && p.word && a.starts_with(|c: char| c.is_ascii_alphanumeric());
                        let (words, inner): (Vec<&str>, Vec<&str>) =
                            p.anchors.iter().map(String::as_str).partition(begins);
                        // Behind a space a word begins, and looking for those costs less.
                        let spaced = |a: &&str| {
                            p.lead > 0
                                && a.strip_prefix(' ')
                                    .is_some_and(|a| a.starts_with(|c: char| c.is_ascii_alphanumeric()))
                        };
                        let (spaced, inner): (Vec<&str>, Vec<&str>) = inner.into_iter().partition(spaced);
                        let words: Vec<&str> = words.into_iter().chain(spaced.iter().map(|a| &a[1..])).collect();
                        sweep.literals(armed.len(), false, &words);
                        sweep.literals(armed.len(), true, &inner);
                    }
                    Box::new(d)
                }
                Matcher::National(_) => {
                    national.push((RuleId(i as u16), rule));
                    continue;
                }
                Matcher::Special(_) => {
                    special.push((RuleId(i as u16), rule));
                    continue;
                }
                Matcher::Field(_) | Matcher::Listed => continue,
            };
            sweep.want(detector.kinds());
            sweep.literals(armed.len(), detector.within_words(), detector.literals());
            armed.push(Armed { rule: RuleId(i as u16), entity: rule.entity, detector });
        }
        let mut crowds: Vec<(Kinds, Box<dyn Crowd>)> = Vec::new();
        if !national.is_empty() {
            let crowd = national::National::new(&national)?;
            sweep.want(crowd.kinds());
            crowds.push((crowd.kinds(), Box::new(crowd)));
        }
        if !special.is_empty() {
            let crowd = special::Special::new(&special);
            sweep.want(crowd.kinds());
            crowds.push((crowd.kinds(), Box::new(crowd)));
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.:/=@[]{}<>".contains(&b);
        let odd_literals = sweep.any_literal(|l| !fold::is_bracketed(l) && !l.bytes().all(plain));
        let sweep = sweep.build(options.level);
        let by_kind = std::array::from_fn(|k| {
            let wants = |a: &Armed| a.detector.kinds().holds(Kinds::nth(k));
            (0..armed.len()).filter(|&i| wants(&armed[i])).map(|i| i as u32).collect()
        });
        let own = (0..armed.len() as u32).map(|i| [i]).collect();
        let fields = fields::Fields::new(Arc::clone(&rules), options);
        let roster = |a: &&Armed| matches!(&rules.rule(a.rule).matcher, Matcher::Code(c) if c == "roster");
        let recalls = armed.iter().find(roster).map(|a| (a.rule, rules.rule(a.rule).score));
        let person = recalls.map(|(rule, _)| rules.rule(rule).entity);
        let declares = |r: &Rule| matches!(r.matcher, Matcher::Field(_)) && Some(r.entity) == person;
        let declares = rules.rules().iter().map(declares).collect();
        Ok(Detectors {
            recalls,
            declares,
            rules,
            armed,
            crowds,
            by_kind,
            own,
            sweep,
            odd_literals,
            fields,
            allowed: options.allowed.clone(),
            min_score: options.min_score,
        })
    }

    /// The armed rules to call at `anchor`.
    fn callees(&self, anchor: &Anchor) -> &[u32] {
        match anchor {
            Anchor::Literal { rule, .. } => &self.own[*rule as usize],
            a => &self.by_kind[a.kind().index()],
        }
    }

    /// Whether no rule makes anything of a run, because it is one group of digits: the ids that records are full of.
    fn dismissed(&self, unit: &[u8], run: Span) -> bool {
        let digits = &unit[run.range()];
        digits.iter().all(u8::is_ascii_digit)
            && self.by_kind[Kinds::RUN.index()].iter().all(|i| self.armed[*i as usize].detector.dismisses(unit, run))
            && self.crowds.iter().all(|(_, c)| c.dismisses(unit, run))
    }

    /// The rules.
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// The score below which findings are dropped.
    pub fn min_score(&self) -> f32 {
        self.min_score
    }

    /// Fills `verdicts` with what the names of the fields say, one for each segment of the record. `still`, by segment: nothing
    /// could stand in it, so that a name that only adds to what stands there has nothing to say.
    pub fn judge(
        &self,
        unit: &[u8],
        record: &Record,
        still: &[bool],
        scratch: &mut Scratch,
        verdicts: &mut Vec<Verdict>,
    ) {
        self.fields.judge(unit, record, still, &mut scratch.judging, verdicts);
    }

    /// The rule for names that the input has declared, if it is armed, and the score of a full name.
    pub fn recalls(&self) -> Option<(RuleId, f32)> {
        self.recalls
    }

    /// Whether what `rule` finds declares a name.
    pub fn declares(&self, rule: RuleId) -> bool {
        self.declares[rule.index()]
    }

    /// Whether the user's list says that `value` is no finding.
    pub fn allows(&self, value: &[u8]) -> bool {
        self.allowed.holds(value)
    }

    /// Adds to `out` the segments of `record` that hold what somebody has written or said.
    pub fn bodies(&self, record: &Record, scratch: &mut Scratch, out: &mut Vec<u32>) {
        self.fields.bodies(record, &mut scratch.judging, out);
    }

    /// Whether a value of `record` may be found by its field's name alone.
    pub fn names_find(&self, record: &Record, scratch: &mut Scratch) -> bool {
        self.fields.may_find(record, &mut scratch.judging)
    }

    /// As [`Detectors::find`] for the value of a field, with what its name says.
    ///
    /// `stands`: the text is these bytes of the unit that was given to [`Detectors::sweep_unit`] last.
    pub fn find_value(
        &self,
        text: &[u8],
        stands: Option<Span>,
        verdict: &Verdict,
        scratch: &mut Scratch,
        out: &mut Vec<Hit>,
    ) {
        let first = out.len();
        self.look(text, stands, verdict.hint, scratch, out);
        let Some(whole) = verdict.whole else { return };
        let value = &text[whole.span.range()];
        if self.allowed.holds(value) {
            return;
        }
        // Entities that the value is written with are what its replacement must be written with.
        let markup = memchr::memchr(b'&', value).is_some()
            && fold::fold(value, &mut scratch.folded)
            && scratch.folded.back(Span::new(0, scratch.folded.text().len())).1 == fold::Atoms::Markup;
        let wrap = markup.then_some(crate::model::Layer::Markup);
        let hit = Hit { entity: whole.entity, rule: whole.rule, span: whole.span, score: whole.score, wrap };
        resolve::settle(out, first, hit);
    }

    /// Adds to `out` what stands in `text`, resolved and in order, none overlapping.
    pub fn find(&self, text: &[u8], hint: Option<EntityType>, scratch: &mut Scratch, out: &mut Vec<Hit>) {
        self.look(text, None, hint, scratch, out);
    }

    /// Sweeps a whole unit at once: cheaper than its segments one by one, where they are short and stand in it as they are.
    /// Fills `stops`, if asked.
    pub fn sweep_unit(&self, unit: &[u8], stops: Option<&mut Stops>, scratch: &mut Scratch) {
        scratch.unit.clear();
        scratch.cursor = Cursor::default();
        self.sweep.sweep_unit(unit, stops, &mut scratch.unit);
        let dismissed = &mut scratch.dismissed;
        scratch.unit.retain_mut(|a| match *a {
            Anchor::Fold(at) => match fold::makes_anchors(unit, at) {
                Some(makes) => {
                    if !makes && !self.odd_literals {
                        *a = Anchor::Bland(at);
                    }
                    true
                }
                None => false,
            },
            Anchor::Run { start, end } if end - start >= IDS => {
                let run = Span::new(start, end);
                !dismissed.holds(unit, run, || self.dismissed(unit, run))
            }
            _ => true,
        });
    }

    /// Up to where, from `at` on, nothing stands in the unit at hand, whatever names say. To be asked in order, as
    /// [`Detectors::stirs`].
    pub fn still_until(&self, at: usize, scratch: &mut Scratch) -> usize {
        if self.sweep.wants_text() { at } else { scratch.cursor.still_until(&scratch.unit, at) }
    }

    /// Whether it is known that nothing stands in these bytes of the unit at hand, whatever names say: `true` is sure.
    pub fn is_quiet(&self, span: Span, scratch: &Scratch) -> bool {
        !self.sweep.wants_text() && scratch.cursor.is_quiet(span)
    }

    /// Whether something could stand in these bytes of the unit at hand, whatever its name says. To be asked in order, where
    /// [`Sweep::cut`](anchors::Sweep::cut) may be.
    #[inline]
    pub fn stirs(&self, unit: &[u8], span: Span, scratch: &mut Scratch) -> bool {
        self.sweep.wants_text() || scratch.cursor.stirs(&scratch.unit, span, unit)
    }

    fn look(
        &self,
        text: &[u8],
        stands: Option<Span>,
        hint: Option<EntityType>,
        scratch: &mut Scratch,
        out: &mut Vec<Hit>,
    ) {
        let first = out.len();
        let Scratch { anchors, unit, cursor, done, matches, crowd, folded, blanked, .. } = scratch;
        anchors.clear();
        let folds = stands.map(|span| self.sweep.cut(unit, cursor, span, text, anchors));
        if anchors.is_empty() && matches!(folds, Some(Folding::No | Folding::Bland)) {
            return;
        }
        let is_folded = folds != Some(Folding::No) && fold::fold(text, folded);
        let whole = if is_folded { folded.text() } else { text };
        if is_folded || folds.is_none() {
            anchors.clear();
            self.sweep.sweep(whole, anchors);
        }
        if anchors.is_empty() {
            return;
        }
        let view = View { text: if own::blank(whole, blanked) { blanked } else { whole }, hint };
        let mut keep = |rule: RuleId, entity: EntityType, m: &Match| {
            let found = &view.text[m.span.range()];
            if m.score < self.min_score || found != &whole[m.span.range()] || self.allowed.holds(found) {
                return;
            }
            let (span, atoms) = if is_folded { folded.back(m.span) } else { (m.span, fold::Atoms::None) };
            out.push(Hit { entity, rule, span, score: m.score, wrap: own::wrap(view.text, m.span, atoms) });
        };
        done.clear();
        done.resize(self.armed.len() + self.crowds.len(), 0);
        for anchor in anchors.iter() {
            for &i in self.callees(anchor) {
                let (i, a) = (i as usize, &self.armed[i as usize]);
                if anchor.start() < done[i] {
                    continue;
                }
                matches.clear();
                done[i] = done[i].max(a.detector.verify(&view, anchor, matches));
                matches.iter().for_each(|m| keep(a.rule, a.entity, m));
            }
            for ((kinds, c), done) in self.crowds.iter().zip(&mut done[self.armed.len()..]) {
                if !kinds.holds(anchor.kind()) || anchor.start() < *done {
                    continue;
                }
                crowd.clear();
                *done = (*done).max(c.verify(&view, anchor, crowd));
                crowd.iter().for_each(|(rule, m)| keep(*rule, self.rules.rule(*rule).entity, m));
            }
        }
        resolve::resolve(out, first);
    }
}

/// `text` as the detectors see it: see [`fold`].
pub fn folded(text: &[u8]) -> Vec<u8> {
    let mut out = fold::Folded::default();
    if fold::fold(text, &mut out) { out.text().to_vec() } else { text.to_vec() }
}
