//! What a value says that is nobody's: nothing, a type, a template's hole, a label of a program.

use super::names::Names;
use super::words::Words;
use crate::detect::chars;
use crate::patterns::RuleSet;

/// More words than a label is looked at for.
const LABEL_BYTES: usize = 160;

/// Tells values from what stands in their place.
#[derive(Debug)]
pub struct Values {
    placeholder: u128,
    label_word: u128,
    role: u128,
    company: u128,
    condition: u128,
    runs: Vec<Box<[u8]>>,
}

impl Values {
    pub fn new(set: &RuleSet) -> Values {
        let runs = set.groups().iter().find(|g| g.id == "label-run");
        Values {
            placeholder: set.group_bit("placeholder"),
            label_word: set.group_bit("label-word"),
            role: set.group_bit("role"),
            company: set.group_bit("company-word"),
            condition: set.group_bit("condition"),
            runs: runs.map_or(Vec::new(), |g| g.names.iter().map(|n| n.as_bytes().into()).collect()),
        }
    }

    /// Whether `value` (trimmed) is plainly no value: empty, masked, a type's name, a template's hole, a replacement.
    pub fn is_placeholder(&self, value: &[u8], names: &Names) -> bool {
        self.is_placeholder_of(value, || Words::new(value), names)
    }

    /// As [`Values::is_placeholder`], with the value's words if they are needed.
    fn is_placeholder_of(&self, value: &[u8], words: impl FnOnce() -> Option<Words>, names: &Names) -> bool {
        if value.is_empty() || is_hole(value) || is_masked(value) {
            return true;
        }
        if value.len() > LABEL_BYTES || !says_something(value) {
            return value.len() <= LABEL_BYTES;
        }
        if names.is_no_placeholder(value) {
            return false;
        }
        words().is_some_and(|w| names.groups(w.all()) & self.placeholder != 0)
    }

    /// Whether `value` (trimmed) can be nobody's name: a label, a company, a placeholder.
    pub fn is_nobody(&self, value: &[u8], names: &Names) -> bool {
        if self.is_run(value) {
            return true;
        }
        let words = Words::new(value);
        words.as_ref().is_some_and(|w| self.labels(w, names))
            || self.is_placeholder_of(value, || words, names)
            || self.is_company(value, names)
    }

    /// Whether `value` is what a program calls a field, or asks for it: a name of a field, or words such as `enter your`.
    pub fn is_label(&self, value: &[u8], names: &Names) -> bool {
        self.is_run(value) || !names.has_no_letters(value) && Words::new(value).is_some_and(|w| self.labels(&w, names))
    }

    fn is_run(&self, value: &[u8]) -> bool {
        self.runs.iter().any(|r| value == &**r)
    }

    fn labels(&self, w: &Words, names: &Names) -> bool {
        names.is_name(w) || self.has_label_word(w, names)
    }

    /// Whether a word of `value` is one that labels have.
    pub fn asks(&self, value: &[u8], names: &Names) -> bool {
        value.len() <= LABEL_BYTES && Words::new(value).is_some_and(|w| self.has_label_word(&w, names))
            || !value.is_ascii() && self.runs.iter().any(|r| memchr::memmem::find(value, r).is_some())
    }

    fn has_label_word(&self, w: &Words, names: &Names) -> bool {
        w.count() > 1 && (0..w.count()).any(|i| names.groups(w.word(i)) & self.label_word != 0)
    }

    /// Whether `value` names a role and not somebody: `Agent`, `SPEAKER_01`, `Customer 2`, `You`.
    pub fn is_role(&self, value: &[u8], names: &Names) -> bool {
        let Some(w) = Words::new(value) else { return false };
        names.groups(w.all()) & self.role != 0
            || (0..w.count()).all(|i| {
                let word = w.word(i);
                word.len() == 1 || word.iter().all(u8::is_ascii_digit) || names.groups(word) & self.role != 0
            })
    }

    /// Whether `value` is a condition: `active`, `COMPLETE`.
    pub fn is_condition(&self, value: &[u8], names: &Names) -> bool {
        Words::new(value).is_some_and(|w| names.groups(w.all()) & self.condition != 0)
    }

    /// Whether a word of `value` is one that only companies, teams and programs have in their names.
    pub fn is_company(&self, value: &[u8], names: &Names) -> bool {
        let apart = |b: &u8| b.is_ascii_whitespace() || matches!(b, b',' | b'/' | b'-' | b'(' | b')');
        let company = |word: &[u8]| Words::new(word).is_some_and(|w| names.groups(w.all()) & self.company != 0);
        value.contains(&b'&') || value.split(apart).any(company)
    }
}

/// Whether a letter or digit stands in it, or a byte that is no UTF-8.
fn says_something(value: &[u8]) -> bool {
    std::str::from_utf8(value).map_or(true, |s| s.chars().any(chars::is_alphanumeric))
}

