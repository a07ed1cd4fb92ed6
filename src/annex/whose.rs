//! Whose data something is, told by where it stands: its file, its field, what stands beside it. What can't be told is not guessed.

use super::{Annex, Mapping};
use crate::error::{Error, Result};
use regex::{Regex, RegexBuilder, bytes};
use std::collections::HashMap;

/// The most conditions on what stands beside a value, all mappings together.
const CONDITIONS: usize = 64;

/// Mappings, compiled: options first, then the annex's own; the first that fits decides.
#[derive(Debug, Clone)]
pub struct Whose {
    mappings: Vec<Compiled>,
    /// The options, which are the first mappings, and whether each has decided anything.
    given: Vec<(String, bool)>,
    /// The only subject there is.
    only: Option<usize>,
    /// Those that fit the input at hand.
    here: Vec<usize>,
    /// By field: which of all mappings it fits.
    fields: HashMap<String, Vec<bool>>,
}

#[derive(Debug, Clone)]
struct Compiled {
    subject: usize,
    path: Vec<Regex>,
    field: Vec<Pattern>,
    beside: Vec<(String, bytes::Regex)>,
    /// The answers that it asks for.
    bits: u64,
}

/// A field's pattern.
#[derive(Debug, Clone)]
struct Pattern {
    /// It is of a whole pointer, not of a name.
    whole: bool,
    regex: Regex,
}

impl Pattern {
    fn fits(&self, field: &str) -> bool {
        let steps = || field.split('/').any(|step| !step.is_empty() && self.regex.is_match(step));
        if self.whole || !field.starts_with('/') { self.regex.is_match(field) } else { steps() }
    }
}

impl Whose {
    /// The mappings of `annex`, and before them `given`, as `--subject` takes them: `[WHERE=]ID`, where WHERE is a path, `field:NAME`
    /// or `beside:KEY:VALUE`; one without WHERE fits everything.
    ///
    /// # Errors
    ///
    /// There is no such subject (the message names the nearest), or there are more than 64 conditions on what stands beside a value.
    pub fn new(annex: &Annex, given: &[String]) -> Result<Whose> {
        let mut own = given.iter().map(|g| Ok((g, option(annex, g)?))).collect::<Result<Vec<_>>>()?;
        // What says more comes first: with a condition over without.
        own.sort_by_key(|(_, m)| m.path.is_empty() && m.field.is_empty() && m.beside.is_empty());
        let (given, own): (Vec<_>, Vec<_>) = own.into_iter().map(|(g, m)| ((g.clone(), false), m)).unzip();
        let mut asked = 0;
        let all = own.iter().chain(annex.mappings.iter().map(toml::Spanned::get_ref));
        let mut mappings = all.map(|m| compile(annex, m)).collect::<Result<Vec<_>>>()?;
        for mapping in &mut mappings {
            for _ in &mapping.beside {
                if asked == CONDITIONS {
                    let what = format!(
                        "annex `{}` and --subject: more than {CONDITIONS} conditions on what stands beside values; leave some out",
                        annex.name
                    );
                    return Err(Error::Usage(what));
                }
                mapping.bits |= 1 << asked;
                asked += 1;
            }
        }
        let only = (annex.subjects.len() == 1).then_some(0);
        Ok(Whose { mappings, given, only, here: Vec::new(), fields: HashMap::new() })
    }

    /// What is asked of the values beside a finding: key, and what the value must fit, in the order of the bits that [`Whose::of`] takes.
    pub fn questions(&self) -> impl Iterator<Item = (&str, &bytes::Regex)> {
        self.mappings.iter().flat_map(|m| &m.beside).map(|(key, value)| (key.as_str(), value))
    }

    /// Goes to the input `path`.
    pub fn begin(&mut self, path: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let fits = |r: &Regex| r.is_match(if r.as_str().contains('/') { path } else { name });
        let here = |m: &Compiled| m.path.is_empty() || m.path.iter().any(fits);
        self.here.clear();
        self.here.extend((0..self.mappings.len()).filter(|i| here(&self.mappings[*i])));
    }

    /// Whose data the input at hand is as a whole: the subject's index in the annex.
    pub fn of_input(&mut self) -> Option<usize> {
        let whole = |m: &Compiled| m.field.is_empty() && m.beside.is_empty();
        let Some(i) = self.here.iter().copied().find(|i| whole(&self.mappings[*i])) else { return self.only };
        self.used(i)
    }

    /// The options that have decided nothing, as they were given.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        self.given.iter().filter(|g| !g.1).map(|g| g.0.as_str())
    }

    /// The subject of a mapping that decides.
    fn used(&mut self, i: usize) -> Option<usize> {
        if let Some(given) = self.given.get_mut(i) {
            given.1 = true;
        }
        Some(self.mappings[i].subject)
    }

    /// Whose data a value is, in `field` (array indices as `*`), with these answers to [`Whose::questions`], a bit each: the subject's
    /// index in the annex.
    pub fn of(&mut self, field: Option<&str>, beside: u64) -> Option<usize> {
        let field = field.unwrap_or("");
        for n in 0..self.here.len() {
            let i = self.here[n];
            let m = &self.mappings[i];
            if beside & m.bits != m.bits {
                continue;
            }
            if m.field.is_empty() || fits(&mut self.fields, &self.mappings, field)[i] {
                return self.used(i);
            }
        }
        self.only
    }
}

/// Fields whose fit is kept at most.
const FIELDS: usize = 4096;

