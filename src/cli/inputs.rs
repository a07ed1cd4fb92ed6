//! The loop over inputs that verbs share: files, directories, standard input; what can't be handled is named.

use super::End;
use super::names::{Named, Names, Renamer, numbered};
use super::options::{Reading, StatsForm, Talk};
use super::outputs::{Outputs, Writer};
use super::progress::{Progress, Stats};
use super::unread::{NOT_SEEN, Unread};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::format::{Format, Settings};
use crate::patterns::review;
use crate::pipeline::output::{self, Finish, pack};
use crate::pipeline::sink::{Numbers, Scope};
use crate::pipeline::source::{Content, Flow, Source, Watched};
use crate::pipeline::stop::Stop;
use crate::pipeline::tree::{self, Item, Kind};
use crate::pipeline::{Input, Job, Totals};
use crate::report::counted;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

/// An input shorter than this isn't worth starting threads for.
pub(super) const SMALL: u64 = 1 << 20;

/// What a verb does with each text.
pub(crate) trait Work {
    /// Works through one text: a file, a member of an archive, standard input. `shown` is its name as it may be printed.
    /// With `out`, what it writes goes there.
    fn text(
        &mut self,
        shown: &str,
        job: &Job<'_>,
        input: &mut dyn Input,
        out: Option<&mut (dyn Write + Send)>,
    ) -> Result<Totals>;

    /// The name of a file or member holds personal data.
    fn name(&mut self, shown: &str, found: &[Named]) -> Result<()>;
}

/// What became of an input.
pub(crate) enum Fate {
    /// It was worked through; with the output to keep, if there is one.
    Done(Totals),
    /// It was copied as it is, as the user wished.
    Copied,
    /// It was listed and left out, as the user wished.
    Skipped,
}

/// The inputs of a run.
pub(crate) struct Inputs<'a> {
    pub engine: &'a Engine,
    pub reading: &'a Reading,
    pub talk: &'a Talk,
    /// The bar that shows how far it is; the verbs' sinks move it.
    pub progress: Arc<Progress>,
    pub outputs: Outputs,
    /// Copy what is recognised and not supported as it is.
    pub copy_unsupported: bool,
    /// Redact the names of files and members in the output.
    pub rename: bool,
    pub names: Names,
    format: Option<&'static dyn Format>,
    settings: Settings,
    pub(super) stop: Arc<Stop>,
    renamer: Renamer<'a>,
    numbers: Numbers,
    /// Names given to outputs.
    given: HashSet<PathBuf>,
    /// Sums of what was worked through.
    pub totals: Totals,
    /// Inputs that were worked through.
    pub count: u64,
    /// What was passed over.
    pub unread: Unread,
    /// Something was named that could not be handled.
    pub failed: bool,
}

