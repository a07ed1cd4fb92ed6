//! Operators: what is written in place of a value. One file each, and one row in [`OPERATORS`].

pub mod hash;
mod keep;
mod mask;
mod remove;
mod replace;
mod token;

use crate::error::{Error, Result, nearest};
use crate::normalise::Key;
use std::fmt::Debug;

/// A value as an operator sees it.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    /// The entity's name: `EMAIL_ADDRESS`.
    pub entity: &'a str,
    /// The value, decoded.
    pub text: &'a [u8],
    /// Works out the value's canonical form, see [`crate::normalise::canonical`]: few operators ask for it.
    pub canonical: &'a dyn Fn() -> Vec<u8>,
}

/// What an operator did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It has written the replacement, before encoding.
    Written,
    /// The value stays.
    Kept,
    /// The ordered sink writes `<ENTITY_n>`.
    Numbered,
}

/// An operator with its argument.
pub trait Operator: Debug + Send + Sync {
    /// Adds to `out` what stands in place of `value`.
    fn apply(&self, value: &Value<'_>, out: &mut Vec<u8>) -> Applied;

    /// Whether it leaves every value as it is.
    fn keeps(&self) -> bool {
        false
    }
}

/// A row of the registry.
pub struct Row {
    /// The name before the colon.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Makes it from its argument and the key, if there is one; the error says what the argument should be.
    make: Make,
}

type Make = fn(Option<&str>, Option<&Key>) -> Result<Box<dyn Operator>, String>;

/// All operators.
pub const OPERATORS: &[Row] = &[replace::ROW, mask::ROW, remove::ROW, keep::ROW, token::ROW, hash::ROW];

/// The operator that `spec` names: `replace`, `mask:keep=4`.
///
/// # Errors
///
/// An unknown name (with the nearest known one), a wrong argument, a key that is needed and missing.
pub fn parse(spec: &str, key: Option<&Key>) -> Result<Box<dyn Operator>> {
    let (name, arg) = match spec.split_once(':') {
        Some((n, a)) => (n, Some(a)),
        None => (spec, None),
    };
    let Some(row) = OPERATORS.iter().find(|r| r.name == name) else {
        let known = OPERATORS.iter().map(|r| r.name);
        let hint = nearest(name, known.clone()).map_or_else(
            || format!("known are {}", known.collect::<Vec<_>>().join(", ")),
            |n| format!("did you mean `{n}`?"),
        );
        return Err(Error::Usage(format!("there is no operator `{name}`; {hint}")));
    };
    (row.make)(arg, key).map_err(|what| Error::Usage(format!("operator `{name}`: {what}")))
}

/// Refuses an argument where there is none.
fn no_argument(arg: Option<&str>) -> Result<(), String> {
    arg.map_or(Ok(()), |_| Err("takes no argument".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(spec: &str, text: &str) -> String {
        let key = Key::new(*b"a key for tests only");
        let op = parse(spec, Some(&key)).unwrap();
        let mut out = Vec::new();
        let value = Value { entity: "PHONE_NUMBER", text: text.as_bytes(), canonical: &|| text.into() };
        match op.apply(&value, &mut out) {
            Applied::Written => String::from_utf8(out).unwrap(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn each_operator() {
        for (spec, text, want) in [
            ("replace", "x", "<PHONE_NUMBER>"),
            ("replace:gone: really", "x", "gone: really"),
            ("mask", "+49 (0)30-é1 ", "+** (*)**-** "),
            ("mask:keep=4", "4242 4242 4242 4242", "**** **** **** 4242"),
            ("mask:keep=4", "12345", "***45"),
            ("remove", "x", ""),
            ("keep", "x", "Kept"),
            ("token", "x", "Numbered"),
        ] {
            assert_eq!(run(spec, text), want, "{spec}");
        }
        let h = run("hash", "x");
        assert!(h.starts_with("<PHONE_NUMBER:") && h.len() == "<PHONE_NUMBER:>".len() + 16, "{h}");
        assert_eq!(run("hash:32", "x").len(), h.len() + 16);
    }

    #[test]
    fn errors_say_what_to_do() {
        let e = |s: &str| parse(s, None).unwrap_err().to_string();
        assert!(e("reploce").contains("did you mean `replace`"));
        assert!(e("hash").contains("--key-file"));
        assert!(e("mask:4").contains("keep="));
        assert!(e("keep:1").contains("no argument"));
        assert!(parse("hash:4", Some(&Key::new(*b"k"))).is_err());
    }
}
