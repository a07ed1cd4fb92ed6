//! What a stretch of digits looks like: its groups and what separates them. Cheap, without allocation, so that what
//! is a date, an address or an amount never reaches the metadata.

/// What stands between two groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing: the first group.
    First,
    /// One space.
    Space,
    /// `-`
    Dash,
    /// `.`
    Dot,
    /// `/`
    Slash,
    /// `_`
    Under,
    /// A dash or slash with spaces around it.
    Loose,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
}

impl Gap {
    /// What the bytes between two groups are; `None`: no number goes on across them.
    fn read(between: &[u8]) -> Option<Gap> {
        Some(match between {
            b" " => Gap::Space,
            b"-" => Gap::Dash,
            b"." => Gap::Dot,
            b"/" => Gap::Slash,
            b"_" => Gap::Under,
            b" - " | b" -" | b"- " | b" / " | b" /" | b"/ " => Gap::Loose,
            b"(" | b" (" | b"-(" | b".(" | b"/(" => Gap::Open,
            b")" | b") " | b")-" | b")." | b")/" | b") -" | b")- " | b") /" | b")_" => Gap::Close,
            _ => return None,
        })
    }
}

/// A group of digits.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Its first byte.
    pub start: usize,
    /// One past its last.
    pub end: usize,
    /// What stands before it.
    pub gap: Gap,
}

impl Group {
    /// Its digits.
    pub fn len(self) -> usize {
        self.end - self.start
    }
}

/// The most groups of a number: `+33 (0) 6 12 34 56 78` has seven.
pub const GROUPS: usize = 9;
/// The most digits of a number, with `00`, country code and a trunk zero.
pub const DIGITS: usize = 18;

/// The groups from one place on, up to a break or the most that a number has.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    groups: [Group; GROUPS],
    len: usize,
    /// Whether digits go on behind the last group, separated by one space or less.
    pub cut: bool,
}

impl Window {
    /// Reads the groups that begin at the digit at `at`, within `text[..end]`.
    pub fn read(text: &[u8], at: usize, end: usize) -> Window {
        let none = Group { start: at, end: at, gap: Gap::First };
        let mut w = Window { groups: [none; GROUPS], len: 0, cut: false };
        let (mut at, mut gap, mut digits) = (at, Gap::First, 0);
        loop {
            let stop = text[at..end].iter().take(DIGITS + 1).take_while(|b| b.is_ascii_digit()).count() + at;
            digits += stop - at;
            if w.len == GROUPS || digits > DIGITS {
                w.cut = true;
                return w;
            }
            w.groups[w.len] = Group { start: at, end: stop, gap };
            w.len += 1;
            let between = text[stop..end].iter().take(4).take_while(|b| !b.is_ascii_digit()).count();
            if between == 0 || between > 3 || stop + between >= end {
                return w;
            }
            match Gap::read(&text[stop..stop + between]) {
                Some(g) => (at, gap) = (stop + between, g),
                None => return w,
            }
        }
    }

    /// All groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups[..self.len]
    }
}

/// The groups of a possible number, from a window.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    text: &'a [u8],
    /// The groups.
    pub groups: &'a [Group],
}

