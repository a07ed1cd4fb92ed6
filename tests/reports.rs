//! Reports as SARIF and HTML, by the program itself: what stands in them, what must not, and what hostile data makes of them. What a
//! browser and the validator say of them is asked in `tests/browser`.

#[path = "support/program.rs"]
mod program;

use program::{Place, zipped};
use serde_json::Value;

const CANARY: &str = r#"{"email":"ann@canary.bird.example","password":"canary.bird-secret","iban":"DE89370400440532013000","text":"ring +1 415 555 0142 or 4242 4242 4242 4242"}"#;

/// Names of fields and files that would be markup.
const HOSTILE: &str = r#"{"<script>alert(1)</script>":"ann@example.com","\"onload=\"alert(2)":"bob@example.com","x'><img src=x onerror=alert(3)>":"eve@example.org","\u202e\u0000]]>--><!--":"joe@example.net"}"#;

fn sarif(place: &Place, args: &[&str]) -> Value {
    let ran = place.run(args);
    assert!(ran.status == Some(0) || ran.status == Some(1), "{}", ran.err);
    serde_json::from_slice(&ran.out).unwrap()
}

#[test]
fn no_value_stands_in_any() {
    let place = Place::new();
    place.put("in/ann@canary.bird.example.jsonl", format!("{CANARY}\n").repeat(3));
    place.put("in/all.zip", zipped(&[("call +1 415 555 0142.txt", b"to ann@canary.bird.example")]));
    for verb in [&["scan"][..], &["check", "--annex", "botsify"]] {
        for form in ["html", "sarif", "markdown"].into_iter().filter(|f| *f != "markdown" || verb[0] == "check") {
            let out = place.run(&[verb, &["-v", "--output", form, "in"]].concat()).out();
            assert!(out.contains("CREDIT_CARD") && out.contains("••42"), "{verb:?} {form}: {out}");
            for value in ["canary", "bird", "secret", "4242", "0142", "DE89", "01300"] {
                assert!(!out.contains(value), "{verb:?} {form}: {value} in {out}");
            }
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let place = Place::new();
    place.put("<b onclick=x>&'.jsonl", format!("{HOSTILE}\n"));
    for verb in [&["scan"][..], &["scan", "--summary"], &["check", "--annex", "botsify"]] {
        let page = place.run(&[verb, &["--output", "html", "."]].concat()).out();
        for markup in ["<script", "<img", "<b ", "\"onload", "-->", "\u{202e}", "\0", "onclick=x>"] {
            assert!(!page.contains(markup), "{verb:?}: {markup} in {page}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;"), "{page}");
    }
    let log = sarif(&place, &["scan", "--output", "sarif", "."]);
    let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "./%3Cb%20onclick%3Dx%3E%26%27.jsonl");
}

#[test]
fn sarif_says_where() {
    let place = Place::new();
    place.put("in/ü é.txt", "x\nzwölf ann@example.com\n");
    place.put(
        "in/a.vtt",
        "WEBVTT\n\n00:00.000 --> 00:04.000\nring 415 555\n\n00:04.000 --> 00:08.000\n0142 please, my number\n",
    );
    let log = sarif(&place, &["scan", "--output", "sarif", "in"]);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let at = |i: usize, n: usize| &results[i]["locations"][n]["physicalLocation"];
    assert_eq!((results.len(), results[0]["ruleId"].as_str()), (2, Some("PHONE_NUMBER")), "{log}");
    // A number over two cues is to be changed in both.
    assert_eq!(at(0, 0)["region"]["startLine"], 4);
    assert_eq!(at(0, 1)["region"]["startLine"], 7);
    assert_eq!(results[0]["properties"]["time_start"], 0.0);
    let region = serde_json::json!({"startLine":2,"startColumn":7,"endColumn":22,"byteOffset":9,"byteLength":15});
    assert_eq!(at(1, 0)["region"], region);
    assert_eq!(at(1, 0)["artifactLocation"]["uri"], "in/%C3%BC%20%C3%A9.txt");
    let rule = results[1]["ruleIndex"].as_u64().unwrap() as usize;
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][rule]["id"], "EMAIL_ADDRESS");
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
    let absolute = place.at("in").display().to_string();
    let log = sarif(&place, &["scan", "--output", "sarif", &absolute]);
    let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert!(uri.as_str().unwrap().starts_with("file:///"), "{uri}");
}

