//! The scoreboard (`benches/score`): nothing is found worse than `tests/score.json` records, and a fall of more than half a point is told.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs `benches/score --check` with a program against a record: whether all is well, and what it printed on standard output and error.
fn check(program: &Path, record: &Path) -> (bool, String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Command::new("python3")
        .arg(root.join("benches/score"))
        .args(["--check", "--sluice"])
        .arg(program)
        .arg("--against")
        .arg(record)
        .output()
        .expect("this test needs python3 (3.9 or later, nothing besides its standard library)");
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.success(), text(out.stdout), text(out.stderr))
}

fn sluice() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_sluice"))
}

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/score.json")
}

/// A record like the one that is kept but for one change.
fn changed(dir: &Path, change: impl Fn(&mut Value)) -> PathBuf {
    let mut record: Value = serde_json::from_str(&std::fs::read_to_string(recorded()).unwrap()).unwrap();
    change(&mut record);
    let path = dir.join("score.json");
    std::fs::write(&path, record.to_string()).unwrap();
    path
}

#[test]
fn nothing_fell() {
    let (well, told, messages) = check(sluice(), &recorded());
    // Shown by `--nocapture`: what was left out as it isn't there.
    eprint!("{messages}");
    assert!(well, "{told}{messages}");
}

#[cfg(unix)]
#[test]
fn a_program_that_finds_less_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join("less");
    std::fs::write(&program, format!("#!/bin/sh\nexec '{}' \"$@\" --not-entities GENDER\n", sluice().display()))
        .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (well, told, messages) = check(&program, &recorded());
    assert!(
        !well
            && told
                == "corpus GENDER: recall fell from 1.0000 to 0.0000\ncorpus GENDER: exact recall fell from 1.0000 to 0.0000\n",
        "{told}{messages}"
    );
}

#[test]
fn what_is_no_longer_labelled_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let more = changed(dir.path(), |r| {
        let counts = serde_json::json!({"labelled": 3, "found": 3, "exact": 3, "met": 3, "right": 3});
        r["sluice"]["corpus"]["UNHEARD_OF"] = counts;
    });
    let (well, told, _) = check(sluice(), &more);
    assert!(!well && told.contains("corpus UNHEARD_OF: recorded, but no longer labelled"), "{told}");
}
