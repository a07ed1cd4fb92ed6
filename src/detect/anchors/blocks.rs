//! The sweep itself: one algorithm over blocks of 64 bytes, each seen as a few masks with a bit a byte. What differs
//! between processors is how the masks are made ([`Classify`]).
//!
//! A block is worked off when the masks of the one behind it are known, so that all questions (what stands one, two, five
//! bytes before or behind) are shifts of masks, and bytes are looked at one by one only where an anchor is about to be made.

use super::literals::Literals;
use super::{Anchor, Kinds};

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;
/// Bytes after a block that [`Classify::masks`] may read.
pub(super) const AHEAD: usize = super::literals::PRINT - 1;

/// The fewest digits of a run.
pub(super) const DIGITS: usize = 7;
/// The fewest characters of a long word.
pub(super) const LONG: usize = 25;

/// Which bytes of a block are what: bit `i` for byte `i`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Masks {
    pub digit: u64,
    pub letter: u64,
    /// Capitals among the letters.
    pub upper: u64,
    /// What may stand between the digits of a run: [`is_separator`].
    pub separator: u64,
    pub at: u64,
    pub colon: u64,
    pub dot: u64,
    pub dash: u64,
    /// Where the fingerprint of a literal fits that may stand within a word.
    pub inner: u64,
    /// Where that of another literal fits.
    pub literal: u64,
    /// Where something could fold: see [`super::folds`].
    pub fold: u64,
}

/// Makes masks.
pub(super) trait Classify: Copy {
    /// The masks of the 64 bytes from `from`.
    ///
    /// # Safety
    ///
    /// `from` must be valid for reading [`BLOCK`] + [`AHEAD`] bytes, and the processor must have the features of the
    /// implementation.
    unsafe fn masks(self, from: *const u8) -> Masks;
}

/// A byte that may stand between the digits of a run.
pub(super) const fn is_separator(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'.' | b'-' | b'(' | b')' | b'/' | b'+' | b'_')
}

/// The separators by their low and their high nibble, a bit for each high nibble: what [`is_separator`] says, for vector tables.
pub(super) const SEPARATORS: ([u8; 16], [u8; 16]) = {
    let (mut low, mut high) = ([0; 16], [0; 16]);
    let mut b = 0;
    while b < 128 {
        if is_separator(b) {
            low[(b & 15) as usize] |= 1 << (b >> 4);
            high[(b >> 4) as usize] |= 1 << (b >> 4);
        }
        b += 1;
    }
    (low, high)
};

/// `mask` moved up by `n` bytes, with those of the block before coming in.
#[inline(always)]
fn up(mask: u64, before: u64, n: u32) -> u64 {
    mask << n | before >> (64 - n)
}

/// `mask` moved down by `n` bytes, with those of the block behind coming in.
#[inline(always)]
fn down(mask: u64, behind: u64, n: u32) -> u64 {
    mask >> n | behind << (64 - n)
}

/// What is carried from block to block.
struct State<'a> {
    text: &'a [u8],
    kinds: Kinds,
    literals: &'a Literals,
    before: Masks,
    /// Colons with another one to five bytes before them, in the block before.
    pairs: u64,
    /// Dots between digits, and those with another two to four bytes before them, in the block before.
    dots: (u64, u64),
    /// Where the run that reaches the last block's end began, and its digits so far (0: none does).
    run: (usize, usize),
    /// Where the word that reaches the last block's end began.
    word: usize,
    /// How many anchors of other texts there are.
    kept: usize,
}

/// Sweeps `text` for `kinds`; see [`super::Sweep::sweep`].
///
/// # Safety
///
/// The processor must have the features of `by`.
#[inline(always)]
pub(super) unsafe fn sweep<C: Classify>(by: C, text: &[u8], kinds: Kinds, literals: &Literals, out: &mut Vec<Anchor>) {
    let mut state = State {
        text,
        kinds,
        literals,
        before: Masks::default(),
        pairs: 0,
        dots: (0, 0),
        run: (0, 0),
        word: 0,
        kept: out.len(),
    };
    let mut at = 0;
    let mut last: Option<Masks> = None;
    while at < text.len() {
        let masks = if at + BLOCK + AHEAD <= text.len() {
            // SAFETY: BLOCK + AHEAD bytes from `at` are within `text`; the features are the caller's promise.
            unsafe { by.masks(text.as_ptr().add(at)) }
        } else {
            let mut tail = [0u8; BLOCK + AHEAD];
            let rest = &text[at..text.len().min(at + BLOCK + AHEAD)];
            tail[..rest.len()].copy_from_slice(rest);
            // SAFETY: `tail` has BLOCK + AHEAD bytes; the features are the caller's promise.
            unsafe { by.masks(tail.as_ptr()) }
        };
        if let Some(m) = last {
            state.block(at - BLOCK, m, &masks, out);
        }
        last = Some(masks);
        at += BLOCK;
    }
    if let Some(m) = last {
        // Behind the text come zeros: what is open closes.
        state.block(at - BLOCK, m, &Masks::default(), out);
        state.block(at, Masks::default(), &Masks::default(), out);
    }
}

