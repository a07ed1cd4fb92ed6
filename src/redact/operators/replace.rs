//! `replace`: `<ENTITY>`, or a text.

use super::{Applied, Operator, Row, Value};

pub(super) const ROW: Row = Row {
    name: "replace",
    about: "<EMAIL_ADDRESS>; with an argument that text",
    make: |arg, _| Ok(Box::new(Replace { text: arg.map(str::to_owned) })),
};

#[derive(Debug)]
struct Replace {
    text: Option<String>,
}

impl Operator for Replace {
    fn apply(&self, value: &Value<'_>, out: &mut Vec<u8>) -> Applied {
        match &self.text {
            Some(t) => out.extend_from_slice(t.as_bytes()),
            None => {
                out.push(b'<');
                out.extend_from_slice(value.entity.as_bytes());
                out.push(b'>');
            }
        }
        Applied::Written
    }
}