#[test]
fn sarif_of_nothing_and_of_a_name() {
    let place = Place::new();
    let log: Value = serde_json::from_slice(&place.pipe(&["scan", "--output", "sarif"], b"nothing\n").out).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    place.put("in/ann@example.com.txt", "nothing\n");
    let log = sarif(&place, &["scan", "--output", "sarif", "in"]);
    let locations = &log["runs"][0]["results"][0]["locations"];
    assert!(locations[0]["physicalLocation"]["region"].is_null() && !locations[0].is_null(), "{locations}");
}

#[test]
fn sarif_of_a_check_has_a_rule_by_standing() {
    let place = Place::new();
    place.put("in/a.jsonl", format!("{CANARY}\n"));
    let ran = place.run(&["check", "--annex", "botsify", "--output", "sarif", "-o", "report.sarif", "in"]);
    ran.ended(1, &[]);
    let log: Value = serde_json::from_slice(&place.read("report.sarif")).unwrap();
    let levels = |rule: &str| -> Vec<&str> {
        let all = log["runs"][0]["results"].as_array().unwrap();
        all.iter().filter(|r| r["ruleId"] == rule).map(|r| r["level"].as_str().unwrap()).collect()
    };
    assert_eq!(levels("ruled-out"), ["error"]);
    assert_eq!(levels("undeclared"), ["error"; 2]);
    assert!(levels("absent").len() > 3 && levels("absent").iter().all(|l| *l == "note"));
    let card = &log["runs"][0]["results"][0];
    assert_eq!(card["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    assert_eq!(card["properties"]["findings"], 1);
    assert!(log["runs"][0]["properties"]["note"].as_str().unwrap().contains("not legal advice"));
}

#[test]
fn a_page_shows_each_side() {
    let place = Place::new();
    let chats = r#"{"chats":{"list":[{"messages":[{"text":"ann@example.com"},{"text":"bob@example.com"}]},{"messages":[{"text":"eve@example.com"}]}]}}"#;
    place.put("in/export.json", chats);
    place.put("in/a.vtt", "WEBVTT\n\n01:00.000 --> 01:04.000\nwrite to ann@example.com\n");
    place.put("in/none.txt", "nothing\n");
    let page = place.run(&["scan", "--output", "html", "in"]).out();
    for part in ["By category", "By entity", "By file", "By field", "By conversation", "Over time", "First places"] {
        assert!(page.contains(&format!(">{part}</h2>")), "{part}: {page}");
    }
    assert!(page.contains("4 findings of 1 kind, in 2 of 3 files."), "{page}");
    assert!(page.contains("<code>/chats/<wbr>list/<wbr>0</code></td><td class=\"n\">2</td>"), "{page}");
    assert!(page.contains("1:00 to 1:05"), "{page}");
    assert!(page.contains("<code>in/<wbr>a.vtt:4:10</code>") && page.contains("a••@e••••••.com"), "{page}");
    assert!(page.contains("not legal advice") && !page.contains("<script"));
    let empty = place.run(&["scan", "--output", "html", "in/none.txt"]).out();
    assert!(empty.contains("No personal data was found.") && !empty.contains("<h2"), "{empty}");
    let counts = place.run(&["scan", "--summary", "--output", "html", "in"]).out();
    assert!(counts.contains("4 findings of 1 kind") && !counts.contains("First places") && !counts.contains('•'));
}

#[test]
fn a_page_of_a_check_has_every_row() {
    let place = Place::new();
    place.put("in/a.jsonl", format!("{CANARY}\n"));
    let rows = place.run(&["check", "--annex", "botsify", "--output", "json", "in"]).out();
    let rows: Value = serde_json::from_str(&rows).unwrap();
    let page = place.run(&["check", "--annex", "botsify", "--output", "html", "in"]);
    assert_eq!(page.status, Some(1));
    let page = page.out();
    for found in rows["found"].as_array().unwrap() {
        let row = format!("<th scope=\"row\"><ul><li><code>{}</code>", found["type"].as_str().unwrap());
        assert!(page.contains(&row), "{row}: {page}");
    }
    for item in rows["absent"].as_array().unwrap().iter().chain(rows["unseen"].as_array().unwrap()) {
        assert!(page.contains(item["says"].as_str().unwrap()), "{item}");
    }
    assert!(page.contains("1 kind of data found that the agreement rules out, 2 that it does not declare."), "{page}");
    place.put("in/b.pdf", "%PDF-1.7\n%\u{e2}\u{e3}\u{cf}\u{d3}\n");
    let page = place.run(&["check", "--annex", "botsify", "--output", "html", "in"]);
    assert_eq!(page.status, Some(2));
    assert!(page.out().contains("this check is not complete, and does not pass"));
    let log = place.run(&["scan", "--output", "sarif", "in"]);
    assert_eq!(log.status, Some(2));
    let log: Value = serde_json::from_slice(&log.out).unwrap();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn what_is_known_and_what_has_changed() {
    let place = Place::new();
    place.put("in/a.jsonl", format!("{CANARY}\n"));
    let check = ["check", "--annex", "botsify", "in"];
    place.run(&[&check[..], &["--output", "json", "-o", "before.json"]].concat()).ended(1, &[]);
    let known = place.run(&[&check[..], &["--baseline", "before.json", "--output", "sarif"]].concat());
    let log: Value = serde_json::from_slice(&known.ended(0, &[]).out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let accepted = |r: &&Value| r["suppressions"][0]["kind"] == "external";
    assert_eq!(results.iter().filter(accepted).count(), 3, "{log}");
    let page =
        place.run(&[&check[..], &["--baseline", "before.json", "--output", "html"]].concat()).ended(0, &[]).out();
    assert!(page.contains("class=\"verdict doubtful\"") && page.contains("known from the baseline."), "{page}");
    assert!(page.contains("since the baseline") && page.contains("<td>known</td>"), "{page}");
    place.put("in/b.jsonl", "{\"phone\":\"+1 415 555 0143\"}\n");
    let page =
        place.run(&[&check[..], &["--baseline", "before.json", "--output", "html"]].concat()).ended(1, &[]).out();
    assert!(page.contains("<td>new in /phone</td>"), "{page}");
    place.run(&[&check[..], &["--output", "json", "-o", "after.json"]].concat()).ended(1, &[]);
    let compare = ["check", "--compare", "before.json", "after.json", "--output"];
    let page = place.run(&[&compare[..], &["html"]].concat()).ended(1, &[]).out();
    assert!(page.contains("<h1>What has changed</h1>") && page.contains(">1 difference.<"), "{page}");
    place.run(&[&compare[..], &["sarif"]].concat()).ended(2, &["SARIF lists what is found in files"]);
}

#[test]
fn what_a_form_cannot_hold_is_refused() {
    let place = Place::new();
    place.put("a.txt", "nothing\n");
    for (args, said) in [
        (&["--summary", "--output", "sarif"][..], "--summary counts findings, and SARIF lists them"),
        (&["--values", "--output", "sarif"], "hold no values"),
        (&["--values", "--output", "html"], "hold no values"),
    ] {
        place.run(&[&["scan", "a.txt", "-o", "report"][..], args].concat()).ended(2, &[said]);
        assert!(!place.at("report").exists());
    }
}

#[test]
fn reports_do_not_depend_on_threads() {
    let place = Place::new();
    place.put("a.jsonl", format!("{CANARY}\n").repeat(8_000));
    for form in ["sarif", "html"] {
        let of = |threads: &str| place.run(&["scan", "--threads", threads, "--output", form, "a.jsonl"]).out;
        assert!(of("1") == of("3"), "{form}");
    }
}