impl<'a> Shape<'a> {
    /// The first `n` groups of a window.
    pub fn new(text: &'a [u8], groups: &'a [Group]) -> Shape<'a> {
        Shape { text, groups }
    }

    /// The digits of group `i`.
    pub fn digits(&self, i: usize) -> &'a [u8] {
        self.groups.get(i).map_or(&[], |g| &self.text[g.start..g.end])
    }

    /// How long the groups are as they are dialled: in `0(532) 123` the zero is of the code behind it.
    pub fn dialled(&self) -> impl Iterator<Item = usize> {
        let zero = self.digits(0) == b"0" && self.groups.get(1).is_some_and(|g| g.gap == Gap::Open);
        self.groups.iter().skip(usize::from(zero)).enumerate().map(move |(i, g)| g.len() + usize::from(zero && i == 0))
    }

    /// All digits, into a buffer.
    pub fn all<'b>(&self, buffer: &'b mut [u8; DIGITS + 2]) -> &'b [u8] {
        let mut n = 0;
        for i in 0..self.groups.len() {
            for &d in self.digits(i) {
                if n < buffer.len() {
                    buffer[n] = d;
                    n += 1;
                }
            }
        }
        &buffer[..n]
    }

    /// All digits without the `(0)` that is dialled at home only, into a buffer.
    pub fn abroad<'b>(&self, buffer: &'b mut [u8; DIGITS + 2]) -> &'b [u8] {
        let mut n = 0;
        for (i, g) in self.groups.iter().enumerate() {
            if self.digits(i) == b"0" && g.gap == Gap::Open {
                continue;
            }
            for &d in self.digits(i) {
                if n < buffer.len() {
                    buffer[n] = d;
                    n += 1;
                }
            }
        }
        &buffer[..n]
    }

    /// One past its last digit.
    pub fn end(&self) -> usize {
        self.groups.last().map_or(0, |g| g.end)
    }

    /// How many digits.
    pub fn count(&self) -> usize {
        self.groups.iter().map(|g| g.len()).sum()
    }

    /// Whether the groups have these lengths.
    pub fn is(&self, lengths: &[usize]) -> bool {
        self.groups.len() == lengths.len() && self.groups.iter().zip(lengths).all(|(g, l)| g.len() == *l)
    }

    /// Whether every gap is `gap`.
    pub fn all_gaps(&self, gap: Gap) -> bool {
        self.groups.len() > 1 && self.groups[1..].iter().all(|g| g.gap == gap)
    }

    /// Whether brackets inside are balanced; `open`: one was opened before the first group.
    pub fn balanced(&self, open: bool) -> bool {
        let mut open = open;
        for g in self.groups.iter().skip(1) {
            match g.gap {
                Gap::Open if open => return false,
                Gap::Open => open = true,
                Gap::Close if !open => return false,
                Gap::Close => open = false,
                // (8 12) 34-56-78
                Gap::Space | Gap::Dash => {}
                _ if open => return false,
                _ => {}
            }
        }
        !open
    }

    fn number(&self, i: usize) -> usize {
        self.digits(i).iter().take(8).fold(0, |n, d| n * 10 + usize::from(d - b'0'))
    }

    /// Whether group `i` can be a year.
    pub fn year(&self, i: usize) -> bool {
        self.digits(i).len() == 4 && (1800..2100).contains(&self.number(i))
    }

    fn month(&self, i: usize) -> bool {
        self.digits(i).len() <= 2 && (1..=12).contains(&self.number(i))
    }

    fn day(&self, i: usize) -> bool {
        self.digits(i).len() <= 2 && (1..=31).contains(&self.number(i))
    }

    /// Whether groups `from` on are a day as ISO 8601 writes it: `2024-01-31`.
    fn iso_day(&self, from: usize) -> bool {
        let dashes =
            (from + 1..from + 3).all(|i| self.groups.get(i).is_some_and(|g| g.gap == Gap::Dash && g.len() == 2));
        dashes && self.year(from) && self.month(from + 1) && self.day(from + 2)
    }

    /// Whether it is a day and nothing else: `2024-01-31`.
    fn is_day(&self) -> bool {
        self.groups.len() == 3 && self.iso_day(0)
    }

    /// Whether it is a decimal below ten, `0.888161`, or a list of rates, `9600/2400/1200`.
    pub fn measure(&self) -> bool {
        let decimal = self.is_pair(Gap::Dot) && self.digits(0).len() == 1;
        let rates = self.groups.len() > 2 && self.all_gaps(Gap::Slash) && self.all_of(4) && self.digits(0)[0] != b'0';
        decimal || rates
    }

    fn is_pair(&self, gap: Gap) -> bool {
        self.groups.len() == 2 && self.groups[1].gap == gap
    }

    /// Whether it begins with a date, or is a range of years: a number that does is none.
    pub fn dated(&self) -> bool {
        let n = self.groups.len();
        // `7 2024-01-31`: the section of a manual, a count.
        if self.digits(0).len() < 3 && n > 3 && self.iso_day(1) {
            return true;
        }
        let plain = |i: usize| self.groups.get(i).is_some_and(|g| !matches!(g.gap, Gap::Open | Gap::Close));
        if n >= 2 && self.year(0) && self.year(1) && plain(1) {
            return true;
        }
        // 20240131, with or without a time behind it.
        if self.digits(0).len() == 8 {
            let d = self.number(0);
            let (y, m, day) = (d / 10000, d / 100 % 100, d % 100);
            if (1900..2100).contains(&y) && (1..=12).contains(&m) && (1..=31).contains(&day) {
                return true;
            }
        }
        if n < 3 || !plain(1) || !plain(2) {
            return false;
        }
        // A year of four digits in one writing with day and month is a date in any century.
        let even = self.groups[1].gap == self.groups[2].gap && self.groups[1].gap != Gap::Space;
        let year = |i: usize| self.year(i) || even && self.digits(i).len() == 4;
        (self.year(0) && self.month(1) && self.day(2))
            || (year(2) && self.day(0) && self.day(1) && (self.month(0) || self.month(1)))
    }

    /// Whether it is what dotted numbers mostly are: an IPv4 address, a version.
    pub fn dotted_address(&self) -> bool {
        self.all_gaps(Gap::Dot)
            && self.groups.len() == 4
            && (0..4).all(|i| self.digits(i).len() <= 3 && self.number(i) < 256 && !self.padded(i))
    }

    /// Whether group `i` has a leading zero and more.
    fn padded(&self, i: usize) -> bool {
        self.digits(i).len() > 1 && self.digits(i)[0] == b'0'
    }

    /// Whether a US social security number or a postal code with its four has this shape.
    pub fn other_id(&self) -> bool {
        (self.is(&[3, 2, 4]) || self.is(&[5, 4])) && self.all_gaps(Gap::Dash)
    }

    /// Whether all digits are the same, or all are zeros and ones.
    pub fn monotone(&self) -> bool {
        let first = self.digits(0).first();
        let all = |like: &dyn Fn(&u8) -> bool| (0..self.groups.len()).all(|i| self.digits(i).iter().all(like));
        all(&|d| Some(d) == first) || all(&|d| matches!(d, b'0' | b'1'))
    }

    /// Whether it is what a plus makes of a figure: a day, hours off Greenwich and a year (`+1130 1942`), a decimal of a large number.
    pub fn signed_figure(&self) -> bool {
        let offset = self.is(&[4, 4]) && self.groups[1].gap == Gap::Space && self.number(0) <= 1400 && self.year(1);
        let large = self.groups.len() > 1 && self.groups[1].gap == Gap::Dot && self.digits(0).len() > 6;
        self.is_day() || offset || large
    }

    /// How many digits of country code a dot parts from the rest, if that is all that it parts: `+1.8005550123`.
    pub fn code_before_dot(&self) -> Option<usize> {
        self.is_pair(Gap::Dot).then(|| self.digits(0).len()).filter(|n| *n < 4)
    }

    /// Whether each group is one more than the one before: `01 02 03 04 05`.
    pub fn counting(&self) -> bool {
        self.groups.len() > 2 && (1..self.groups.len()).all(|i| self.number(i) == self.number(i - 1) + 1)
    }

    /// Whether every group has `n` digits.
    pub fn all_of(&self, n: usize) -> bool {
        self.groups.iter().all(|g| g.len() == n)
    }

    /// Whether `gap` stands between two of its groups.
    pub fn has(&self, gap: Gap) -> bool {
        self.groups.iter().any(|g| g.gap == gap)
    }

    /// Whether it is a point on the globe as ISO 6709 writes it behind a sign: `4439-06336`, `381515-0854534`.
    pub fn signed_point(&self) -> bool {
        self.all_gaps(Gap::Dash) && (self.is(&[4, 5]) || self.is(&[6, 7]) || self.is(&[2, 3]))
    }

    /// North America's shape, and if it has that, whether area and exchange can be. `open`: it begins with a bracket.
    pub fn american(&self, open: bool) -> Option<bool> {
        let at = match self.groups.len() {
            3 if self.is(&[3, 3, 4]) => 0,
            4 if self.is(&[1, 3, 3, 4]) && self.digits(0) == b"1" => 1,
            2 if self.is(&[3, 7]) && open => 0,
            _ => return None,
        };
        let gap = self.groups[at + 1].gap;
        let next = self.groups.get(at + 2).map(|g| g.gap);
        let even = next
            .is_none_or(|n| n == gap && gap != Gap::Slash || gap == Gap::Close || n == Gap::Dash && gap != Gap::Dot);
        if !even || matches!(gap, Gap::Loose | Gap::Under) {
            return None;
        }
        let code = |d: &[u8]| d[0] >= b'2' && d[1..3] != *b"11";
        Some(code(self.digits(at)) && code(self.digits(at + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        Window::read(text.as_bytes(), text.find(|c: char| c.is_ascii_digit()).unwrap(), text.len())
    }

    #[test]
    fn groups_and_gaps() {
        let w = window("555) 123-4567");
        let gaps: Vec<_> = w.groups().iter().map(|g| (g.len(), g.gap)).collect();
        assert_eq!(gaps, [(3, Gap::First), (3, Gap::Close), (4, Gap::Dash)]);
        assert_eq!(window("12 34\t56").groups().len(), 2);
        assert_eq!(window("12. 34").groups().len(), 1);
        assert!(window("1 2 3 4 5 6 7 8 9 10").cut);
        assert!(window(&"1".repeat(40)).cut);
        assert_eq!(window(&"1".repeat(40)).groups().len(), 0);
    }

    #[test]
    fn dates_and_addresses() {
        for text in [
            "2024-01-31",
            "31.01.2024",
            "1/31/2024 10",
            "20240131 1030",
            "2019-2020 1234",
            "2024/01/31-10",
            "7 2024-01-31",
        ] {
            let w = window(text);
            assert!(Shape::new(text.as_bytes(), w.groups()).dated(), "{text}");
        }
        for (text, is) in
            [("0.888161", true), ("9600/2400/1200", true), ("495.1234567", false), ("0221/4710/123", false)]
        {
            let w = window(text);
            assert_eq!(Shape::new(text.as_bytes(), w.groups()).measure(), is, "{text}");
        }
        for text in ["2024-13-31", "2024 5551", "555 123 4567", "20249931"] {
            let w = window(text);
            assert!(!Shape::new(text.as_bytes(), w.groups()).dated(), "{text}");
        }
        for (text, is) in [("192.168.100.200", true), ("03.93.92.16", false), ("300.1.1.1", false)] {
            let w = window(text);
            assert_eq!(Shape::new(text.as_bytes(), w.groups()).dotted_address(), is, "{text}");
        }
    }
}