impl<'a> Inputs<'a> {
    /// For the inputs that `reading` names.
    pub fn new(engine: &'a Engine, reading: &'a Reading, talk: &'a Talk, outputs: Outputs) -> Result<Inputs<'a>> {
        let stop = Stop::install().map_err(|e| Error::Usage(format!("cannot take over signals: {e}")))?;
        Ok(Inputs {
            engine,
            reading,
            talk,
            progress: Arc::new(Progress::new(total(reading), talk.quiet)),
            outputs,
            copy_unsupported: false,
            rename: false,
            names: Names::like(engine),
            format: reading.format()?,
            settings: reading.settings(),
            stop,
            renamer: Renamer::new(engine),
            numbers: Numbers::new(Scope::Run),
            given: HashSet::new(),
            totals: Totals::default(),
            count: 0,
            unread: Unread::default(),
            failed: false,
        })
    }

    /// Works through all of them.
    ///
    /// # Errors
    ///
    /// What makes going on pointless: the output can't be written, a record could not be handled. Everything else is said
    /// and makes the end [`End::Partly`].
    pub fn run(&mut self, work: &mut dyn Work) -> Result<End> {
        let end = self.all(work);
        self.end();
        end
    }

    fn all(&mut self, work: &mut dyn Work) -> Result<End> {
        let stdin = [PathBuf::from("-")];
        let paths: &[PathBuf] = if self.reading.paths.is_empty() { &stdin } else { &self.reading.paths };
        if paths.iter().filter(|p| p.as_os_str() == "-").count() > 1 {
            return Err(Error::Usage("- is standard input and can be read only once".into()));
        }
        if self.reading.paths.is_empty() && io::stdin().is_terminal() {
            return Err(Error::Usage(
                "there is no input\n\nusage: sluice scan [PATH]...\n       sluice redact [PATH]... -o OUT\n       \
                 COMMAND | sluice redact | COMMAND\n\nGive files or directories, or pipe data in; `sluice --help` says more"
                    .into(),
            ));
        }
        for doubt in review::doubts(self.engine.detectors().rules()) {
            self.say(&format!("warning: {doubt}"));
        }
        for path in paths {
            let done = if path.as_os_str() == "-" {
                self.stdin(work)
            } else {
                tree::walk(path).try_for_each(|item| self.item(item, work))
            };
            if let Some(signal) = self.stop.signal().filter(|_| !matches!(done, Ok(()))) {
                return Ok(End::Signal(signal));
            }
            done?;
            if let Some(signal) = self.stop.signal() {
                // What was read is out; what was named and not begun is not.
                let last = paths.last() == Some(path);
                return Ok(if last && !self.failed { End::Done } else { End::Signal(signal) });
            }
        }
        if self.reading.strict && self.totals.odd > 0 {
            let odd = counted(self.totals.odd, "record");
            self.say(&format!("{odd} not of the format of what stands around (--strict)"));
            self.failed = true;
        }
        Ok(if self.failed { End::Partly } else { End::Done })
    }

    /// Whether there was nothing in what was named: no input, or none with a byte in it.
    pub fn nothing_read(&self) -> bool {
        self.count == 0 || self.totals.bytes == 0
    }

    /// What was named, as it may be shown.
    pub fn named_paths(&mut self) -> Vec<String> {
        match self.reading.paths.is_empty() {
            true => vec!["-".into()],
            false => self.reading.paths.iter().map(|p| self.names.shown_path(p)).collect(),
        }
    }

    /// Says something on standard error, unless it is to be quiet.
    pub fn say(&self, what: &str) {
        if self.talk.quiet {
            return;
        }
        let _ = writeln!(io::stderr(), "sluice: {what}");
    }

    /// The end of a run: the bar goes, `--stats` are printed.
    fn end(&self) {
        self.progress.end();
        if let Some(form) = self.talk.stats {
            let stats = Stats::new(self.count, &self.totals, self.progress.took());
            let _ = writeln!(io::stderr(), "{}", stats.text(form == StatsForm::Json));
        }
    }

    /// Names what went wrong with one input; an error that concerns all of them comes back.
    pub(super) fn named(&mut self, done: Result<()>) -> Result<()> {
        match done {
            Err(Error::Io { ref path, ref what, .. })
                if path.as_os_str() == "-" && what.starts_with("cannot write") =>
            {
                done
            }
            Err(e @ (Error::Io { .. } | Error::Input { .. } | Error::Unsupported { .. })) => {
                self.say(&e.to_string());
                self.failed = true;
                Ok(())
            }
            done => done,
        }
    }

    fn item(&mut self, item: Result<Item, (PathBuf, io::Error)>, work: &mut dyn Work) -> Result<()> {
        if self.stop.signal().is_some() {
            return Err(Error::Stopped);
        }
        let item = match item {
            Ok(item) => item,
            Err((path, e)) => {
                let e = tree::cannot_open(&self.names.shown_path(&path), e);
                return self.named(Err(e));
            }
        };
        let shown = self.names.shown_path(&item.path);
        match item.kind {
            Kind::File => self.file(&item, &shown, work),
            Kind::Directory => {
                self.name(&item, &shown, work)?;
                let relative = self.target(&item.relative, false);
                let made = match fs::metadata(&item.path) {
                    Ok(meta) => self.outputs.directory(&relative, &output::Input::of(&meta, Some(&item.path))),
                    Err(e) => Err(e),
                };
                made.map_err(|e| Error::Usage(format!("{shown}: its directory in the output cannot be made: {e}")))
            }
            Kind::Link => {
                self.pass(&shown, "a link", "was not followed; name it to have it read");
                Ok(())
            }
            Kind::Special => {
                self.pass(&shown, "no regular file", NOT_SEEN);
                Ok(())
            }
        }
    }

    /// Reports what stands in an item's name.
    fn name(&mut self, item: &Item, shown: &str, work: &mut dyn Work) -> Result<()> {
        // The last component: those above it are items themselves, or were named by the user.
        let Some(name) = item.path.file_name() else { return Ok(()) };
        let found = self.names.find(name.as_bytes());
        // In place, files keep their names.
        let stays = !self.rename || matches!(self.outputs, Outputs::InPlace { .. });
        if stays && !found.is_empty() { work.name(shown, &found) } else { Ok(()) }
    }

    /// Where an input stands in the output: its own place, or with names redacted.
    fn target(&mut self, relative: &Path, unique: bool) -> PathBuf {
        if !self.rename || relative.as_os_str().is_empty() {
            return relative.to_owned();
        }
        let name = self.renamer.path(relative.as_os_str().as_bytes(), &mut self.numbers);
        let mut target = PathBuf::from(OsString::from_vec(name.clone()));
        let mut n = 1;
        while unique && !self.given.insert(target.clone()) {
            n += 1;
            target = PathBuf::from(numbered(&name, n));
        }
        target
    }

    /// `name` redacted, and numbered if it was given before.
    pub(super) fn unique_name(&mut self, name: &str, given: &mut HashSet<String>) -> String {
        let redacted = self.renamer.path(name.as_bytes(), &mut self.numbers);
        let mut unique = String::from_utf8_lossy(&redacted).into_owned();
        let mut n = 1;
        while !given.insert(unique.clone()) {
            n += 1;
            unique = numbered(&redacted, n).to_string_lossy().into_owned();
        }
        unique
    }

    /// A comment, redacted if anything is.
    pub(super) fn redacted(&mut self, comment: &[u8]) -> Vec<u8> {
        match self.outputs {
            Outputs::Nowhere => comment.to_vec(),
            _ => self.renamer.text(comment, &mut self.numbers),
        }
    }

    fn file(&mut self, item: &Item, shown: &str, work: &mut dyn Work) -> Result<()> {
        self.name(item, shown, work)?;
        let opened = File::open(&item.path).and_then(|f| f.metadata().map(|m| (f, m)));
        let (file, meta) = match opened {
            Ok(o) => o,
            Err(e) => return self.named(Err(tree::cannot_open(shown, e))),
        };
        if self.is_stdout(&meta) {
            self.pass(shown, "where the output goes", NOT_SEEN);
            return Ok(());
        }
        let relative = self.target(&item.relative, true);
        if let Outputs::Against(copies) = &mut self.outputs {
            let mut copies = std::mem::take(copies);
            self.outputs = Outputs::Stdout; // names are redacted as they were, and nothing is written
            let done = self.against(file, &item.path, shown, &relative, &mut copies, work);
            self.outputs = Outputs::Against(copies);
            self.count += 1;
            return done;
        }
        let like = output::Input::of(&meta, Some(&item.path));
        self.through(file, &meta, shown, Some(&item.path), &relative, &like, work)
    }

    fn stdin(&mut self, work: &mut dyn Work) -> Result<()> {
        let file =
            io::stdin().as_fd().try_clone_to_owned().map(File::from).map_err(|e| Error::io("-", "cannot read", e))?;
        let meta = file.metadata().map_err(|e| Error::io("-", "cannot read", e))?;
        if meta.len() > 0 && self.is_stdout(&meta) {
            return Err(Error::Usage("standard input and standard output are the same file".into()));
        }
        let like = output::Input::of(&meta, None);
        self.through(file, &meta, "-", None, Path::new("stdin"), &like, work)
    }

    /// Whether a regular file is the one that standard output writes.
    fn is_stdout(&self, meta: &fs::Metadata) -> bool {
        let writes = matches!(self.outputs, Outputs::Nowhere | Outputs::Stdout);
        let out = || io::stdout().as_fd().try_clone_to_owned().ok().and_then(|f| File::from(f).metadata().ok());
        meta.is_file() && writes && out().is_some_and(|o| (o.dev(), o.ino()) == (meta.dev(), meta.ino()))
    }

    /// One input from its opening to its output's name.
    #[allow(clippy::too_many_arguments, reason = "an input and where it came from")]
    fn through(
        &mut self,
        file: File,
        meta: &fs::Metadata,
        shown: &str,
        path: Option<&Path>,
        relative: &Path,
        like: &output::Input,
        work: &mut dyn Work,
    ) -> Result<()> {
        let stream = path.is_none() || meta.file_type().is_fifo();
        let flow = Flow::new(Some(self.stop.clone()), stream, self.reading.max_expansion);
        let names = &mut self.names;
        let begun = self.outputs.begin(path, relative, Some(like), &self.stop, |p| names.shown_path(p));
        let mut writer = match (begun, &self.outputs) {
            (Ok(w), _) => w,
            (Err(e), Outputs::InPlace { .. }) => return self.named(Err(e)),
            (Err(e), _) => return Err(e),
        };
        let name = path.unwrap_or(Path::new("")).to_string_lossy().to_lowercase();
        let small = meta.is_file() && meta.len() < SMALL;
        let raw = Raw { shown, name: &name, small, depth: 0, flow: &flow };
        let whole = if meta.is_file() && path.is_some() { file.try_clone().ok() } else { None };
        let out = writer.as_mut().map_or(Out::None, Out::Places);
        let fate = self.one(Box::new(Watched::new(file, flow.clone())), whole, &raw, out, work);
        if let Some(e) = writer.as_ref().and_then(Writer::failure) {
            return Err(e);
        }
        match fate {
            Ok(Fate::Done(totals)) => {
                if flow.drained() {
                    self.say(&format!(
                        "{shown}: told to end: what was read is done; {} bytes of an incomplete record were left out",
                        totals.left_out
                    ));
                }
                self.totals.add(&totals);
                self.count += 1;
                let untouched = matches!(self.outputs, Outputs::InPlace { .. }) && totals.edits == 0;
                match writer {
                    Some(w) if !untouched => w.commit(),
                    _ => Ok(()),
                }
            }
            Ok(Fate::Copied) => match writer {
                Some(w) if !matches!(self.outputs, Outputs::InPlace { .. }) => w.commit(),
                _ => Ok(()),
            },
            Ok(Fate::Skipped) => Ok(()),
            Err(e) => self.named(Err(e)),
        }
    }

    /// One stretch of bytes, whatever it turns out to be. `whole` is the file they come from, where it can be read in places.
    pub(super) fn one(
        &mut self,
        from: Box<dyn Read + Send + '_>,
        whole: Option<File>,
        raw: &Raw<'_>,
        out: Out<'_>,
        work: &mut dyn Work,
    ) -> Result<Fate> {
        let mut source = Source::open(from, raw.shown, raw.flow)?;
        whole.as_ref().map_or(Ok(()), |file| source.look_behind(file))?;
        let beside = source.beside.clone();
        let fate = match source.content {
            Content::Text => self.text(&mut source, raw, out, work).map(Fate::Done),
            Content::Zip => self.archive(source, whole, raw, out, work),
            Content::Unsupported(what) => self.unsupported(what, source, raw, out),
        }?;
        let beside = std::mem::take(&mut *beside.lock().unwrap_or_else(PoisonError::into_inner));
        self.beside(&beside, raw.shown, fate, work)
    }

    /// Whether inputs are only read.
    pub(super) fn reads_only(&self) -> bool {
        self.outputs == Outputs::Nowhere
    }

    /// How a text is processed.
    pub(super) fn job<'r>(&self, source: &Source<'_>, raw: &Raw<'r>) -> Job<'r>
    where
        'a: 'r,
    {
        Job {
            engine: self.engine,
            format: self.format,
            name: raw.name,
            settings: self.settings.clone(),
            threads: if raw.small { 1 } else { self.reading.threads() },
            utf16: source.encoding.is_some(),
        }
    }

    /// Counts a text of which something was done that is no output.
    pub(super) fn count(&mut self, shown: &str, totals: &Totals) {
        self.detail(shown, totals);
        self.totals.add(totals);
    }

    fn text(&mut self, source: &mut Source<'_>, raw: &Raw<'_>, out: Out<'_>, work: &mut dyn Work) -> Result<Totals> {
        let failed = |e| Error::io("-", "cannot write", e);
        let job = self.job(source, raw);
        let Some(out) = out.stream() else {
            let totals = work.text(raw.shown, &job, source, None)?;
            self.detail(raw.shown, &totals);
            return Ok(totals);
        };
        let mut out = pack(&source.packing, source.encoding.clone(), out).map_err(failed)?;
        let totals = work.text(raw.shown, &job, source, Some(&mut out))?;
        out.finish().map_err(failed)?;
        self.detail(raw.shown, &totals);
        Ok(totals)
    }

    /// What `-v` says of a text.
    fn detail(&self, shown: &str, t: &Totals) {
        if self.talk.verbose {
            let odd = if t.odd > 0 { format!(", {} not of this format", t.odd) } else { String::new() };
            self.say(&format!(
                "{shown}: {}, {}, {}{odd}, {}",
                t.format,
                counted(t.bytes, "byte"),
                counted(t.records, "record"),
                counted(t.findings, "finding")
            ));
        }
        if t.unopened > 0 {
            self.say(&format!(
                "{shown}: JSON that was too long or nested too deep to be opened was scanned as text, in {}: \
                 what only the names of its fields tell was not found; write it as JSON of its own",
                counted(t.unopened, "part")
            ));
        }
        if t.failed > 0 {
            self.say(&format!(
                "{shown}: {} that could not be handled replaced or dropped (--on-error)",
                counted(t.failed, "record")
            ));
        }
    }
}

/// Bytes to read, where that is known beforehand: all paths are regular files.
fn total(reading: &Reading) -> Option<u64> {
    let sizes = reading.paths.iter().map(|p| fs::metadata(p).ok().filter(fs::Metadata::is_file).map(|m| m.len()));
    if reading.paths.is_empty() { None } else { sizes.sum() }
}

/// Where the output of some bytes goes.
pub(crate) enum Out<'a> {
    None,
    /// A file of its own, or standard output.
    Places(&'a mut Writer),
    /// What can only be written from start to end.
    Stream(Box<dyn Finish + 'a>),
}

impl<'a> Out<'a> {
    /// As something to be written from start to end.
    pub fn stream(self) -> Option<Box<dyn Finish + 'a>> {
        match self {
            Out::None => None,
            Out::Places(w) => Some(Box::new(w)),
            Out::Stream(s) => Some(s),
        }
    }
}

/// What is known of some bytes before they are read.
pub(crate) struct Raw<'a> {
    /// As it may be printed.
    pub shown: &'a str,
    /// Its name in lower case, for recognition.
    pub name: &'a str,
    /// Not worth starting threads for.
    pub small: bool,
    /// In how many archives it lies.
    pub depth: usize,
    pub flow: &'a Arc<Flow>,
}
