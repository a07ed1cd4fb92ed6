//! What lies in what was named and was not looked at, though nothing failed: reports name it, since what is not looked at is not clean.

use super::inputs::{Fate, Inputs, Out, Raw, Work};
use crate::error::{Error, Result};
use crate::pipeline::Input as _;
use crate::pipeline::output::pack;
use crate::pipeline::packed::Beside;
use crate::pipeline::source::Source;
use crate::report::counted;
use serde::Serialize;
use std::io::Write;

/// What becomes of what is passed over.
pub(super) const NOT_SEEN: &str = "was not looked at";
pub(super) const COPIED: &str = "was not looked at; copied as it is";

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

impl Inputs<'_> {
    /// What is recognised and not supported: refused, listed or copied, as the user chose.
    pub(super) fn unsupported(
        &mut self,
        what: &str,
        mut source: Source<'_>,
        raw: &Raw<'_>,
        out: Out<'_>,
    ) -> Result<Fate> {
        if let (true, Some(out)) = (self.copy_unsupported, out.stream()) {
            let failed = |e| Error::io("-", "cannot write", e);
            let mut out = pack(&source.packing, None, out).map_err(failed)?;
            let mut buffer = vec![0; 256 << 10];
            loop {
                match source.read(&mut buffer)? {
                    0 => break,
                    n => out.write_all(&buffer[..n]).map_err(failed)?,
                }
            }
            out.finish().map_err(failed)?;
            self.pass(raw.shown, what, COPIED);
            return Ok(Fate::Copied);
        }
        self.refused(what, raw.shown)
    }

    /// `shown` is `is` and was not looked at: what became of it is said, and kept for reports.
    pub(super) fn pass(&mut self, shown: &str, is: &str, fate: &str) {
        self.say(&format!("{shown}: is {is} and {fate}"));
        self.unread.add(shown, is);
    }

    /// As [`Inputs::unsupported`], where nothing can be copied.
    pub(super) fn refused(&mut self, what: &str, shown: &str) -> Result<Fate> {
        if self.reading.skip_unsupported {
            self.pass(shown, what, "was not looked at; skipped");
            return Ok(Fate::Skipped);
        }
        let what = format!(
            "is {what}, which is not supported and was not looked at; convert it to text, or use --skip-unsupported"
        );
        Err(Error::Unsupported { path: shown.into(), what })
    }

    /// What compressed data holds beside the data is no part of a copy, and is reported where none is made.
    pub(super) fn beside(&mut self, beside: &Beside, shown: &str, mut fate: Fate, work: &mut dyn Work) -> Result<Fate> {
        let mut data = beside.more > 0;
        for text in &beside.texts {
            data |= self.beside_data(text, shown, work)?;
        }
        if beside.more > 0 && self.reads_only() {
            self.say(&format!(
                "{shown}: {} bytes in headers and skipped frames of the compressed data were not looked at; compress it again",
                beside.more
            ));
            self.unread.add(shown, "headers and skipped frames of compressed data, in part");
            self.failed = true;
        }
        // A file or member without findings would be left as it is.
        if let Fate::Done(totals) = &mut fate
            && data
        {
            totals.edits += 1;
        }
        Ok(fate)
    }

    /// Whether personal data stands in a text of a container itself: a comment, a name in a header. It is reported where no copy is made.
    pub(super) fn beside_data(&mut self, text: &[u8], shown: &str, work: &mut dyn Work) -> Result<bool> {
        let found = self.names.find(text);
        if !found.is_empty() && self.reads_only() {
            work.name(shown, &found)?;
        }
        Ok(!found.is_empty())
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
