//! What the integration tests share: the corpus, inputs that arrive in pieces, a sink into memory.

#![allow(dead_code, reason = "each test file uses its part")]

use sluicegate::detect::{Detectors, Options};
use sluicegate::engine::{Engine, Wanted};
use sluicegate::error::Result;
use sluicegate::format::Settings;
use sluicegate::pipeline::sink::{Done, Numbers, Scope, Sink, rewrite_unit};
use sluicegate::pipeline::{self, Input, Job, Totals};
use sluicegate::{Key, Policy, RuleSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The compiled built-in rules.
pub fn detectors() -> Arc<Detectors> {
    static ONCE: OnceLock<Arc<Detectors>> = OnceLock::new();
    ONCE.get_or_init(|| Arc::new(Detectors::new(Arc::new(RuleSet::builtin()), &Options::default()).unwrap())).clone()
}

/// An engine that redacts by the default policy with `ops` over it.
pub fn engine(ops: &[&str]) -> Engine {
    let detectors = detectors();
    let mut policy = Policy::named("default").unwrap();
    ops.iter().for_each(|op| policy.set(op).unwrap());
    let key = Key::new(*b"a key that only tests use");
    let edits = Some(policy.operators(detectors.rules(), Some(&key)).unwrap());
    Engine::new(detectors, Wanted { edits, places: true, ..Wanted::default() }, key)
}

/// The samples that are read as they are (not compressed, not UTF-16), with their bytes.
pub fn corpus() -> Vec<(PathBuf, Vec<u8>)> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() && !["generate", "labels"].iter().any(|d| path.file_name().unwrap() == *d) {
                walk(&path, out);
            } else if path.is_file() {
                out.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &mut paths);
    let sample = |p: &PathBuf| {
        let name = p.file_name().unwrap().to_string_lossy();
        ![".gz", ".zst", ".zip", ".rs", ".md"].iter().any(|e| name.ends_with(e)) && !name.contains("utf16")
    };
    let out: Vec<_> = paths.into_iter().filter(sample).map(|p| (p.clone(), std::fs::read(p).unwrap())).collect();
    assert!(out.len() >= 20, "the corpus is there");
    out
}

/// Bytes that arrive in pieces of at most these sizes, over and over.
pub struct Pieces<'a> {
    pub bytes: &'a [u8],
    pub sizes: &'a [usize],
    pub turn: usize,
}

impl Input for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].max(1);
        self.turn += 1;
        let n = size.min(self.bytes.len()).min(buffer.len());
        buffer[..n].copy_from_slice(&self.bytes[..n]);
        self.bytes = &self.bytes[n..];
        Ok(n)
    }
}

/// Keeps the output, and what was found, as text.
pub struct Memory {
    pub out: Vec<u8>,
    pub found: Vec<String>,
    numbers: Numbers,
    rules: Arc<RuleSet>,
}

impl Sink for Memory {
    fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.extend_from_slice(bytes);
        Ok(())
    }
    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        for f in &done.outcome.findings {
            let row = match done.outcome.places.get(f.place as usize) {
                Some(p) => serde_json::to_string(&sluicegate::report::row(
                    "-",
                    f,
                    p,
                    &done.base,
                    &|at| done.offset(at),
                    &self.rules,
                ))
                .unwrap(),
                None => String::new(),
            };
            self.found.push(row);
        }
        rewrite_unit(done, &self.rules, &mut self.numbers, &mut self.out);
        Ok(())
    }
}

/// One run over bytes.
pub struct Run<'a> {
    pub engine: &'a Engine,
    pub name: &'a str,
    pub sizes: &'a [usize],
    pub threads: usize,
    pub max_record: usize,
}

impl<'a> Run<'a> {
    pub fn new(engine: &'a Engine, name: &'a str) -> Run<'a> {
        Run { engine, name, sizes: &[usize::MAX], threads: 1, max_record: Settings::default().max_record }
    }
    pub fn over(&self, bytes: &[u8]) -> (Memory, Totals) {
        let rules = self.engine.detectors().rules().clone();
        let mut sink = Memory { out: Vec::new(), found: Vec::new(), numbers: Numbers::new(Scope::Run), rules };
        let settings = Settings { max_record: self.max_record, ..Settings::default() };
        let job =
            Job { engine: self.engine, format: None, name: self.name, settings, threads: self.threads, utf16: false };
        let mut input = Pieces { bytes, sizes: self.sizes, turn: 0 };
        let totals = pipeline::run(&job, &mut input, &mut sink).unwrap();
        (sink, totals)
    }
}

pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().to_lowercase()
}

/// The first place where two texts part, for messages.
pub fn parting(a: &[u8], b: &[u8]) -> String {
    let i = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let show = |t: &[u8]| String::from_utf8_lossy(&t[i.saturating_sub(40)..t.len().min(i + 60)]).into_owned();
    format!("they part at byte {i}:\n  {}\n  {}", show(a), show(b))
}
