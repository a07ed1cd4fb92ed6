//! Who speaks, behind what they do: `Agent: Ana Reis`, `[Agent] Ana Reis`, `Operator/Ana Reis`, `Speaker 1 (Ana Reis)`, `Agent Ana Reis`.

use super::names::Names;
use super::values::Values;
use crate::detect::chars;
use crate::detect::roster::common::is_word;
use crate::detect::roster::fold::fold;
use crate::model::Span;

/// What parts a role from a name.
const MARKS: [char; 7] = [':', '/', '|', '[', ']', '(', ')'];
/// Dashes do with a space on both sides: `Jean-Luc` is one name.
const DASHES: [&str; 3] = [" - ", " – ", " — "];
/// Letters of a role that only a space parts from the name: `Du`, `Tu` and `Me` are names, too.
const ROLE: usize = 4;

/// A name among roles.
pub(super) struct Named {
    /// Where it stands.
    pub span: Span,
    /// Only a space parts it from a role before it.
    pub spaced: bool,
}

/// The name in `text` if all else there is a role; `None`: no role stands beside a name.
pub(super) fn beside_role(text: &str, values: &Values, names: &Names) -> Option<Named> {
    let mut name = Span::new(0, text.len());
    let (mut roles, mut others) = (0, 0);
    for part in parts(text) {
        let said = &text[part.range()];
        if values.is_role(said.as_bytes(), names) {
            roles += 1;
        } else if said.chars().any(chars::is_alphanumeric) {
            others += 1;
            name = part;
        }
    }
    let parted = roles > 0 && others == 1;
    if !parted {
        name = Span::new(0, text.len());
    }
    let whole = name;
    while let Some((word, rest)) = text[name.range()].split_once(' ') {
        let number = name.start > whole.start && word.bytes().all(|b| b.is_ascii_digit());
        let role = word.chars().filter(|c| chars::is_letter(*c)).count() >= ROLE
            && values.is_role(word.as_bytes(), names)
            && !is_word(&fold(word));
        if !(number || role) {
            break;
        }
        name = Span::new(name.end - rest.trim_start().len(), name.end);
    }
    let spaced = name.start > whole.start;
    (parted || spaced).then_some(Named { span: name, spaced })
}

/// What stands between the marks, without blanks around.
fn parts(text: &str) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut cut = |end: usize, next: usize| {
        let part = &text[start..end];
        let from = start + part.len() - part.trim_start().len();
        parts.push(Span::new(from, from + part.trim().len()));
        start = next;
    };
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let dash = DASHES.iter().find(|d| text[at..].starts_with(**d)).map(|d| d.len());
        let mark = MARKS.contains(&c).then_some(c.len_utf8());
        if let Some(n) = dash.or(mark) {
            cut(at, at + n);
        }
        at += dash.unwrap_or(c.len_utf8());
    }
    cut(text.len(), text.len());
    parts
}

/// Whether a name is written as an account: `ana.reis`, in small letters.
pub(super) fn dotted(text: &str, values: &Values, names: &Names) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().all(|p| {
            (2..=20).contains(&p.chars().count())
                && p.chars().all(|c| chars::is_lower(c) || c == '-')
                && !values.is_role(p.as_bytes(), names)
                && !values.is_company(p.as_bytes(), names)
                && !values.is_label(p.as_bytes(), names)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::RuleSet;

    #[test]
    fn a_name_is_told_from_the_roles_beside_it() {
        let set = RuleSet::builtin();
        let (values, names) = (Values::new(&set), Names::new(&set));
        let told = |text: &str| beside_role(text, &values, &names).map(|n| text[n.span.range()].to_owned());
        for text in [
            "Agent: Ana Reis",
            "[Agent] Ana Reis",
            "Operator/Ana Reis",
            "Speaker 1 (Ana Reis)",
            "Speaker 1 Ana Reis",
            "Agent Ana Reis",
            "Agent - Ana Reis",
            "Ana Reis | Support",
            "Customer Service – Agent Ana Reis",
        ] {
            assert_eq!(told(text).as_deref(), Some("Ana Reis"), "{text}");
        }
        for text in ["Ana Reis", "Du Wei", "Page Turner", "Jean-Luc Picot", "Agent", "Ana: Bo: Agent", "K Reis"] {
            assert_eq!(told(text), None, "{text}");
        }
        assert!(dotted("ana.reis", &values, &names));
        for text in ["ana", "support.team", "example.com", "Ana.Reis", "a.reis", "v1.2", "ana.reis@", "node.js"] {
            assert!(!dotted(text, &values, &names), "{text}");
        }
    }
}
