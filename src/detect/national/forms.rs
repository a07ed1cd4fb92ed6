//! How ids are written, and which of these forms could begin where.

use crate::model::Span;
use crate::patterns::national::LONGEST;

/// The fewest digits of a run that has an anchor, see [`crate::detect::anchors::Anchor::Run`].
const RUN: usize = 7;
/// Groups of more digits begin no form.
const LONG: usize = 20;

/// One way to write an id.
#[derive(Debug)]
pub(super) struct Form {
    /// The rows whose ids are written so.
    pub rows: Vec<usize>,
    pattern: Box<[u8]>,
    /// It is digits and nothing else.
    digits: bool,
    /// Bytes before the digits by which it is found.
    lead: usize,
}

/// A value that has a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub span: Span,
    /// Its letters, as capitals, and digits.
    chars: [u8; LONGEST],
    len: usize,
    /// All its letters are capitals.
    pub capitals: bool,
    /// Nothing parts its letters and digits.
    pub bare: bool,
}

impl Written {
    /// Its letters, as capitals, and digits.
    pub fn id(&self) -> &[u8] {
        &self.chars[..self.len]
    }
}

impl Form {
    /// The value of this form at `at`.
    pub fn read(&self, text: &[u8], at: usize) -> Option<Written> {
        let bytes = text.get(at..at + self.pattern.len())?;
        let mut out =
            Written { span: Span::new(at, at + bytes.len()), chars: [0; LONGEST], len: 0, capitals: true, bare: true };
        if self.digits {
            out.chars[..bytes.len()].copy_from_slice(bytes);
            out.len = bytes.len();
            return bytes.iter().all(u8::is_ascii_digit).then_some(out);
        }
        let mut gap = None;
        for (&b, &p) in bytes.iter().zip(&self.pattern) {
            let fits = match p {
                b'#' => b.is_ascii_digit(),
                b'@' => b.is_ascii_alphabetic(),
                b'*' => b.is_ascii_alphanumeric(),
                b' ' => matches!(b, b' ' | b'-' | b'.') && *gap.get_or_insert(b) == b,
                p => p.eq_ignore_ascii_case(&b),
            };
            if !fits {
                return None;
            }
            if b.is_ascii_alphanumeric() {
                out.chars[out.len] = b.to_ascii_uppercase();
                out.len += 1;
                out.capitals &= !b.is_ascii_lowercase();
            } else {
                out.bare = false;
            }
        }
        Some(out)
    }
}

/// All forms, by what they are found by: the lengths of the first groups of a run of digits, or the length of a word.
#[derive(Debug)]
pub(super) struct Forms {
    forms: Vec<Form>,
    /// By [`key`]: which of `lists`.
    keys: Vec<u16>,
    /// By the length of a word of letters and digits: which of `lists`.
    words: [u16; LONGEST + 1],
    lists: Vec<Vec<u16>>,
}

/// The index of a run's first groups: with one group or two the others are 0.
fn key(lengths: [usize; 3]) -> usize {
    lengths.iter().rev().fold(0, |k, l| k * LONG + l)
}

impl Forms {
    /// From each row's forms.
    pub fn new<'a>(rows: impl Iterator<Item = &'a [String]>) -> Forms {
        let mut all = Forms {
            forms: Vec::new(),
            keys: vec![0; key([LONG - 1; 3]) + 1],
            words: [0; LONGEST + 1],
            lists: vec![Vec::new()],
        };
        for (row, forms) in rows.enumerate() {
            for form in forms {
                all.add(row, form.as_bytes());
            }
        }
        all
    }

    fn add(&mut self, row: usize, pattern: &[u8]) {
        // Many countries' ids are nine to thirteen digits: they are read once for all of them.
        if let Some(form) = self.forms.iter_mut().find(|f| *f.pattern == *pattern) {
            form.rows.push(row);
            return;
        }
        let form = self.forms.len() as u16;
        let run = run(pattern);
        let lead = run.map_or(0, |(lead, _)| lead);
        let digits = pattern.iter().all(|b| *b == b'#');
        self.forms.push(Form { rows: vec![row], pattern: pattern.into(), digits, lead });
        let list = match run {
            Some((_, lengths)) => &mut self.keys[key(lengths)],
            None => &mut self.words[pattern.len()],
        };
        if *list == 0 {
            *list = self.lists.len() as u16;
            self.lists.push(Vec::new());
        }
        self.lists[usize::from(*list)].push(form);
    }

    fn list(&self, list: u16) -> impl Iterator<Item = &Form> {
        self.lists[usize::from(list)].iter().map(|f| &self.forms[usize::from(*f)])
    }

    /// Calls `each` for the forms that could begin with these groups of a run (those that are not there have no digits), and the places
    /// where they would begin.
    #[inline(always)]
    pub fn at_groups(&self, groups: &[Span; 3], mut each: impl FnMut(&Form, usize)) {
        let [a, b, c] = groups.map(Span::len);
        if a.max(b).max(c) >= LONG {
            return;
        }
        let mut look = |lengths| {
            for form in self.list(self.keys[key(lengths)]) {
                if let Some(start) = groups[0].start.checked_sub(form.lead) {
                    each(form, start);
                }
            }
        };
        look([a, 0, 0]);
        if b > 0 {
            look([a, b, 0]);
        }
        if c > 0 {
            look([a, b, c]);
        }
    }

    /// The forms of a word of this many letters and digits.
    pub fn of_word(&self, len: usize) -> impl Iterator<Item = &Form> {
        self.list(self.words.get(len).copied().unwrap_or(0))
    }

    /// The forms of one group of this many digits and nothing else.
    pub fn of_digits(&self, len: usize) -> impl Iterator<Item = &Form> {
        self.list(self.keys.get(len).copied().filter(|_| len < LONG).unwrap_or(0))
    }

    /// The forms that have no digits to be found by and are no word either: nothing finds them.
    pub fn unfound(&self) -> impl Iterator<Item = &Form> {
        self.forms.iter().filter(|f| run(&f.pattern).is_none() && !word(&f.pattern))
    }
}

