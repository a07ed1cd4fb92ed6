//! The house stands as ARCHITECTURE.md draws it: imports run downward, and below the pipeline there are no files, clocks,
//! environment variables, threads or prints. Checks on the source text belong here.

use std::path::{Path, PathBuf};

/// The rooms from the top down; those on one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["pipeline"],
    &["engine"],
    &["format", "detect", "redact", "annex", "proof", "report"],
    &["patterns"],
    &["normalise"],
    &["model"],
    &["error"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|f| f.contains(&room))
}

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(dir: &Path, out: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                out.push((path, text));
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    assert!(out.len() > 20);
    out
}

/// The module path of a source file: `src/detect/email.rs` is `["detect", "email"]`.
fn module(path: &Path) -> Vec<String> {
    let rel = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let mut parts: Vec<String> = rel.iter().map(|p| p.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
    if parts.last().is_some_and(|p| p == "mod") {
        parts.pop();
    }
    parts
}

/// Rooms that `text`, in a file of module `here`, refers to by `crate::` or enough `super::`.
fn referred(here: &[String], text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut out = Vec::new();
    let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    for prefix in ["crate::", "sluicegate::"] {
        for (i, _) in code.match_indices(prefix) {
            let rest = &code[i + prefix.len()..];
            if let Some(list) = rest.strip_prefix('{') {
                // `use crate::{a::b, c}`: the first words of the list, at its own level.
                let mut depth = 0;
                let mut start = true;
                for (j, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && depth == 0 && !c.is_whitespace() => {
                            out.push(word(&list[j..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            } else {
                out.push(word(rest));
            }
        }
    }
    for (i, _) in code.match_indices("super::") {
        if code[..i].ends_with("super::") {
            continue;
        }
        let mut rest = &code[i..];
        let mut up = 0;
        while let Some(r) = rest.strip_prefix("super::") {
            rest = r;
            up += 1;
        }
        // A `mod tests` within the file is one level deeper; counting it as the file's own level only sees too much.
        if up == here.len() {
            out.push(word(rest));
        }
    }
    out.retain(|r| floor(r).is_some());
    out
}

#[test]
fn imports_run_downward() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let here = module(&path);
        let Some(at) = floor(&here[0]) else {
            assert!(here == ["lib"] || here == ["face"], "{}: a room that no floor names", path.display());
            continue;
        };
        for to in referred(&here, &text) {
            let below = floor(&to).unwrap();
            if to != here[0] && below <= at {
                wrong.push(format!("{}: {} refers to {to}", path.display(), here[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "upward or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn the_import_test_sees_what_it_should() {
    let here = ["detect".to_owned(), "email".to_owned()];
    assert_eq!(referred(&here, "use crate::{engine::Engine, model::{Span, Layer}};"), ["engine", "model"]);
    assert_eq!(referred(&here, "fn f() { crate::cli::main() }"), ["cli"]);
    assert_eq!(referred(&here, "use super::super::pipeline::run;"), ["pipeline"]);
    assert_eq!(referred(&here, "use super::chars; // crate-level"), [] as [&str; 0]);
}

#[test]
fn below_the_pipeline_everything_is_pure() {
    let never = [
        "std::fs",
        "std::env",
        "std::thread",
        "std::time",
        "println!",
        "eprintln!",
        "eprint!",
        "Instant::now",
        "SystemTime",
    ];
    for (path, text) in sources() {
        let here = module(&path);
        if floor(&here[0]).is_none_or(|f| f <= floor("pipeline").unwrap()) {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in never {
            let used = code.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(word));
            assert!(!used, "{}: {word} below the pipeline", path.display());
        }
    }
}

#[test]
fn only_the_command_line_prints() {
    for (path, text) in sources() {
        if module(&path)[0] == "cli" {
            continue;
        }
        let prints = text.lines().any(|l| {
            !l.trim_start().starts_with("//")
                && (l.contains("println!(") || l.contains("print!(") || l.contains("dbg!("))
        });
        assert!(!prints, "{} prints", path.display());
    }
}

#[test]
fn unsafe_stays_in_the_anchors() {
    for (path, text) in sources() {
        let here = module(&path);
        let allowed = here.len() > 1 && here[0] == "detect" && here[1] == "anchors";
        let used = text
            .lines()
            .any(|l| !l.trim_start().starts_with("//") && (l.contains("unsafe {") || l.contains("unsafe fn")));
        assert!(allowed || !used, "{}: unsafe outside detect/anchors", path.display());
    }
}
