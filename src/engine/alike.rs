//! Records of a unit that are built alike: see [`crate::detect::plan`].

use super::{Engine, Found, Scratch};
use crate::detect::plan::{Known, Plan};
use crate::model::record::Role;

/// Plans that are kept from unit to unit at most.
const KEPT: usize = 128;

/// The plans of the layouts met so far.
#[derive(Debug, Default)]
pub(super) struct Alike {
    plans: Vec<Plan>,
    known: Known,
    /// By number of the unit's layouts, from 1: index into `plans`.
    of: Vec<Option<usize>>,
}

impl Alike {
    /// Another unit begins: its layouts have other numbers.
    pub fn unit(&mut self) {
        self.of.clear();
        if self.plans.len() > KEPT || self.known.is_full() {
            self.plans.clear();
        }
        if self.known.is_full() {
            self.known = Known::default();
        }
    }

    /// The plan of records with this layout; `None`: they have none.
    pub fn plan(&self, layout: u32) -> Option<&Plan> {
        let index = (*self.of.get(layout as usize).filter(|_| layout > 0)?)?;
        self.plans.get(index)
    }
}

impl Engine {
    /// Fills `scratch.found` with what a record with a layout holds, in order. `false`: it must be looked at as if it stood alone.
    pub(super) fn find_alike(&self, bytes: &[u8], scratch: &mut Scratch) -> bool {
        let Scratch { detect, record, found, alike, swept, .. } = scratch;
        let layout = record.layout as usize;
        if layout >= alike.of.len() {
            alike.of.resize(layout + 1, None);
        }
        let index = *alike.of[layout].get_or_insert_with(|| {
            alike.plans.iter().position(|p| p.is_for(record)).unwrap_or_else(|| {
                alike.plans.push(self.detectors.plan(bytes, record, &mut alike.known, detect));
                alike.plans.len() - 1
            })
        });
        let plan = &mut alike.plans[index];
        if plan.is_void() {
            return false;
        }
        record.no_keys = true;
        if !std::mem::replace(swept, true) {
            self.detectors.sweep_unit(bytes, None, detect);
        }
        found.clear();
        let mut pieces = std::mem::take(&mut scratch.pieces);
        let mut number = None;
        self.detectors.find_planned(bytes, record, plan, &mut alike.known, detect, |segment, hit| {
            let at = &record.segments[segment as usize];
            let mut hit = *hit;
            if at.role == Role::Number {
                // A finding takes all of it.
                if number.replace(segment) == Some(segment) {
                    return;
                }
                hit.span.start = 0;
                hit.span.end = record.text(at, bytes).len();
            }
            record.raw_pieces(at, hit.span, &mut pieces);
            if let Some(&first) = pieces.first() {
                found.push(Found { segment, hit, first, more: pieces[1..].to_vec() });
            }
        });
        scratch.pieces = pieces;
        true
    }
}
