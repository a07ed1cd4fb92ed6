//! A chain of reports: each holds the digest of the one before, so that a removed, altered or inserted one shows. What can't show
//! by itself is that the last ones were removed: keep the last report's digest somewhere else, or have it signed.

use serde::{Deserialize, Serialize};

/// What links a report to the one before it: fields at the top of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Always `sluice`.
    pub program: String,
    /// The verb that wrote it.
    pub report: String,
    /// Its place in the chain, from 1.
    pub sequence: u64,
    /// SHA-256 of the file of the report before it, in hexadecimal; none: it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_sha256: Option<String>,
    /// When it was written: RFC 3339, UTC.
    pub time: String,
}

/// What a signature says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// Nobody asked.
    Unasked,
    /// It is there and fits.
    Fits,
    /// It is there and does not fit.
    Not,
    /// There is none.
    Missing,
}

/// A report of a chain.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name, as it may be printed.
    pub shown: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Its link; `None`: it can't be read as a report.
    pub link: Option<Link>,
    /// What came of the run, as the report says it.
    pub result: String,
    /// Its signature.
    pub signed: Signed,
}

/// What every report holds.
#[derive(Deserialize)]
struct Report {
    #[serde(flatten)]
    link: Link,
    result: String,
    #[serde(rename = "version")]
    _version: String,
    #[serde(rename = "rules_sha256")]
    _rules_sha256: String,
    #[serde(rename = "policy_sha256")]
    _policy_sha256: String,
}

/// The link of a report's text and the result that it tells, if it is one.
pub fn link(text: &[u8]) -> Option<(Link, String)> {
    let report: Report = serde_json::from_slice(text).ok()?;
    (report.link.program == "sluice" && report.link.sequence > 0).then_some((report.link, report.result))
}

/// The reports of runs that failed or were not complete: a whole chain of them proves nothing but that.
pub fn not_passed(entries: &[Entry]) -> Vec<String> {
    let told = entries.iter().filter(|e| e.link.is_some());
    let bad = told.filter(|e| !matches!(e.result.as_str(), "passed" | "done"));
    let why = |e: &Entry| match e.result.as_str() {
        "failed" if e.link.as_ref().is_some_and(|l| l.report == "redact") => {
            format!("{}: the redaction ended by an error: not all was written", e.shown)
        }
        "failed" => {
            format!("{}: the run failed: what it names is left in the copy, or differs from the original", e.shown)
        }
        "incomplete" => format!("{}: the run was not complete: something could not be read", e.shown),
        "interrupted" => format!("{}: the run was interrupted", e.shown),
        _ => format!("{}: tells no known result", e.shown),
    };
    bad.map(why).collect()
}

/// Puts `entries` into the chain's order and says what is wrong with it; nothing: it is whole.
pub fn check(entries: &mut [Entry]) -> Vec<String> {
    entries.sort_by_key(|e| e.link.as_ref().map_or(u64::MAX, |l| l.sequence));
    let mut wrong = Vec::new();
    let mut before: Option<(&Entry, &Link)> = None;
    for entry in entries.iter() {
        let shown = &entry.shown;
        match entry.signed {
            Signed::Not => {
                wrong.push(format!("{shown}: its signature does not fit; it was altered, or another key signed it"))
            }
            Signed::Missing => wrong.push(format!("{shown}: has no signature ({shown}.sig)")),
            Signed::Fits | Signed::Unasked => {}
        }
        let Some(link) = &entry.link else {
            wrong.push(format!("{shown}: can't be read as a report; it was altered, or is none"));
            continue;
        };
        let expected = before.map_or(1, |(_, l)| l.sequence.saturating_add(1));
        match before {
            Some((last, l)) if l.sequence == link.sequence => {
                let (n, last) = (link.sequence, &last.shown);
                wrong.push(format!("{shown}: two reports have the number {n}, this and {last}: the chain forks"));
            }
            _ if link.sequence > expected => wrong.push(match link.sequence - 1 {
                last if last == expected => format!("{shown}: report {last} before it is missing"),
                last => format!("{shown}: reports {expected} to {last} before it are missing"),
            }),
            None if link.after_sha256.is_some() => {
                wrong.push(format!("{shown}: is the first, and yet follows on another report"));
            }
            Some((last, _)) if link.after_sha256.as_ref() != Some(&last.sha256) => wrong.push(format!(
                "{shown}: does not follow on {} as that is now; one of the two was altered or replaced",
                last.shown
            )),
            _ => {}
        }
        before = Some((entry, link));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: u64, sha256: &str, after: Option<&str>) -> Entry {
        let link = Link {
            program: "sluice".into(),
            report: "verify".into(),
            sequence: n,
            after_sha256: after.map(str::to_owned),
            time: "2026-01-01T00:00:00Z".into(),
        };
        let (shown, result) = (format!("{n}{sha256}.json"), "passed".into());
        Entry { shown, sha256: sha256.into(), link: Some(link), result, signed: Signed::Unasked }
    }

    #[test]
    fn what_shows() {
        let (a, b, c) = (entry(1, "a", None), entry(2, "b", Some("a")), entry(3, "c", Some("b")));
        let wrong = |entries: &[&Entry]| check(&mut entries.iter().map(|e| (*e).clone()).collect::<Vec<_>>());
        assert!(wrong(&[&c, &a, &b]).is_empty());
        assert!(wrong(&[&a]).is_empty());
        for (entries, want) in [
            (vec![&a, &c], "3c.json: report 2 before it is missing"),
            (vec![&c], "3c.json: reports 1 to 2 before it are missing"),
            (vec![&a, &b, &entry(2, "x", Some("a")), &c], "the chain forks"),
            (vec![&entry(1, "altered", None), &b], "does not follow on 1altered.json as that is now"),
            (vec![&entry(1, "a", Some("x"))], "is the first, and yet follows"),
            (vec![&a, &Entry { link: None, ..b.clone() }], "can't be read as a report"),
            (vec![&a, &Entry { signed: Signed::Not, ..b.clone() }], "its signature does not fit"),
            (vec![&a, &Entry { signed: Signed::Missing, ..b.clone() }], "has no signature"),
        ] {
            let said = wrong(&entries);
            assert!(said.iter().any(|s| s.contains(want)), "{want}: {said:?}");
        }
        let last = entry(u64::MAX, "z", None);
        assert_eq!(wrong(&[&last, &last]).len(), 2);
        let failed = Entry { result: "failed".into(), ..a.clone() };
        assert_eq!((not_passed(&[a, b, c]).len(), not_passed(&[failed]).len()), (0, 1));
    }
}
