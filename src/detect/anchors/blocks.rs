//! The sweep itself: one algorithm over blocks of 64 bytes, each seen as a few masks with a bit a byte. What differs
//! between processors is how the masks are made ([`Classify`]).
//!
//! All questions (what stands one, two, five bytes before) are shifts of masks; bytes are looked at one by one only where an
//! anchor is about to be made. What is asked about bytes further on is asked where the last of them stands.

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

/// What a mask, moved up, carries from one block into the next. (Where the masks of two blocks are shifted together in one
/// expression, compilers use an instruction that takes six times as long as its parts.)
#[derive(Debug, Clone, Copy, Default)]
struct Carry(u64);

impl Carry {
    /// `mask` moved up by `n` bytes.
    #[inline(always)]
    fn up(&mut self, mask: u64, n: u32) -> u64 {
        let moved = mask << n | self.0;
        self.0 = mask >> (64 - n);
        moved
    }

    /// Where one of `mask` stands one to five bytes before.
    #[inline(always)]
    fn within_five(&mut self, mask: u64) -> u64 {
        let mut near = mask << 1;
        near |= near << 1;
        near |= near << 2 | mask << 5 | self.0;
        let over = mask >> 59;
        let two = over | over >> 1;
        self.0 = two | two >> 2 | over >> 4;
        near
    }

    /// Where one of `mask` stands two to four bytes before.
    #[inline(always)]
    fn two_to_four(&mut self, mask: u64) -> u64 {
        let near = mask << 2 | mask << 3 | mask << 4 | self.0;
        self.0 = mask >> 62 | mask >> 61 | mask >> 60;
        near
    }
}

/// What is carried from block to block.
struct State<'a> {
    text: &'a [u8],
    kinds: Kinds,
    literals: &'a Literals,
    colon: Carry,
    colons: Carry,
    pairs: Carry,
    dashes: [Carry; 2],
    dot: [Carry; 3],
    dots: [Carry; 2],
    digit: [Carry; 4],
    letter: [Carry; 2],
    lower: Carry,
    word: [Carry; 2],
    separator: [Carry; 3],
    long: [Carry; 4],
    /// Digits in the last block and in the one before.
    digits: [u64; 2],
    /// Separators between those of a run, in the last block.
    between: u64,
    /// Runs in the block before that.
    run: u64,
    /// Where the word that reaches the last block's end began.
    word_start: usize,
    /// How many anchors of other texts there are.
    kept: usize,
}

/// The kinds that need more than a few masks.
const WORDS: Kinds = Kinds::IBAN.and(Kinds::DECIMAL).and(Kinds::LONG);

/// Sweeps `text` for `kinds`; see [`super::Sweep::sweep`].
///
/// # Safety
///
/// The processor must have the features of `by`.
#[inline(always)]
pub(super) unsafe fn sweep<C: Classify>(by: C, text: &[u8], kinds: Kinds, literals: &Literals, out: &mut Vec<Anchor>) {
    // SAFETY: the caller's promise.
    unsafe {
        if kinds.holds(WORDS) || literals.words {
            blocks::<C, true>(by, text, kinds, literals, out);
        } else {
            blocks::<C, false>(by, text, kinds, literals, out);
        }
    }
}

/// See [`sweep`]; `FULL`: some of [`WORDS`] are wanted, or literals where words begin.
///
/// # Safety
///
/// As there.
#[inline(always)]
unsafe fn blocks<C: Classify, const FULL: bool>(
    by: C,
    text: &[u8],
    kinds: Kinds,
    literals: &Literals,
    out: &mut Vec<Anchor>,
) {
    let none = Carry::default();
    let mut state = State {
        text,
        kinds,
        literals,
        colon: none,
        colons: none,
        pairs: none,
        dashes: [none; 2],
        dot: [none; 3],
        dots: [none; 2],
        digit: [none; 4],
        letter: [none; 2],
        lower: none,
        word: [none; 2],
        separator: [none; 3],
        long: [none; 4],
        digits: [0; 2],
        between: 0,
        run: 0,
        word_start: 0,
        kept: out.len(),
    };
    let mut at = 0;
    while at + BLOCK + AHEAD <= text.len() {
        // SAFETY: BLOCK + AHEAD bytes from `at` are within `text`; the features are the caller's promise.
        let masks = unsafe { by.masks(text.as_ptr().add(at)) };
        state.block::<FULL>(at, masks, out);
        at += BLOCK;
    }
    while at < text.len() {
        let mut tail = [0u8; BLOCK + AHEAD];
        let rest = &text[at..text.len().min(at + BLOCK + AHEAD)];
        tail[..rest.len()].copy_from_slice(rest);
        // SAFETY: `tail` has BLOCK + AHEAD bytes; the features are the caller's promise.
        let masks = unsafe { by.masks(tail.as_ptr()) };
        state.block::<FULL>(at, masks, out);
        at += BLOCK;
    }
    // Behind the text come zeros: what is open closes.
    state.block::<FULL>(at, Masks::default(), out);
    state.block::<FULL>(at + BLOCK, Masks::default(), out);
}

