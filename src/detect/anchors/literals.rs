//! The rules' literals, looked for many at a time: a fingerprint of a few bytes by nibbles says where one could begin (as
//! Teddy does, from Intel's Hyperscan), a table over three bytes and two more bytes sort out most of those places, and what is left is compared.
//! ASCII letters in any case.

use super::Anchor;
use super::blocks::insert;
use super::buckets::Buckets;

/// Bytes of a fingerprint: two letters of the scripts that take two bytes a letter.
pub(super) const PRINT: usize = 4;
/// Bytes of a literal's head.
const HEAD: usize = 3;
/// Buckets of a set of fingerprints: one bit each.
pub(super) const BUCKETS: usize = 8;
/// With so few literals at most, those within words and the others share a fingerprint, half of the buckets each, of this many bytes:
/// it takes less than half of the instructions, and lets no more through.
const FEW: usize = 16;
pub(super) const SHORT_PRINT: usize = 3;
/// The buckets of those within words, where they share.
pub(super) const INNER: u8 = 0x0F;
/// More literals than that are shared out among the buckets of two sets: the second costs less than what it spares.
const MANY: usize = 64;
/// Bits of a head's hash.
const HASH: u32 = 12;

/// A literal that a rule asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Literal {
    /// In lower case.
    pub text: Vec<u8>,
    /// The armed rule.
    pub rule: u32,
    /// It counts within a word, too; else only where one begins (see [`begins`]).
    pub inner: bool,
}

/// Fingerprints of some literals.
#[derive(Debug, Default)]
pub(super) struct Prints {
    /// By place in the fingerprint and low nibble: the buckets that have such a byte there.
    pub low: [[u8; 16]; PRINT],
    /// The same by high nibble.
    pub high: [[u8; 16]; PRINT],
}

/// By place and byte: the buckets of the literals that may stand within a word and, sixteen bits up, of the others.
#[derive(Debug)]
struct Bytes(Box<[[u32; 256]; PRINT]>);

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes(Box::new([[0; 256]; PRINT]))
    }
}

/// Compiled literals.
#[derive(Debug, Default)]
pub(super) struct Literals {
    /// Of all, if they are few: of those that may stand within a word in the buckets [`INNER`].
    pub joint: Option<Prints>,
    /// Else of those that may stand within a word, in up to two sets; none if there are no such literals.
    pub inner: Vec<Prints>,
    /// And of those that begin one, in the same way.
    pub word: Vec<Prints>,
    /// Some begin only where a word does.
    pub words: bool,
    /// Some are digits and nothing else.
    pub digits: bool,
    /// Of `inner` and `word`.
    bytes: Bytes,
    /// By the hash of three bytes: what may stand in the fourth place, a bit for each value of the last five bits, which letters of
    /// either case share.
    fourth: Vec<u32>,
    /// By the same hash: which of `groups`, where something may stand in the fourth place.
    heads: Vec<u16>,
    groups: Vec<Group>,
}

/// Literals that begin with the same three bytes, or with some that have the same hash.
#[derive(Debug, Default)]
struct Group {
    /// What may stand in the first and in the fifth place: bits as of the fourth.
    first: u32,
    fifth: u32,
    /// With their first eight bytes in one case.
    literals: Vec<(Eight, Literal)>,
}

/// Up to eight bytes without regard to case: with the bit in which letters of other cases differ, and which of their bits count.
#[derive(Debug, Clone, Copy)]
struct Eight(u64, u64);

impl Eight {
    fn of(text: &[u8]) -> Eight {
        let bytes: [u8; 8] = std::array::from_fn(|i| text.get(i).copied().unwrap_or(0));
        let mask = u64::MAX >> (64 - 8 * text.len().clamp(1, 8));
        Eight((u64::from_le_bytes(bytes) | CASE) & mask, mask)
    }
}

/// The bit in which ASCII letters of other cases differ, and some other bytes: in each of eight.
const CASE: u64 = u64::MAX / 255 * 0x20;

impl Group {
    fn add(&mut self, literal: &Literal) {
        self.first |= bits(literal.text.first());
        self.fifth |= bits(literal.text.get(HEAD + 1));
        self.literals.push((Eight::of(&literal.text), literal.clone()));
    }
}

