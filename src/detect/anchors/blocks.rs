//! The sweep itself: one algorithm over batches of blocks of 64 bytes, each block seen as a few masks with a bit a byte. What
//! differs between processors is how the masks are made ([`Classify`]) and how those of a batch are worked with ([`Lanes`]).
//!
//! All questions (what stands one, two, five bytes before) are shifts of masks; bytes are looked at one by one only where an
//! anchor is about to be made. What is asked about bytes further on is asked where the last of them stands.

use super::lanes::{LANES, Lanes, Last, Words};
use super::literals::Literals;
use super::masks::{AHEAD, BLOCK, Batch, Classify, is_separator};
use super::{Anchor, Kinds};
use crate::model::Stops;

/// The fewest digits of a run.
pub(super) const DIGITS: usize = 7;
/// The fewest characters of a long word.
pub(super) const LONG: usize = 25;

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
    runs: [Last<L>; 3],
}

/// Where in a batch an anchor is to be made, by block.
struct Places {
    at: Words,
    fold: Words,
    colons: Words,
    dots: Words,
    heads: Words,
    decimals: Words,
    literals: Words,
    /// At letters right behind three digits.
    codes: Words,
    /// Behind long words.
    longs: Words,
    runs: Runs,
}

/// Runs, each word of the block before the one that it stands for.
struct Runs {
    /// Behind runs of at least seven bytes.
    ends: Words,
    /// The runs, and those of one block before.
    run: [Words; 2],
    /// The digits, in the same way.
    digits: [Words; 2],
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
    let mut stops = stops.map(Stops::refill);
    let blocks = text.len().div_ceil(BLOCK);
    if blocks == 0 {
        return;
    }
    // SAFETY: the features are the caller's promise.
    let none = unsafe { C::Lanes::load(&[0; LANES]) };
    let mut state = State::new(text, kinds, literals, none, out.len());
    let mut batch = Batch::default();
    let mut at = 0;
    while (at + LANES) * BLOCK + AHEAD <= text.len() {
        for lane in 0..LANES {
            // SAFETY: BLOCK + AHEAD bytes are within `text`; the features are the caller's promise.
            batch.set(lane, unsafe { by.masks(text.as_ptr().add((at + lane) * BLOCK)) });
        }
        if let Some(stops) = &mut stops {
            stops.extend_from_slice(&batch.stop);
        }
        // SAFETY: as above.
        unsafe { state.batch::<FULL>(at * BLOCK, &batch, out) };
        at += LANES;
    }
    // Behind the text come zeros: what is open closes.
    while at < blocks + 2 {
        batch = Batch::default();
        let left = LANES.min(blocks.saturating_sub(at));
        for lane in 0..left {
            let rest = &text[(at + lane) * BLOCK..];
            let mut tail = [0u8; BLOCK + AHEAD];
            let len = rest.len().min(tail.len());
            tail[..len].copy_from_slice(&rest[..len]);
            // SAFETY: `tail` has BLOCK + AHEAD bytes; the features are the caller's promise.
            batch.set(lane, unsafe { by.masks(tail.as_ptr()) });
        }
        if let Some(stops) = &mut stops {
            stops.extend_from_slice(&batch.stop[..left]);
        }
        // SAFETY: as above.
        unsafe { state.batch::<FULL>(at * BLOCK, &batch, out) };
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
            runs: [last; 3],
        }
    }

    #[inline(always)]
    fn want(&self, mask: L, kind: Kinds) -> L {
        if self.kinds.holds(kind) { mask } else { self.none }
    }

    /// Works off the batch whose first block is at `base`.
    ///
    /// # Safety
    ///
    /// The processor must have the features of the lanes.
    #[inline(always)]
    unsafe fn batch<const FULL: bool>(&mut self, base: usize, batch: &Batch, out: &mut Vec<Anchor>) {
        // SAFETY: the caller's promise.
        let load = |words: &Words| unsafe { L::load(words) };
        let colon = self.colon.then(load(&batch.colon));
        let pairs = self.pairs.then(colon.here & colon.within_five());
        let dash = self.dash.then(load(&batch.dash));
        let dot = self.dot.then(load(&batch.dot));
        let digit = self.digit.then(load(&batch.digit));
        let colons = colon.here & (pairs.within_five() | colon.up(1))
            | dash.here & dash.up(3) & dash.up(6)
            | dot.here & dot.up(5);
        // Where the digit behind a dot between two digits stands.
        let dotted = self.dotted.then(digit.here & dot.up(1) & digit.up(2));
        let two = self.dots.then(dotted.here & dotted.two_to_four());
        let dots = self.want(dotted.here & two.two_to_four(), Kinds::DOTS);
        let at = self.want(load(&batch.at), Kinds::AT);
        let colons = self.want(colons, Kinds::COLONS);
        let fold = self.want(load(&batch.fold), Kinds::FOLD);
        let (mut heads, mut decimals, mut codes, mut longs) = (self.none, self.none, self.none, self.none);
        let mut literals = load(&batch.inner);
        if FULL || self.literals.words {
            let letter = self.letter.then(load(&batch.letter));
            let upper = load(&batch.upper);
            let lower = self.lower.then(letter.here & !upper);
            let word = self.word.then(digit.here | letter.here);
            // A word begins behind what is no letter or digit, and at a capital behind a small letter.
            literals = literals | load(&batch.literal) & (upper & lower.up(1) | !word.up(1));
            if FULL {
                // Where the second digit stands, the third decimal.
                let two = digit.here & digit.up(1);
                heads = self.want(two & letter.up(2) & letter.up(3) & !word.up(4), Kinds::IBAN);
                decimals = self.want(two & digit.up(2) & dot.up(3) & digit.up(4), Kinds::DECIMAL);
                codes = self.want(letter.here & digit.up(1) & digit.up(2) & digit.up(3), Kinds::CODE);
                // Where 2, 4, 8, 16 and then 25 bytes of a word end, and where such a word has ended.
                let two = self.long[0].then(word.here & word.up(1));
                let four = self.long[1].then(two.here & two.up(2));
                let eight = self.long[2].then(four.here & four.up(4));
                let sixteen = self.long[3].then(eight.here & eight.up(8));
                let long = self.long[4].then(sixteen.here & sixteen.up(LONG as u32 - 16));
                longs = self.want(long.up(1) & !word.here, Kinds::LONG);
            }
        }
        let mut blocks = (at | colons | fold | dots | heads | decimals | literals | codes | longs).some();
        let mut runs = None;
        if self.kinds.holds(Kinds::RUN) {
            // Where the digit stands behind one, two or three separators that another digit stands before.
            let separator = self.separator.then(load(&batch.separator));
            let one = digit.here & separator.up(1);
            let two = one & separator.up(2);
            let three = two & separator.up(3) & digit.up(4);
            let (one, two) = (one & digit.up(2), two & digit.up(3));
            let (more, all) = (two | three, one | two | three);
            // Those separators. Some stand in the block before, so runs are asked for one block later.
            let between = self.between.then(all.shr(1) | more.shr(2) | three.shr(3)).behind;
            let digits = self.digits.then(digit.behind);
            let run = digits.here | between | all.shl(63) | more.shl(62) | three.shl(61);
            let run = self.run.then(run);
            // Where seven bytes of a run end, and then where such a run has ended.
            let two = self.runs[0].then(run.here & run.up(1));
            let four = self.runs[1].then(two.here & two.up(2));
            let seven = self.runs[2].then(four.here & four.up(3));
            let ends = seven.up(1) & !run.here;
            blocks |= ends.some();
            runs = Some((ends, run, digits));
        }
        if blocks == 0 {
            return;
        }
        let places = Places {
            at: at.store(),
            fold: fold.store(),
            colons: colons.store(),
            dots: dots.store(),
            heads: heads.store(),
            decimals: decimals.store(),
            literals: literals.store(),
            codes: codes.store(),
            longs: longs.store(),
            runs: match runs {
                None => Runs { ends: [0; LANES], run: [[0; LANES]; 2], digits: [[0; LANES]; 2] },
                Some((ends, run, digits)) => Runs {
                    ends: ends.store(),
                    run: [run.here.store(), run.behind.store()],
                    digits: [digits.here.store(), digits.behind.store()],
                },
            },
        };
        while blocks != 0 {
            let lane = blocks.trailing_zeros() as usize % LANES;
            blocks &= blocks - 1;
            self.block::<FULL>(base + lane * BLOCK, lane, &places, out);
        }
    }

    /// Makes the anchors of the block at `base`, and of the runs in the one before.
    #[inline(always)]
    fn block<const FULL: bool>(&self, base: usize, lane: usize, places: &Places, out: &mut Vec<Anchor>) {
        let Places { at, fold, colons, dots, heads, decimals, literals, codes, longs, runs } = places;
        let mut others = at[lane] | colons[lane] | fold[lane] | dots[lane];
        if FULL {
            others |= heads[lane] | decimals[lane];
        }
        // Fingerprints may fit the zeros behind the text.
        let behind = self.text.len().saturating_sub(base);
        let literals = if behind < BLOCK { literals[lane] & ((1 << behind) - 1) } else { literals[lane] };
        let literals = self.literals.sift(self.text, base, literals);
        each(others | literals, |n| {
            let (i, bit) = (base + n as usize, 1 << n);
            let stands = |mask: &Words| mask[lane] & bit != 0;
            // Most are places where a literal could begin.
            if others & bit == 0 {
                return self.literals.verify(self.text, i, out);
            }
            if stands(at) {
                out.push(Anchor::At(i));
            }
            if stands(fold) {
                out.push(Anchor::Fold(i));
            }
            if stands(colons) {
                out.push(Anchor::Colons(i));
            }
            if stands(dots) {
                insert(out, self.kept, Anchor::Dots(first_dot(self.text, i - 1)));
            }
            if FULL && stands(heads) {
                insert(out, self.kept, Anchor::Iban(i - 3));
            }
            if FULL && stands(decimals) && before_another(self.text, i + 1) {
                insert(out, self.kept, Anchor::Decimal(i - 3));
            }
            if literals & bit != 0 {
                self.literals.verify(self.text, i, out);
            }
        });
        if FULL {
            each(codes[lane], |n| insert_code(self.text, base + n as usize, self.kept, out));
            each(longs[lane], |end| self.long(base + end as usize, out));
        }
        each(runs.ends[lane], |end| self.ended(base - BLOCK, end, lane, runs, out));
    }

    /// A long word has ended before `end`.
    fn long(&self, end: usize, out: &mut Vec<Anchor>) {
        let len = self.text[..end].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
        insert(out, self.kept, Anchor::Long { start: end - len, end });
    }

    /// A run has ended before bit `end` of the block at `base`.
    #[inline(always)]
    fn ended(&self, base: usize, end: u32, lane: usize, runs: &Runs, out: &mut Vec<Anchor>) {
        let (run, digits) = (runs.run[0][lane], runs.digits[0][lane]);
        let here = if end == 0 { 0 } else { (run << (64 - end)).leading_ones() };
        let before = if here == end { runs.run[1][lane].leading_ones() } else { 0 };
        let (len, end_at) = ((here + before) as usize, base + end as usize);
        if before as usize == BLOCK {
            return self.ended_far(end_at, out);
        }
        let top = |digits: u64, n: u32| if n == 0 { 0 } else { (digits >> (64 - n)).count_ones() };
        let digits = top(runs.digits[1][lane], before) + if end == 0 { 0 } else { top(digits << (64 - end), here) };
        self.close(end_at - len, end_at, digits as usize, out);
    }

    /// As [`State::ended`], for a run that began more than a block before.
    #[cold]
    fn ended_far(&self, end: usize, out: &mut Vec<Anchor>) {
        let (mut start, mut digits, mut gap) = (end, 0, 0);
        for (i, b) in self.text[..end].iter().enumerate().rev() {
            if b.is_ascii_digit() {
                (start, gap) = (i, 0);
                digits += 1;
            } else if is_separator(*b) && gap < 3 {
                gap += 1;
            } else {
                break;
            }
        }
        self.close(start, end, digits, out);
    }

    #[inline(always)]
    fn close(&self, start: usize, end: usize, digits: usize, out: &mut Vec<Anchor>) {
        if digits >= DIGITS && may_be_number(self.text, start, end, digits) {
            insert(out, self.kept, Anchor::Run { start, end });
        }
    }
}

