//! What lies in what was named and was not looked at, though nothing failed: reports name it, since what is not looked at is not clean.

use crate::report::counted;
use serde::Serialize;

/// So many are named, the rest is counted.
const NAMED: usize = 100;
/// So many a line names.
const SHOWN: usize = 5;

/// Inputs that were passed over: links, devices, what can't be looked into and was to be skipped.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Unread {
    count: u64,
    /// The first of them.
    first: Vec<Passed>,
}

#[derive(Debug, Clone, Serialize)]
struct Passed {
    /// With names masked.
    path: String,
    /// What it is.
    is: String,
}

impl Unread {
    /// `path` (names masked) was passed over, since it is `is`.
    pub fn add(&mut self, path: &str, is: &str) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(Passed { path: path.to_owned(), is: is.to_owned() });
        }
    }

    /// Whether all was looked at.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// In a line for people: how many, and the first of them. `None`: there are none.
    pub fn told(&self) -> Option<String> {
        let named: Vec<String> = self.first.iter().take(SHOWN).map(|p| format!("{} ({})", p.path, p.is)).collect();
        let more = self.count - named.len() as u64;
        let more = if more == 0 { String::new() } else { format!(", and {more} more") };
        (!self.is_empty()).then(|| format!("{}: {}{more}", counted(self.count, "input"), named.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_bounded() {
        let mut unread = Unread::default();
        assert_eq!(unread.told(), None);
        unread.add("a", "a link");
        assert_eq!(unread.told().unwrap(), "1 input: a (a link)");
        (0..200).for_each(|n| unread.add(&format!("b{n}"), "a socket"));
        assert_eq!(unread.first.len(), NAMED);
        assert!(unread.told().unwrap().ends_with("b3 (a socket), and 196 more"));
    }
}