impl State<'_> {
    /// Works off the block at `base`.
    #[inline(always)]
    fn block<const FULL: bool>(&mut self, base: usize, m: Masks, out: &mut Vec<Anchor>) {
        let want = |mask: u64, kind: Kinds| if self.kinds.holds(kind) { mask } else { 0 };
        let pairs = m.colon & self.colons.within_five(m.colon);
        let colons = m.colon & (self.pairs.within_five(pairs) | self.colon.up(m.colon, 1))
            | m.dash & self.dashes[0].up(m.dash, 3) & self.dashes[1].up(m.dash, 6)
            | m.dot & self.dot[0].up(m.dot, 5);
        let (at, colons) = (want(m.at, Kinds::AT), want(colons, Kinds::COLONS));
        let fold = want(m.fold, Kinds::FOLD);
        let digit = [
            self.digit[0].up(m.digit, 1),
            self.digit[1].up(m.digit, 2),
            self.digit[2].up(m.digit, 3),
            self.digit[3].up(m.digit, 4),
        ];
        // Where the digit behind a dot between two digits stands.
        let dotted = m.digit & self.dot[1].up(m.dot, 1) & digit[1];
        let two = dotted & self.dots[0].two_to_four(dotted);
        let dots = want(dotted & self.dots[1].two_to_four(two), Kinds::DOTS);
        let (mut heads, mut decimals, mut literals) = (0, 0, m.inner);
        if FULL {
            let word = m.digit | m.letter;
            let apart = !self.word[0].up(word, 1);
            // Where the second digit stands, the third decimal.
            let letters = self.letter[0].up(m.letter, 2) & self.letter[1].up(m.letter, 3);
            let two = m.digit & digit[0];
            heads = want(two & letters & !self.word[1].up(word, 4), Kinds::IBAN);
            decimals = want(two & digit[1] & self.dot[2].up(m.dot, 3) & digit[3], Kinds::DECIMAL);
            // A word begins behind what is no letter or digit, and at a capital behind a small letter.
            let humps = m.upper & self.lower.up(m.letter & !m.upper, 1);
            literals |= m.literal & (humps | apart);
        }
        let mut any = at | colons | fold | dots | heads | decimals | literals;
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
            if stands(dots) {
                insert(out, self.kept, Anchor::Dots(first_dot(self.text, i - 1)));
            }
            if FULL && stands(heads) {
                insert(out, self.kept, Anchor::Iban(i - 3));
            }
            if FULL && stands(decimals) && before_another(self.text, i + 1) {
                insert(out, self.kept, Anchor::Decimal(i - 3));
            }
            if stands(literals) && i < self.text.len() {
                self.literals.verify(self.text, i, out);
            }
        }
        if FULL {
            self.words(base, m.digit | m.letter, out);
        }
        if self.kinds.holds(Kinds::RUN) {
            // Where the digit stands behind one, two or three separators that another digit stands before.
            let s = &mut self.separator;
            let one = m.digit & s[0].up(m.separator, 1);
            let two = one & s[1].up(m.separator, 2);
            let three = two & s[2].up(m.separator, 3) & digit[3];
            let (one, two) = (one & digit[1], two & digit[2]);
            let (more, all) = (two | three, one | two | three);
            // Those separators: in this block, and at the end of the one before.
            let between = all >> 1 | more >> 2 | three >> 3;
            if base > 0 {
                self.runs(base, all << 63 | more << 62 | three << 61, out);
            }
            (self.digits[0], self.between) = (m.digit, between);
        }
    }

    /// Runs that end in the block before the one at `base`: stretches of digits and of one to three separators between two of
    /// them; `between`: such separators of which this block has told.
    #[inline(always)]
    fn runs(&mut self, base: usize, between: u64, out: &mut Vec<Anchor>) {
        let run = self.digits[0] | self.between | between;
        // Where seven bytes of a run end, and then where such a run has ended.
        let two = run & self.long[0].up(run, 1);
        let four = two & self.long[1].up(two, 2);
        let seven = four & self.long[2].up(four, 3);
        let mut ends = self.long[3].up(seven, 1) & !run;
        while ends != 0 {
            let end = ends.trailing_zeros();
            ends &= ends - 1;
            self.ended(base - BLOCK, end, run, out);
        }
        self.run = run;
        self.digits[1] = self.digits[0];
    }

    /// A run has ended before bit `end` of the block at `base`.
    #[inline(always)]
    fn ended(&self, base: usize, end: u32, run: u64, out: &mut Vec<Anchor>) {
        let here = if end == 0 { 0 } else { (run << (64 - end)).leading_ones() };
        let before = if here == end { self.run.leading_ones() } else { 0 };
        let (len, end_at) = ((here + before) as usize, base + end as usize);
        if before as usize == BLOCK {
            return self.ended_far(end_at, out);
        }
        let top = |digits: u64, n: u32| if n == 0 { 0 } else { (digits >> (64 - n)).count_ones() };
        let digits = top(self.digits[1], before) + if end == 0 { 0 } else { top(self.digits[0] << (64 - end), here) };
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

    /// Stretches of letters and digits.
    #[inline(always)]
    fn words(&mut self, base: usize, word: u64, out: &mut Vec<Anchor>) {
        let head = word.trailing_ones() as usize;
        if head == BLOCK {
            return; // goes on
        }
        if base + head - self.word_start >= LONG {
            self.long(self.word_start, base + head, out);
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
        self.word_start = base + BLOCK - tail;
    }

    fn long(&self, start: usize, end: usize, out: &mut Vec<Anchor>) {
        if self.kinds.holds(Kinds::LONG) {
            insert(out, self.kept, Anchor::Long { start, end });
        }
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
