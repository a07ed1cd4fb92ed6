//! The sweep written down a second time, straight from the documentation of [`super::Anchor`] and without any thought of
//! speed: what every version of the sweep is compared with.

use super::{Anchor, folds};

fn digit(t: &[u8], i: usize) -> bool {
    t.get(i).is_some_and(u8::is_ascii_digit)
}

fn dot(t: &[u8], i: usize) -> bool {
    t[i] == b'.' && i > 0 && digit(t, i - 1) && digit(t, i + 1)
}

/// All anchors of `t` but the text as a whole; `words` are the literals, each its own rule, every other one only where a word begins.
pub fn anchors(t: &[u8], words: &[&str]) -> Vec<Anchor> {
    let mut out = Vec::new();
    let back = |b: u8, i: usize, by: usize| i >= by && t[i - by] == b;
    for i in 0..t.len() {
        if t[i] == b'@' {
            out.push(Anchor::At(i));
        }
        let decimals = t[i + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        let behind = |by| b" ,;/\xC2nsewoNSEWO".contains(&t.get(i + 1 + decimals + by).copied().unwrap_or(0));
        let parted = behind(0) && (t[i + 1 + decimals] != b' ' || behind(1));
        if dot(t, i) && (3..=17).contains(&decimals) && parted {
            out.push(Anchor::Decimal(i));
        }
        // The two dots before this one that stand between digits.
        if dot(t, i) {
            let two = (0..i).rev().find(|&j| dot(t, j));
            let one = two.and_then(|k| (0..k).rev().find(|&j| dot(t, j)));
            if let (Some(one), Some(two)) = (one, two)
                && i - two <= 4
                && two - one <= 4
            {
                out.push(Anchor::Dots(one));
            }
        }
        let pair = |i: usize| (1..=5).any(|by| back(b':', i, by));
        let colons = (t[i] == b':' && (back(b':', i, 1) || (1..=5).any(|by| back(b':', i, by) && pair(i - by))))
            || (t[i] == b'-' && back(b'-', i, 3) && back(b'-', i, 6))
            || (t[i] == b'.' && back(b'.', i, 5));
        if folds::fits(t[i], t.get(i + 1).copied().unwrap_or(0)) {
            out.push(Anchor::Fold(i));
        }
        if colons {
            out.push(Anchor::Colons(i));
        }
        for (rule, word) in words.iter().enumerate() {
            let end = i + word.len();
            let hump = i > 0 && t[i - 1].is_ascii_lowercase() && t[i].is_ascii_uppercase();
            let begins = rule % 2 == 0 || i == 0 || hump || !t[i - 1].is_ascii_alphanumeric();
            if begins && t.get(i..end).is_some_and(|w| w.eq_ignore_ascii_case(word.as_bytes())) {
                out.push(Anchor::Literal { rule: rule as u32, start: i });
            }
        }
        let letter = |i: usize| t.get(i).is_some_and(u8::is_ascii_alphabetic);
        let word = i > 0 && t[i - 1].is_ascii_alphanumeric();
        if letter(i) && letter(i + 1) && digit(t, i + 2) && digit(t, i + 3) && !word {
            out.push(Anchor::Iban(i));
        }
        if t[i].is_ascii_alphanumeric() && !word {
            let len = t[i..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            if (9..=18).contains(&len) && coded(&t[i..i + len]) {
                out.push(Anchor::Code(i));
            }
            if len >= 25 {
                out.push(Anchor::Long { start: i, end: i + len });
            }
        }
    }
    runs(t, &mut out);
    out
}

/// Whether a letter stands right behind three to seven digits behind a letter.
fn coded(word: &[u8]) -> bool {
    let stretches = word.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).collect::<Vec<_>>();
    stretches.windows(3).any(|w| w[1][0].is_ascii_digit() && (3..=7).contains(&w[1].len()))
}

fn runs(t: &[u8], out: &mut Vec<Anchor>) {
    let separator = |b: u8| b" \t\r\n.-()/+_".contains(&b);
    let mut i = 0;
    while i < t.len() {
        if !digit(t, i) {
            i += 1;
            continue;
        }
        let (start, mut end, mut digits) = (i, i + 1, 1);
        // The next digit, with at most three separators and nothing else between.
        while let Some(next) = (end..t.len().min(end + 4)).find(|&j| digit(t, j)) {
            if !t[end..next].iter().all(|b| separator(*b)) {
                break;
            }
            end = next + 1;
            digits += 1;
        }
        if digits >= 7 && !left_out(t, start, end, digits) {
            out.push(Anchor::Run { start, end });
        }
        i = end;
    }
}

/// What [`Anchor::Run`] says is left out.
fn left_out(t: &[u8], start: usize, end: usize, digits: usize) -> bool {
    let before = &t[..start];
    if digits == end - start {
        let glued = before.last().is_some_and(|b| *b == b'_' || b.is_ascii_alphabetic());
        return glued && [7, 8, 10, 11].contains(&digits) || digits >= 20 && !before.ends_with(b" ");
    }
    let last: Vec<u8> = t[start..end].rsplit(|b| *b == b'\n').next().unwrap_or_default().to_vec();
    let hours = last.len() < end - start && last.iter().all(u8::is_ascii_digit);
    let behind = |i: usize, any: &[u8]| t.get(end + i).is_some_and(|b| any.contains(b));
    let seconds = behind(4, b"0123456789") && behind(5, b"0123456789") && behind(6, b".,");
    let shaped = last.len() == 2 || (3..=4).contains(&last.len()) && seconds;
    if hours && shaped && digits < 7 + last.len() && behind(0, b":") && behind(3, b":") {
        return true;
    }
    if let [.., _, _, _, _, b'-', _, _, b'-', _, _] = t[start..end]
        && end - start == 10
        && digits == 8
        && matches!(t[end..], [a, b, c, b':', ..] if a.is_ascii_alphabetic() && b.is_ascii_digit() && c.is_ascii_digit())
    {
        return true;
    }
    let lettered = matches!(before, [.., a, b' '] if a.is_ascii_alphabetic());
    if digits >= 12 || lettered || before.iter().rev().take(2).any(|b| *b == b'+') {
        return false;
    }
    let run = String::from_utf8_lossy(&t[start..end]).into_owned();
    let separator = run.chars().nth(4).filter(|c| "-/.".contains(*c));
    let Some(parts) = separator.map(|c| run.splitn(3, c).map(str::to_owned).collect::<Vec<_>>()) else { return false };
    let [year, month, rest] = parts.as_slice() else { return false };
    let day: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let number = |s: &str, len: usize, range: std::ops::RangeInclusive<u32>| {
        s.len() == len && s.parse().is_ok_and(|n| range.contains(&n))
    };
    number(year, 4, 1800..=2099) && number(month, 2, 1..=12) && number(&day, 2, 1..=31)
}

/// Where one of `stops` stands in `t`, a bit a byte.
pub fn stops(t: &[u8], stops: &[u8]) -> Vec<u64> {
    let stop = |b: &u8| stops.contains(b);
    t.chunks(64).map(|c| c.iter().enumerate().fold(0, |word, (i, b)| word | u64::from(stop(b)) << i)).collect()
}
