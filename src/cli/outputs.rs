//! Where the output of each input goes, checked before anything is written.

use super::against::Copies;
use crate::error::{Error, Result};
use crate::pipeline::output::{self, Finish, Whole, with_suffix};
use crate::pipeline::stop::Stop;
use crate::pipeline::tree::{self, Kind};
use clap::Args;
use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where redacted output goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct OutputOptions {
    /// A file for one input file, else a directory in which the inputs are rebuilt
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Write into an OUT that holds files already, replacing those of the same name
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Replace the inputs themselves
    #[arg(long, conflicts_with = "output")]
    pub in_place: bool,
    /// With --in-place: keep each input that changes, under its name with this behind it
    #[arg(long, value_name = "SUFFIX", requires = "in_place")]
    pub backup: Option<OsString>,
}

/// Where outputs go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outputs {
    /// There are none: `scan`.
    Nowhere,
    /// Standard output.
    Stdout,
    /// One file, or a device or pipe that stands there.
    File { path: PathBuf, replace: bool },
    /// A tree.
    Tree { root: PathBuf, replace: bool },
    /// The inputs.
    InPlace { backup: Option<OsString> },
    /// Nowhere: what would be written is held against what was.
    Against(Copies),
}

impl OutputOptions {
    /// Decides where outputs go, and refuses what would harm an input or another output. Writes nothing.
    /// `shown`: how a path is printed; `renames`: names may change, so equal ones are numbered later.
    pub fn plan(&self, paths: &[PathBuf], renames: bool, mut shown: impl FnMut(&Path) -> String) -> Result<Outputs> {
        let stdin = |p: &Path| p.as_os_str() == "-";
        let usage = |what: String| Err(Error::Usage(what));
        if self.in_place {
            return match paths.is_empty() || paths.iter().any(|p| stdin(p)) {
                true => usage("--in-place replaces files: name some".into()),
                false => Ok(Outputs::InPlace { backup: backup(self.backup.as_deref())? }),
            };
        }
        let single = paths.len() < 2 && paths.first().is_none_or(|p| stdin(p) || !p.is_dir());
        let Some(out) = self.output.as_ref().filter(|o| !stdin(o)) else {
            return if single {
                Ok(Outputs::Stdout)
            } else {
                usage("several inputs need somewhere to go: give -o OUT, a directory, or --in-place".into())
            };
        };
        let meta = fs::metadata(out).ok();
        let directory = meta.as_ref().is_some_and(fs::Metadata::is_dir) || out.as_os_str().as_bytes().ends_with(b"/");
        if single && !directory {
            return self.one(out, meta.as_ref(), paths.first().filter(|p| !stdin(p)), &mut shown);
        }
        if meta.as_ref().is_some_and(|m| !m.is_dir()) {
            return usage(format!("-o {}: is a file; several inputs need a directory", shown(out)));
        }
        let filled = fs::read_dir(out).is_ok_and(|mut d| d.next().is_some());
        if filled && !self.force {
            return usage(format!(
                "-o {}: holds files already; name a new directory, or use --force to write into it",
                shown(out)
            ));
        }
        self.check_tree(out, paths, renames, &mut shown)?;
        Ok(Outputs::Tree { root: out.clone(), replace: self.force })
    }

    fn one(
        &self,
        out: &Path,
        meta: Option<&fs::Metadata>,
        input: Option<&PathBuf>,
        shown: &mut dyn FnMut(&Path) -> String,
    ) -> Result<Outputs> {
        let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !parent.is_dir() {
            return Err(Error::Usage(format!("-o {}: its directory does not exist; make it first", shown(out))));
        }
        if let Some(meta) = meta.filter(|m| m.is_file()) {
            if input.and_then(|i| fs::metadata(i).ok()).is_some_and(|i| same(&i, meta)) {
                return Err(Error::Usage(format!("-o {}: is the input; use --in-place to replace it", shown(out))));
            }
            if !self.force {
                return Err(Error::Usage(format!(
                    "-o {}: exists already; name another file, or use --force to replace it",
                    shown(out)
                )));
            }
        }
        Ok(Outputs::File { path: out.to_owned(), replace: self.force })
    }

