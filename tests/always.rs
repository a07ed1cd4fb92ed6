//! What always holds, on the whole corpus: the same output for any way of reading and any number of threads, nothing
//! changed outside edits, formats stay valid, redacting twice is redacting once, a scan of the output finds nothing.

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use support::{Run, corpus, engine, name, parting};

#[test]
fn output_is_the_same_for_every_way_of_reading() {
    let engine = engine(&["contact=token"]);
    for (path, bytes) in corpus() {
        let name = name(&path);
        let whole = Run::new(&engine, &name);
        let (want, totals) = whole.over(&bytes);
        for sizes in [&[1][..], &[7], &[64, 1, 4096], &[1000]] {
            let (got, t) = Run { sizes, ..whole }.over(&bytes);
            assert!(got.out == want.out, "{name}, reads of {sizes:?}: {}", parting(&got.out, &want.out));
            assert_eq!(got.found, want.found, "{name}, reads of {sizes:?}");
            assert_eq!(t, totals, "{name}, reads of {sizes:?}");
        }
        for threads in [2, 5] {
            let (got, t) = Run { threads, sizes: &[333], ..whole }.over(&bytes);
            assert!(got.out == want.out, "{name}, {threads} threads: {}", parting(&got.out, &want.out));
            assert_eq!((got.found, t), (want.found.clone(), totals), "{name}, {threads} threads");
        }
    }
}

#[test]
fn what_is_kept_is_unchanged_to_the_bit() {
    let rules = support::detectors();
    let all: Vec<String> = sluicegate::Category::ALL.iter().map(|c| format!("{c}=keep")).collect();
    let ops: Vec<&str> = all.iter().map(String::as_str).chain(["default=keep"]).collect();
    let engine = engine(&ops);
    assert!(!rules.rules().rules().is_empty());
    for (path, bytes) in corpus() {
        for max_record in [1 << 20, 100] {
            let name = name(&path);
            let (got, _) = Run { max_record, ..Run::new(&engine, &name) }.over(&bytes);
            assert!(got.out == bytes, "{name}, records up to {max_record}: {}", parting(&got.out, &bytes));
        }
    }
}

#[test]
fn records_in_parts_hide_nothing() {
    let engine = engine(&[]);
    for (path, bytes) in corpus() {
        let name = name(&path);
        let (whole, _) = Run::new(&engine, &name).over(&bytes);
        let small = Run { max_record: 300, ..Run::new(&engine, &name) };
        let (parts, _) = small.over(&bytes);
        let (again, _) = Run { sizes: &[13], threads: 3, ..small }.over(&bytes);
        assert!(parts.out == again.out, "{name}: {}", parting(&parts.out, &again.out));
        // Siblings and names may be out of sight in parts; what a pattern finds may not be.
        let patterns = |found: &[String]| {
            let mut count: BTreeMap<String, usize> = BTreeMap::new();
            for row in found {
                let v: Value = serde_json::from_str(row).unwrap();
                if ["EMAIL_ADDRESS", "IP_ADDRESS", "IBAN_CODE", "MAC_ADDRESS"].contains(&v["type"].as_str().unwrap()) {
                    *count.entry(v["type"].as_str().unwrap().to_owned()).or_default() += 1;
                }
            }
            count
        };
        assert_eq!(patterns(&whole.found), patterns(&parts.found), "{name}");
    }
}

#[test]
fn redacting_twice_is_redacting_once_and_nothing_is_left() {
    for ops in [
        &[][..],
        &["default=token"],
        &["default=hash"],
        &["default=mask"],
        &["contact=mask:keep=4", "financial=mask:keep=4"],
    ] {
        let engine = engine(ops);
        for (path, bytes) in corpus() {
            let name = name(&path);
            let (once, _) = Run::new(&engine, &name).over(&bytes);
            let (twice, _) = Run::new(&engine, &name).over(&once.out);
            assert!(twice.out == once.out, "{name} {ops:?}: {}", parting(&once.out, &twice.out));
            // Special categories are kept by the default policy.
            let left: Vec<_> = twice.found.iter().filter(|f| !f.contains("\"category\":\"special\"")).collect();
            assert!(left.is_empty() || header_or_key(&left), "{name} {ops:?}: {left:#?}");
        }
    }
}

/// Keys and headers are reported and stay without `--rename`.
fn header_or_key(left: &[&String]) -> bool {
    left.iter().all(|f| f.contains("\"part\":\"key\""))
}

/// Keys in order, lengths and types; a number may have become a string.
fn same_shape(a: &Value, b: &Value, at: &str) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{at}");
            a.iter().zip(b.values()).for_each(|((k, a), b)| same_shape(a, b, &format!("{at}/{k}")));
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{at}");
            a.iter().zip(b).for_each(|(a, b)| same_shape(a, b, at));
        }
        (Value::String(a), Value::String(b)) => {
            let inner = |s: &str| serde_json::from_str::<Value>(s).ok().filter(|v| v.is_object() || v.is_array());
            if let Some(a) = inner(a) {
                same_shape(&a, &inner(b).unwrap_or_else(|| panic!("{at}: what held JSON still does")), at);
            }
        }
        (Value::Number(_) | Value::Bool(_), Value::String(_)) => {}
        (a, b) => assert_eq!(std::mem::discriminant(a), std::mem::discriminant(b), "{at}"),
    }
}

#[test]
fn json_stays_json() {
    let engine = engine(&["default=replace:say \"hi\", \\ done\n"]);
    let mut seen = 0;
    for (path, bytes) in corpus() {
        let name = name(&path);
        let (got, _) = Run::new(&engine, &name).over(&bytes);
        if name.ends_with(".jsonl") {
            let lines = bytes.split(|b| *b == b'\n').zip(got.out.split(|b| *b == b'\n'));
            for (a, b) in lines {
                if let Ok(a) = serde_json::from_slice::<Value>(a) {
                    let b = serde_json::from_slice(b)
                        .unwrap_or_else(|e| panic!("{name}: {e}: {}", String::from_utf8_lossy(b)));
                    same_shape(&a, &b, &name);
                    seen += 1;
                }
            }
        } else if name.ends_with(".json") {
            let (a, b) = (serde_json::from_slice(&bytes).unwrap(), serde_json::from_slice(&got.out));
            same_shape(&a, &b.unwrap_or_else(|e| panic!("{name}: {e}")), &name);
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn csv_keeps_its_columns() {
    let engine = engine(&["default=replace:say \"hi\", ok; a|b\tc"]);
    let mut seen = 0;
    for (path, bytes) in corpus() {
        let name = name(&path);
        if !(name.ends_with(".csv") || name.ends_with(".tsv")) {
            continue;
        }
        let first = bytes.split(|b| *b == b'\n').next().unwrap();
        let delimiter = *b",;\t|".iter().max_by_key(|d| first.iter().filter(|b| b == d).count()).unwrap();
        let rows = |bytes: &[u8]| -> Vec<usize> {
            let mut reader =
                csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
            reader.byte_records().map(|r| r.unwrap().len()).collect()
        };
        let (got, _) = Run::new(&engine, &name).over(&bytes);
        assert_eq!(rows(&bytes), rows(&got.out), "{name}");
        seen += 1;
    }
    assert!(seen >= 4, "{seen}");
}
