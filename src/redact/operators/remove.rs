//! `remove`: nothing.

use super::{Applied, Operator, Row, Value, no_argument};

pub(super) const ROW: Row = Row {
    name: "remove",
    about: "nothing is left",
    make: |arg, _| no_argument(arg).map(|()| Box::new(Remove) as Box<dyn Operator>),
};

#[derive(Debug)]
struct Remove;

impl Operator for Remove {
    fn apply(&self, _: &Value<'_>, _: &mut Vec<u8>) -> Applied {
        Applied::Written
    }
}
