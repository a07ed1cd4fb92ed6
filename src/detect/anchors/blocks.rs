//! The sweep itself: one algorithm over batches of blocks of 64 bytes, each block seen as a few masks with a bit a byte. What
//! differs between processors is how the masks are made ([`Classify`]) and how those of a batch are worked with ([`Lanes`]).
//!
//! All questions (what stands one, two, five bytes before) are shifts of masks; bytes are looked at one by one only where an
//! anchor is about to be made. What is asked about bytes further on is asked where the last of them stands.

use super::lanes::{BEYOND, LANES, Lanes, Last, Places, Trail};
use super::literals::Literals;
use super::masks::{AHEAD, BATCH, BLOCK, Classify, Masks, is_separator};
use super::{Anchor, Kinds};
use crate::model::Stops;

/// The fewest digits of a run.
pub(super) const DIGITS: usize = 7;
/// The fewest characters of a long word.
pub(super) const LONG: usize = 25;

/// The most runs that end in a batch.
const RUNS: usize = BATCH / (DIGITS + 1) + 1;

/// The fewest and the most characters of a code, and the most digits in a row that are looked at.
const CODE_SHORTEST: usize = 9;
const CODE_LONGEST: usize = 18;
const CODE_DIGITS: usize = 7;

/// The kinds that need more than a few masks.
const WORDS: Kinds = Kinds::IBAN.and(Kinds::DECIMAL).and(Kinds::LONG).and(Kinds::CODE);

/// What is carried from batch to batch.
struct State<'a, L> {
    text: &'a [u8],
    kinds: Kinds,
    literals: &'a Literals,
    /// How many anchors of other texts there are.
    kept: usize,
    places: Places,
    runs: [[usize; 2]; RUNS],
    none: L,
    colon: Last<L>,
    pairs: Last<L>,
    dash: Last<L>,
    dot: Last<L>,
    dotted: Last<L>,
    dots: Last<L>,
    digit: Last<L>,
    letter: Last<L>,
    lower: Last<L>,
    word: Last<L>,
    long: [Last<L>; 5],
    separator: Last<L>,
    between: Last<L>,
    digits: Last<L>,
    run: Last<L>,
    row: [Last<L>; 3],
    begin: Last<L>,
    pair: Last<L>,
    four: Last<L>,
    eight: Last<L>,
    name: Last<L>,
    named: Last<L>,
    id: Last<L>,
    timed: Last<L>,
}

/// Sweeps `text` for `kinds`; see [`super::Sweep::sweep`]. Fills `stops`, if asked.
///
/// # Safety
///
/// The processor must have the features of `by`.
#[inline(always)]
pub(super) unsafe fn sweep<C: Classify>(
    by: C,
    text: &[u8],
    kinds: Kinds,
    literals: &Literals,
    stops: Option<&mut Stops>,
    out: &mut Vec<Anchor>,
) {
    // SAFETY: the caller's promise.
    unsafe {
        if kinds.holds(WORDS) {
            batches::<C, true>(by, text, kinds, literals, stops, out);
        } else {
            batches::<C, false>(by, text, kinds, literals, stops, out);
        }
    }
}

/// See [`sweep`]; `FULL`: some of [`WORDS`] are wanted.
///
/// # Safety
///
/// As there.
#[inline(always)]
unsafe fn batches<C: Classify, const FULL: bool>(
    by: C,
    text: &[u8],
    kinds: Kinds,
    literals: &Literals,
    stops: Option<&mut Stops>,
    out: &mut Vec<Anchor>,
) {
    let blocks = text.len().div_ceil(BLOCK);
    let mut stops = stops.map(Stops::refill);
    if let Some(stops) = &mut stops {
        stops.reserve(blocks);
    }
    if blocks == 0 {
        return;
    }
    // SAFETY: the features are the caller's promise.
    let none = unsafe { C::Lanes::load(&[0; LANES]) };
    let mut state = State::new(text, kinds, literals, none, out.len());
    let mut at = 0;
    while (at + LANES) * BLOCK + AHEAD <= text.len() {
        // SAFETY: BATCH + AHEAD bytes are within `text`; the features are the caller's promise.
        let masks = unsafe { by.batch(text.as_ptr().add(at * BLOCK), LANES) };
        if let Some(stops) = &mut stops {
            stops.extend_from_slice(&masks.stop.store());
        }
        state.batch::<FULL>(at * BLOCK, masks, out);
        at += LANES;
    }
    // Behind the text come zeros: what is open closes.
    while at < blocks + 2 {
        let left = LANES.min(blocks.saturating_sub(at));
        let rest = text.get(at * BLOCK..).unwrap_or_default();
        let mut tail = [0u8; BATCH + AHEAD];
        let len = rest.len().min(tail.len());
        tail[..len].copy_from_slice(&rest[..len]);
        // SAFETY: `tail` has BATCH + AHEAD bytes; the features are the caller's promise.
        let masks = unsafe { by.batch(tail.as_ptr(), left) };
        if let Some(stops) = &mut stops {
            stops.extend_from_slice(&masks.stop.store()[..left]);
        }
        state.batch::<FULL>(at * BLOCK, masks, out);
        at += LANES;
    }
}

