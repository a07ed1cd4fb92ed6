//! Where something could stand: one sweep over a text that names the places worth a detector's time.
//!
//! The contract: a sweep may wave too much through, it never holds a match back. Each [`Anchor`] says in its documentation
//! what is promised.

#![allow(unsafe_code, reason = "vector instructions; each block says why it is sound")]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod blocks;
mod buckets;
mod folds;
mod lanes;
mod literals;
mod masks;
#[cfg(test)]
mod oracle;
mod portable;

use crate::model::{Span, Stops};
use literals::{Literal, Literals};

/// A place where something could stand. All offsets are bytes of the swept text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// An `@`. Every `@` has one.
    At(usize),
    /// A maximal stretch of digits with at most three separators (space, tab, line break, `.` `-` `(` `)` `/` `+` `_`) between
    /// two of them, that holds at least seven digits; from its first to its last digit.
    ///
    /// Left out is what no detector makes anything of: of one group, 7, 8, 10 or 11 digits right behind an ASCII letter or `_`,
    /// and 20 digits and more unless a space stands before; of several groups with less than 12 digits, what begins with a
    /// date (a year of 1800 to 2099, month and day, with one of `-` `/` `.` between), unless a `+` or letter and a space stand before;
    /// what is built as a date, with dashes, before a letter, two digits and a `:` (a timestamp); and a cue's number with the hours of its
    /// times below: less than seven digits, a line break, and two more before a `:`, two bytes and another `:`, or three or four more
    /// before these, two digits and a `.` or `,`.
    Run {
        /// The first digit.
        start: usize,
        /// One past the last digit.
        end: usize,
    },
    /// The first of three dots in a row that stand one to three digits apart with a digit on either side.
    Dots(usize),
    /// A `:` right behind another, or the third of three that stand at most five bytes apart (of a time with hours, minutes and
    /// seconds there are two); or the third `-` of three that stand three apart (a MAC address with dashes); or the second `.`
    /// of two that stand five apart (`0011.2233.4455`).
    Colons(usize),
    /// Two letters and two digits where a word begins: an IBAN may start here.
    Iban(usize),
    /// A `.` with a digit before it and at least three and at most 17 after it, behind which stands what may part a latitude from a
    /// longitude or name its side: `,` `;` `/`, the first byte of `°`, one of the letters `NSEWO` in any case; or a space and then
    /// one of these or a space.
    Decimal(usize),
    /// A stretch of at least 25 ASCII letters and digits.
    Long {
        /// First byte.
        start: usize,
        /// One past the last.
        end: usize,
    },
    /// A word of 9 to 18 ASCII letters and digits that begins with a letter or digit behind none, and in which a letter stands right
    /// behind three to seven digits that stand right behind a letter; its first byte.
    Code(usize),
    /// A literal that a rule asked for, in any case; unless the rule wants it within words, only where one begins: behind what is
    /// no ASCII letter or digit, or at a capital behind a small letter.
    Literal {
        /// Which of the armed rules.
        rule: u32,
        /// Its first byte.
        start: usize,
    },
    /// Where a text could fold: `&`, `%`, and the first byte of at least every character of other scripts that does. Asked for
    /// only of units ([`Sweep::sweep_unit`]): the detectors' text is folded.
    Fold(usize),
    /// As that, where what it folds to makes no anchor: it counts only if the text is looked at for another reason. A sweep makes
    /// none; who knows what folds turns others into it.
    Bland(usize),
    /// The text as a whole, once: for rules without a literal.
    Text,
}

impl Anchor {
    /// Its first byte.
    pub fn start(&self) -> usize {
        match *self {
            Anchor::At(i) | Anchor::Dots(i) | Anchor::Colons(i) | Anchor::Iban(i) | Anchor::Decimal(i) => i,
            Anchor::Code(i) => i,
            Anchor::Fold(i) | Anchor::Bland(i) => i,
            Anchor::Run { start, .. } | Anchor::Long { start, .. } | Anchor::Literal { start, .. } => start,
            Anchor::Text => 0,
        }
    }

