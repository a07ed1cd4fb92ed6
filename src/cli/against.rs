//! Copies held against what a redaction of their originals writes: files, members of archives, what is copied as it is.

use super::inputs::{Inputs, Raw, SMALL, Work};
use crate::error::{Error, Result};
use crate::pipeline::archive::{Archive, Member};
use crate::pipeline::source::{Content, Flow, Source, Watched, spool};
use crate::pipeline::tree::{self, Kind};
use crate::proof::compare::{Comparer, How};
use serde::Serialize;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The copies of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Copies {
    root: PathBuf,
    tree: bool,
    /// Letters that stand for the digits of hashes whose key is not known.
    blind: Option<Vec<u8>>,
    /// Places in the tree that an original has.
    met: HashSet<PathBuf>,
    /// Originals that were held against a copy.
    pub held: u64,
    pub differences: Vec<Difference>,
}

/// A place where a copy is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// The copy, as it may be printed.
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Bytes of the copy before, after decompression and decoding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    pub what: String,
}

impl Copies {
    /// The copy `root` of `originals`, a file or a tree.
    pub fn of(
        root: &Path,
        originals: &[PathBuf],
        blind: Option<Vec<u8>>,
        shown: &mut dyn FnMut(&Path) -> String,
    ) -> Result<Copies> {
        let usage = |what: String| Err(Error::Usage(what));
        let stdin = |p: &Path| p.as_os_str() == "-";
        if stdin(root) || originals.iter().any(|p| stdin(p)) {
            return usage(
                "--against takes files and directories: the copy is read twice, and - can be read once".into(),
            );
        }
        let tree = root.is_dir();
        if !tree && (originals.len() > 1 || originals[0].is_dir()) {
            let name = shown(root);
            return usage(format!(
                "--against: {name} is a file, and can only be the copy of one file; name the directory that redact wrote"
            ));
        }
        let real = |p: &Path| fs::canonicalize(p).ok();
        if let Some(same) = originals.iter().find(|p| real(p).is_some() && real(p) == real(root)) {
            let name = shown(same);
            return usage(format!("--against {name}: is the copy itself; name what it was made from"));
        }
        Ok(Copies { root: root.to_owned(), tree, blind, ..Copies::default() })
    }

    fn at(&self, relative: &Path) -> PathBuf {
        if self.tree { self.root.join(relative) } else { self.root.clone() }
    }

    fn differs(&mut self, path: &str, what: &str) {
        self.differences.push(Difference { path: path.to_owned(), line: None, byte: None, what: what.to_owned() });
    }

    /// Names what is in the tree and has no original.
    pub fn additional(&mut self, shown: &mut dyn FnMut(&Path) -> String) {
        if !self.tree {
            return;
        }
        let root = self.root.clone();
        for item in tree::walk(&root).filter_map(std::result::Result::ok) {
            if item.kind != Kind::Directory && !self.met.contains(&item.relative) {
                let path = shown(&item.path);
                self.differs(&path, "is in the copy only: no original has its place");
            }
        }
    }
}

/// A stretch of a copy.
struct Copy<'a> {
    from: Box<dyn Read + Send + 'a>,
    /// The file that it is, where it can be read in places.
    whole: Option<File>,
    shown: &'a str,
}

