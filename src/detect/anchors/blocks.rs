//! The sweep itself: one algorithm over blocks of 64 bytes, each seen as a few masks with a bit a byte. What differs
//! between processors is how the masks are made ([`Classify`]).

use super::literals::Literals;
use super::{Anchor, Kinds};

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;
/// Bytes after a block that [`Classify::masks`] may read.
pub(super) const AHEAD: usize = super::literals::PRINT - 1;

/// The most separators that may stand between two digits of a run.
const GAP: usize = 3;
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
    pub at: u64,
    pub colon: u64,
    pub dot: u64,
    pub dash: u64,
    /// Where the fingerprint of a literal fits that may stand within a word.
    pub inner: u64,
    /// Where that of another literal fits.
    pub literal: u64,
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

/// `mask` moved up by `n` bytes, with those of the block before coming in.
#[inline(always)]
fn up(mask: u64, before: u64, n: u32) -> u64 {
    mask << n | before >> (64 - n)
}

fn is_digit(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_digit)
}

/// A byte that may stand between the digits of a run.
pub(super) fn is_separator(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'.' | b'-' | b'(' | b')' | b'/' | b'+' | b'_')
}

/// What is carried from block to block.
struct State<'a> {
    text: &'a [u8],
    kinds: Kinds,
    literals: &'a Literals,
    before: Masks,
    /// The run being read: its first digit, one past its last, its digits (0: none).
    run: (usize, usize, usize),
    /// The last two dots between digits.
    dots: (usize, usize),
    /// Where the word that reaches the last block's end began.
    word: usize,
}

/// Sweeps `text`; see [`super::Sweep::sweep`].
///
/// # Safety
///
/// The processor must have the features of `by`.
#[inline(always)]
pub(super) unsafe fn sweep<C: Classify>(by: C, text: &[u8], kinds: Kinds, literals: &Literals, out: &mut Vec<Anchor>) {
    let far = usize::MAX;
    let mut state =
        State { text, kinds, literals, before: Masks::default(), run: (0, 0, 0), dots: (far, far), word: 0 };
    let mut at = 0;
    while at + BLOCK + AHEAD <= text.len() {
        // SAFETY: BLOCK + AHEAD bytes from `at` are within `text`; the features are the caller's promise.
        let masks = unsafe { by.masks(text.as_ptr().add(at)) };
        state.block(at, masks, out);
        at += BLOCK;
    }
    while at < text.len() {
        let mut tail = [0u8; BLOCK + AHEAD];
        let rest = &text[at..text.len().min(at + BLOCK + AHEAD)];
        tail[..rest.len()].copy_from_slice(rest);
        // SAFETY: `tail` has BLOCK + AHEAD bytes; the features are the caller's promise.
        let masks = unsafe { by.masks(tail.as_ptr()) };
        state.block(at, masks, out);
        at += BLOCK;
    }
    state.end(at, out);
}

