//! Every built-in policy against the cases in its own file, by the program itself.

use assert_cmd::Command;
use sluicegate::patterns::RuleSet;
use sluicegate::redact::policy::{POLICIES, Policy};
use std::path::Path;

/// What the program makes of `text`, the digits of hashes as `…`.
fn redacted(policy: &str, text: &str) -> String {
    let mut command = Command::cargo_bin("sluice").unwrap();
    command.args(["redact", "--policy", policy, "--key-env", "POLICY_KEY"]).env("POLICY_KEY", "k".repeat(32));
    let out = command.write_stdin(format!("{text}\n")).output().unwrap();
    assert!(out.status.success(), "{policy}: {}", String::from_utf8_lossy(&out.stderr));
    let hashes = regex::Regex::new("<([A-Z_]+):[0-9a-f]{16}>").unwrap();
    hashes.replace_all(String::from_utf8(out.stdout).unwrap().trim_end(), "<$1:…>").into_owned()
}

#[test]
fn policies_do_what_their_cases_say() {
    for (name, _) in POLICIES {
        let policy = Policy::named(name).unwrap();
        assert!(!policy.cases.is_empty() && !policy.purpose.is_empty(), "{name} has no case or purpose");
        for case in &policy.cases {
            assert_eq!(redacted(name, &case.text), case.gives, "{name}");
            // What is redacted stays as it is when it comes again.
            let again = redacted(name, &redacted(name, &case.text).replace('…', &"0".repeat(16)));
            assert_eq!(again, case.gives, "{name}, twice");
        }
    }
}

#[test]
fn every_file_is_listed_and_names_what_there_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns/policies");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), POLICIES.len());
    let key = sluicegate::normalise::Key::new(vec![1; 32]);
    for (name, _) in POLICIES {
        Policy::named(name).unwrap().operators(&RuleSet::builtin(), Some(&key)).unwrap();
    }
}