impl State<'_> {
    /// Works off the block at `base`: its masks, and those of the block behind.
    #[inline(always)]
    fn block(&mut self, base: usize, m: Masks, n: &Masks, out: &mut Vec<Anchor>) {
        let b = self.before;
        let pairs = m.colon & near(m.colon, b.colon);
        let colons = m.colon & (near(pairs, self.pairs) | up(m.colon, b.colon, 1))
            | m.dash & up(m.dash, b.dash, 3) & up(m.dash, b.dash, 6)
            | m.dot & up(m.dot, b.dot, 5);
        self.pairs = pairs;
        let word = m.digit | m.letter;
        let word_before = up(word, b.digit | b.letter, 1);
        let (mut heads, mut decimals, mut dots) = (0, 0, 0);
        if m.digit | n.digit | self.dots.0 != 0 {
            let digit = |by| down(m.digit, n.digit, by);
            heads = m.letter & down(m.letter, n.letter, 1) & digit(2) & digit(3) & !word_before;
            let between = m.dot & up(m.digit, b.digit, 1) & digit(1);
            decimals = between & digit(2) & digit(3);
            let two = between & near_dots(between, self.dots.0);
            dots = between & near_dots(two, self.dots.1);
            self.dots = (between, two);
        }
        // A word begins behind what is no letter or digit, and at a capital behind a small letter.
        let humps = m.upper & up(m.letter & !m.upper, b.letter & !b.upper, 1);
        let literals = m.inner | (m.literal & (humps | !word_before));
        let want = |mask: u64, kind: Kinds| if self.kinds.holds(kind) { mask } else { 0 };
        let (at, colons) = (want(m.at, Kinds::AT), want(colons, Kinds::COLONS));
        let (heads, decimals) = (want(heads, Kinds::IBAN), want(decimals, Kinds::DECIMAL));
        let (dots, fold) = (want(dots, Kinds::DOTS), want(m.fold, Kinds::FOLD));
        let mut any = at | colons | heads | decimals | dots | fold | literals;
        while any != 0 {
            let bit = any & any.wrapping_neg();
            let i = base + any.trailing_zeros() as usize;
            any ^= bit;
            let stands = |mask: u64| mask & bit != 0;
            if stands(at) {
                out.push(Anchor::At(i));
            }
            if stands(fold) {
                out.push(Anchor::Fold(i));
            }
            if stands(colons) {
                out.push(Anchor::Colons(i));
            }
            if stands(heads) {
                out.push(Anchor::Iban(i));
            }
            if stands(decimals) && before_another(self.text, i + 4) {
                out.push(Anchor::Decimal(i));
            }
            if stands(literals) && i < self.text.len() {
                self.literals.verify(self.text, i, out);
            }
            if stands(dots) {
                insert(out, self.kept, Anchor::Dots(first_dot(self.text, i)));
            }
        }
        self.runs(base, &m, n, out);
        self.words(base, word, out);
        self.before = m;
    }

    /// Runs: stretches of digits and of one to three separators between two of them.
    #[inline(always)]
    fn runs(&mut self, base: usize, m: &Masks, n: &Masks, out: &mut Vec<Anchor>) {
        let b = &self.before;
        if m.digit == 0 && self.run.1 == 0 || !self.kinds.holds(Kinds::RUN) {
            return;
        }
        // Bit i: a separator at i that is the first, second or third of a gap of one, two or three with a digit on either side.
        let digit_up = |by| up(m.digit, b.digit, by);
        let digit_down = |by| down(m.digit, n.digit, by);
        let (one_up, one_down) = (up(m.separator, b.separator, 1), down(m.separator, n.separator, 1));
        let (two_up, two_down) = (up(m.separator, b.separator, 2), down(m.separator, n.separator, 2));
        let first = digit_up(1) & (digit_down(1) | one_down & (digit_down(2) | two_down & digit_down(3)));
        let second = one_up & digit_up(2) & (digit_down(1) | one_down & digit_down(2));
        let third = one_up & two_up & digit_up(3) & digit_down(1);
        let run = m.digit | m.separator & (first | second | third);
        let head = run.trailing_ones() as usize;
        if self.run.1 > 0 {
            // What reaches up to this block goes on in it, or has ended with the last one.
            let within = if head == BLOCK { u64::MAX } else { !(u64::MAX << head) };
            self.run.1 += (m.digit & within).count_ones() as usize;
            if head == BLOCK {
                return;
            }
            self.close(self.run.0, base + head, self.run.1, out);
            self.run.1 = 0;
        } else if head > 0 {
            self.whole(base, head, 0, m.digit, out);
        }
        // Of the others, those that are long enough or reach the block's end.
        let rest = if head == BLOCK { 0 } else { run & u64::MAX << head };
        let mut long = rest & rest >> 1;
        long &= long >> 2;
        long &= long >> 3;
        while long != 0 {
            let start = long.trailing_zeros() as usize;
            let len = (run >> start).trailing_ones() as usize;
            if start + len >= BLOCK {
                break;
            }
            self.whole(base, len, start, m.digit, out);
            long &= u64::MAX << (start + len);
        }
        let tail = run.leading_ones() as usize;
        if tail > 0 && head != BLOCK {
            self.run = (base + BLOCK - tail, (m.digit & u64::MAX << (BLOCK - tail)).count_ones() as usize);
        }
    }

    /// A run that begins in this block: `len` bits from `start` on.
    #[inline(always)]
    fn whole(&mut self, base: usize, len: usize, start: usize, digit: u64, out: &mut Vec<Anchor>) {
        let digits = digit >> start & if len == BLOCK { u64::MAX } else { !(u64::MAX << len) };
        if start + len == BLOCK {
            self.run = (base + start, digits.count_ones() as usize);
        } else {
            self.close(base + start, base + start + len, digits.count_ones() as usize, out);
        }
    }

    #[inline(always)]
    fn close(&self, start: usize, end: usize, digits: usize, out: &mut Vec<Anchor>) {
        if digits >= DIGITS && may_be_number(self.text, start, end, digits) {
            insert(out, self.kept, Anchor::Run { start, end });
        }
    }

    /// Stretches of letters and digits.
    #[inline(always)]
    fn words(&mut self, base: usize, word: u64, out: &mut Vec<Anchor>) {
        let head = word.trailing_ones() as usize;
        if head == BLOCK {
            return; // goes on
        }
        if base + head - self.word >= LONG {
            self.long(self.word, base + head, out);
        }
        // Bit i stays where i and the 24 after it are all set.
        let mut x = word;
        x &= x >> 1;
        x &= x >> 2;
        x &= x >> 4;
        x &= x >> 8;
        x &= x >> 9;
        // What begins the block has been dealt with, what reaches its end is the next block's.
        x &= u64::MAX << head;
        let tail = word.leading_ones() as usize;
        while x != 0 {
            let start = x.trailing_zeros();
            let len = (word >> start).trailing_ones();
            let end = (start + len) as usize;
            if end < BLOCK {
                self.long(base + start as usize, base + end, out);
                x &= u64::MAX << end;
            } else {
                x = 0;
            }
        }
        self.word = base + BLOCK - tail;
    }

    fn long(&self, start: usize, end: usize, out: &mut Vec<Anchor>) {
        if self.kinds.holds(Kinds::LONG) {
            insert(out, self.kept, Anchor::Long { start, end });
        }
    }
}

/// Where one of `mask` stands one to five bytes before.
#[inline(always)]
fn near(mask: u64, before: u64) -> u64 {
    up(mask, before, 1) | up(mask, before, 2) | up(mask, before, 3) | up(mask, before, 4) | up(mask, before, 5)
}

/// Where one of `mask` stands two to four bytes before.
#[inline(always)]
fn near_dots(mask: u64, before: u64) -> u64 {
    up(mask, before, 2) | up(mask, before, 3) | up(mask, before, 4)
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

/// The first of the three dots whose last is at `third`.
fn first_dot(text: &[u8], third: usize) -> usize {
    let before = |i: usize| (2..=4).map(|by| i - by).find(|j| text[*j] == b'.').unwrap_or(i);
    before(before(third))
}

/// Whether behind the decimals that go on at `at` something stands that may part a coordinate from the next, or name its side.
fn before_another(text: &[u8], at: usize) -> bool {
    let decimals = text[at..].iter().take(super::DECIMALS).take_while(|b| b.is_ascii_digit()).count();
    text.get(at + decimals).is_some_and(|b| super::parts_coordinates(*b))
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
