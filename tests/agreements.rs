//! The sample data of the four agreements, held against their annexes: exactly the tables that were planted. The counts are those of the labels
//! under `corpus/labels/`, which were written by hand.

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn report(annex: &str, folder: &str) -> (serde_json::Value, i32) {
    let mut sluice = Command::cargo_bin("sluice").unwrap();
    let out = sluice.args(["check", "--annex", annex, "--output", "json"]).arg(corpus().join(folder)).output().unwrap();
    (serde_json::from_slice(&out.stdout).unwrap(), out.status.code().unwrap())
}

/// Annex, folder, and what is expected: standing, whose, entity, findings, different values, records; then what is declared and absent, what can't
/// be seen, and of whom there is no data.
///
/// Planted are, in each: what is not declared (Butly: a representative's mobile number; Botsify: what bot users write of themselves; 365 AITECH:
/// contacts' dates of birth; Personizely: a client's password), what is ruled out (Butly and 365 AITECH: an illness that somebody tells of; Botsify: a card;
/// Personizely rules nothing out), and what is declared and absent.
const EXPECTED: &[(&str, &str, &[&str])] = &[
    (
        "butly",
        "butly",
        &[
            "ruled-out [subscriber] HEALTH 1 1 1",
            "undeclared [representative] PHONE_NUMBER 3 3 3",
            "open [subscriber] EMAIL_ADDRESS 26 17 24",
            "open [subscriber] PHONE_NUMBER 33 26 32",
            "open [subscriber] SOCIAL_PROFILE 1 1 1",
            "open [subscriber] CREDIT_CARD 5 5 4",
            "open [subscriber] IBAN_CODE 3 3 3",
            "declared [representative] PERSON 3 3 3",
            "declared [representative] EMAIL_ADDRESS 3 3 3",
            "declared [representative] ORGANIZATION 3 3 3",
            "declared [subscriber] ACCOUNT_ID 74 16 74",
            "declared [subscriber] PERSON 85 31 67",
            "declared [subscriber] USERNAME 12 8 12",
            "declared [subscriber] DATE_OF_BIRTH 1 1 1",
            "declared [subscriber] GENDER 13 2 13",
            "declared [subscriber] LOCALE 6 6 6",
            "declared [subscriber] PHOTO_URL 2 2 2",
            "declared [subscriber] COOKIE 2 2 1",
            "declared [subscriber] IP_ADDRESS 2 2 2",
            "declared [subscriber] USER_AGENT 1 1 1",
            "declared [subscriber] COORDINATES 2 2 1",
            "declared [subscriber] LOCATION 11 10 10",
            "declared [subscriber] TIMEZONE 2 2 2",
            "declared [subscriber] communication 87 0 87",
            "declared [subscriber] ACTIVITY 11 11 11",
            "absent [representative] title",
            "not here [end-user]",
            "not here [end-user-own]",
        ],
    ),
    (
        "botsify",
        "botsify",
        &[
            "ruled-out [bot-user] CARD_EXPIRY 1 1 1",
            "ruled-out [bot-user] CREDIT_CARD 2 1 2",
            "undeclared [bot-user] EMAIL_ADDRESS 5 4 5",
            "undeclared [bot-user] PHONE_NUMBER 12 12 11",
            "undeclared [bot-user] COOKIE 1 1 1",
            "undeclared [bot-user] USER_AGENT 6 5 6",
            "undeclared [bot-user] IBAN_CODE 2 2 2",
            "declared [bot-user] ACCOUNT_ID 29 14 28",
            "declared [bot-user] PERSON 16 16 8",
            "declared [bot-user] GENDER 8 2 8",
            "declared [bot-user] LOCALE 8 8 8",
            "declared [bot-user] PHOTO_URL 8 8 8",
            "declared [bot-user] IP_ADDRESS 14 9 13",
            "declared [bot-user] TIMEZONE 8 5 8",
            "declared [bot-user] ACTIVITY 23 13 13",
            "declared [customer] PERSON 3 3 3",
            "declared [customer] EMAIL_ADDRESS 3 3 3",
            "declared [customer] PASSWORD 3 3 3",
            "absent [customer] Stripe payment info",
        ],
    ),
    (
        "365-aitech",
        "aitech365",
        &[
            "ruled-out [end-user] HEALTH 1 1 1",
            "undeclared [customer] DATE_OF_BIRTH 2 2 2",
            "open [end-user] PERSON 11 2 11",
            "open [end-user] EMAIL_ADDRESS 5 5 5",
            "open [end-user] PHONE_NUMBER 10 9 9",
            "open [end-user] IP_ADDRESS 1 1 1",
            "open [end-user] CREDIT_CARD 2 2 2",
            "open [end-user] IBAN_CODE 1 1 1",
            "declared [customer] PERSON 4 4 2",
            "declared [customer] ADDRESS 1 1 1",
            "declared [customer] EMAIL_ADDRESS 13 6 12",
            "declared [customer] PHONE_NUMBER 20 20 12",
            "declared [customer] IBAN_CODE 1 1 1",
            "declared [customer] JOB_TITLE 2 2 2",
            "declared [customer] ORGANIZATION 1 1 1",
            "declared [customer] ACTIVITY 10 10 10",
            "declared [end-user] communication 39 0 39",
            "absent [customer] abuse prevention",
        ],
    ),
    (
        "personizely",
        "personizely",
        &[
            "undeclared [client] PASSWORD 1 1 1",
            "open [contact] ACCOUNT_ID 7 7 7",
            "open [contact] DATE_OF_BIRTH 7 7 7",
            "open [contact] SOCIAL_PROFILE 7 7 7",
            "open [contact] ACTIVITY 14 14 7",
            "declared [client] PERSON 2 2 1",
            "declared [client] EMAIL_ADDRESS 1 1 1",
            "declared [client] PHONE_NUMBER 1 1 1",
            "declared [client] IP_ADDRESS 1 1 1",
            "declared [client] LOCATION 2 2 1",
            "declared [client] ORGANIZATION 1 1 1",
            "declared [contact] PERSON 36 14 18",
            "declared [contact] ADDRESS 16 6 16",
            "declared [contact] EMAIL_ADDRESS 27 15 25",
            "declared [contact] PHONE_NUMBER 24 13 23",
            "declared [contact] BIO 8 4 8",
            "declared [contact] IP_ADDRESS 22 12 22",
            "declared [contact] LOCATION 36 14 18",
            "declared [contact] JOB_TITLE 15 6 15",
            "declared [contact] ORGANIZATION 15 6 15",
            "absent [client] title",
        ],
    ),
];

