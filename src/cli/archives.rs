//! A zip archive as an input: each member is one, and the output is an archive again.

use super::inputs::{Fate, Inputs, Out, Raw, Work};
use super::unread::COPIED;
use crate::error::{Error, Result};
use crate::pipeline::Totals;
use crate::pipeline::archive::{self, Archive, Member, Writer};
use crate::pipeline::output::{Plain, pack};
use crate::pipeline::source::{Source, spool};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use zip::ZipWriter;

/// How deep archives may lie in each other.
const MAX_DEPTH: usize = 4;

impl Inputs<'_> {
    pub(super) fn not_too_deep(&self, raw: &Raw<'_>) -> Result<()> {
        if raw.depth < MAX_DEPTH {
            return Ok(());
        }
        let what = format!("zip archives lie in each other more than {MAX_DEPTH} deep; unpack it first");
        Err(Error::Input { path: raw.shown.into(), what })
    }

    /// Works through an archive. `whole` is the file itself where it can be read in places.
    pub(super) fn archive(
        &mut self,
        mut source: Source<'_>,
        whole: Option<File>,
        raw: &Raw<'_>,
        out: Out<'_>,
        work: &mut dyn Work,
    ) -> Result<Fate> {
        self.not_too_deep(raw)?;
        let mut file = match whole {
            Some(file) if source.packing.is_empty() => file,
            _ => spool(&mut source)?,
        };
        file.rewind().map_err(|e| Error::io(raw.shown, "cannot read", e))?;
        let again = file.try_clone().map_err(|e| Error::io(raw.shown, "cannot read", e))?;
        let mut archive = Archive::open(file, raw.shown, raw.flow)?;
        if let Some(what) = archive.document() {
            let mut again = again;
            again.rewind().map_err(|e| Error::io(raw.shown, "cannot read", e))?;
            source.from = Box::new(again);
            return self.unsupported(what, source, raw, out);
        }
        let fail = |e| Error::io("-", "cannot write", e);
        match out {
            Out::None => self.members(&mut archive, None, raw, work).map(Fate::Done),
            Out::Places(w) if source.packing.is_empty() && w.in_places() => {
                let mut to = ZipWriter::new(Box::new(w) as Box<dyn archive::Places>);
                let totals = self.members(&mut archive, Some(&mut to), raw, work)?;
                to.finish().map_err(|e| archive::unwritten(raw.shown, e))?;
                Ok(Fate::Done(totals))
            }
            out => {
                // Where the output can only be written from start to end, the archive is put together beside.
                let mut beside =
                    tempfile::tempfile().map_err(|e| Error::io(std::env::temp_dir(), "cannot write", e))?;
                let copy = beside.try_clone().map_err(fail)?;
                let mut to = ZipWriter::new(Box::new(copy) as Box<dyn archive::Places>);
                let totals = self.members(&mut archive, Some(&mut to), raw, work)?;
                to.finish().map_err(|e| archive::unwritten(raw.shown, e))?;
                beside.seek(SeekFrom::Start(0)).map_err(fail)?;
                if let Some(out) = out.stream() {
                    let mut out = pack(&source.packing, None, out).map_err(fail)?;
                    io::copy(&mut beside, &mut out).map_err(fail)?;
                    out.finish().map_err(fail)?;
                }
                Ok(Fate::Done(totals))
            }
        }
    }

    fn members(
        &mut self,
        archive: &mut Archive,
        mut to: Option<&mut Writer<'_>>,
        raw: &Raw<'_>,
        work: &mut dyn Work,
    ) -> Result<Totals> {
        let mut totals = Totals::default();
        let comment = self.redacted(archive.comment());
        totals.edits += u64::from(comment != archive.comment());
        self.beside_data(archive.comment(), raw.shown, work)?;
        let unseen = archive.unseen()?;
        if unseen > 0 {
            let what = if self.reads_only() { "were not looked at; pack it again" } else { "are left out of its copy" };
            self.say(&format!(
                "{}: {unseen} bytes of the zip archive belong to no member (one that was deleted or is hidden, or bytes behind its end) and {what}",
                raw.shown
            ));
            self.failed |= self.reads_only();
            self.unread.add(raw.shown, "bytes of a zip archive that belong to no member");
            totals.edits += 1;
        }
        if let Some(to) = to.as_deref_mut() {
            to.set_raw_comment(comment.into()).map_err(|e| archive::unwritten(raw.shown, e))?;
        }
        let mut given = HashSet::new();
        for i in 0..archive.len() {
            let member = archive.member(i)?;
            let shown = format!("{}!/{}", raw.shown, self.names.shown(member.text.as_bytes()));
            let found = self.names.find(member.text.as_bytes());
            if !found.is_empty() && !self.rename {
                work.name(&shown, &found)?;
            }
            self.beside_data(member.comment.as_bytes(), &shown, work)?;
            let name = self.member_name(&member, &mut given);
            let done = self.member(archive, i, &member, &name, to.as_deref_mut(), &shown, raw, work);
            match done {
                Ok(Fate::Done(t)) => {
                    totals.edits += u64::from(name != member.text);
                    totals.add(&t);
                }
                Ok(Fate::Skipped | Fate::Copied) => {}
                // A member that isn't supported is left out; one that is damaged makes the archive so.
                Err(e @ Error::Unsupported { .. }) => self.named(Err(e))?,
                Err(e) => return Err(e),
            }
        }
        Ok(totals)
    }

    #[allow(clippy::too_many_arguments, reason = "a member, where it is from and where it goes")]
    fn member(
        &mut self,
        archive: &mut Archive,
        i: usize,
        member: &Member,
        name: &str,
        to: Option<&mut Writer<'_>>,
        shown: &str,
        raw: &Raw<'_>,
        work: &mut dyn Work,
    ) -> Result<Fate> {
        let comment = String::from_utf8_lossy(&self.redacted(member.comment.as_bytes())).into_owned();
        let same = name == member.text && comment == member.comment;
        if let Some(what) = member.unsupported {
            return self.unreadable(what, archive, i, to.filter(|_| same), shown);
        }
        let lower = member.text.to_lowercase();
        let inner = Raw {
            shown,
            name: &lower,
            small: member.size < super::inputs::SMALL,
            flow: raw.flow,
            depth: raw.depth + 1,
        };
        let Some(to) = to else {
            return if member.directory {
                Ok(Fate::Skipped)
            } else {
                self.one(archive.read(i)?, None, &inner, Out::None, work)
            };
        };
        let options = archive.options(i)?;
        if member.directory {
            if same {
                archive.copy(i, to)?;
            } else {
                to.add_directory(name, options).map_err(|e| archive::unwritten(shown, e))?;
            }
            return Ok(Fate::Skipped);
        }
        archive::begin(to, name, options, &comment, shown)?;
        let fate = self.one(archive.read(i)?, None, &inner, Out::Stream(Box::new(Plain(&mut *to))), work);
        let keep = matches!(&fate, Ok(Fate::Done(t)) if t.edits > 0 || !same);
        if !keep {
            to.abort_file().map_err(|e| archive::unwritten(shown, e))?;
            if let Ok(Fate::Done(_) | Fate::Copied) = fate {
                archive.copy(i, to)?;
            }
        }
        fate
    }

    /// A member that can't be read: as with any content that isn't supported.
    fn unreadable(
        &mut self,
        what: &str,
        archive: &mut Archive,
        i: usize,
        to: Option<&mut Writer<'_>>,
        shown: &str,
    ) -> Result<Fate> {
        match to {
            Some(to) if self.copy_unsupported => {
                archive.copy(i, to)?;
                self.pass(shown, what, COPIED);
                Ok(Fate::Skipped)
            }
            _ => self.refused(what, shown),
        }
    }

    /// A member's name in the output.
    pub(super) fn member_name(&mut self, member: &Member, given: &mut HashSet<String>) -> String {
        if !self.rename {
            return member.text.clone();
        }
        self.unique_name(&member.text, given)
    }
}