impl<'a, L: Lanes> State<'a, L> {
    #[inline(always)]
    fn new(text: &'a [u8], kinds: Kinds, literals: &'a Literals, none: L, kept: usize) -> State<'a, L> {
        let last = Last(none);
        State {
            text,
            kinds,
            literals,
            kept,
            places: [0; BATCH + BEYOND],
            runs: [[0; 2]; RUNS],
            none,
            colon: last,
            pairs: last,
            dash: last,
            dot: last,
            dotted: last,
            dots: last,
            digit: last,
            letter: last,
            lower: last,
            word: last,
            long: [last; 5],
            separator: last,
            between: last,
            digits: last,
            run: last,
            row: [last; 3],
            begin: last,
            pair: last,
            four: last,
            eight: last,
            name: last,
            named: last,
            id: last,
            timed: last,
        }
    }

    #[inline(always)]
    fn want(&self, mask: L, kind: Kinds) -> L {
        if self.kinds.holds(kind) { mask } else { self.none }
    }

    /// Works off the batch whose first block is at `base`.
    #[inline(always)]
    fn batch<const FULL: bool>(&mut self, base: usize, batch: Masks<L>, out: &mut Vec<Anchor>) {
        let colon = self.colon.then(batch.colon);
        let pairs = self.pairs.then(colon.here & colon.within_five());
        let dash = self.dash.then(batch.dash);
        let dot = self.dot.then(batch.dot);
        let digit = self.digit.then(batch.digit);
        let colons = colon.here & (pairs.within_five() | colon.up::<1>())
            | dash.here & dash.up::<3>() & dash.up::<6>()
            | dot.here & dot.up::<5>();
        // Where the digit behind a dot between two digits stands.
        let dotted = self.dotted.then(digit.here & dot.up::<1>() & digit.up::<2>());
        let two = self.dots.then(dotted.here & dotted.two_to_four());
        let dots = self.want(dotted.here & two.two_to_four(), Kinds::DOTS);
        let at = self.want(batch.at, Kinds::AT);
        let colons = self.want(colons, Kinds::COLONS);
        let fold = self.want(batch.fold, Kinds::FOLD);
        let (mut heads, mut decimals, mut codes, mut longs) = (self.none, self.none, self.none, self.none);
        let mut literals = batch.inner;
        if FULL || self.literals.words {
            let letter = self.letter.then(batch.letter);
            let upper = batch.upper;
            let lower = self.lower.then(letter.here & !upper);
            let word = self.word.then(digit.here | letter.here);
            // A word begins behind what is no letter or digit, and at a capital behind a small letter.
            literals = literals | batch.literal & (upper & lower.up::<1>() | !word.up::<1>());
            if FULL {
                // Where the second digit stands, the third decimal.
                let two = digit.here & digit.up::<1>();
                heads = self.want(two & letter.up::<2>() & letter.up::<3>() & !word.up::<4>(), Kinds::IBAN);
                decimals = self.want(two & digit.up::<2>() & dot.up::<3>() & digit.up::<4>(), Kinds::DECIMAL);
                codes = self.want(letter.here & digit.up::<1>() & digit.up::<2>() & digit.up::<3>(), Kinds::CODE);
                // Where 2, 4, 8, 16 and then 25 bytes of a word end, and where such a word has ended.
                let two = self.long[0].then(word.here & word.up::<1>());
                let four = self.long[1].then(two.here & two.up::<2>());
                let eight = self.long[2].then(four.here & four.up::<4>());
                let sixteen = self.long[3].then(eight.here & eight.up::<8>());
                let long = self.long[4].then(sixteen.here & sixteen.up::<{ LONG as u32 - 16 }>());
                longs = self.want(long.up::<1>() & !word.here, Kinds::LONG);
            }
        }
        let mut runs = None;
        if self.kinds.holds(Kinds::RUN) {
            // Where the digit stands behind one, two or three separators that another digit stands before.
            let separator = self.separator.then(batch.separator);
            let one = digit.here & separator.up::<1>();
            let two = one & separator.up::<2>();
            let three = two & separator.up::<3>() & digit.up::<4>();
            let (one, two) = (one & digit.up::<2>(), two & digit.up::<3>());
            let (more, all) = (two | three, one | two | three);
            // Those separators. Some stand in the block before, so runs are asked for one block later.
            let between = self.between.then(all.shr(1) | more.shr(2) | three.shr(3)).behind;
            let digits = self.digits.then(digit.behind);
            let run = digits.here | between | all.shl(63) | more.shl(62) | three.shl(61);
            let run = self.run.then(run);
            // Where seven bytes of a run end, and then where such a run has ended.
            let two = self.row[0].then(run.here & run.up::<1>());
            let four = self.row[1].then(two.here & two.up::<2>());
            let seven = self.row[2].then(four.here & four.up::<3>());
            // Behind ids and dates with a time, which the bytes around tell from what may be a number.
            let begin = self.begin.then(digit.here & !digit.up::<1>() & !all);
            let pair = self.pair.then(digit.here & digit.up::<1>());
            let four_digits = self.four.then(pair.here & pair.up::<2>());
            let eight = self.eight.then(four_digits.here & four_digits.up::<4>());
            let name = self.name.then(batch.name);
            let id = self.named.then(begin.here & name.up::<1>());
            let id = id.up::<7>()
                | eight.up::<1>()
                    & (id.up::<8>() | pair.up::<9>() & id.up::<10>() | four_digits.up::<8>() & id.up::<11>());
            let id = self.id.then(id).behind;
            let month = dash.up::<6>() & pair.up::<7>() & dash.up::<9>();
            let timed = colon.here
                & pair.up::<1>()
                & name.up::<3>()
                & pair.up::<4>()
                & month
                & four_digits.up::<10>()
                & begin.up::<13>();
            let timed = self.timed.then(timed);
            let timed = timed.behind.shr(3) | timed.here.shl(61);
            let ends = seven.up::<1>() & !(run.here | id | timed);
            runs = Some((ends, run, digits));
        }
        let State { text, kept, places, .. } = self;
        let (text, kept) = (*text, *kept);
        for place in marked(fold, places) {
            insert(out, kept, Anchor::Fold(base + usize::from(*place)));
        }
        for place in marked(at | colons, places) {
            let (i, is_at) = (base + usize::from(*place), text[base + usize::from(*place)] == b'@');
            insert(out, kept, if is_at { Anchor::At(i) } else { Anchor::Colons(i) });
        }
        for place in marked(dots, places) {
            insert(out, kept, Anchor::Dots(first_dot(text, base + usize::from(*place) - 1)));
        }
        if FULL {
            for place in marked(heads, places) {
                insert(out, kept, Anchor::Iban(base + usize::from(*place) - 3));
            }
            for place in marked(decimals, places) {
                let i = base + usize::from(*place);
                if before_another(text, i + 1) {
                    insert(out, kept, Anchor::Decimal(i - 3));
                }
            }
            for place in marked(codes, places) {
                insert_code(text, base + usize::from(*place), kept, out);
            }
            for place in marked(longs, places) {
                let end = base + usize::from(*place);
                let len = text[..end].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
                insert(out, kept, Anchor::Long { start: end - len, end });
            }
        }
        self.literals.anchors(text, base, marked(literals, places), kept, out);
        if let Some((ends, run, digits)) = runs
            && ends.some() != 0
        {
            self.runs(base, ends, run, digits, out);
        }
    }

    /// Makes the anchors of the runs that have ended before `ends`, each mask of one block before the batch's at `base`.
    #[inline(always)]
    fn runs(&mut self, base: usize, ends: L, run: Trail<L>, digits: Trail<L>, out: &mut Vec<Anchor>) {
        let (run, digits) = (words(run), words(digits));
        let mut found = 0;
        for place in &*marked(ends, &mut self.places) {
            let (word, bit) = (usize::from(place / BLOCK as u16) % LANES, place % BLOCK as u16);
            // The 64 bytes before the end.
            let before = |words: &[u64; LANES + 1]| words[word] >> bit | words[word + 1] << (63 - bit) << 1;
            let len = before(&run).leading_ones();
            // The masks are of one block before.
            let end = base + usize::from(*place) - BLOCK;
            let run = if len < u64::BITS {
                Run { start: end - len as usize, end, digits: before(&digits) >> (u64::BITS - len) }
            } else {
                Run::far(self.text, end)
            };
            // Whether one is kept is nothing that a processor foresees.
            self.runs[found % RUNS] = [run.start, run.end];
            found += usize::from(run.may_be_number(self.text));
        }
        for [start, end] in &self.runs[..found.min(RUNS)] {
            insert(out, self.kept, Anchor::Run { start: *start, end: *end });
        }
    }
}

