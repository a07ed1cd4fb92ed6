//! The draft of a notice in Markdown: the points of Article 33(3) of Regulation (EU) 2016/679, and those of the agreement. What is known
//! stands in it, what isn't is marked.

use super::forms::{COUNT, Entity, Report, SILENT, deadline};
use crate::report::markdown::text;
use crate::report::{NOTE, counted};

impl Report<'_> {
    pub fn draft(&self) -> String {
        let dated = self.dated.map_or(String::new(), |d| format!(" ({d})"));
        let mut out =
            format!("# Notice of a personal data breach: draft\n\nAgreement: {}{dated}\n\n", text(self.title));
        if !self.complete {
            out += "**NOT ALL INPUTS COULD BE READ: the numbers below are what is at least there.**\n\n";
        }
        let unread = |u: String| format!("**Not looked at, and so not counted below:** {}\n\n", text(&u));
        out += &self.unread.told().map_or(String::new(), unread);
        out += "What was found in the affected files is filled in; what it takes a person to say is marked `[TO FILL IN: …]`.\n\n## Deadlines\n\n";
        out += &format!("- Discovered: {} ({})\n", self.discovered, self.discovered_utc);
        self.notified.iter().for_each(|n| out += &format!("- Notice received: {n}\n"));
        self.deadlines.iter().for_each(|d| out += &format!("- {}\n", text(&capital(&deadline(d)))));
        out += &format!("\n{}\n", if self.deadlines.is_empty() { SILENT } else { COUNT });
        out += &self.nature();
        out += "\n## (b) Contact\n\n[TO FILL IN: name and contact details of the data protection officer or another contact point]\n";
        out += &self.consequences();
        out += "\n## (d) Measures\n\n[TO FILL IN: measures taken or proposed to address the breach and, where appropriate, to mitigate its possible adverse effects]\n";
        out += &self.agreements();
        out += "\n## If the notice is late or in parts\n\n\
                [TO FILL IN: reasons for the delay, if the authority is told after more than 72 hours (Article 33(1)); what follows in a later notice (Article 33(4))]\n";
        out + &format!(
            "\n---\n\nPoints (a) to (d): Regulation (EU) 2016/679, Article 33(3). Counted by sluice {}, rules {}, at {}. {NOTE}\n",
            env!("CARGO_PKG_VERSION"),
            self.rules_sha256.get(..12).unwrap_or_default(),
            self.reported_utc
        )
    }

    /// Point (a).
    fn nature(&self) -> String {
        let mut out = String::from(
            "\n## (a) Nature of the breach\n\n[TO FILL IN: what happened, from when to when, how it was discovered, and whether data became known, was changed or was lost]\n\n\
             Categories and approximate number of data subjects:\n\n| data subjects | role | people, about | records |\n|---|---|--:|--:|\n",
        );
        for c in &self.subjects {
            out += &format!("| {} | {} | {} | {} |\n", text(c.name), c.role.unwrap_or(""), c.people, c.records);
        }
        let people: Vec<String> = self.how_counted();
        out += &format!("\nIn all {}.", people[0]);
        people[1..].iter().for_each(|p| out += &format!(" {}.", capital(&text(p))));
        out += &format!(
            "\n\nCategories and number of records concerned: {} of {} in {}.\n\n| category | data (different values, in records) |\n|---|---|\n",
            self.concerned,
            counted(self.records, "record"),
            counted(self.inputs, "input")
        );
        for k in &self.categories {
            out += &format!(
                "| {} | {} |\n",
                k.category,
                k.entities.iter().map(Entity::counted).collect::<Vec<_>>().join("; ")
            );
        }
        out += "\nRedacted or pseudonymised before:\n\n";
        self.how_replaced().iter().for_each(|l| out += &format!("- {}\n", capital(&text(l))));
        out
    }

    /// Point (c).
    fn consequences(&self) -> String {
        let mut out =
            String::from("\n## (c) Likely consequences\n\n[TO FILL IN: the likely consequences of the breach]\n");
        let hints: Vec<String> =
            self.categories.iter().filter_map(|k| Some(format!("- {}: {}\n", k.category, k.may_follow?))).collect();
        if !hints.is_empty() {
            out += "\nHints by what was found, to be judged; they are no findings (recitals 75 and 85):\n\n";
            out += &hints.concat();
        }
        out
    }

    /// What the agreement wants of its own notice.
    fn agreements(&self) -> String {
        let mut out = String::from("\n## What the agreement wants told\n\n");
        for d in &self.deadlines {
            let role = d.role.as_ref().map_or("in any role".into(), |r| format!("as {r}"));
            let to = d.to.as_ref().map_or(String::new(), |t| format!(", to {t}"));
            out += &format!("{}{to}:\n\n", capital(&role));
            d.says.iter().for_each(|s| out += &format!("- {}\n", text(&capital(s))));
            if let Some(u) = &d.unless {
                out += &format!(
                    "- Not needed if {}: [TO FILL IN: whether that is so; what speaks for and against it stands under (a)]\n",
                    text(u)
                );
            }
            for item in &d.holds {
                out += &format!("- {}: {}\n", text(&capital(item)), place(item));
            }
            if d.holds.is_empty() {
                out += "- What the notice must hold is not stated: points (a) to (d)\n";
            }
            out.push('\n');
        }
        if self.deadlines.is_empty() {
            out += "The agreement says nothing of a notice.\n\n";
        }
        out.pop();
        out
    }
}

/// Where in the draft something stands that the agreement wants told.
fn place(item: &str) -> String {
    let has = |words: &[&str]| words.iter().any(|w| item.contains(w));
    if has(&["should take"]) {
        format!("[TO FILL IN: {}]", text(item))
    } else if has(&["number", "nature", "details", "occurred", "categories"]) {
        "see (a)".into()
    } else if has(&["consequences"]) {
        "see (c)".into()
    } else if has(&["measures", "steps taken"]) {
        "see (d)".into()
    } else {
        format!("[TO FILL IN: {}]", text(item))
    }
}

fn capital(s: &str) -> String {
    let mut chars = s.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}
