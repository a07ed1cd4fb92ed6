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
fn what_an_open_label_covers_passes_unless_it_may_not() {
    let contacts = corpus("personizely/contacts.json");
    let status = |option: &[&str]| rows(&[&["--annex", "personizely", &contacts], option].concat()).1;
    assert_eq!(status(&[]), 0);
    assert_eq!((status(&["--closed"]), status(&["--fail-on", "open"])), (1, 1));
}

#[test]
fn whose_data_it_is_can_be_said() {
    let account = corpus("personizely/account.json");
    let (found, status) = rows(&["--annex", "personizely", "--subject", "client", &account]);
    assert_eq!(status, 1);
    assert!(found.iter().any(|f| f == "undeclared PASSWORD"), "{found:?}");
    let (_, status) = rows(&["--annex", "personizely", "--subject", "*/contacts.*=contact", &account]);
    assert_eq!(status, 1, "an annex says itself what an account is");
    let (found, status) = rows(&["--annex", "personizely", "--subject", "account.json=contact", &account]);
    assert_eq!(status, 0);
    assert!(found.iter().any(|f| f == "open PASSWORD"), "{found:?}");
    let (found, _) = rows(&["--annex", "personizely", "--subject", "field:login=contact", &account]);
    assert!(found.contains(&"open PASSWORD".into()) && found.contains(&"declared EMAIL_ADDRESS".into()), "{found:?}");
    let usage = corpus("aitech365/transcripts.jsonl");
    let by = "beside:speaker:agent=customer";
    let out = sluice().args(["check", "--annex", "365-aitech", "--output", "json", "--subject", by, &usage]).output();
    let report: serde_json::Value = serde_json::from_slice(&out.unwrap().stdout).unwrap();
    let of = |whose: &str| {
        report["found"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["subject"] == whose && f["type"] == "PHONE_NUMBER")
            .count()
    };
    assert_eq!((of("customer"), of("end-user")), (1, 1), "{report}");
}

#[test]
fn what_is_known_is_no_reason_to_fail() {
    let dir = tempfile::tempdir().unwrap();
    let (data, known) = (dir.path().join("users.jsonl"), dir.path().join("known.json"));
    let known_name = known.display().to_string();
    let check = |more: &[&str]| {
        let out = sluice().args(["check", "--annex", "botsify"]).args(more).arg(&data).output().unwrap();
        (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
    };
    let line = "{\"psid\":\"5530918274610239\",\"phone\":\"+442079460958\"}\n";
    fs::write(&data, line).unwrap();
    assert_eq!(check(&["--output", "json", "-o", &known_name]).0, 1);
    let (status, text, _) = check(&["--baseline", &known_name]);
    assert!(status == 0 && text.contains("(known)"), "{text}");
    fs::write(&data, format!("{line}{line}")).unwrap();
    assert_eq!(check(&["--baseline", &known_name]).0, 0, "more of the same");
    fs::write(&data, format!("{line}{{\"psid\":\"5530918274610239\",\"text\":\"call +442079460958\"}}\n")).unwrap();
    let (status, text, _) = check(&["--baseline", &known_name]);
    assert!(status == 1 && text.contains("(new in /text)"), "{text}");
    // Another annex, other rules, no report.
    let out = sluice().args(["check", "--annex", "butly", "--baseline", &known_name]).arg(&data).output().unwrap();
    assert!(out.status.code() == Some(2) && String::from_utf8_lossy(&out.stderr).contains("not `butly`"));
    let rules = dir.path().join("own.toml");
    fs::write(&rules, "[[rule]]\nid = \"a\"\nentity = \"BADGE\"\ncategory = \"identification\"\nregex = 'ACME-[0-9]{6}'\nanchors = [\"ACME-\"]\nscore = 0.9\nhits = [\"«ACME-004711»\"]\nmisses = [\"ACME-47\"]\n").unwrap();
    let (status, _, said) = check(&["--baseline", &known_name, "--patterns", &rules.display().to_string()]);
    assert!(status == 2 && said.contains("other rules"), "{said}");
    fs::write(&known, "{\"canary\": 1}").unwrap();
    let (status, _, said) = check(&["--baseline", &known_name]);
    assert!(status == 2 && said.contains("no report of `check`") && !said.contains("canary"), "{said}");
}

#[test]
fn a_report_says_what_was_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let allow = dir.path().join("allow");
    fs::write(&allow, "/.*/\n").unwrap();
    let list = allow.display().to_string();
    let check = |form: &str| {
        let args = ["check", "--annex", "botsify", "--allow", &list, "--not-entities", "CREDIT_CARD", "--output", form];
        String::from_utf8(sluice().args(args).arg(corpus("botsify")).output().unwrap().stdout).unwrap()
    };
    assert!(check("text").contains("BY CHOICE: CREDIT_CARD not looked for; values of a list (--allow) passed over"));
    let report: serde_json::Value = serde_json::from_str(&check("json")).unwrap();
    assert_eq!(report["options"]["allow_sha256"][0].as_str().map(str::len), Some(64));
    // A redaction's report and a proof say it, too.
    let (copy, done, proof) = (dir.path().join("copy"), dir.path().join("done.json"), dir.path().join("proof.json"));
    let told = |verb: &str, report: &Path, rest: &[&std::ffi::OsStr]| {
        sluice().args([verb, "--allow", &list, "--report"]).arg(report).args(rest).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
        report["options"]["allow_sha256"].clone()
    };
    let data = corpus("botsify");
    assert_eq!(
        told("redact", &done, &[data.as_ref(), "-o".as_ref(), copy.as_ref()]),
        report["options"]["allow_sha256"]
    );
    assert_eq!(told("verify", &proof, &[copy.as_ref()]), report["options"]["allow_sha256"]);
}

#[test]
fn annexes_and_runs_are_compared() {
    let dir = tempfile::tempdir().unwrap();
    let report = |name: &str, file: &str| {
        let path = dir.path().join(name).display().to_string();
        sluice()
            .args(["check", "--annex", "botsify", "--output", "json", "-o", &path, &corpus(file)])
            .output()
            .unwrap();
        path
    };
    let (before, after) = (report("a.json", "botsify/customers.json"), report("b.json", "botsify/messages.jsonl"));
    let compare = |a: &str, b: &str, form: &str| {
        let out = sluice().args(["check", "--compare", a, b, "--output", form]).output().unwrap();
        (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
    };
    let (status, text, _) = compare(&before, &after, "text");
    assert!(
        status == 1 && text.contains("+ CREDIT_CARD  [bot-user]") && text.contains("- PASSWORD  [customer]"),
        "{text}"
    );
    assert_eq!(compare(&before, &before, "text").0, 0);
    let (_, json, _) = compare(&before, &after, "json");
    let changes: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(changes.as_array().unwrap().iter().any(|c| c["kind"] == "gone" && c["what"] == "PASSWORD"));
    assert_eq!(compare("butly", "butly", "text"), (0, "nothing has changed\n".into(), String::new()));
    assert!(
        compare("butly", "botsify", "markdown").1.contains("| gone | subject | end-user | End Users (processor) |")
    );
    let (status, _, said) = compare("butly", &after, "text");
    assert!(status == 2 && said.contains("two annexes or two reports"), "{said}");
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
    assert!(String::from_utf8_lossy(&out.stderr).contains("nothing proves nothing"));
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