/// A run that has ended.
struct Run {
    start: usize,
    end: usize,
    /// Which of its bytes are digits, from the lowest bit up; of one of 64 bytes or more, its digits are counted alone.
    digits: u64,
}

/// Where in a batch bytes are marked, in order.
///
/// They are collected first and then worked off in a loop without others in it: how many a block has is nothing that a processor
/// foresees.
#[inline(always)]
fn marked<L: Lanes>(mask: L, places: &mut Places) -> &mut [u16] {
    let count = if mask.some() == 0 { 0 } else { mask.places(places) };
    &mut places[..count.min(BATCH)]
}

/// The masks of a batch with the last of the batch before in front.
#[inline(always)]
fn words<L: Lanes>(trail: Trail<L>) -> [u64; LANES + 1] {
    let (mut words, [first, ..]) = ([0; LANES + 1], trail.behind.store());
    words[0] = first;
    words[1..].copy_from_slice(&trail.here.store());
    words
}

/// Adds an anchor that began before others were added (not before the first `kept`).
#[inline(always)]
pub(super) fn insert(out: &mut Vec<Anchor>, kept: usize, anchor: Anchor) {
    let start = anchor.start();
    if out.len() == kept || out.last().is_none_or(|last| last.start() <= start) {
        return out.push(anchor);
    }
    let mut at = out.len() - 1;
    while at > kept && out[at - 1].start() > start {
        at -= 1;
    }
    out.insert(at, anchor);
}