    /// The same anchor in `text`, the bytes `span` of the text it was found in; `None` if too little of it lies there.
    fn within(self, span: Span, text: &[u8]) -> Option<Anchor> {
        let at = |i: usize| i - span.start;
        Some(match self {
            Anchor::At(i) => Anchor::At(at(i)),
            Anchor::Dots(i) => Anchor::Dots(at(i)),
            Anchor::Colons(i) => Anchor::Colons(at(i)),
            Anchor::Iban(i) => Anchor::Iban(at(i)),
            Anchor::Decimal(i) => Anchor::Decimal(at(i)),
            Anchor::Code(i) => Anchor::Code(at(i)),
            Anchor::Literal { rule, start } => Anchor::Literal { rule, start: at(start) },
            Anchor::Text => Anchor::Text,
            Anchor::Fold(i) => Anchor::Fold(at(i)),
            Anchor::Bland(i) => Anchor::Bland(at(i)),
            Anchor::Long { start, end } => {
                let (start, end) = (at(start), at(end.min(span.end)));
                (end - start >= blocks::LONG).then_some(Anchor::Long { start, end })?
            }
            Anchor::Run { start, end } if start >= span.start && end <= span.end => {
                Anchor::Run { start: at(start), end: at(end) }
            }
            Anchor::Run { start, end } => {
                // It may begin in the line before.
                let (start, end) = (at(start.max(span.start)), at(end.min(span.end)));
                let start = start + text[start..end].iter().position(u8::is_ascii_digit)?;
                let run = &text[start..end];
                let end = start + run.iter().rposition(u8::is_ascii_digit).map_or(0, |i| i + 1);
                let digits = run.iter().filter(|b| b.is_ascii_digit()).count();
                (digits >= blocks::DIGITS).then_some(Anchor::Run { start, end })?
            }
        })
    }

    /// Its kind, for [`Kinds::holds`].
    pub fn kind(&self) -> Kinds {
        match self {
            Anchor::At(_) => Kinds::AT,
            Anchor::Run { .. } => Kinds::RUN,
            Anchor::Dots(_) => Kinds::DOTS,
            Anchor::Colons(_) => Kinds::COLONS,
            Anchor::Iban(_) => Kinds::IBAN,
            Anchor::Decimal(_) => Kinds::DECIMAL,
            Anchor::Long { .. } => Kinds::LONG,
            Anchor::Literal { .. } => Kinds::LITERAL,
            Anchor::Text => Kinds::TEXT,
            Anchor::Fold(_) | Anchor::Bland(_) => Kinds::FOLD,
            Anchor::Code(_) => Kinds::CODE,
        }
    }
}

/// How many kinds of anchor there are.
pub(crate) const KINDS: usize = 11;

/// A set of kinds of anchor.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds(u16);

impl std::fmt::Debug for Kinds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; KINDS] =
            ["@", "digits", "dots", "colons", "IBAN head", "decimal", "long word", "literal", "text", "fold", "code"];
        let names: Vec<&str> = (0..NAMES.len()).filter(|i| self.0 >> i & 1 == 1).map(|i| NAMES[i]).collect();
        f.write_str(&names.join(" or "))
    }
}

impl Kinds {
    /// [`Anchor::At`].
    pub const AT: Kinds = Kinds(1);
    /// [`Anchor::Run`].
    pub const RUN: Kinds = Kinds(2);
    /// [`Anchor::Dots`].
    pub const DOTS: Kinds = Kinds(4);
    /// [`Anchor::Colons`].
    pub const COLONS: Kinds = Kinds(8);
    /// [`Anchor::Iban`].
    pub const IBAN: Kinds = Kinds(16);
    /// [`Anchor::Decimal`].
    pub const DECIMAL: Kinds = Kinds(32);
    /// [`Anchor::Long`].
    pub const LONG: Kinds = Kinds(64);
    /// [`Anchor::Literal`].
    pub const LITERAL: Kinds = Kinds(128);
    /// [`Anchor::Text`].
    pub const TEXT: Kinds = Kinds(256);
    /// [`Anchor::Fold`].
    pub const FOLD: Kinds = Kinds(512);
    /// [`Anchor::Code`].
    pub const CODE: Kinds = Kinds(1024);

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// The `n`th kind, from 0 up to [`KINDS`].
    pub(crate) const fn nth(n: usize) -> Kinds {
        Kinds(1 << n)
    }

    /// Which kind this is, where it is one.
    pub(crate) const fn index(self) -> usize {
        self.0.trailing_zeros() as usize
    }

    /// Whether `other` is among them.
    pub const fn holds(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }
}

/// The compiled sweep: which kinds of anchor are wanted, and the rules' literals.
#[derive(Debug)]
pub struct Sweep {
    kinds: Kinds,
    literals: Literals,
    level: Level,
}

/// Which instructions the sweep uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// None in particular.
    Portable,
    /// AVX2 with BMI1, BMI2, LZCNT and POPCNT.
    Avx2,
    /// These, AVX-512 F, BW, VBMI and VBMI2, and GFNI (Ice Lake, Zen 4 and later).
    Avx512,
}