fn fits<'a>(known: &'a mut HashMap<String, Vec<bool>>, mappings: &[Compiled], field: &str) -> &'a [bool] {
    if !known.contains_key(field) {
        if known.len() >= FIELDS {
            known.clear();
        }
        let fits = mappings.iter().map(|m| m.field.iter().any(|p| p.fits(field))).collect();
        known.insert(field.to_owned(), fits);
    }
    known.get(field).map_or(&[], |fits| fits)
}

/// `[WHERE=]ID`.
fn option(annex: &Annex, given: &str) -> Result<Mapping> {
    let (place, id) = given.rsplit_once('=').map_or((None, given), |(place, id)| (Some(place), id));
    annex.subject(id)?;
    let mut mapping = Mapping { subject: id.to_owned(), ..Mapping::default() };
    match place {
        None => {}
        Some(place) => match (place.strip_prefix("field:"), place.strip_prefix("beside:")) {
            (Some(field), _) => mapping.field.push(field.to_owned()),
            (_, Some(beside)) => {
                let (key, value) = beside.split_once(':').ok_or_else(|| {
                    Error::Usage("--subject beside: wants a key and a value: beside:role:agent=ID".into())
                })?;
                mapping.beside.insert(key.to_owned(), vec![value.to_owned()]);
            }
            _ => mapping.path.push(place.to_owned()),
        },
    }
    Ok(mapping)
}

fn compile(annex: &Annex, mapping: &Mapping) -> Result<Compiled> {
    let pattern = |given: &str| format!("^(?:{})$", regex::escape(given).replace(r"\*", ".*"));
    let long = |_| Error::Usage("a pattern that tells whose data something is: it is too long".into());
    let text = |given: &String| RegexBuilder::new(&pattern(given)).case_insensitive(true).build().map_err(long);
    let field = |given: &String| Ok(Pattern { whole: given.starts_with('/'), regex: text(given)? });
    let beside = |(key, values): (&String, &Vec<String>)| {
        let any = values.iter().map(|v| pattern(v)).collect::<Vec<_>>().join("|");
        let value = bytes::RegexBuilder::new(&any).case_insensitive(true).build().map_err(long)?;
        Ok((key.clone(), value))
    };
    Ok(Compiled {
        subject: annex.subjects.iter().position(|s| s.id == mapping.subject).unwrap_or_default(),
        path: mapping.path.iter().map(text).collect::<Result<_>>()?,
        field: mapping.field.iter().map(field).collect::<Result<_>>()?,
        beside: mapping.beside.iter().map(beside).collect::<Result<_>>()?,
        bits: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const ANNEX: &str = r#"
version = 1
name = "own"
title = "t"
[[subject]]
id = "customer"
name = "C"
[[subject]]
id = "agent"
name = "A"
[[mapping]]
subject = "agent"
field = ["agent", "/by/*/mail"]
[[mapping]]
subject = "agent"
path = ["*chat*"]
beside = { role = ["agent", "operator"], kind = ["*"] }
[[mapping]]
subject = "customer"
path = ["customers.*", "in/*"]
"#;

    fn whose(given: &[&str]) -> Whose {
        let given: Vec<String> = given.iter().map(ToString::to_string).collect();
        Whose::new(&Annex::parse(Path::new("own.toml"), ANNEX).unwrap(), &given).unwrap()
    }

    #[test]
    fn the_first_that_fits_decides() {
        let mut w = whose(&[]);
        assert_eq!(w.questions().map(|q| q.0).collect::<Vec<_>>(), ["kind", "role"]);
        w.begin("data/CUSTOMERS.csv");
        assert_eq!((w.of_input(), w.of(Some("email"), 0)), (Some(0), Some(0)));
        assert_eq!(w.of(Some("Agent"), 0), Some(1));
        assert_eq!(w.of(Some("/x/agent/*/mail"), 0), Some(1));
        assert_eq!(w.of(Some("/agents/mail"), 0), Some(0));
        w.begin("data/chat.jsonl");
        assert_eq!((w.of_input(), w.of(Some("/text"), 1)), (None, None));
        assert_eq!((w.of(Some("/text"), 3), w.of(None, 3)), (Some(1), Some(1)));
        assert_eq!((w.of(Some("/by/*/mail"), 0), w.of(Some("/x/by/*/mail"), 0)), (Some(1), None));
        w.begin("in/x.zip!/notes.txt");
        assert_eq!(w.of(None, 0), Some(0));
    }

    #[test]
    fn options_come_first() {
        let mut w = whose(&["customer", "field:mail=agent", "beside:role:bo*=agent", "a.csv=agent"]);
        w.begin("customers.csv");
        assert_eq!((w.of(Some("/x/mail"), 0), w.of(Some("/x"), 0), w.of(Some("/x"), 1)), (Some(1), Some(0), Some(1)));
        assert_eq!(w.unused().collect::<Vec<_>>(), ["a.csv=agent"]);
        w.begin("b/a.csv");
        assert_eq!((w.of_input(), w.of(None, 0)), (Some(1), Some(1)));
        assert_eq!(w.unused().count(), 0);
    }

    #[test]
    fn errors_say_what_would_be_right() {
        let annex = Annex::parse(Path::new("own.toml"), ANNEX).unwrap();
        let error = |given: &str| Whose::new(&annex, &[given.to_owned()]).unwrap_err().to_string();
        assert!(error("a=agnt").contains("did you mean `agent`?"));
        assert!(error("beside:role=agent").contains("a key and a value"));
        let many: Vec<String> = (0..65).map(|n| format!("beside:k{n}:v=agent")).collect();
        assert!(Whose::new(&annex, &many).unwrap_err().to_string().contains("more than 64"));
    }
}
