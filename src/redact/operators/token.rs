//! `token`: `<ENTITY_1>`, one number for one value. The number is the ordered sink's to give.

use super::{Applied, Operator, Row, Value, no_argument};

pub(super) const ROW: Row = Row {
    name: "token",
    about: "<EMAIL_ADDRESS_1>: one number for one value in a record, file or run (--scope)",
    make: |arg, _| no_argument(arg).map(|()| Box::new(Token) as Box<dyn Operator>),
};

#[derive(Debug)]
struct Token;

impl Operator for Token {
    fn apply(&self, _: &Value<'_>, _: &mut Vec<u8>) -> Applied {
        Applied::Numbered
    }
}
