//! `mask`: every letter and digit becomes `*`, separators stay.

use super::{Applied, Operator, Row, Value};

pub(super) const ROW: Row = Row {
    name: "mask",
    about: "letters and digits become *; mask:keep=4 leaves the last four, never more than half",
    make: |arg, _| {
        let keep = match arg.map(|a| a.strip_prefix("keep=").map(str::parse)) {
            None => 0,
            Some(Some(Ok(n))) => n,
            Some(_) => return Err("the argument is keep=NUMBER".into()),
        };
        Ok(Box::new(Mask { keep }))
    },
};

#[derive(Debug)]
struct Mask {
    keep: usize,
}

impl Operator for Mask {
    fn apply(&self, value: &Value<'_>, out: &mut Vec<u8>) -> Applied {
        let text = String::from_utf8_lossy(value.text);
        let total = text.chars().filter(|c| c.is_alphanumeric()).count();
        let hidden = total - self.keep.min(total / 2);
        let mut seen = 0;
        for c in text.chars() {
            let shown = if c.is_alphanumeric() {
                seen += 1;
                if seen > hidden { c } else { '*' }
            } else {
                c
            };
            out.extend_from_slice(shown.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Applied::Written
    }
}