impl Level {
    /// All of them.
    pub const ALL: [Level; 3] = [Level::Portable, Level::Avx2, Level::Avx512];

    /// Whether this processor has the instructions.
    pub fn available(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        let (avx2, avx512) = (
            is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("lzcnt")
                && is_x86_feature_detected!("popcnt"),
            is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vbmi2")
                && is_x86_feature_detected!("gfni"),
        );
        #[cfg(not(target_arch = "x86_64"))]
        let (avx2, avx512) = (false, false);
        match self {
            Level::Portable => true,
            Level::Avx2 => avx2,
            Level::Avx512 => avx2 && avx512,
        }
    }

    /// The best that this processor has.
    pub fn best() -> Level {
        Level::ALL.into_iter().rev().find(|l| l.available()).unwrap_or(Level::Portable)
    }

    /// The name that options take: `portable`, `avx2`, `avx512`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Portable => "portable",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }
}

/// A place among the anchors of a unit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cursor {
    at: usize,
    /// The last run before it.
    run: Option<(usize, usize)>,
    /// Bytes of the unit in which no anchor stands, as far as they were looked at.
    quiet: Span,
    /// Where the record at hand begins, if that is known, with where it was there.
    back: Option<Back>,
}

/// A place to go back to.
#[derive(Debug, Clone, Copy)]
struct Back {
    start: usize,
    at: usize,
    run: Option<(usize, usize)>,
}

impl Cursor {
    /// Goes to the first anchor that does not begin before `start`.
    fn to(&mut self, all: &[Anchor], start: usize) {
        let run = |a: &Anchor| match *a {
            Anchor::Run { start, end } => Some((start, end)),
            _ => None,
        };
        let behind = all.get(self.at.wrapping_sub(1)).is_some_and(|a| a.start() >= start) || self.at > all.len();
        if behind && let Some(back) = self.back.filter(|b| b.start <= start && b.at <= all.len()) {
            (self.at, self.run) = (back.at, back.run);
        } else if behind {
            self.at = all.partition_point(|a| a.start() < start);
            self.run = all[..self.at].iter().rev().find_map(run);
        }
        while let Some(a) = all.get(self.at).filter(|a| a.start() < start) {
            self.run = run(a).or(self.run);
            self.at += 1;
        }
    }

    /// Up to where no anchor stands from `at` on.
    pub fn still_until(&mut self, all: &[Anchor], at: usize) -> usize {
        self.to(all, at);
        // The values of a record are not all asked about in order.
        self.back = Some(Back { start: at, at: self.at, run: self.run });
        if self.run.is_some_and(|(_, end)| end > at) {
            return at;
        }
        let next = all.get(self.at).map_or(usize::MAX, Anchor::start);
        self.quiet = Span::new(at, next);
        next
    }

    /// Whether no anchor stands in the bytes `span` of the unit, as far as that is known: `true` is sure.
    #[inline]
    pub fn is_quiet(&self, span: Span) -> bool {
        self.quiet.covers(span)
    }

    /// Whether an anchor stands in the bytes `span` of the unit that is reason enough to look at them.
    #[inline]
    pub fn stirs(&mut self, all: &[Anchor], span: Span, unit: &[u8]) -> bool {
        !self.is_quiet(span) && self.wakes(all, span, unit)
    }

    /// As that, where it isn't known.
    fn wakes(&mut self, all: &[Anchor], span: Span, unit: &[u8]) -> bool {
        self.to(all, span.start);
        let next = all.get(self.at).map_or(usize::MAX, Anchor::start);
        if next >= span.end && self.run.is_none_or(|(_, end)| end <= span.start) {
            self.quiet = Span::new(span.start, next);
            return false;
        }
        // Of a run that goes through several lines, enough must lie in this one.
        let within = |a: Anchor| a.within(span, &unit[span.range()]).is_some();
        self.run.is_some_and(|(start, end)| end > span.start && within(Anchor::Run { start, end }))
            || all[self.at..].iter().take_while(|a| a.start() < span.end).any(|a| match a {
                Anchor::Bland(_) => false,
                Anchor::Run { end, .. } if *end > span.end => within(*a),
                _ => true,
            })
    }
}

/// Whether a text folds: see [`Sweep::cut`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folding {
    /// It doesn't.
    No,
    /// It does, and must be swept once it is if there is another anchor in it.
    Bland,
    /// It does, and must be swept once it is.
    Yes,
}

/// The most decimals of a coordinate.
const DECIMALS: usize = 17;