impl State<'_> {
    #[inline(always)]
    fn block(&mut self, base: usize, m: Masks, out: &mut Vec<Anchor>) {
        let b = self.before;
        self.each(m.at, Kinds::AT, base, out, Anchor::At);
        let near = up(m.colon, b.colon, 1)
            | up(m.colon, b.colon, 2)
            | up(m.colon, b.colon, 3)
            | up(m.colon, b.colon, 4)
            | up(m.colon, b.colon, 5);
        let colons = (m.colon & near) | (m.dash & up(m.dash, b.dash, 3)) | (m.dot & up(m.dot, b.dot, 5));
        self.each(colons, Kinds::COLONS, base, out, Anchor::Colons);
        if m.digit != 0 {
            self.numbers(base, m, out);
        }
        self.words(base, m.digit | m.letter, out);
        // A word begins behind what is no letter or digit, and at a capital behind a small letter.
        let humps = m.upper & up(m.letter & !m.upper, b.letter & !b.upper, 1);
        let begins = humps | !up(m.digit | m.letter, b.digit | b.letter, 1);
        let literals = m.inner | (m.literal & begins);
        if literals != 0 {
            self.literals(base, literals, out);
        }
        self.before = m;
    }

    #[inline(always)]
    fn each(&self, mut mask: u64, kind: Kinds, base: usize, out: &mut Vec<Anchor>, make: impl Fn(usize) -> Anchor) {
        if mask != 0 && self.kinds.holds(kind) {
            while mask != 0 {
                out.push(make(base + mask.trailing_zeros() as usize));
                mask &= mask - 1;
            }
        }
    }

    /// Runs, dots, decimal points, IBAN heads: all need a digit.
    #[inline(always)]
    fn numbers(&mut self, base: usize, m: Masks, out: &mut Vec<Anchor>) {
        let b = self.before;
        let word = up(m.digit | m.letter, b.digit | b.letter, 3);
        let mut heads = m.digit & up(m.letter, b.letter, 1) & up(m.letter, b.letter, 2) & !word;
        while heads != 0 {
            let i = base + heads.trailing_zeros() as usize;
            heads &= heads - 1;
            if is_digit(self.text, i + 1) && self.kinds.holds(Kinds::IBAN) {
                out.push(Anchor::Iban(i - 2));
            }
        }
        let mut dots = m.dot & up(m.digit, b.digit, 1);
        while dots != 0 {
            let i = base + dots.trailing_zeros() as usize;
            dots &= dots - 1;
            self.dot(i, out);
        }
        let mut digits = m.digit;
        while digits != 0 {
            let start = digits.trailing_zeros();
            let len = (digits >> start).trailing_ones();
            self.group(base + start as usize, base + (start + len) as usize, out);
            let end = start + len;
            if end >= 64 {
                break;
            }
            digits &= u64::MAX << end;
        }
    }

    /// A dot after a digit.
    fn dot(&mut self, i: usize, out: &mut Vec<Anchor>) {
        if !is_digit(self.text, i + 1) {
            return;
        }
        if is_digit(self.text, i + 2) && is_digit(self.text, i + 3) && self.kinds.holds(Kinds::DECIMAL) {
            out.push(Anchor::Decimal(i));
        }
        let (one, two) = self.dots;
        if one != usize::MAX && i - two <= 4 && two - one <= 4 && self.kinds.holds(Kinds::DOTS) {
            out.push(Anchor::Dots(one));
        }
        self.dots = (two, i);
    }

    /// A group of digits, or what of it lies in one block.
    #[inline(always)]
    fn group(&mut self, start: usize, end: usize, out: &mut Vec<Anchor>) {
        let (_, last, digits) = self.run;
        let goes_on = digits > 0 && start - last <= GAP && self.text[last..start].iter().all(|b| is_separator(*b));
        if goes_on {
            self.run.1 = end;
            self.run.2 += end - start;
        } else {
            self.close(out);
            self.run = (start, end, end - start);
        }
    }

    #[inline(always)]
    fn close(&mut self, out: &mut Vec<Anchor>) {
        let (start, end, digits) = self.run;
        if digits >= DIGITS && self.kinds.holds(Kinds::RUN) {
            out.push(Anchor::Run { start, end });
        }
        self.run.2 = 0;
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
            out.push(Anchor::Long { start, end });
        }
    }

    #[inline(always)]
    fn literals(&self, base: usize, mut mask: u64, out: &mut Vec<Anchor>) {
        while mask != 0 {
            let i = base + mask.trailing_zeros() as usize;
            mask &= mask - 1;
            if i < self.text.len() {
                self.literals.verify(self.text, i, out);
            }
        }
    }

    /// The text is over: what is open closes. `at` is where the next block would begin; the bytes after the text were zero.
    fn end(&mut self, at: usize, out: &mut Vec<Anchor>) {
        self.close(out);
        let end = self.text.len();
        if at == end && end - self.word.min(end) >= LONG {
            self.long(self.word, end, out);
        }
    }
}
