//! EMAIL_ADDRESS: RFC 5321 and RFC 6531 addresses around an `@`.

use super::anchors::{Anchor, Kinds};
use super::{Detector, Match, View};
use crate::model::Span;
use crate::patterns::Rule;

#[derive(Debug)]
pub(crate) struct Email {
    score: f32,
}

impl Email {
    pub fn new(rule: &Rule) -> Email {
        Email { score: rule.score }
    }
}

impl Detector for Email {
    fn kinds(&self) -> Kinds {
        Kinds::AT
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let at = anchor.start();
        let t = view.text;
        let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+');
        let start = t[..at].iter().rposition(|b| !word(*b)).map_or(0, |i| i + 1);
        let end = t[at + 1..].iter().position(|b| !word(*b)).map_or(t.len(), |i| at + 1 + i);
        if start < at && t[at + 1..end].contains(&b'.') {
            out.push(Match { span: Span::new(start, end), score: self.score });
        }
        at + 1
    }
}
