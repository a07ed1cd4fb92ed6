//! The scoreboard (`benches/score`): nothing is found worse than `tests/score.json` records, and a fall of more than half a point is told.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs `benches/score --check` against a record: whether all is well, and what it printed on standard output and error.
fn check(record: &Path) -> (bool, String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Command::new("python3")
        .arg(root.join("benches/score"))
        .args(["--check", "--sluice", env!("CARGO_BIN_EXE_sluice"), "--against"])
        .arg(record)
        .output()
        .expect("this test needs python3 (3.9 or later, nothing besides its standard library)");
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.success(), text(out.stdout), text(out.stderr))
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
    let (well, told, messages) = check(&recorded());
    // Shown by `--nocapture`: what was left out as it isn't there.
    eprint!("{messages}");
    assert!(well, "{told}{messages}");
}

#[test]
fn a_fall_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let better = changed(dir.path(), |r| {
        // As if two in a hundred IP addresses less had been false.
        let counts = &mut r["sluice"]["corpus"]["IP_ADDRESS"];
        counts["found"] = counts["right"].clone();
        counts["exact"] = counts["right"].clone();
    });
    let (well, told, _) = check(&better);
    assert!(!well && told.contains("corpus IP_ADDRESS: precision fell from 1.0000 to 0.98"), "{told}");

    let more = changed(dir.path(), |r| {
        r["sluice"]["corpus"]["UNHEARD_OF"] =
            serde_json::json!({"labelled": 3, "found": 3, "exact": 3, "met": 3, "right": 3});
        r["sluice"]["a set that is gone"] = serde_json::json!({});
    });
    let (well, told, _) = check(&more);
    assert!(!well && told.contains("corpus UNHEARD_OF: recorded, but no longer labelled"), "{told}");
}
