//! The labelled samples under `corpus/`: every label is found, and nothing else but what `corpus/labels/known.jsonl` lists.

use assert_cmd::Command;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A line of a labels file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    /// Of a zip file.
    member: Option<String>,
    line: u64,
    r#type: String,
    text: String,
    /// Neither a miss when it is not found nor a false finding when it is.
    #[serde(default)]
    optional: bool,
}

/// A line of `known.jsonl`: what the program gets wrong, and why it stays so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    line: u64,
    r#type: String,
    text: String,
    is: String,
    #[serde(rename = "why")]
    _why: String,
}

/// What a test needs of a finding.
#[derive(Deserialize)]
struct Finding {
    path: String,
    line: u64,
    r#type: String,
    value: Option<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sluice(args: &[&str]) -> String {
    let out = Command::cargo_bin("sluice").unwrap().current_dir(root()).args(args).output().unwrap();
    let (stdout, stderr) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8_lossy(&out.stderr).into_owned());
    assert!(out.status.success(), "{args:?}: {stderr}");
    stdout
}

/// Samples with their labels, as paths from the project's root.
fn samples() -> Vec<(String, Vec<Label>)> {
    fn walk(dir: PathBuf, out: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() { walk(path, out) } else { out.push(path) }
        }
    }
    let mut files = Vec::new();
    let beside = root().join("corpus/labels");
    walk(beside.clone(), &mut files);
    let labels = |p: &Path| {
        let text = std::fs::read_to_string(p).unwrap();
        let read = |l: &str| serde_json::from_str(l).unwrap_or_else(|e| panic!("{}: {e}: {l}", p.display()));
        text.lines().map(read).collect()
    };
    let sample = |p: &Path| {
        let below = p.strip_prefix(&beside).unwrap().to_str()?.replace('\\', "/");
        Some(format!("corpus/{}", below.strip_suffix(".labels.jsonl")?))
    };
    files.iter().filter_map(|p| Some((sample(p)?, labels(p)))).collect()
}

fn findings(path: &str) -> Vec<Finding> {
    sluice(&["scan", "--json", "--values", path]).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// The value without white space (a value may run over lines and cues) and without the two ways of hiding an `@`.
fn bare(text: &str) -> String {
    text.replace("&#64;", "@").replace("%40", "@").split_whitespace().collect()
}

/// Whether the finding is the labelled one: the whole value for what has an exact form, else a part of it will do.
fn hit(finding: &Finding, label: &Label) -> bool {
    let place = label.member.as_ref().is_none_or(|m| finding.path.ends_with(&format!("!/{m}")));
    if !place || finding.line != label.line || finding.r#type != label.r#type {
        return false;
    }
    let (found, meant) = (bare(finding.value.as_deref().unwrap_or("")), bare(&label.text));
    match label.r#type.as_str() {
        "EMAIL_ADDRESS" | "PHONE_NUMBER" | "IP_ADDRESS" | "CREDIT_CARD" | "IBAN_CODE" => found == meant,
        _ => !found.is_empty() && (meant.contains(&found) || found.contains(&meant)),
    }
}

/// Entities and formats that this build knows; the samples hold those of the next ones, too.
fn built() -> (BTreeSet<String>, BTreeSet<String>) {
    let column =
        |text: String, n: usize| text.lines().filter_map(|l| l.split_whitespace().nth(n).map(str::to_owned)).collect();
    (column(sluice(&["patterns", "list"]), 1), column(sluice(&["patterns", "list", "--formats"]), 0))
}

/// Whether the formats include the one that this sample is of.
fn readable(path: &str, formats: &BTreeSet<String>) -> bool {
    let packed = Path::new(path).extension().is_some_and(|e| ["gz", "zst", "zip"].iter().any(|x| e == *x));
    // Compression is no format of its own: it is there when something is found inside.
    if packed || path.contains("utf16") {
        return !findings(path).is_empty();
    }
    let names: &[&str] = match path.rsplit('.').next() {
        _ if path.contains("whatsapp") => &["whatsapp"],
        Some("jsonl") => &["jsonl"],
        Some("json") => &["json"],
        Some("csv" | "tsv") => &["csv"],
        Some("vtt") => &["vtt", "webvtt"],
        Some("srt") => &["srt"],
        _ => &["text"],
    };
    names.iter().any(|n| formats.contains(*n))
}

#[test]
fn every_label_is_found_and_nothing_else() {
    let known: Vec<Known> = (std::fs::read_to_string(root().join("corpus/labels/known.jsonl")).unwrap().lines())
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let mut wrong: BTreeSet<(String, u64, String, String, &str)> = BTreeSet::new();
    let (entities, formats) = built();
    for (path, labels) in samples().into_iter().filter(|(p, _)| readable(p, &formats)) {
        let found = findings(&path);
        let asked = |l: &Label| !l.optional && entities.contains(&l.r#type);
        for l in labels.iter().filter(|l| asked(l) && !found.iter().any(|f| hit(f, l))) {
            wrong.insert((path.clone(), l.line, l.r#type.clone(), l.text.clone(), "missed"));
        }
        // What will be a part of a longer value once its entity is there isn't held against a build without it.
        let later = |f: &Finding, l: &Label| {
            !entities.contains(&l.r#type)
                && l.line == f.line
                && bare(&l.text).contains(&bare(f.value.as_deref().unwrap_or("")))
        };
        for f in found.iter().filter(|f| !labels.iter().any(|l| hit(f, l) || later(f, l))) {
            let value = f.value.clone().unwrap_or_default();
            wrong.insert((path.clone(), f.line, f.r#type.clone(), value, "extra"));
        }
    }
    let mut unneeded = Vec::new();
    for k in &known {
        let is = if k.is == "extra" { "extra" } else { "missed" };
        if !wrong.remove(&(k.file.clone(), k.line, k.r#type.clone(), k.text.clone(), is)) && readable(&k.file, &formats)
        {
            unneeded.push(format!("{}:{} {} {}", k.file, k.line, k.r#type, k.text));
        }
    }
    let list: String = wrong.iter().map(|(p, l, t, v, is)| format!("{is}: {p}:{l} {t} {v}\n")).collect();
    assert!(wrong.is_empty(), "{} not as labelled:\n{list}", wrong.len());
    assert!(unneeded.is_empty(), "right by now, take it out of known.jsonl: {unneeded:#?}");
    assert!(known.len() <= 12, "the list of known errors is a handful, not a habit");
}

#[test]
fn labels_point_at_what_is_there() {
    let mut types = BTreeMap::new();
    let mut plain = 0;
    for (path, labels) in samples() {
        for l in &labels {
            *types.entry(l.r#type.clone()).or_insert(0) += 1;
        }
        let bytes = std::fs::read(root().join(&path)).unwrap();
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let lines: Vec<&str> = text.split('\n').collect();
        for l in &labels {
            // Values that are escaped, or that go on in the next line or cue, at least begin as they are.
            let start: String = l.text.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            let line = lines.get(l.line as usize - 1).unwrap_or_else(|| panic!("{path} has no line {}", l.line));
            assert!(line.contains(&start), "{path}:{} {}", l.line, l.text);
            plain += 1;
        }
    }
    assert!(plain > 700, "{plain} labels in plain files");
    for (name, least) in
        [("EMAIL_ADDRESS", 80), ("PHONE_NUMBER", 80), ("IP_ADDRESS", 40), ("CREDIT_CARD", 10), ("PERSON", 80)]
    {
        assert!(types.get(name).is_some_and(|n| *n >= least), "{name}: {:?}", types.get(name));
    }
}