/// A bit for the last five of a literal's byte; of one that it doesn't have, all.
fn bits(byte: Option<&u8>) -> u32 {
    byte.map_or(u32::MAX, |b| 1 << (b & 31))
}

/// The first three of four bytes without regard to case, hashed. Letters of other cases differ in one bit, and so do some other bytes:
/// harmless.
#[inline(always)]
fn hash(bytes: [u8; PRINT]) -> usize {
    let key = (u32::from_le_bytes(bytes) | 0x20_2020) & 0xFF_FFFF;
    (key.wrapping_mul(0x9E37_79B1) >> (32 - HASH)) as usize
}

/// Moves the places that `may` lets pass to the front.
#[inline(always)]
fn sift(places: &mut [u16], may: impl Fn(u16) -> bool) -> &mut [u16] {
    let mut left = 0;
    for i in 0..places.len() {
        let place = places[i];
        places[left] = place;
        left += usize::from(may(place));
    }
    &mut places[..left]
}

/// Whether a word begins at `at`: no ASCII letter or digit stands right before, or a capital follows a small letter.
pub(super) fn begins(text: &[u8], at: usize) -> bool {
    let before = if at == 0 { b' ' } else { text[at - 1] };
    !before.is_ascii_alphanumeric() || (before.is_ascii_lowercase() && text[at].is_ascii_uppercase())
}

impl Prints {
    /// Adds a literal (in lower case) to a bucket.
    fn add(&mut self, literal: &[u8], bucket: usize) {
        for place in 0..PRINT {
            let bytes: Vec<u8> = match literal.get(place) {
                Some(&b) => vec![b, b.to_ascii_uppercase()],
                None => (0..=255).collect(), // too short: any byte may follow
            };
            for b in bytes {
                self.low[place][usize::from(b & 15)] |= 1 << bucket;
                self.high[place][usize::from(b >> 4)] |= 1 << bucket;
            }
        }
    }

    /// The buckets that have `byte` at `place`.
    fn buckets(&self, place: usize, byte: u8) -> u8 {
        self.low[place][usize::from(byte & 15)] & self.high[place][usize::from(byte >> 4)]
    }
}

impl Literals {
    /// Compiles literals.
    pub fn new(list: Vec<Literal>) -> Literals {
        let (heads, fourth) = (vec![0; 1 << HASH], vec![0; 1 << HASH]);
        let mut out = Literals { heads, fourth, ..Literals::default() };
        let mut list: Vec<Literal> = list.into_iter().filter(|l| !l.text.is_empty()).collect();
        list.iter_mut().for_each(|l| l.text.make_ascii_lowercase());
        list.sort();
        out.words = list.iter().any(|l| !l.inner);
        out.digits = list.iter().any(|l| l.text.iter().all(u8::is_ascii_digit));
        out.joint = (list.len() <= FEW).then(Prints::default);
        let half = INNER.count_ones() as usize;
        for inner in [true, false] {
            let part: Vec<&Literal> = list.iter().filter(|l| l.inner == inner).collect();
            let sets = usize::from(!part.is_empty()) + usize::from(part.len() > MANY);
            let texts: Vec<&[u8]> = part.iter().map(|l| &l.text[..]).collect();
            if let Some(joint) = &mut out.joint {
                let from = if inner { 0 } else { half };
                let buckets = Buckets::share_out(&texts, half);
                texts.iter().zip(buckets).for_each(|(text, bucket)| joint.add(text, from + bucket));
                continue;
            }
            let buckets = Buckets::share_out(&texts, sets * BUCKETS);
            let prints = if inner { &mut out.inner } else { &mut out.word };
            prints.resize_with(sets, Prints::default);
            for (text, bucket) in texts.into_iter().zip(buckets) {
                prints[bucket / BUCKETS].add(text, bucket % BUCKETS);
            }
        }
        list.iter().for_each(|l| out.add(l));
        let of = |sets: &[Prints], place, b| {
            sets.iter().rev().fold(0, |all, prints| all << BUCKETS | u32::from(prints.buckets(place, b)))
        };
        let buckets = |place, b| match out.joint.as_ref().map(|joint| joint.buckets(place, b)) {
            Some(joint) => u32::from(joint & INNER) | u32::from(joint & !INNER) << (2 * BUCKETS),
            None => of(&out.inner, place, b) | of(&out.word, place, b) << (2 * BUCKETS),
        };
        out.bytes = Bytes(Box::new(std::array::from_fn(|place| std::array::from_fn(|b| buckets(place, b as u8)))));
        out
    }

