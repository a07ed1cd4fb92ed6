//! Spellings of a listed value that are no more than other letters: each is one more key, so that texts need not be looked at again.

/// Bytes of a UUID (RFC 9562, 4) without its hyphens, and where these stand in it.
const UUID: usize = 32;
const HYPHENS: [usize; 4] = [8, 12, 16, 20];

/// Letters and digits of the shortest value that is looked for without its spaces and hyphens, and how many of them are digits.
const COMPACT: (usize, usize) = (8, 4);

/// How many bytes of a value are what: most values have no other spelling, and that is seen from this.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs {
    letters: usize,
    digits: usize,
    hyphens: usize,
    others: usize,
}

/// By byte: one of what it is, in 16 bits of their own for each kind.
const LANES: [u64; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        table[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => 1,
            b'0'..=b'9' => 1 << 16,
            b' ' => 1 << 32,
            b'-' => 1 << 48,
            _ => 0,
        };
        b += 1;
    }
    table
};

impl Signs {
    pub fn of(core: &[u8]) -> Signs {
        // One addition a byte: no value is so long that a count would run into the next.
        let sum: u64 = core.iter().map(|b| LANES[usize::from(*b)]).sum();
        let count = |lane: u32| (sum >> (16 * lane)) as usize & 0xFFFF;
        let [letters, digits, spaces, hyphens] = [0, 1, 2, 3].map(count);
        let others = core.len() - letters - digits - spaces - hyphens;
        Signs { letters, digits, hyphens, others }
    }

    /// There are ASCII letters, digits, spaces and hyphens only.
    pub fn plain(&self) -> bool {
        self.others == 0
    }

    /// How many digits there are.
    pub fn digits(&self) -> usize {
        self.digits
    }

    /// How many ASCII letters and digits there are.
    pub fn compact(&self) -> usize {
        self.letters + self.digits
    }
}

/// The letters and digits of a value.
pub(super) fn compact(core: &[u8]) -> Vec<u8> {
    core.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
}

/// Other spellings of the value `core`, folded.
pub(super) fn others(core: &[u8], signs: Signs) -> [Option<Vec<u8>>; 2] {
    let Signs { letters, digits, hyphens, .. } = signs;
    if !signs.plain() {
        return [transcribed(core), None];
    }
    if signs.compact() == core.len() {
        let uuid = letters > 0 && core.len() == UUID && core.iter().all(u8::is_ascii_hexdigit);
        return [uuid.then(|| hyphenated(core)), None];
    }
    // 3f2b8c1e77aa4d009b1c5e6f7a8b9c0d, AB123456C; numbers are looked for otherwise.
    let id = signs.compact() >= COMPACT.0 && digits >= COMPACT.1 && letters > 0;
    let name = digits == 0 && hyphens > 0; // Anna Maria
    let spaced = || core.iter().map(|b| if *b == b'-' { b' ' } else { *b }).collect();
    [id.then(|| compact(core)), name.then(spaced)]
}

/// A UUID with its hyphens.
fn hyphenated(core: &[u8]) -> Vec<u8> {
    let mut grouped = core.to_vec();
    HYPHENS.iter().rev().for_each(|at| grouped.insert(*at, b'-'));
    grouped
}

/// A name with what stands for umlauts and the like where letters are few: in addresses, in passports (ICAO 9303-3, section 6).
fn transcribed(core: &[u8]) -> Option<Vec<u8>> {
    if core.is_ascii() || core.contains(&b'@') {
        return None;
    }
    let text = std::str::from_utf8(core).ok()?;
    let mut out = String::with_capacity(text.len() + 8);
    let mut any = false;
    for c in text.chars() {
        let two = match c {
            'ä' | 'Ä' => "ae",
            'ö' | 'Ö' => "oe",
            'ü' | 'Ü' => "ue",
            'ø' | 'Ø' => "oe",
            'å' | 'Å' => "aa",
            'æ' | 'Æ' => "ae",
            'œ' | 'Œ' => "oe",
            'þ' | 'Þ' => "th",
            c => {
                match c {
                    '\u{308}' if out.ends_with(['a', 'o', 'u', 'A', 'O', 'U']) => (any, out) = (true, out + "e"),
                    c => out.push(c),
                }
                continue;
            }
        };
        out.push_str(two);
        any = true;
    }
    any.then(|| out.into_bytes())
}
