//! The way from the root to where a walk stands, as a stream carries it from unit to unit.

use super::decode;
use super::walk::Sink;
use crate::model::Span;

/// Bytes of a key that are kept: a longer one is known by its beginning.
const MAX_KEY: usize = 1024;

/// One open container and the place in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    pub array: bool,
    /// The element's number, in an array.
    pub index: u64,
    /// The member's key, in an object, decoded.
    pub key: Vec<u8>,
}

/// See the module. A [`Sink`], so that it follows a walk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path {
    pub levels: Vec<Level>,
}

impl Sink for Path {
    fn key(&mut self, bytes: &[u8], raw: Span) {
        let Some(level) = self.levels.last_mut() else { return };
        let cut = if raw.len() > MAX_KEY { decode::cut_before(bytes, raw.start, raw.start + MAX_KEY) } else { raw.end };
        level.key.clear();
        decode::decode(&bytes[raw.start..cut], &mut level.key);
    }
    fn string(&mut self, _: &[u8], _: Span) {}
    fn word(&mut self, _: &[u8], _: Span) {}
    fn open(&mut self, array: bool) {
        self.levels.push(Level { array, ..Level::default() });
    }
    fn close(&mut self) {
        self.levels.pop();
    }
    fn next(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.index += 1;
        }
    }
}
