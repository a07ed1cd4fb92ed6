//! `sluice check`: data held against agreements, by the program itself.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

fn sluice() -> Command {
    Command::cargo_bin("sluice").unwrap()
}

fn corpus(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name).display().to_string()
}

/// The rows of a report in JSON as `standing entity`, and the status.
fn rows(args: &[&str]) -> (Vec<String>, i32) {
    let out = sluice().args(["check", "--output", "json"]).args(args).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
    let row = |f: &serde_json::Value| format!("{} {}", f["standing"].as_str().unwrap(), f["type"].as_str().unwrap());
    (
        report["found"].as_array().map(|all| all.iter().map(row).collect()).unwrap_or_default(),
        out.status.code().unwrap(),
    )
}

#[test]
fn the_sample_data_of_each_agreement() {
    let (found, status) = rows(&["--annex", "botsify", &corpus("botsify")]);
    assert_eq!(status, 1);
    for row in ["ruled-out CREDIT_CARD", "undeclared PHONE_NUMBER", "declared PERSON", "declared IP_ADDRESS"] {
        assert!(found.iter().any(|f| f == row), "{row}: {found:?}");
    }
    // Message text is what the service carries.
    assert!(!found.iter().any(|f| f.contains("communication")), "{found:?}");
    let (found, status) = rows(&["--annex", "personizely", &corpus("personizely")]);
    assert_eq!(status, 0, "{found:?}");
    assert!(
        found.iter().any(|f| f == "open DATE_OF_BIRTH") && found.iter().any(|f| f == "declared ADDRESS"),
        "{found:?}"
    );
    for option in [&["--closed"][..], &["--fail-on", "open"]] {
        assert_eq!(rows(&[&["--annex", "personizely", &corpus("personizely")], option].concat()).1, 1);
    }
    let (found, _) = rows(&["--annex", "butly", &corpus("butly")]);
    assert!(found.iter().any(|f| f == "declared communication"), "{found:?}");
}

#[test]
fn whose_data_it_is_can_be_said() {
    let account = corpus("personizely/account.json");
    let (found, status) = rows(&["--annex", "personizely", "--subject", "client", &account]);
    assert_eq!(status, 1);
    assert!(found.iter().any(|f| f == "undeclared PASSWORD"), "{found:?}");
    let (found, status) = rows(&["--annex", "personizely", "--subject", "*/contacts.*=contact", &account]);
    assert_eq!(status, 0);
    assert!(found.iter().any(|f| f == "open PASSWORD"), "{found:?}");
}

#[test]
fn a_draft_declares_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let draft = dir.path().join("draft.toml");
    let status = sluice()
        .args(["check", "--annex", "blank", "--record", "-o"])
        .arg(&draft)
        .arg(corpus("botsify"))
        .output()
        .unwrap();
    assert_eq!(status.status.code(), Some(1));
    let (found, status) = rows(&["--annex", &draft.display().to_string(), "--closed", &corpus("botsify")]);
    assert_eq!(status, 0, "{found:?}");
    assert!(found.len() > 8 && found.iter().all(|f| f.starts_with("declared ")), "{found:?}");
}

#[test]
fn a_check_that_is_not_complete_never_passes() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.txt"), "nothing here\n").unwrap();
    let dir_name = dir.path().display().to_string();
    assert_eq!(rows(&["--annex", "botsify", &dir_name]).1, 0);
    fs::write(dir.path().join("b.pdf"), "%PDF-1.7\n%\u{e2}\u{e3}\u{cf}\u{d3}\n").unwrap();
    assert_eq!(rows(&["--annex", "botsify", &dir_name]).1, 2);
    let missing = dir.path().join("missing").display().to_string();
    assert_eq!(rows(&["--annex", "botsify", &missing]).1, 2);
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let out = sluice().args(["check", "--annex", "botsify"]).arg(&empty).output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("nothing to check"));
}

#[test]
fn reports_hold_no_values() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("Chat with canary.person@example.org.jsonl");
    fs::write(
        &file,
        "{\"email\":\"canary@example.org\",\"password\":\"canary-canary\",\"text\":\"4242 4242 4242 4242\"}\n",
    )
    .unwrap();
    for form in ["text", "json", "markdown"] {
        let out = sluice().args(["check", "-v", "--annex", "botsify", "--output", form]).arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{said}");
        assert!(said.contains("CREDIT_CARD") && !said.contains("canary") && !said.contains("4242"), "{form}: {said}");
    }
}

#[test]
fn wrong_words_are_told_with_the_right_ones() {
    for (args, want) in [
        (&["--annex", "botsfy"][..], "did you mean `botsify`?"),
        (&["--annex", "personizely", "--subject", "clients"], "did you mean `client`?"),
        (&["--annex", "personizely", "--special-score", "7"], "--special-score takes a number from 0 to 1"),
    ] {
        let out = sluice().arg("check").args(args).arg(corpus("botsify")).output().unwrap();
        assert_eq!(out.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&out.stderr).contains(want), "{args:?}");
    }
}
