//! `keep`: the value stays.

use super::{Applied, Operator, Row, Value, no_argument};

pub(super) const ROW: Row = Row {
    name: "keep",
    about: "unchanged",
    make: |arg, _| no_argument(arg).map(|()| Box::new(Keep) as Box<dyn Operator>),
};

#[derive(Debug)]
struct Keep;

impl Operator for Keep {
    fn apply(&self, _: &Value<'_>, _: &mut Vec<u8>) -> Applied {
        Applied::Kept
    }

    fn keeps(&self) -> bool {
        true
    }
}