/// What may stand behind a coordinate's decimals: see [`Anchor::Decimal`].
const fn parts_coordinates(b: u8) -> bool {
    matches!(b | 0x20, b'n' | b's' | b'e' | b'w' | b'o') || matches!(b, b' ' | b',' | b';' | b'/' | 0xC2)
}

/// Collects what the rules want.
#[derive(Debug, Default)]
pub struct Builder {
    kinds: Kinds,
    literals: Vec<Literal>,
}

impl Builder {
    /// A detector wants these kinds.
    pub fn want(&mut self, kinds: Kinds) {
        self.kinds = self.kinds.and(kinds);
    }

    /// The armed rule `rule` wants to be called at each of `literals`; `inner`: also where one stands within a word.
    pub fn literals<L: AsRef<str>>(&mut self, rule: usize, inner: bool, literals: &[L]) {
        let all = literals.iter().map(|l| Literal { text: l.as_ref().into(), rule: rule as u32, inner });
        self.literals.extend(all);
    }

    /// Whether one of the literals is `odd`.
    pub fn any_literal(&self, odd: impl Fn(&str) -> bool) -> bool {
        self.literals.iter().any(|l| std::str::from_utf8(&l.text).is_ok_and(&odd))
    }

    /// Compiles the sweep: with the instructions of `level`, if this processor has them; else with the best that it has.
    pub fn build(self, level: Option<Level>) -> Sweep {
        let level = level.filter(|l| l.available()).unwrap_or_else(Level::best);
        Sweep { kinds: self.kinds, literals: Literals::new(self.literals), level }
    }
}

impl Sweep {
    /// Starts a new sweep.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Adds to `out` the anchors of a text that is the bytes `span` of a unit, from the unit's (see [`Sweep::sweep_unit`]). No
    /// letter, digit or dot may stand right before it there: an anchor that it has could be none in the unit.
    ///
    /// `cursor`: where the last call for this unit ended; most often this one goes on from there.
    pub fn cut(&self, all: &[Anchor], cursor: &mut Cursor, span: Span, text: &[u8], out: &mut Vec<Anchor>) -> Folding {
        cursor.to(all, span.start);
        if let Some((start, end)) = cursor.run
            && end > span.start
        {
            out.extend(Anchor::Run { start, end }.within(span, text));
        }
        let mut folds = Folding::No;
        for anchor in all[cursor.at..].iter().take_while(|a| a.start() < span.end) {
            match anchor {
                Anchor::Fold(_) => return Folding::Yes,
                Anchor::Bland(_) => folds = Folding::Bland,
                _ => out.extend(anchor.within(span, text)),
            }
        }
        if self.kinds.holds(Kinds::TEXT) && !text.is_empty() {
            out.push(Anchor::Text);
        }
        folds
    }

    /// Adds the anchors of `text` to `out`, by their first byte.
    pub fn sweep(&self, text: &[u8], out: &mut Vec<Anchor>) {
        if text.len() < blocks::LONG && text.iter().all(u8::is_ascii_digit) && !self.literals.digits {
            // An id, in a field by itself: see [`Anchor::Run`].
            if self.kinds.holds(Kinds::RUN) && (blocks::DIGITS..20).contains(&text.len()) {
                out.push(Anchor::Run { start: 0, end: text.len() });
            }
        } else {
            self.run(text, self.kinds, None, out);
        }
        if self.kinds.holds(Kinds::TEXT) && !text.is_empty() {
            out.push(Anchor::Text);
        }
    }

    /// Whether every text must be looked at: a rule without a literal is armed.
    pub fn wants_text(&self) -> bool {
        self.kinds.holds(Kinds::TEXT)
    }

    /// As [`Sweep::sweep`], for a unit: with where it could fold, and without [`Anchor::Text`]. Fills `stops`, if asked.
    pub fn sweep_unit(&self, unit: &[u8], stops: Option<&mut Stops>, out: &mut Vec<Anchor>) {
        self.run(unit, self.kinds.and(Kinds::FOLD), stops, out);
    }

    fn run(&self, text: &[u8], kinds: Kinds, stops: Option<&mut Stops>, out: &mut Vec<Anchor>) {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a level is only chosen where the processor has its features.
            Level::Avx512 => unsafe { avx512::sweep(text, kinds, &self.literals, stops, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Level::Avx2 => unsafe { avx2::sweep(text, kinds, &self.literals, stops, out) },
            _ => portable::sweep(text, kinds, &self.literals, stops, out),
        }
    }
}

#[cfg(test)]
mod tests;
