//! When a breach must be told: times with a zone, deadlines counted from them, and what may follow from what was found.

use super::{Annex, Counted, Deadline};
use crate::model::Category;
use jiff::civil::DateTime;
use jiff::fmt::temporal::{DateTimeParser, Pieces};
use jiff::tz::{Disambiguation, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};
use serde::Serialize;

/// What a time must look like, for messages.
const FORM: &str = "write it like 2026-03-28T22:30:00+01:00, 2026-03-28T21:30Z or 2026-03-28T22:30[Europe/Berlin]";

/// A point in time, in the zone in which it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When(Zoned);

/// The most hours that clocks anywhere are off UTC (tz database: from -12:00 to +14:00).
const FARTHEST: i32 = 14;

impl When {
    /// A time as RFC 3339 has it, with `Z` or an offset, or local time with the zone's name (IANA) in brackets, as RFC 9557 has it;
    /// seconds may be left out, and parts of seconds count as none.
    ///
    /// # Errors
    ///
    /// What is wrong, and how to write it: there is no zone, or it isn't known; the time of day is missing; local time that the clocks
    /// skip or go through twice there.
    pub fn parse(text: &str) -> Result<When, String> {
        let pieces = Pieces::parse(text).map_err(|_| format!("this is no time; {FORM}"))?;
        let Some(time) = pieces.time() else { return Err(format!("the time of day is missing; {FORM}")) };
        let zoned = if pieces.time_zone_annotation().is_some() {
            pieces.to_time_zone().map_err(|_| format!("there is no such time zone; {FORM}"))?;
            static STRICT: DateTimeParser = DateTimeParser::new().disambiguation(Disambiguation::Reject);
            STRICT.parse_zoned(text).map_err(|_| {
                "the clocks of that zone skip this time, go through it twice, or were never at that offset; \
                 write it with the offset that held, like 2026-10-25T02:30:00+02:00"
                    .to_owned()
            })?
        } else {
            let Some(offset) = pieces.to_numeric_offset() else {
                return Err(format!("the time zone is missing; {FORM}"));
            };
            let zone = if offset.is_zero() { TimeZone::UTC } else { TimeZone::fixed(offset) };
            let at = DateTime::from_parts(pieces.date(), time);
            let at = offset.to_timestamp(at).map_err(|_| format!("this is no time; {FORM}"))?;
            at.to_zoned(zone)
        };
        if zoned.offset().seconds().abs() > FARTHEST * 3600 {
            let what = format!("there is no such offset: no clock is more than {FARTHEST} hours off UTC; check it");
            return Err(what);
        }
        let second = zoned.timestamp().as_nanosecond().div_euclid(1_000_000_000) as i64;
        let whole = Timestamp::from_second(second).map_err(|_| format!("this is no time; {FORM}"))?;
        Ok(When(whole.to_zoned(zoned.time_zone().clone())))
    }

    /// So many seconds after 1970-01-01T00:00:00Z; `None` beyond the year 9999.
    pub fn at(seconds: i64) -> Option<When> {
        Timestamp::from_second(seconds).ok().map(|t| When(t.to_zoned(TimeZone::UTC)))
    }

    /// So many hours later: hours that pass, whatever the clocks do. `None` beyond the year 9999.
    pub fn later(&self, hours: u32) -> Option<When> {
        let at = self.0.timestamp().checked_add(SignedDuration::from_hours(i64::from(hours))).ok()?;
        Some(When(at.to_zoned(self.0.time_zone().clone())))
    }