/// `<PERSON_1>`, `[REDACTED]`, `${name}`, `{{first_name}}`, `%s`, `%(name)s`, `:name`, `$NAME`, `__NAME__`, `#{name}`, `@{name}`.
fn is_hole(value: &[u8]) -> bool {
    let wrapped = |open: &[u8], close: &[u8]| value.starts_with(open) && value.ends_with(close);
    let braces = memchr::memchr2(b'{', b'%', value).is_some();
    if !braces && !matches!(value.first(), Some(b'<' | b'[' | b'_' | b':' | b'$')) {
        return false;
    }
    let has = |needle: &[u8]| braces && memchr::memmem::find(value, needle).is_some();
    wrapped(b"<", b">")
        || wrapped(b"[", b"]")
        || wrapped(b"{", b"}")
        || wrapped(b"__", b"__")
        || wrapped(b"%", b"%") && value.len() > 1
        || has(b"{{")
        || has(b"${")
        || has(b"#{")
        || has(b"<%")
        || has(b"%(")
        || value.first().is_some_and(|b| matches!(b, b'%' | b':' | b'$')) && value.len() < 3
        || value
            .strip_prefix(b"$")
            .is_some_and(|n| n.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'0'..=b'9')))
        || value.strip_prefix(b":").is_some_and(|n| n.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'))
        || wrapped(b"%", b"s") && value[1..].iter().all(|b| b.is_ascii_alphanumeric() || *b == b'$')
}

/// Masked already: two `*` or `•` in a row, or nothing but `x`, `X` and separators.
fn is_masked(value: &[u8]) -> bool {
    let dots = memchr::memchr2(b'*', 0xE2, value).is_some();
    let has = |needle: &str| dots && memchr::memmem::find(value, needle.as_bytes()).is_some();
    has("**")
        || has("••")
        || has("●●")
        || has("…") && value.len() < 6
        || value.iter().all(|b| matches!(b, b'x' | b'X' | b' ' | b'-' | b'.' | b'(' | b')' | b'+' | b'/' | b'@'))
            && value.iter().filter(|b| matches!(b, b'x' | b'X')).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(check: impl Fn(&Values, &Names)) {
        static ONCE: std::sync::OnceLock<(Values, Names)> = std::sync::OnceLock::new();
        let (values, names) = ONCE.get_or_init(|| {
            let set = RuleSet::builtin();
            (Values::new(&set), Names::new(&set))
        });
        check(values, names);
    }

    #[test]
    fn placeholders() {
        with(|v, n| {
            for p in [
                "",
                "-",
                "N/A",
                "n.a.",
                "null",
                "string",
                "unknown",
                "xxx",
                "XXX-XX-XXXX",
                "***",
                "j***@e***.com",
                "<PERSON_1>",
                "[REDACTED]",
                "${name}",
                "{{first_name}}",
                "Hi {{name}}",
                "%s",
                "%(name)s",
                "{name}",
                "$NAME",
                ":name",
                "__NAME__",
                "?",
                "—",
                "%1$s",
                "varchar(255)",
            ] {
                assert!(v.is_placeholder(p.as_bytes(), n), "{p}");
            }
            for p in ["Ana", "0", "x", "Max", "Al", "Xx Reis", "$ecret", ":-)pass1", "李", "A. Null"] {
                assert!(!v.is_placeholder(p.as_bytes(), n), "{p}");
            }
        });
    }

    proptest::proptest! {
        #[test]
        fn what_is_told_by_letters_is_so(
            value in r"([0-9]{1,4}|[ @.+:(){}%$<*x-]|null|n/a|your|First|name|unknowns|é|…){0,6}",
        ) {
            with(|v, n| {
                let (bytes, words) = (value.as_bytes(), Words::new(value.as_bytes()));
                let placeholder = words.as_ref().is_some_and(|w| n.groups(w.all()) & v.placeholder != 0);
                assert!(!placeholder || !n.is_no_placeholder(bytes), "{value}");
                let label = words.as_ref().is_some_and(|w| v.labels(w, n));
                assert!(!label || !n.has_no_letters(bytes), "{value}");
            });
        }
    }

    #[test]
    fn labels_roles_companies() {
        with(|v, n| {
            for l in ["First name", "E-Mail", "Mot de passe", "Enter your city", "Bitte Ort eingeben", "密码", "Emails"]
            {
                assert!(v.is_label(l.as_bytes(), n), "{l}");
            }
            assert!(v.asks("请输入密码".as_bytes(), n));
            for l in ["Ana Reis", "Porto", "hunter2!"] {
                assert!(!v.is_label(l.as_bytes(), n), "{l}");
            }
            for r in ["Agent", "SPEAKER_01", "Customer 2", "You", "Speaker A", "bot", "Support Agent"] {
                assert!(v.is_role(r.as_bytes(), n), "{r}");
            }
            for r in ["Ana", "Ana Agent", "01 Reis"] {
                assert!(!v.is_role(r.as_bytes(), n), "{r}");
            }
            assert!(v.is_company(b"Acme Inc.", n) && v.is_company(b"The Widget Authors", n));
            assert!(!v.is_company("José Ávila".as_bytes(), n));
        });
    }
}
