//! `verify --chain`: that no report of a chain was removed or altered.

use super::super::End;
use super::super::linked::{fits, public_key, signature_of};
use super::super::names::Names;
use super::super::target::Target;
use crate::error::{Error, Result};
use crate::normalise::hex;
use crate::pipeline::tree::{self, Kind};
use crate::proof::chain::{self, Entry, Signed};
use crate::report::counted;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// No report is larger: one with a line for each of a million files is a tenth of that.
const LARGEST: u64 = 4 << 30;

/// What `--json` tells.
#[derive(Serialize)]
struct Told<'a> {
    reports: usize,
    /// SHA-256 of the last one.
    last_sha256: Option<&'a str>,
    signed: bool,
    problems: &'a [String],
    /// Reports of runs that failed or were not complete.
    not_passed: &'a [String],
    chain: Vec<Row<'a>>,
}

/// One report.
#[derive(Serialize)]
struct Row<'a> {
    sequence: u64,
    report: String,
    result: String,
    sha256: &'a str,
    path: &'a str,
}

/// Words of a report that anybody may have written: letters only.
fn word(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).take(16).collect()
}

/// Checks the reports that `paths` name.
pub(super) fn run(paths: &[PathBuf], key: Option<&Path>, json: bool, out: Option<&Path>) -> Result<End> {
    let key = key.map(public_key).transpose()?;
    let files = reports(paths)?;
    if files.is_empty() {
        return Err(Error::Usage("--chain: there is no report (*.json) in what was named; name the reports".into()));
    }
    let mut names = Names::plain()?;
    let mut entries = Vec::new();
    for path in &files {
        let unread = |e| Error::io(path, "cannot read", e);
        if fs::metadata(path).map_err(unread)?.len() > LARGEST {
            return Err(Error::Input { path: path.clone(), what: "is too large to be a report".into() });
        }
        let text = fs::read(path).map_err(unread)?;
        let signed = match &key {
            None => Signed::Unasked,
            Some(key) => match fs::read(signature_of(path)) {
                Ok(signature) if fits(key, &text, &signature) => Signed::Fits,
                Ok(_) => Signed::Not,
                Err(e) if e.kind() == io::ErrorKind::NotFound => Signed::Missing,
                Err(e) => return Err(Error::io(signature_of(path), "cannot read", e)),
            },
        };
        let sha256 = hex(&Sha256::digest(&text));
        let (link, result) = chain::link(&text).map_or((None, String::new()), |(l, r)| (Some(l), r));
        entries.push(Entry { shown: names.shown_path(path), sha256, link, result, signed });
    }
    let problems = chain::check(&mut entries);
    let not_passed = chain::not_passed(&entries);
    let mut target = Target::open(out)?;
    target.write(told(&entries, &problems, &not_passed, key.is_some(), json).as_bytes())?;
    target.commit()?;
    Ok(if problems.is_empty() && not_passed.is_empty() { End::Done } else { End::Found })
}

/// The files that are named, and those that end in `.json` in directories.
fn reports(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        let named = !path.is_dir();
        for item in tree::walk(path) {
            let item = item.map_err(|(path, e)| tree::cannot_open(&path.display().to_string(), e))?;
            if item.kind == Kind::File && (named || item.path.extension().is_some_and(|e| e == "json")) {
                files.push(item.path);
            }
        }
    }
    Ok(files)
}

fn told(entries: &[Entry], problems: &[String], not_passed: &[String], signed: bool, json: bool) -> String {
    let last = entries.iter().rev().find(|e| e.link.is_some()).map(|e| e.sha256.as_str());
    if json {
        let row = |e: &'_ Entry| e.link.as_ref().map(|l| (l.sequence, word(&l.report), word(&e.result)));
        let rows = entries.iter().filter_map(|e| {
            let (sequence, report, result) = row(e)?;
            Some(Row { sequence, report, result, sha256: &e.sha256, path: &e.shown })
        });
        let chain = rows.collect();
        let told = Told { reports: entries.len(), last_sha256: last, signed, problems, not_passed, chain };
        return serde_json::to_string(&told).unwrap_or_default() + "\n";
    }
    let mut text = String::new();
    for (entry, link) in entries.iter().filter_map(|e| Some((e, e.link.as_ref()?))) {
        let (verb, result) = (word(&link.report), word(&entry.result));
        let time: String =
            link.time.chars().filter(|c| c.is_ascii_alphanumeric() || "-:.".contains(*c)).take(32).collect();
        text += &format!("{} {time} {verb} {result} {} {}\n", link.sequence, &entry.sha256[..16], entry.shown);
    }
    for problem in problems.iter().chain(not_passed) {
        text += &format!("{problem}\n");
    }
    let whole = match (problems.len(), signed) {
        (0, true) => "the chain is whole, and every report is signed by this key".to_owned(),
        (0, false) => "the chain is whole".to_owned(),
        (n, _) => format!("the chain is broken: {}", counted(n as u64, "problem")),
    };
    let whole = match not_passed.len() {
        0 => whole,
        1 => format!("{whole}; 1 of them tells of a run that did not pass"),
        n => format!("{whole}; {n} of them tell of a run that did not pass"),
    };
    text += &format!("{}: {whole}\n", counted(entries.len() as u64, "report"));
    if let (Some(last), true) = (last, problems.is_empty()) {
        text += &format!(
            "Whether later ones were removed only this digest of the last one tells, kept elsewhere: {last}\n"
        );
    }
    text
}
