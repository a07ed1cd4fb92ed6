//! Four low numbers behind a word: `Git 1.5.4.7`, `libfoo (1.4.99.1)`. A version, unless something says that they are an address.
//!
//! Of addresses in use one in two hundred looks like this; of versions with four parts nearly all do.

use super::numbering::numbers;
use super::{digits_before, quad};
use crate::detect::chars;
use crate::model::Span;

/// Words after which four numbers are an address, however low.
const BEFORE_ADDRESSES: &str = "\
    from by at via to on is was are as like through behind against onto \
    attacker box destination endpoint hop host ip ips ipv4 machine master me neighbor neighbour node origin proxy relay remote \
    replica sender slave source target tcp tcp4 udp unknown user visitor vm \
    accept accepted accepting allow allowed allowing ban banned banning bind binding block blocked blocking bound connect connected \
    connecting connection curl denied deny dig drop dropped forward forwarded forwarding listen listening login nc nmap nslookup ping \
    pinged pinging probe probing reach reached refused reject rejected resolved resolves ssh telnet trace traceroute unban unbanned \
    unblock visit wget whitelist whitelisted whois \
    von nach bei ist war de desde à vers est da dal dalla è es em van naar z od do jest från till от до на из";

/// Words shortly before one of those that make it a version after all: `notes to 1.6.2.1`, `updated Quill from 1.6.2.1`.
const BEFORE_VERSIONS: &str = "\
    back bump bumped downgrade downgraded draft merged notes release released releases roll rolled update updated updates upgrade \
    upgraded upgrading upstream version versions versión versão versie version wersja wersji версия";

/// Name servers that everyone writes of: low numbers, yet addresses.
pub(super) const RESOLVERS: &[&str] = &["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"];

/// How far before the numbers words are looked for that make them a version, in bytes.
const LEAD: usize = 40;
/// The longest word that is looked at, in bytes.
const WORD: usize = 32;
/// The most numbers before that are stepped over in a list: `Tool 1.2.3.4, 1.2.3.5 and 1.2.3.6`.
const LIST: usize = 4;

/// Whether numbers count like a version's: all are low, or the first is and at most one behind it is not.
pub(super) fn counts(numbers: &[u16], value: &[u8]) -> bool {
    let high = numbers[1..].iter().filter(|n| **n >= 40).count();
    let small = high == 0 && numbers[0] < 40;
    numbers[0] != 10
        && (small || numbers[0] < 20 && high < 2)
        && numbers != [0; 4]
        && !RESOLVERS.iter().any(|r| value == r.as_bytes())
}

/// Whether the numbers in `span`, which count like a version's, stand behind a word that no address stands behind.
pub(super) fn is_named(text: &[u8], span: Span) -> bool {
    if addressed(&text[span.end..]) {
        return false;
    }
    let mut start = span.start;
    for _ in 0..LIST {
        let Some(before) = listed_before(text, start) else { break };
        // A list with an address in it is one of addresses.
        let value = &text[before.range()];
        if !counts(&numbers(value), value) {
            return false;
        }
        start = before.start;
    }
    let Some(word) = word_before(text, start) else { return false };
    if BEFORE_ADDRESSES.split(' ').any(|w| w == word) {
        return told_before(text, start);
    }
    // Behind a host's name stands its address.
    !word.contains('.')
}

/// Whether one of the words that make it a version stands shortly before `start` on its line.
fn told_before(text: &[u8], start: usize) -> bool {
    let lead = &text[start.saturating_sub(LEAD)..start];
    let lead = &lead[memchr::memrchr(b'\n', lead).map_or(0, |i| i + 1)..];
    let lead = String::from_utf8_lossy(lead).to_lowercase();
    lead.split(|c: char| !chars::is_letter(c)).any(|w| !w.is_empty() && BEFORE_VERSIONS.split(' ').any(|v| v == w))
}

/// Whether a port, a network's size or the dash of a server's log stands behind.
fn addressed(after: &[u8]) -> bool {
    match after {
        [b':' | b'/' | b'#', b, ..] => b.is_ascii_digit(),
        _ => after.starts_with(b" port ") || after.starts_with(b" - - ") || after.starts_with(b" -> "),
    }
}

/// The four numbers that stand before `start` in a list or a range.
fn listed_before(text: &[u8], start: usize) -> Option<Span> {
    const BETWEEN: [&[u8]; 11] =
        [b", ", b" and ", b", and ", b" or ", b" to ", b" from ", b" - ", b" ~ ", b"/", b"-", b" "];
    let end = BETWEEN.iter().find(|b| text[..start].ends_with(b)).map(|b| start - b.len())?;
    let mut at = end;
    for part in 0..4 {
        let digits = digits_before(text, at);
        if digits == 0 || part < 3 && text.get((at - digits).checked_sub(1)?) != Some(&b'.') {
            return None;
        }
        at -= digits + usize::from(part < 3);
    }
    quad(text, at, &["."]).filter(|s| s.end == end)
}

/// The word before `start`, in lower case, with a space and perhaps a bracket between.
fn word_before(text: &[u8], start: usize) -> Option<String> {
    let line = &text[start.saturating_sub(WORD + 4)..start];
    let rest = line.strip_suffix(b"(").unwrap_or(line).strip_suffix(b" ")?;
    let rest = rest.strip_suffix(b" ").unwrap_or(rest);
    let is_part = |c: char| chars::is_alphanumeric(c) || matches!(c, '.' | '-' | '_' | '+');
    let rest = String::from_utf8_lossy(rest);
    let word = rest.rsplit(|c| !is_part(c)).next().unwrap_or("");
    let ends =
        word.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || chars::is_letter(c) && c.is_lowercase());
    // A word that was made unreadable (`xxxx 1.2.3.4`) says nothing.
    let masked = word.chars().all(|c| word.starts_with(c));
    (ends && !masked && word.contains(char::is_alphabetic)).then(|| word.to_lowercase())
}