/// Adds the word that holds the letter at `at`, which stands behind three digits, if it is one that [`Anchor::Code`] is made for and
/// no letter before this one has added it.
#[inline(always)]
fn insert_code(text: &[u8], at: usize, kept: usize, out: &mut Vec<Anchor>) {
    let digits = 3 + text[..at - 3].iter().rev().take(CODE_DIGITS).take_while(|b| b.is_ascii_digit()).count();
    if digits <= CODE_DIGITS && at > digits && text[at - digits - 1].is_ascii_alphabetic() {
        code(text, at - digits, at, kept, out);
    }
}

/// See [`insert_code`]; its digits are `text[from..at]`.
#[cold]
fn code(text: &[u8], from: usize, at: usize, kept: usize, out: &mut Vec<Anchor>) {
    let word = |b: &&u8| b.is_ascii_alphanumeric();
    let before = text[..from].iter().rev().take(CODE_LONGEST).take_while(word).count();
    let (start, len) = (from - before, before + at - from);
    let len = len + text[at..].iter().take(CODE_LONGEST).take_while(word).count();
    let earlier = |stretches: &[u8]| {
        let mut digits = 0;
        stretches.iter().enumerate().any(|(i, b)| {
            let behind = !b.is_ascii_digit() && (3..=CODE_DIGITS).contains(&digits) && i > digits;
            digits = if b.is_ascii_digit() { digits + 1 } else { 0 };
            behind
        })
    };
    if (CODE_SHORTEST..=CODE_LONGEST).contains(&len) && !earlier(&text[start..from]) {
        insert(out, kept, Anchor::Code(start));
    }
}

