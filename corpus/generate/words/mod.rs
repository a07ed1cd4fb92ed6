//! What people write, by language: names, clauses (`_` takes a noun), short replies, and clauses that carry a value.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod hi;
mod it;
mod ja;
mod nl;
mod pl;
mod pt;
mod ru;
mod sv;
mod tr;
mod zh;

/// One language's words.
pub struct Language {
    /// As in a locale: `pt_BR`.
    pub locale: &'static str,
    /// Between clauses: a space, or nothing.
    pub space: &'static str,
    /// Ends a sentence.
    pub stop: &'static str,
    pub given: &'static [&'static str],
    pub family: &'static [&'static str],
    pub nouns: &'static [&'static str],
    pub short: &'static [&'static str],
    pub clauses: &'static [&'static str],
    /// `_` takes the address.
    pub email: &'static [&'static str],
    /// `_` takes the number.
    pub phone: &'static [&'static str],
    /// `_` takes the number.
    pub card: &'static [&'static str],
    /// `_` takes the address.
    pub ip: &'static [&'static str],
    /// `_` takes an order, tracking or ticket number.
    pub order: &'static [&'static str],
}

/// All of them; a conversation keeps to one.
pub const LANGUAGES: [Language; 15] = [
    en::WORDS,
    de::WORDS,
    fr::WORDS,
    es::WORDS,
    it::WORDS,
    pt::WORDS,
    nl::WORDS,
    pl::WORDS,
    tr::WORDS,
    ru::WORDS,
    ja::WORDS,
    ar::WORDS,
    hi::WORDS,
    zh::WORDS,
    sv::WORDS,
];