/// Where in a pattern the run of digits stands that has an anchor, and the lengths of its first three groups.
fn run(pattern: &[u8]) -> Option<(usize, [usize; 3])> {
    let digit = |b: &u8| *b == b'#' || b.is_ascii_digit();
    let mut start = 0;
    while start < pattern.len() {
        if !digit(&pattern[start]) {
            start += 1;
            continue;
        }
        let len = pattern[start..].iter().take_while(|b| digit(b) || b" .-/+".contains(b)).count();
        let run = &pattern[start..start + len];
        // Seven digits in one group right behind a letter have no anchor: such an id is a word.
        let glued = start > 0 && pattern[start - 1] == b'@';
        let groups = || run.split(|b| !digit(b)).filter(|g| !g.is_empty());
        let digits: usize = groups().map(<[u8]>::len).sum();
        if digits >= RUN && !(glued && groups().count() == 1) {
            let mut lengths = [0; 3];
            lengths.iter_mut().zip(groups()).for_each(|(l, g)| *l = g.len());
            return Some((start, lengths));
        }
        start += len;
    }
    None
}

/// Whether a pattern is one word in which a letter stands right behind digits that stand behind a letter: it has an anchor, see
/// [`crate::detect::anchors::Anchor::Code`].
fn word(pattern: &[u8]) -> bool {
    pattern.iter().all(|b| b"#@*".contains(b) || b.is_ascii_alphanumeric()) && pattern.len() >= 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_what_a_form_is_found() {
        for (pattern, want) in [
            ("###########", Some((0, [11, 0, 0]))),
            ("### ### ####", Some((0, [3, 3, 4]))),
            ("756.####.####.##", Some((0, [3, 4, 4]))),
            ("########-@", Some((0, [8, 0, 0]))),
            ("@-#######-@", Some((2, [7, 0, 0]))),
            ("# ## ## 2@ ### ### ##", Some((11, [3, 3, 2]))),
            ("@#######@", None),
            ("@#######-@", None),
            ("@@@@@@**@**@***@", None),
        ] {
            assert_eq!(run(pattern.as_bytes()), want, "{pattern}");
        }
        assert!(word(b"@#######@") && !word(b"@@ ## ## ## @"));
    }

    #[test]
    fn values_of_a_form() {
        let rows = [vec!["### ### ####".to_owned(), "@#######@".to_owned()]];
        let forms = Forms::new(rows.iter().map(Vec::as_slice));
        let read = |text: &str, at| {
            let mut found = Vec::new();
            let groups = [Span::new(at, at + 3), Span::new(at + 4, at + 7), Span::new(at + 8, at + 12)];
            forms.at_groups(&groups, |f, at| {
                found.extend(f.read(text.as_bytes(), at).map(|w| String::from_utf8(w.id().to_vec()).unwrap()));
            });
            found
        };
        assert_eq!(read("943 476 5919", 0), ["9434765919"]);
        assert_eq!(read("943-476-5919", 0), ["9434765919"]);
        assert_eq!(read("943-476 5919", 0), [""; 0], "one separator throughout");
        assert_eq!(read("x 943 476 5919 1", 2), ["9434765919"]);
        let word = forms.of_word(9).next().unwrap().read(b"x1234567l", 0).unwrap();
        assert!(!word.capitals && word.bare && word.id() == b"X1234567L");
    }
}