impl Inputs<'_> {
    /// Holds the copy of one original against what the redaction makes of that.
    pub(super) fn against(
        &mut self,
        file: File,
        path: &Path,
        shown: &str,
        relative: &Path,
        copies: &mut Copies,
        work: &mut dyn Work,
    ) -> Result<()> {
        let stop = self.stop.clone();
        let target = copies.at(relative);
        let at = self.names.shown_path(&target);
        let name = path.to_string_lossy().to_lowercase();
        let small = file.metadata().is_ok_and(|m| m.len() < SMALL);
        let flow = Flow::new(Some(stop.clone()), false, self.reading.max_expansion);
        let raw = Raw { shown, name: &name, small, depth: 0, flow: &flow };
        let whole = file.try_clone().ok();
        let opened = Source::open(Box::new(Watched::new(file, flow.clone())), shown, &flow);
        let opened = opened.and_then(|mut source| {
            whole.as_ref().map_or(Ok(()), |file| source.look_behind(file))?;
            Ok(source)
        });
        let source = match opened {
            Ok(source) => source,
            Err(e) => return self.named(Err(e)),
        };
        let copy = match File::open(&target) {
            Ok(copy) if copy.metadata().is_ok_and(|m| m.is_file()) => copy,
            Ok(_) => {
                copies.met.insert(relative.to_owned());
                copies.differs(&at, "is no file, as its original is");
                return Ok(());
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                if let (Content::Unsupported(what), false) = (source.content, self.copy_unsupported) {
                    let refused = self.refused(what, shown).map(drop);
                    return self.named(refused);
                }
                // Whoever lists the differences must not lose count of the tokens after this file.
                copies.differs(&at, "is missing in the copy");
                let empty = Copy { from: Box::new(io::empty()), whole: None, shown: &at };
                let mut ignored = Copies::default();
                let done = self.pair(source, whole, empty, &raw, &mut ignored, work);
                return self.named(done);
            }
            Err(e) => return self.named(Err(tree::cannot_open(&at, e))),
        };
        copies.met.insert(relative.to_owned());
        copies.held += 1;
        let again = copy.try_clone().ok();
        let copy_flow = Flow::new(Some(stop.clone()), false, self.reading.max_expansion);
        let copy = Copy { from: Box::new(Watched::new(copy, copy_flow)), whole: again, shown: &at };
        let done = self.pair(source, whole, copy, &raw, copies, work);
        self.named(done)
    }

    fn pair(
        &mut self,
        mut source: Source<'_>,
        whole: Option<File>,
        copy: Copy<'_>,
        raw: &Raw<'_>,
        copies: &mut Copies,
        work: &mut dyn Work,
    ) -> Result<()> {
        let flow = Flow::new(None, false, self.reading.max_expansion);
        let mut other = Source::open_like(copy.from, &source, copy.shown, &flow);
        match source.content {
            Content::Text => {
                let job = self.job(&source, raw);
                let mut comparer = Comparer::new(&mut other.from, copies.blind.as_deref());
                let totals = work.text(raw.shown, &job, &mut source, Some(&mut comparer))?;
                self.count(raw.shown, &totals);
                let (parting, _) = comparer.finish().map_err(|e| flow.error(copy.shown, e))?;
                if let Some(p) = parting {
                    let what = match p.how {
                        How::Other => "differs from the redaction of the original",
                        How::Short => "ends before the redaction of the original does",
                        How::Long => "goes on where the redaction of the original ends",
                    };
                    let (path, what) = (copy.shown.to_owned(), what.to_owned());
                    copies.differences.push(Difference { path, line: Some(p.line), byte: Some(p.byte), what });
                } else if source.odd() != other.odd() {
                    copies.differs(copy.shown, "ends with another half of a UTF-16 unit than the original");
                }
                Ok(())
            }
            Content::Zip => self.archives(source, whole, other, copy.whole, raw, copy.shown, copies, work),
            Content::Unsupported(what) => {
                self.as_it_is(what, &mut source.from, &mut other.from, raw.shown, copy.shown, copies)
            }
        }
    }

    /// What is copied as it is, if it is copied.
    fn as_it_is(
        &mut self,
        what: &str,
        from: &mut dyn Read,
        copy: &mut dyn Read,
        shown: &str,
        at: &str,
        copies: &mut Copies,
    ) -> Result<()> {
        if !self.copy_unsupported {
            copies.differs(at, "is in the copy, and its original is of a kind that redaction does not write");
            return self.refused(what, shown).map(drop);
        }
        let mut comparer = Comparer::new(copy, None);
        io::copy(from, &mut comparer).map_err(|e| Error::io(shown, "cannot read", e))?;
        let (parting, _) = comparer.finish().map_err(|e| Error::io(at, "cannot read", e))?;
        if let Some(p) = parting {
            let what = "differs from the original, which is copied as it is".into();
            copies.differences.push(Difference { path: at.to_owned(), line: None, byte: Some(p.byte), what });
        }
        self.say(&format!("{shown}: is {what}, which was not looked at; only compared"));
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "two archives, what is known of them and where to tell")]
    fn archives(
        &mut self,
        mut source: Source<'_>,
        whole: Option<File>,
        mut other: Source<'_>,
        other_whole: Option<File>,
        raw: &Raw<'_>,
        at: &str,
        copies: &mut Copies,
        work: &mut dyn Work,
    ) -> Result<()> {
        self.not_too_deep(raw)?;
        let own = seekable(&mut source, whole, raw.shown)?;
        let again = own.try_clone().map_err(|e| Error::io(raw.shown, "cannot read", e))?;
        let mut archive = Archive::open(own, raw.shown, raw.flow)?;
        let copy = seekable(&mut other, other_whole, at)?;
        if let Some(what) = archive.document() {
            let mut again = again;
            io::Seek::rewind(&mut again).map_err(|e| Error::io(raw.shown, "cannot read", e))?;
            let mut copy = copy;
            return self.as_it_is(what, &mut again, &mut copy, raw.shown, at, copies);
        }
        let flow = Flow::new(None, false, self.reading.max_expansion);
        let mut copy = match Archive::open(copy, at, &flow) {
            Ok(copy) => Some(copy),
            Err(_) => {
                copies.differs(at, "is no zip archive that can be read, as its original is");
                None
            }
        };
        if copy.as_ref().is_some_and(|c| c.comment() != self.redacted(archive.comment())) {
            copies.differs(at, "has another comment than the redaction of the original");
        }
        let (mut given, mut next) = (HashSet::new(), 0);
        for i in 0..archive.len() {
            let member = archive.member(i)?;
            let shown = format!("{}!/{}", raw.shown, self.names.shown(member.text.as_bytes()));
            let name = self.member_name(&member, &mut given);
            let place = Place { archive: &mut archive, i, member: &member, shown: &shown, name: &name };
            let done = self.member_pair(place, copy.as_mut(), &mut next, raw, at, copies, work);
            match done {
                Err(e @ Error::Unsupported { .. }) => self.named(Err(e))?,
                done => done?,
            }
        }
        if copy.is_some_and(|c| c.len() > next) {
            copies.differs(at, "has members that its original does not have");
        }
        Ok(())
    }

    /// One member, and, if the redaction writes it, the next of the copy.
    #[allow(clippy::too_many_arguments, reason = "a member of two archives, and where to tell")]
    fn member_pair(
        &mut self,
        place: Place<'_>,
        copy: Option<&mut Archive>,
        next: &mut usize,
        raw: &Raw<'_>,
        at: &str,
        copies: &mut Copies,
        work: &mut dyn Work,
    ) -> Result<()> {
        let Place { archive, i, member, shown, name } = place;
        let shown_copy = format!("{at}!/{}", self.names.shown(name.as_bytes()));
        let comment = String::from_utf8_lossy(&self.redacted(member.comment.as_bytes())).into_owned();
        let same = name == member.text && comment == member.comment;
        if let Some(what) = member.unsupported.filter(|_| !(self.copy_unsupported && same)) {
            return self.refused(what, shown).map(drop);
        }
        let mut found = None;
        if let Some(copy) = copy {
            let there = if *next < copy.len() { Some(copy.member(*next)?) } else { None };
            if there.as_ref().is_some_and(|t| t.text == name) {
                *next += 1;
                if there.is_some_and(|t| t.comment != comment) {
                    copies.differs(&shown_copy, "has another comment than the redaction of the original");
                }
                found = Some(copy);
            }
        }
        let lower = member.text.to_lowercase();
        let inner = Raw { shown, name: &lower, small: member.size < SMALL, flow: raw.flow, depth: raw.depth + 1 };
        if member.directory {
            if found.is_none() {
                copies.differs(&shown_copy, "is missing in the copy, or in another place");
            }
            return Ok(());
        }
        if member.unsupported.is_some() {
            let stored = found.map(|copy| copy.stored(*next - 1)).transpose()?;
            if stored != Some(archive.stored(i)?) {
                copies.differs(&shown_copy, "differs from the original, which is copied as it is");
            }
            return Ok(());
        }
        let source = Source::open(archive.read(i)?, shown, raw.flow)?;
        let written = self.copy_unsupported || !matches!(source.content, Content::Unsupported(_));
        match found {
            Some(copy) => {
                let from = copy.read(*next - 1)?;
                self.pair(source, None, Copy { from, whole: None, shown: &shown_copy }, &inner, copies, work)
            }
            None => {
                if written {
                    copies.differs(&shown_copy, "is missing in the copy, or in another place");
                }
                let empty = Copy { from: Box::new(io::empty()), whole: None, shown: &shown_copy };
                self.pair(source, None, empty, &inner, &mut Copies::default(), work)
            }
        }
    }
}

/// A member of the original.
struct Place<'a> {
    archive: &'a mut Archive,
    i: usize,
    member: &'a Member,
    shown: &'a str,
    name: &'a str,
}

/// An archive as a file that can be read in places.
fn seekable(source: &mut Source<'_>, whole: Option<File>, shown: &str) -> Result<File> {
    let mut file = match whole {
        Some(file) if source.packing.is_empty() => file,
        _ => spool(source)?,
    };
    io::Seek::rewind(&mut file).map_err(|e| Error::io(shown, "cannot read", e))?;
    Ok(file)
}