    /// No output lies inside an input, replaces an input, or is made twice.
    fn check_tree(
        &self,
        out: &Path,
        paths: &[PathBuf],
        renames: bool,
        shown: &mut dyn FnMut(&Path) -> String,
    ) -> Result<()> {
        let real = resolved(out);
        for p in paths.iter().filter(|p| p.is_dir()) {
            if fs::canonicalize(p).is_ok_and(|p| real.starts_with(p)) {
                let (out, p) = (shown(out), shown(p));
                return Err(Error::Usage(format!(
                    "-o {out}: lies inside the input {p}; name a directory outside of it"
                )));
            }
        }
        let mut seen: HashMap<PathBuf, bool> = HashMap::new();
        let mut inputs = HashSet::new();
        for path in paths.iter().filter(|p| p.as_os_str() != "-") {
            for item in tree::walk(path).filter_map(|i| i.ok()) {
                let is_dir = item.kind == Kind::Directory;
                if !is_dir && item.kind != Kind::File {
                    continue;
                }
                if self.force {
                    inputs.extend(fs::metadata(&item.path).ok().filter(|m| m.is_file()).map(|m| (m.dev(), m.ino())));
                }
                match seen.insert(item.relative.clone(), is_dir) {
                    Some(before) if !(renames || before && is_dir) => {
                        let name = shown(&item.relative);
                        return Err(Error::Usage(format!(
                            "two inputs would become {name} in the output; redact them into directories of their own"
                        )));
                    }
                    _ => {}
                }
            }
        }
        let harmed = |rel: &&PathBuf| fs::metadata(out.join(rel)).is_ok_and(|m| inputs.contains(&(m.dev(), m.ino())));
        match seen.keys().find(harmed) {
            Some(rel) => {
                let name = shown(&out.join(rel));
                Err(Error::Usage(format!(
                    "-o would replace the input {name}; name another directory, or use --in-place"
                )))
            }
            None => Ok(()),
        }
    }
}