#[test]
fn each_agreements_sample_gives_exactly_its_table() {
    for (annex, folder, expected) in EXPECTED {
        let (report, status) = report(annex, folder);
        let rows = |key: &str| report[key].as_array().cloned().unwrap_or_default();
        let text = |v: &serde_json::Value| v.as_str().unwrap_or("-").to_owned();
        let mut told: Vec<String> = Vec::new();
        for f in rows("found") {
            let counts = format!("{} {} {}", f["findings"], f["distinct"], f["records"]);
            told.push(format!("{} [{}] {} {counts}", text(&f["standing"]), text(&f["subject"]), text(&f["type"])));
        }
        for (key, name) in [("absent", "absent"), ("unseen", "unseen")] {
            told.extend(rows(key).iter().map(|i| format!("{name} [{}] {}", text(&i["subject"]), text(&i["says"]))));
        }
        told.extend(rows("not_here").iter().map(|id| format!("not here [{}]", text(id))));
        assert_eq!(told, *expected, "{annex}");
        assert_eq!(status, 1, "{annex}: something is not declared");
    }
}

/// By entity: how many findings there must be, and how many there may be.
fn labelled(folder: &str) -> BTreeMap<String, (u64, u64)> {
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for file in fs::read_dir(corpus().join("labels").join(folder)).unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let label: serde_json::Value = serde_json::from_str(line).unwrap();
            let count = counts.entry(label["type"].as_str().unwrap().to_owned()).or_default();
            count.0 += u64::from(label["optional"] != true);
            count.1 += 1;
        }
    }
    counts
}

#[test]
fn the_tables_are_those_of_the_labels() {
    for (annex, folder, _) in EXPECTED {
        let (report, _) = report(annex, folder);
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for f in report["found"].as_array().unwrap() {
            // What only `check` looks for is not labelled, and records as such are none.
            if !["special", "usage", "communication"].contains(&f["category"].as_str().unwrap()) {
                *counts.entry(f["type"].as_str().unwrap().to_owned()).or_default() += f["findings"].as_u64().unwrap();
            }
        }
        let labelled = labelled(folder);
        for entity in counts.keys().chain(labelled.keys()) {
            let n = counts.get(entity).copied().unwrap_or(0);
            let (least, most) = labelled.get(entity).copied().unwrap_or_default();
            assert!((least..=most).contains(&n), "{annex} {entity}: {n}, labelled {least} to {most}");
        }
    }
}
