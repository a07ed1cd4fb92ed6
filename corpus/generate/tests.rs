//! The same seed gives the same bytes, files are valid, and labels point at what is there.

use super::*;
use std::collections::HashMap;

fn run(o: &Options) -> (String, Vec<serde_json::Value>) {
    let (mut out, mut labels) = (Vec::new(), Vec::new());
    generate(o, &mut out, Some(&mut labels)).unwrap();
    let labels = String::from_utf8(labels).unwrap();
    (String::from_utf8(out).unwrap(), labels.lines().map(|l| serde_json::from_str(l).unwrap()).collect())
}

fn of(kind: Kind, seed: u64) -> Options {
    Options { kind, seed, bytes: 300_000, ..Options::default() }
}

#[test]
fn the_seed_determines_every_byte() {
    for (name, kind) in Kind::ALL {
        let a = run(&of(kind, 7));
        assert!(a == run(&of(kind, 7)), "{name}");
        assert!(a.0 != run(&of(kind, 8)).0, "{name}");
        // Writing labels changes nothing in the file.
        let mut bare = Vec::new();
        generate(&of(kind, 7), &mut bare, None).unwrap();
        assert!(a.0.as_bytes() == bare, "{name}");
        // A larger file begins with the smaller one (a JSON document but for its end).
        let more = run(&Options { bytes: 3_000_000, ..of(kind, 7) }).0;
        assert!(more.starts_with(a.0.trim_end_matches(['\n', '}', ']', ' '])), "{name}");
    }
}

#[test]
fn sizes_are_right_within_a_record() {
    for (name, kind) in Kind::ALL {
        let n = run(&of(kind, 3)).0.len();
        assert!((300_000..306_000).contains(&n), "{name}: {n}");
    }
}

#[test]
fn every_label_is_where_it_says() {
    for (name, kind) in Kind::ALL {
        let (text, labels) = run(&of(kind, 5));
        assert!(labels.len() > 10, "{name}: {}", labels.len());
        let lines: Vec<&str> = text.split('\n').collect();
        for l in labels {
            let (line, value) = (l["line"].as_u64().unwrap() as usize, l["text"].as_str().unwrap());
            // In a cue a value may go on in the next: it begins here.
            let start = if kind == Kind::Vtt { value.split(' ').next().unwrap() } else { value };
            assert!(lines[line - 1].contains(start), "{name}: {l}");
        }
    }
}

#[test]
fn json_is_json() {
    for ascii in [false, true] {
        let (text, labels) = run(&Options { ascii, ..of(Kind::Chat, 2) });
        assert!(!ascii || text.is_ascii());
        let records: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        for l in labels {
            let field = l["field"].as_str().unwrap();
            let record = &records[l["line"].as_u64().unwrap() as usize - 1];
            assert!(record.pointer(field).unwrap().as_str().unwrap().contains(l["text"].as_str().unwrap()));
        }
        for one_line in [false, true] {
            let (text, labels) = run(&Options { ascii, one_line, ..of(Kind::Json, 2) });
            let doc: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(text.contains('\n'), !one_line);
            for l in labels {
                let value = doc.pointer(l["field"].as_str().unwrap()).unwrap();
                assert!(value.as_str().unwrap().contains(l["text"].as_str().unwrap()));
            }
        }
    }
}

#[test]
fn csv_is_csv() {
    let (text, labels) = run(&of(Kind::Csv, 2));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    // The line on which each row begins: notes may hold line breaks.
    let starts: Vec<u64> = (rows.iter())
        .scan(2, |next, row| {
            let start = *next;
            *next += 1 + row.iter().collect::<String>().matches('\n').count() as u64;
            Some(start)
        })
        .collect();
    for l in labels {
        let column = headers.iter().position(|h| h == l["field"].as_str().unwrap()).unwrap();
        let row = &rows[starts.partition_point(|s| *s <= l["line"].as_u64().unwrap()) - 1];
        assert!(row[column].contains(l["text"].as_str().unwrap()), "{l}");
    }
}

#[test]
fn one_line_is_one() {
    let (text, labels) = run(&Options { one_line: true, ..of(Kind::Prose, 2) });
    assert!(!text.contains('\n') && labels.iter().all(|l| l["line"] == 1));
}

#[test]
fn density_is_a_share_of_the_texts() {
    for values in [0.0, 0.035, 0.5] {
        let shares = Shares { values, negatives: 0.3 };
        let (text, labels) = run(&Options { shares, bytes: 4_000_000, ..of(Kind::Chat, 2) });
        let share = labels.len() as f64 / text.lines().count() as f64;
        assert!((share - values).abs() < 0.01, "{share} for {values}");
    }
}

#[test]
fn every_type_in_a_due_share() {
    let (_, labels) = run(&Options { bytes: 8_000_000, ..of(Kind::Chat, 1) });
    let mut count: HashMap<&str, usize> = HashMap::new();
    for l in &labels {
        *count.entry(l["type"].as_str().unwrap()).or_default() += 1;
    }
    for (kind, share) in [(values::EMAIL, 0.4), (values::PHONE, 0.4), (values::IP, 0.1), (values::CARD, 0.1)] {
        let is = count[kind] as f64 / labels.len() as f64;
        assert!((is - share).abs() < 0.06, "{kind}: {is}");
    }
}

#[test]
fn cards_pass_their_check() {
    // Published test numbers, the last digit taken off.
    for (front, last) in [("411111111111111", '1'), ("37828224631000", '5'), ("3056930902590", '4')] {
        assert_eq!(values::luhn(front), last);
    }
}

#[test]
fn bad_arguments_are_named() {
    for args in [&["--kind", "tar"][..], &["--bytes", "3XB"], &["--density", "7"], &["--bytes"], &["what"]] {
        assert!(options(args.iter().map(|s| (*s).to_owned())).is_err(), "{args:?}");
    }
    assert_eq!(size("4GiB"), Ok(4 << 30));
}

#[test]
fn plans_give_numbers_that_their_countries_have() {
    let util = &*rlibphonenumber::PHONE_NUMBER_UTIL;
    let mut rng = rng::Rng::new(1);
    let mut poor = Vec::new();
    for plan in plans::PLANS {
        let mut valid = 0;
        for _ in 0..20 {
            let mut number = format!("+{} ", plan.code);
            values::fill(&mut rng, plan.abroad, &mut number);
            let parsed = util.parse(&number, None);
            valid += u32::from(parsed.is_ok_and(|n| util.is_valid_number(&n)));
        }
        if valid < 18 {
            poor.push(format!("{} {}: {valid} of 20", plan.country, plan.abroad));
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
}