pub(super) fn same(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

fn backup(suffix: Option<&OsStr>) -> Result<Option<OsString>> {
    match suffix {
        Some(s) if s.is_empty() || s.as_bytes().contains(&b'/') => {
            Err(Error::Usage("--backup takes what is put behind the name, for example .bak".into()))
        }
        s => Ok(s.map(OsStr::to_owned)),
    }
}

/// `path` as it will be when it exists: links resolved as far as they lead somewhere.
pub(super) fn resolved(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    let mut at = path.to_owned();
    loop {
        if let Ok(real) = fs::canonicalize(if at.as_os_str().is_empty() { Path::new(".") } else { &at }) {
            return rest.iter().rev().fold(real, |p, r: &OsString| p.join(r));
        }
        match (at.file_name().map(OsStr::to_owned), at.parent().map(Path::to_owned)) {
            (Some(name), Some(parent)) => {
                rest.push(name);
                at = parent;
            }
            _ => return path.to_owned(),
        }
    }
}

/// One output being written.
pub(crate) struct Writer {
    to: To,
    /// Its name in messages.
    pub shown: String,
    /// What went wrong in writing, if anything: then there's no point in going on with other inputs.
    failed: Option<(io::ErrorKind, Option<i32>)>,
}

enum To {
    Stream(BufWriter<File>),
    Whole(Box<Whole>, Option<PathBuf>),
}

impl Outputs {
    /// Begins the output of an input whose place in a tree is `relative`; `None`: there is none.
    pub fn begin(
        &self,
        input: Option<&Path>,
        relative: &Path,
        like: Option<&output::Input>,
        stop: &Arc<Stop>,
        mut shown: impl FnMut(&Path) -> String,
    ) -> Result<Option<Writer>> {
        let (target, replace, backup) = match self {
            Outputs::Nowhere | Outputs::Against(_) => return Ok(None),
            Outputs::Stdout => {
                let out = output::stdout().map_err(|e| Error::io("-", "cannot write", e))?;
                return Ok(Some(Writer { to: To::Stream(out), shown: "-".into(), failed: None }));
            }
            Outputs::File { path, replace } => (path.clone(), *replace, None),
            Outputs::Tree { root, replace } => {
                // Made for named files or a stream, it is for the user alone.
                if !root.is_dir() {
                    let made = DirBuilder::new().recursive(true).mode(0o700).create(root);
                    made.map_err(|e| Error::io(shown(root), "cannot make the directory", e))?;
                }
                (root.join(relative), *replace, None)
            }
            Outputs::InPlace { backup } => {
                let path =
                    input.map(fs::canonicalize).transpose().map_err(|e| Error::io(relative, "cannot read", e))?;
                let path = path.unwrap_or_default();
                let backup = backup.as_ref().map(|s| with_suffix(&path, s));
                if let Some(b) = backup.as_ref().filter(|b| b.symlink_metadata().is_ok()) {
                    let what = "exists already; the input was left as it was: move it away or use another --backup";
                    return Err(Error::Input { path: shown(b).into(), what: what.into() });
                }
                (path, true, backup)
            }
        };
        let name = shown(&target);
        let fail = |e| Error::io(&name, "cannot write", e);
        let to = match output::standing(&target).map_err(fail)? {
            Some(stream) => To::Stream(stream),
            None => To::Whole(Box::new(Whole::begin(&target, like, replace, Some(stop)).map_err(fail)?), backup),
        };
        Ok(Some(Writer { to, shown: name, failed: None }))
    }

    /// Makes the directory `relative` of a tree like `like`.
    pub fn directory(&self, relative: &Path, like: &output::Input) -> io::Result<()> {
        let Outputs::Tree { root, .. } = self else { return Ok(()) };
        let path = if relative.as_os_str().is_empty() { root.clone() } else { root.join(relative) };
        match DirBuilder::new().mode(like.directory_mode()).create(&path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            // The parents of the tree's root need not be there.
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                DirBuilder::new().recursive(true).mode(like.directory_mode()).create(&path)
            }
            done => done,
        }
    }
}

impl Writer {
    /// The output is complete and gets its name.
    pub fn commit(self) -> Result<()> {
        let done = match self.to {
            To::Stream(mut out) => out.flush(),
            To::Whole(out, backup) => out.commit(backup.as_deref()),
        };
        done.map_err(|e| Error::io(&self.shown, "cannot write", e))
    }

    /// What went wrong in writing.
    pub fn failure(&self) -> Option<Error> {
        let (kind, code) = self.failed?;
        let e = code.map_or_else(|| io::Error::from(kind), io::Error::from_raw_os_error);
        Some(Error::io(&self.shown, "cannot write", e))
    }

    /// Whether it is a file that can be written in places.
    pub fn in_places(&self) -> bool {
        matches!(self.to, To::Whole(..))
    }

    fn noting<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        if let Some(e) = done.as_ref().err().filter(|e| e.kind() != io::ErrorKind::Interrupted) {
            self.failed = Some((e.kind(), e.raw_os_error()));
        }
        done
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = match &mut self.to {
            To::Stream(out) => out.write(bytes),
            To::Whole(out, _) => out.write(bytes),
        };
        self.noting(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = match &mut self.to {
            To::Stream(out) => out.flush(),
            To::Whole(out, _) => out.flush(),
        };
        self.noting(done)
    }
}

impl Seek for Writer {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let done = match &mut self.to {
            To::Stream(_) => Err(io::Error::from(io::ErrorKind::NotSeekable)),
            To::Whole(out, _) => out.file().seek(to),
        };
        self.noting(done)
    }
}

impl Finish for &mut Writer {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()
    }
}