/// Calls `f` for each bit of `mask`.
#[inline(always)]
fn each(mut mask: u64, mut f: impl FnMut(u32)) {
    while mask != 0 {
        f(mask.trailing_zeros());
        mask &= mask - 1;
    }
}

/// Adds an anchor that began before others were added (not before the first `kept`).
#[inline(always)]
fn insert(out: &mut Vec<Anchor>, kept: usize, anchor: Anchor) {
    let mut at = out.len();
    while at > kept && out[at - 1].start() > anchor.start() {
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

/// Whether a run may be a number that anything asks for: see [`Anchor::Run`].
#[inline(always)]
pub(super) fn may_be_number(text: &[u8], start: usize, end: usize, digits: usize) -> bool {
    let byte = |back: usize| if start < back { b'"' } else { text[start - back] };
    let before = byte(1);
    if digits == end - start {
        let named = before == b'_' || before.is_ascii_alphabetic();
        return !(named && digits < 12 && digits != 9 || digits > 19 && before != b' ');
    }
    // A cue's number and the hours of its times below.
    if digits < DIGITS + 2
        && let Some([b'\n', h, m, b':', _, _, b':', ..]) = text.get(end - 3..)
        && h.is_ascii_digit()
        && m.is_ascii_digit()
    {
        return false;
    }
    let signed = before == b'+' || byte(2) == b'+' || before == b' ' && byte(2).is_ascii_alphabetic();
    !(digits < 12 && !signed && is_dated(&text[start..end]))
}

/// Whether `run` begins with a date: a year of 1800 to 2099, a month and a day of two digits, with one of `-` `/` `.` between.
#[inline(always)]
fn is_dated(run: &[u8]) -> bool {
    let [c, e, y, z, p, m, n, q, d, f, ..] = *run else { return false };
    let digit = |b: u8| b.is_ascii_digit();
    matches!((c, e), (b'1', b'8' | b'9') | (b'2', b'0'))
        && digit(y)
        && digit(z)
        && p == q
        && matches!(p, b'-' | b'/' | b'.')
        && matches!((m, n), (b'0', b'1'..=b'9') | (b'1', b'0'..=b'2'))
        && matches!((d, f), (b'0', b'1'..=b'9') | (b'1' | b'2', b'0'..=b'9') | (b'3', b'0' | b'1'))
        && !run.get(10).is_some_and(u8::is_ascii_digit)
}