    /// As RFC 3339 has it, in the zone in which it was given.
    pub fn local(&self) -> String {
        let form = if self.is_utc() { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%:z" };
        self.0.strftime(form).to_string()
    }

    /// As RFC 3339 has it, in UTC.
    pub fn utc(&self) -> String {
        self.0.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// Whether it was given in UTC.
    pub fn is_utc(&self) -> bool {
        *self.0.time_zone() == TimeZone::UTC
    }

    /// Whole minutes from `other` to this one, towards the past: -1 from half a minute before.
    pub fn minutes_after(&self, other: &When) -> i64 {
        (self.0.timestamp().as_second() - other.0.timestamp().as_second()).div_euclid(60)
    }

    /// Whether it lies before `other`.
    pub fn is_before(&self, other: &When) -> bool {
        self.0.timestamp() < other.0.timestamp()
    }
}

/// A deadline of an agreement, counted.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Due {
    /// The role in which it is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Who is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The hours that there are; none: at once.
    pub hours: Option<u32>,
    /// From what the time runs, in the agreement's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The time from which it was counted; none: it wasn't given.
    pub since: Option<String>,
    /// The deadline in the zone in which the time was given, as RFC 3339 has it; none: it can't be counted yet.
    pub due: Option<String>,
    /// The deadline in UTC.
    pub due_utc: Option<String>,
    /// Minutes that are left; below 0: so many have passed since.
    pub minutes_left: Option<i64>,
    /// What the notice must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<String>,
    /// When no notice is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless: Option<String>,
    /// What else the agreement says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

/// The deadlines of `annex` for a breach that was `discovered`, and of which a notice was received when `notified` says, as seen `now`.
pub fn due(annex: &Annex, discovered: &When, notified: Option<&When>, now: &When) -> Vec<Due> {
    let one = |b: &super::Breach| {
        let since = match b.counted {
            Counted::Discovered => Some(discovered),
            Counted::Notified => notified,
        };
        let hours = match Deadline::parse(&b.deadline) {
            Some(Deadline::Hours(hours)) => Some(hours),
            _ => None,
        };
        let at = since.and_then(|s| s.later(hours.unwrap_or(0)));
        Due {
            role: b.role.clone(),
            to: b.to.clone(),
            hours,
            from: b.from.clone(),
            since: since.map(When::local),
            due: at.as_ref().map(When::local),
            due_utc: at.as_ref().map(When::utc),
            minutes_left: at.map(|at| at.minutes_after(now)),
            holds: b.holds.clone(),
            unless: b.unless.clone(),
            says: b.says.clone(),
        }
    };
    annex.breaches.iter().map(|b| one(b.get_ref())).collect()
}

/// What may follow for people from a category that leaked: a hint for whoever judges, after recitals 75 and 85 of Regulation (EU)
/// 2016/679, never a fact. `None`: nothing by itself.
pub fn may_follow(category: Category) -> Option<&'static str> {
    Some(match category {
        Category::Identification => {
            "identity theft, or being recognised under a pseudonym, where it stands with other data"
        }
        Category::Contact => "unwanted messages and calls, and deception in the name of the sender (phishing)",
        Category::Demographic => "discrimination; a date of birth also helps in identity theft",
        Category::SocialProfile | Category::LinkedAccount => "the data being joined with what is public about somebody",
        Category::OnlineIdentifier => "somebody being followed from site to site, or a device being recognised",
        Category::Location => "somebody being found or watched",
        Category::Financial => "financial loss and fraud",
        Category::Credential => "others using accounts: here, and wherever else the same password is used",
        Category::Employment => "damage to reputation, and deception in an employer's name",
        Category::Communication => "what was said in confidence becoming known",
        Category::Special => {
            "discrimination and damage to reputation; special categories (Article 9) weigh most in whether there is a high risk (Article 34)"
        }
        Category::Usage | Category::Custom => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(text: &str) -> When {
        When::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn times_are_read_with_their_zone() {
        for (text, local, utc) in [
            ("2026-03-28T22:30:00+01:00", "2026-03-28T22:30:00+01:00", "2026-03-28T21:30:00Z"),
            ("2026-03-28T22:30Z", "2026-03-28T22:30:00Z", "2026-03-28T22:30:00Z"),
            ("2026-03-28 22:30:15.75-05:30", "2026-03-28T22:30:15-05:30", "2026-03-29T04:00:15Z"),
            ("2026-03-28T22:30[Europe/Berlin]", "2026-03-28T22:30:00+01:00", "2026-03-28T21:30:00Z"),
            ("2026-07-28T22:30+02:00[Europe/Berlin]", "2026-07-28T22:30:00+02:00", "2026-07-28T20:30:00Z"),
            ("2026-10-25T02:30+02:00[Europe/Berlin]", "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z"),
            ("1969-07-20T20:17:40.5Z", "1969-07-20T20:17:40Z", "1969-07-20T20:17:40Z"),
        ] {
            assert_eq!((when(text).local().as_str(), when(text).utc().as_str()), (local, utc), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_told() {
        for (text, want) in [
            ("2026-03-28T22:30:00", "the time zone is missing; write it like"),
            ("2026-03-28", "the time of day is missing"),
            ("2026-03-28Z", "this is no time"),
            ("yesterday", "this is no time"),
            ("", "this is no time"),
            ("2026-02-30T10:00Z", "this is no time"),
            ("2026-03-28T22:30[Europe/Berlyn]", "there is no such time zone"),
            ("2026-03-29T02:30[Europe/Berlin]", "skip this time"),
            ("2026-10-25T02:30[Europe/Berlin]", "twice"),
            ("2026-07-28T22:30+05:00[Europe/Berlin]", "never at that offset"),
            ("9999-12-31T23:59:59-12:00", "this is no time"),
            ("2026-03-28T22:30+25:59", "no clock is more than 14 hours off UTC"),
            ("2026-03-28T22:30-14:01", "no clock is more than 14 hours off UTC"),
            ("2026-03-28T22:30[+18:00]", "no clock is more than 14 hours off UTC"),
        ] {
            let e = When::parse(text).map(|w| w.local()).unwrap_err();
            assert!(e.contains(want), "{text}: {e}");
        }
    }

    #[test]
    fn hours_pass_whatever_the_clocks_do() {
        // The night to 29 March 2026 has no hour from 2 to 3 in Berlin, that to 25 October two.
        for (from, hours, want) in [
            ("2026-03-28T22:30[Europe/Berlin]", 52, "2026-03-31T03:30:00+02:00"),
            ("2026-10-24T22:30[Europe/Berlin]", 72, "2026-10-27T21:30:00+01:00"),
            ("2026-03-28T22:30:00+01:00", 72, "2026-03-31T22:30:00+01:00"),
            ("2026-03-06T23:00[America/New_York]", 72, "2026-03-10T00:00:00-04:00"),
            ("2028-02-28T12:00Z", 24, "2028-02-29T12:00:00Z"),
        ] {
            assert_eq!(when(from).later(hours).unwrap().local(), want, "{from}");
        }
        assert!(when("9999-12-29T00:00Z").later(u32::MAX).is_none());
        assert_eq!(when("2026-01-01T00:00:30Z").minutes_after(&when("2026-01-01T00:01:00Z")), -1);
    }

    #[test]
    fn each_agreements_deadlines() {
        let (discovered, now) = (when("2026-03-28T22:30[Europe/Berlin]"), when("2026-03-29T00:00Z"));
        let told = |name: &str, notified: Option<&When>| -> Vec<String> {
            due(&Annex::named(name).unwrap(), &discovered, notified, &now)
                .iter()
                .map(|d| {
                    let (role, due) = (d.role.as_deref().unwrap_or("-"), d.due.as_deref().unwrap_or("-"));
                    format!("{role} {:?} {due} {:?}", d.hours, d.minutes_left)
                })
                .collect()
        };
        assert_eq!(told("butly", None), ["processor Some(52) 2026-03-31T03:30:00+02:00 Some(2970)"]);
        assert_eq!(told("botsify", None), [] as [&str; 0]);
        assert_eq!(
            told("personizely", None),
            [
                "controller Some(72) 2026-03-31T23:30:00+02:00 Some(4170)",
                "processor Some(72) 2026-03-31T23:30:00+02:00 Some(4170)"
            ]
        );
        let at_once = "processor None 2026-03-28T22:30:00+01:00 Some(-150)";
        assert_eq!(told("365-aitech", None), [at_once, "controller Some(72) - None"]);
        assert_eq!(
            told("365-aitech", Some(&when("2026-03-29T08:00Z"))),
            [at_once, "controller Some(72) 2026-04-01T08:00:00Z Some(4800)"]
        );
    }
}