    fn add(&mut self, literal: &Literal) {
        let any = |place: usize| match literal.text.get(place) {
            Some(&b) => b..=b,
            None => 0..=255,
        };
        let hashes: std::collections::BTreeSet<usize> =
            any(1).flat_map(|b| any(2).map(move |c| (b, c))).map(|(b, c)| hash([literal.text[0], b, c, 0])).collect();
        for h in hashes {
            if self.fourth[h] == 0 {
                self.heads[h] = self.groups.len() as u16;
                self.groups.push(Group::default());
            }
            self.fourth[h] |= bits(literal.text.get(HEAD));
            self.groups[usize::from(self.heads[h])].add(literal);
        }
    }

    /// The buckets whose fingerprints fit where `text` begins, which has [`PRINT`] bytes: of those that may stand within a word, and
    /// sixteen bits up of the others. For who has no vectors.
    #[inline(always)]
    pub fn fit(&self, text: &[u8; PRINT]) -> u32 {
        let [a, b, c, d] = &*self.bytes.0;
        let at = |buckets: &[u32; 256], place: usize| buckets[usize::from(text[place])];
        at(a, 0) & at(b, 1) & at(c, 2) & at(d, 3)
    }

    /// Adds an anchor for each literal that stands at one of `places` from `base` on, at which its fingerprint fits; not before the
    /// first `kept`.
    ///
    /// They are sifted twice, by four bytes (one in ten is left) and by the first and the fifth, without a branch for each: which of
    /// them may begin a literal is nothing that a processor foresees.
    #[inline(always)]
    pub fn anchors(&self, text: &[u8], base: usize, places: &mut [u16], kept: usize, out: &mut Vec<Anchor>) {
        let bytes = |place: u16| {
            let at = base + usize::from(place);
            match text.get(at..).and_then(<[u8]>::first_chunk::<{ PRINT + 1 }>) {
                Some(bytes) => *bytes,
                None => std::array::from_fn(|i| text.get(at + i).copied().unwrap_or(0)),
            }
        };
        let left = sift(places, |place| {
            let [a, b, c, d, _] = bytes(place);
            self.fourth[hash([a, b, c, d])] >> (d & 31) & 1 != 0
        });
        let left = sift(left, |place| {
            let [a, b, c, d, e] = bytes(place);
            let group = &self.groups[usize::from(self.heads[hash([a, b, c, d])])];
            group.first >> (a & 31) & group.fifth >> (e & 31) & 1 != 0
        });
        for place in left {
            let bytes = bytes(*place);
            let group = &self.groups[usize::from(self.heads[hash([bytes[0], bytes[1], bytes[2], 0])])];
            Self::compare(group, text, base + usize::from(*place), kept, out);
        }
    }

    #[cold]
    fn compare(group: &Group, text: &[u8], at: usize, kept: usize, out: &mut Vec<Anchor>) {
        // The zeros behind a text may fit.
        if at >= text.len() {
            return;
        }
        let begins = begins(text, at);
        let eight = text[at..].first_chunk::<8>().copied();
        let eight = eight.unwrap_or_else(|| std::array::from_fn(|i| text.get(at + i).copied().unwrap_or(0)));
        let eight = u64::from_le_bytes(eight) | CASE;
        for (Eight(bytes, mask), l) in &group.literals {
            if eight & mask != *bytes {
                continue;
            }
            let stands = text.get(at..at + l.text.len()).is_some_and(|t| t.eq_ignore_ascii_case(&l.text));
            if stands && (l.inner || begins) {
                insert(out, kept, Anchor::Literal { rule: l.rule, start: at });
            }
        }
    }
}
