//! `--text-fields` and `--skip-fields`: JSON pointers (RFC 6901), with `*` for any one step.
//!
//! A pointer means the value it leads to and everything below. In JSON Lines it begins at the record, in a JSON document at
//! the document's root; it goes on into strings that were opened.

use crate::format::Settings;
use crate::model::record::{NodeId, Record, Step};

/// Which values are scanned.
#[derive(Debug, Default)]
pub(crate) struct Pointers {
    only: Vec<Pointer>,
    not: Vec<Pointer>,
}

type Pointer = Vec<Token>;

#[derive(Debug)]
enum Token {
    Any,
    Name(Vec<u8>),
}

impl Pointers {
    /// Those of the settings.
    pub fn new(settings: &Settings) -> Pointers {
        let compile = |list: &[String]| list.iter().map(|p| compile(p)).collect();
        Pointers { only: compile(&settings.text_fields), not: compile(&settings.skip_fields) }
    }

    /// Whether everything is scanned.
    pub fn all(&self) -> bool {
        self.only.is_empty() && self.not.is_empty()
    }

    /// Whether what stands at `node` is scanned.
    pub fn admit(&self, record: &Record, node: Option<NodeId>) -> bool {
        if self.all() {
            return true;
        }
        let mut path = Vec::new();
        let mut at = node;
        while let Some(id) = at {
            let n = record.at(id);
            path.push(n.step);
            at = n.parent;
        }
        path.reverse();
        let within = |p: &Pointer| p.len() <= path.len() && p.iter().zip(&path).all(|(t, s)| fits(t, *s, record));
        (self.only.is_empty() || self.only.iter().any(within)) && !self.not.iter().any(within)
    }
}

fn fits(token: &Token, step: Step, record: &Record) -> bool {
    let Token::Name(name) = token else { return true };
    match step {
        Step::Key(s) | Step::Column(s, _) => record.interned(s) == name,
        Step::Index(i) => i.to_string().as_bytes() == name,
        Step::Part(p) => p.as_bytes() == name,
    }
}

/// A pointer's tokens. One without its leading slash is read as if it had it.
fn compile(pointer: &str) -> Pointer {
    let pointer = pointer.strip_prefix('/').unwrap_or(pointer);
    if pointer.is_empty() {
        return Vec::new();
    }
    let token = |t: &str| match t {
        "*" => Token::Any,
        _ => Token::Name(t.replace("~1", "/").replace("~0", "~").into_bytes()),
    };
    pointer.split('/').map(token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(only: &[&str], not: &[&str]) -> Vec<bool> {
        let list = |l: &[&str]| l.iter().map(|s| (*s).to_owned()).collect();
        let p = Pointers::new(&Settings { text_fields: list(only), skip_fields: list(not), ..Settings::default() });
        let mut r = Record::default();
        let key = |r: &mut Record, parent, name: &[u8]| {
            let s = r.intern(name);
            r.node(parent, Step::Key(s))
        };
        // /a  /a/0  /a/0/t  /a/1/t  /m~1~
        let a = key(&mut r, None, b"a");
        let a0 = r.node(Some(a), Step::Index(0));
        let a0t = key(&mut r, Some(a0), b"t");
        let a1 = r.node(Some(a), Step::Index(1));
        let a1t = key(&mut r, Some(a1), b"t");
        let m = key(&mut r, None, b"m/~");
        [a, a0, a0t, a1t, m].into_iter().map(|n| p.admit(&r, Some(n))).collect()
    }

    #[test]
    fn pointers_mean_what_is_below_them() {
        assert_eq!(admitted(&[], &[]), [true; 5]);
        assert_eq!(admitted(&["/a"], &[]), [true, true, true, true, false]);
        assert_eq!(admitted(&["/a/*/t"], &[]), [false, false, true, true, false]);
        assert_eq!(admitted(&["/a/1/t", "/m~1~0"], &[]), [false, false, false, true, true]);
        assert_eq!(admitted(&[], &["/a/0"]), [true, false, false, true, true]);
        assert_eq!(admitted(&["/a"], &["/a/*/t"]), [true, true, false, false, false]);
    }
}
