//! The sweep without vector instructions: one pass by a table of byte classes.

use super::{Anchor, Kinds};

const OTHER: u8 = 0;
const DIGIT: u8 = 1;
const LETTER: u8 = 2;
/// `@`
const AT: u8 = 3;
const COLON: u8 = 4;
const DOT: u8 = 5;
const DASH: u8 = 6;
/// Separators in numbers that have no class of their own.
const SEPARATOR: u8 = 7;

const CLASS: [u8; 256] = {
    let mut t = [OTHER; 256];
    let mut i = 0;
    while i < 256 {
        t[i] = match i as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'@' => AT,
            b':' => COLON,
            b'.' => DOT,
            b'-' => DASH,
            b' ' | b'\t' | b'\n' | b'\r' | b'(' | b')' | b'/' | b'+' | b'_' => SEPARATOR,
            _ => OTHER,
        };
        i += 1;
    }
    t
};

/// The most separators that may stand between two digits of a run.
const GAP: usize = 3;
/// The fewest digits of a run.
const DIGITS: usize = 7;
/// The fewest characters of a long word.
const LONG: usize = 25;

fn is_digit(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_digit)
}

/// See [`super::Sweep::sweep`]; `kinds` without literals and text.
pub fn sweep(text: &[u8], kinds: Kinds, out: &mut Vec<Anchor>) {
    // The run being read: its first digit, one past its last, its digits.
    let (mut run, mut last, mut digits) = (0, 0, 0);
    // The word being read.
    let mut word = 0;
    let (mut dot1, mut dot2) = (usize::MAX, usize::MAX);
    let (mut colon, mut dash, mut any_dot) = (usize::MAX, usize::MAX, usize::MAX);
    let push = |out: &mut Vec<Anchor>, a: Anchor| {
        if kinds.holds(a.kind()) {
            out.push(a);
        }
    };
    for (i, &b) in text.iter().enumerate() {
        let class = CLASS[b as usize];
        if class > LETTER || class == OTHER {
            if i - word >= LONG {
                push(out, Anchor::Long { start: word, end: i });
            }
            word = i + 1;
        }
        match class {
            DIGIT => {
                if digits == 0 {
                    run = i;
                }
                if i > 1
                    && text[i - 1].is_ascii_alphabetic()
                    && text[i - 2].is_ascii_alphabetic()
                    && is_digit(text, i + 1)
                    && (i == 2 || !text[i - 3].is_ascii_alphanumeric())
                {
                    push(out, Anchor::Iban(i - 2));
                }
                digits += 1;
                last = i + 1;
                continue;
            }
            LETTER => {}
            AT => push(out, Anchor::At(i)),
            COLON => {
                if colon != usize::MAX && i - colon <= 5 {
                    push(out, Anchor::Colons(i));
                }
                colon = i;
            }
            DASH => {
                if dash != usize::MAX && i - dash == 3 {
                    push(out, Anchor::Colons(i));
                }
                dash = i;
            }
            DOT => {
                if any_dot != usize::MAX && i - any_dot == 5 {
                    push(out, Anchor::Colons(i));
                }
                any_dot = i;
                if i > 0 && is_digit(text, i - 1) && is_digit(text, i + 1) {
                    if is_digit(text, i + 2) && is_digit(text, i + 3) {
                        push(out, Anchor::Decimal(i));
                    }
                    if dot1 != usize::MAX && dot2 != usize::MAX && i - dot2 <= 4 && dot2 - dot1 <= 4 {
                        push(out, Anchor::Dots(dot1));
                    }
                    (dot1, dot2) = (dot2, i);
                }
            }
            _ => {}
        }
        if digits > 0 && (class < DOT || i - last >= GAP) {
            if digits >= DIGITS {
                push(out, Anchor::Run { start: run, end: last });
            }
            digits = 0;
        }
    }
    if digits >= DIGITS {
        push(out, Anchor::Run { start: run, end: last });
    }
    if text.len() - word.min(text.len()) >= LONG {
        push(out, Anchor::Long { start: word, end: text.len() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchors(text: &str) -> Vec<Anchor> {
        let mut out = Vec::new();
        sweep(text.as_bytes(), Kinds(u16::MAX), &mut out);
        out
    }

    #[test]
    fn each_kind() {
        assert_eq!(anchors("a@b"), [Anchor::At(1)]);
        assert_eq!(anchors("call 555 (01) 42x"), [Anchor::Run { start: 5, end: 16 }]);
        assert_eq!(anchors("555 0142"), [Anchor::Run { start: 0, end: 8 }]);
        assert_eq!(anchors("555    0142"), []);
        assert_eq!(anchors("9.8.7.6"), [Anchor::Dots(1)]);
        assert_eq!(anchors("fe80::1"), [Anchor::Iban(0), Anchor::Colons(5)]);
        assert_eq!(anchors("12:30"), []);
        assert_eq!(anchors("a-bb-cc"), [Anchor::Colons(4)]);
        assert_eq!(anchors("xy12"), [Anchor::Iban(0)]);
        assert_eq!(anchors("axy12"), []);
        assert_eq!(anchors("1.234"), [Anchor::Decimal(1)]);
        assert_eq!(anchors(&"a".repeat(25)), [Anchor::Long { start: 0, end: 25 }]);
        assert_eq!(anchors(&"a".repeat(24)), []);
    }
}