/// The first of the three dots whose last is at `third`.
fn first_dot(text: &[u8], third: usize) -> usize {
    let before = |i: usize| (2..=4).map(|by| i - by).find(|j| text[*j] == b'.').unwrap_or(i);
    before(before(third))
}

/// Whether behind the decimals that go on at `at` something stands that may part a coordinate from the next, or name its side.
fn before_another(text: &[u8], at: usize) -> bool {
    let decimals = text[at..].iter().take(super::DECIMALS).take_while(|b| b.is_ascii_digit()).count();
    let parts = |i: usize| text.get(at + decimals + i).is_some_and(|b| super::parts_coordinates(*b));
    parts(0) && (text[at + decimals] != b' ' || parts(1))
}

impl Run {
    /// One of a block's length at least that has ended before `end`.
    #[cold]
    fn far(text: &[u8], end: usize) -> Run {
        let (mut start, mut digits, mut gap) = (end, 0, 0);
        for (i, b) in text[..end].iter().enumerate().rev() {
            if b.is_ascii_digit() {
                (start, gap) = (i, 0);
                digits += 1;
            } else if is_separator(*b) && gap < 3 {
                gap += 1;
            } else {
                break;
            }
        }
        Run { start, end, digits: u64::MAX >> (u64::BITS - digits.clamp(1, u64::BITS)) }
    }

    /// Whether it may be a number that anything asks for: see [`Anchor::Run`].
    #[inline(always)]
    fn may_be_number(&self, text: &[u8]) -> bool {
        let Run { start, end, digits: places } = *self;
        let (digits, len) = (places.count_ones() as usize, end - start);
        let byte = |back: usize| if start < back { b'"' } else { text[start - back] };
        if digits == len {
            return digits >= DIGITS && (digits <= 19 || byte(1) == b' ');
        }
        if digits < DIGITS || digits < DIGITS + MOST_HOURS && ends_in_hours(text, end, digits) {
            return false;
        }
        let signed = || byte(1) == b'+' || byte(2) == b'+' || byte(1) == b' ' && byte(2).is_ascii_alphabetic();
        digits >= 12 || places & DATE.1 != DATE.0 || !is_date(&text[start..end]) || signed()
    }
}

/// The most digits of a time's hours.
const MOST_HOURS: usize = 4;

/// Whether a run of so many digits that ends before `end` is less than a number and, behind a line break, the hours of a transcript's times.
#[inline(always)]
fn ends_in_hours(text: &[u8], end: usize, digits: usize) -> bool {
    let Some(hours) = (2..=MOST_HOURS).find(|n| text[end - n - 1] == b'\n') else { return false };
    let minutes = matches!(text[end..], [b':', _, _, b':', ..]);
    // More than two are told by the rest of the time, too: they could be a number's end.
    let in_full = || matches!(text[end + 4..], [a, b, b'.' | b',', ..] if a.is_ascii_digit() && b.is_ascii_digit());
    digits < DIGITS + hours
        && minutes
        && text[end - hours..end].iter().all(u8::is_ascii_digit)
        && (hours == 2 || in_full())
}

/// Where a date has digits, and how many of its bytes and of those behind tell: four, two and two.
const DATE: (u64, u64) = (0b011_0110_1111, 0b111_1111_1111);

/// Whether a run with digits where a [`DATE`] has them begins with a year of 1800 to 2099, a month and a day, with one of `-` `/` `.` between.
#[inline(always)]
fn is_date(run: &[u8]) -> bool {
    let [c, e, _, _, p, m, n, q, d, f, ..] = *run else { return false };
    matches!((c, e), (b'1', b'8' | b'9') | (b'2', b'0'))
        && p == q
        && matches!(p, b'-' | b'/' | b'.')
        && matches!((m, n), (b'0', b'1'..=b'9') | (b'1', b'0'..=b'2'))
        && matches!((d, f), (b'0', b'1'..=b'9') | (b'1' | b'2', b'0'..=b'9') | (b'3', b'0' | b'1'))
}
