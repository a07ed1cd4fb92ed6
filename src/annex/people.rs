//! How many people data is about, told by identifiers: an e-mail address, a phone number and an account that stand in one record as
//! one party's belong to one person, and so does whatever stands with one of them elsewhere.
//!
//! Counted are values that fields hold as a whole; what is only said in texts may be somebody else's and is counted apart. Names
//! tell people where nothing better does. Memory does not grow with the data: beyond so many values people are sampled.

mod graph;
mod party;
mod value;

use super::observed::Distinct;
use crate::model::{Category, EntityType};
use crate::patterns::RuleSet;
pub use graph::LIMIT;
use graph::{Graph, Id, Rank, Tier};
use party::Party;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Values of one record that are looked at together; fields that are named; parties of fields that are remembered.
const TOGETHER: usize = 4096;
const FIELDS: usize = 32;
const REMEMBERED: usize = 4096;

/// What an entity says about who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It is one person's: an address, a number, an account.
    Identifier(Rank),
    /// Several people have it.
    Name,
    /// It is a device's or a connection's.
    Device,
    /// Nothing.
    Other,
}

/// A finding, as people are counted by it.
#[derive(Debug)]
pub struct Seen<'a> {
    /// What it is.
    pub entity: EntityType,
    /// Its value.
    pub value: &'a str,
    /// The hash of its value; of a name: the sum of the hashes of its words.
    pub hash: u64,
    /// The number of its input, and of its record there.
    pub record: (u64, u64),
    /// Its field, array indices as `*`.
    pub field: Option<&'a str>,
    /// Its field with array indices.
    pub at: Option<&'a str>,
    /// It is all that its field holds.
    pub whole: bool,
    /// The annex's subject whose data it is.
    pub subject: Option<usize>,
    /// What stands beside it says that it is a program's.
    pub bot: bool,
}

/// A value of the record at hand.
#[derive(Debug, Clone)]
struct Value {
    party: Party,
    kind: Kind,
    entity: u16,
    hash: u64,
    /// What it is as an identifier: one that means something in its own list only is another in each.
    id: Id,
    own: bool,
    subjects: u32,
}

/// Counts people while findings pass.
#[derive(Debug, Clone)]
pub struct People {
    kinds: Vec<Kind>,
    /// Whose ids may mean something in their own list only.
    account: Option<EntityType>,
    graph: Graph,
    record: Option<(u64, u64)>,
    together: Vec<Value>,
    /// By field: whose it is, and whether it names them alone; `None`: what stands in it is only said.
    parties: HashMap<Box<str>, Option<(Party, bool)>>,
    by: BTreeMap<u16, By>,
    devices: BTreeMap<u16, Distinct>,
    /// Records' parties of whom only a device is known.
    devices_alone: u64,
}

#[derive(Debug, Clone, Default)]
struct By {
    distinct: Distinct,
    fields: BTreeMap<String, u64>,
}

impl People {
    /// For the entities of `rules`; at most `limit` values are kept ([`LIMIT`] is what the program uses).
    pub fn new(rules: &RuleSet, limit: usize) -> People {
        let kind = |name: &str, category| match (name, category) {
            ("PERSON", _) => Kind::Name,
            ("PHONE_NUMBER", _) => Kind::Identifier(Rank::Phone),
            ("SOCIAL_PROFILE" | "USERNAME", _) => Kind::Identifier(Rank::Middle),
            ("EMAIL_ADDRESS", _) | (_, Category::Identification) => Kind::Identifier(Rank::Strong),
            ("IP_ADDRESS" | "COOKIE" | "DEVICE_ID" | "MAC_ADDRESS", _) => Kind::Device,
            _ => Kind::Other,
        };
        People {
            kinds: rules.entities().iter().map(|e| kind(&e.name, e.category)).collect(),
            account: rules.entity_named("ACCOUNT_ID"),
            graph: Graph::new(limit),
            record: None,
            together: Vec::new(),
            parties: HashMap::new(),
            by: BTreeMap::new(),
            devices: BTreeMap::new(),
            devices_alone: 0,
        }
    }

    /// Counts a finding. Those of one record come one after the other.
    pub fn add(&mut self, seen: &Seen<'_>) {
        let kind = self.kinds.get(seen.entity.index()).copied().unwrap_or(Kind::Other);
        if kind == Kind::Other || seen.bot || value::is_role(seen.value) {
            return;
        }
        if self.record.replace(seen.record) != Some(seen.record) || self.together.len() >= TOGETHER {
            self.settle();
        }
        let is_identifier = matches!(kind, Kind::Identifier(_));
        let party = match seen.at.and_then(|field| self.party(field)) {
            Some((party, _)) if seen.whole => Some(party),
            // `from` and `to`, as e-mail has them, hold names and several.
            Some((party, true)) if is_identifier => Some(party.listed(self.together.len())),
            _ => None,
        };
        let own = party.is_some();
        let id = match kind {
            Kind::Identifier(rank) => identifier(seen, rank, self.account == Some(seen.entity)),
            _ if !own => return, // a name or an address that somebody mentions
            _ => Id { key: seen.hash, rank: Rank::Local, kind: 0 },
        };
        if own && is_identifier {
            let by = self.by.entry(seen.entity.index() as u16).or_default();
            by.distinct.add(seen.hash);
            let field = seen.field.unwrap_or_default();
            if let Some(n) = by.fields.get_mut(field) {
                *n += 1;
            } else if by.fields.len() < FIELDS {
                by.fields.insert(field.to_owned(), 1);
            }
        }
        // The subjects of an annex as bits; it can't be told: the lowest. The last is for all from the 31st on.
        let subjects = 1 << seen.subject.map_or(0, |s| (s + 1).min(31));
        let party = party.unwrap_or_default();
        let (entity, hash) = (seen.entity.index() as u16, seen.hash);
        self.together.push(Value { party, kind, entity, hash, id, own, subjects });
    }

    /// Whose value a field holds as its own.
    fn party(&mut self, field: &str) -> Option<(Party, bool)> {
        if let Some(p) = self.parties.get(field) {
            return p.clone();
        }
        if self.parties.len() >= REMEMBERED {
            self.parties.clear();
        }
        let party = (!party::is_said(field)).then(|| (Party::of(field), party::names_somebody(field)));
        self.parties.insert(field.into(), party.clone());
        party
    }

    /// Takes what the record at hand holds of each party.
    fn settle(&mut self) {
        let mut together = std::mem::take(&mut self.together);
        party::settle(&mut together.iter_mut().filter(|v| v.own).map(|v| &mut v.party).collect::<Vec<_>>());
        for v in together.iter().filter(|v| !v.own) {
            self.graph.one(key(v.entity, v.hash), Tier::Mentioned, v.subjects);
        }
        together.retain(|v| v.own);
        together.sort_by(|a, b| a.party.cmp(&b.party));
        for of_one in together.chunk_by(|a, b| a.party == b.party) {
            self.party_of(of_one);
        }
        together.clear();
        self.together = together;
    }

    /// What one record holds of one party.
    fn party_of(&mut self, values: &[Value]) {
        let of = |kind| values.iter().filter(move |v| v.kind == kind);
        let subjects = values.iter().fold(0, |all, v| all | v.subjects);
        let subjects = told(subjects);
        // A first and a last name make one, in whichever order: hashes of names are sums of those of their words.
        let name = of(Kind::Name).map(|v| v.hash).reduce(u64::wrapping_add).map(|sum| key(u16::MAX, sum));
        let identifiers = values.iter().filter(|v| matches!(v.kind, Kind::Identifier(_)));
        let identifiers: Vec<Id> = identifiers.map(|v| v.id).collect();
        if !identifiers.is_empty() {
            self.graph.person(&identifiers, subjects);
            name.iter().for_each(|n| self.graph.one(*n, Tier::Covered, subjects));
        } else if let Some(name) = name {
            self.graph.one(name, Tier::Named, subjects);
        } else {
            self.devices_alone += 1;
            of(Kind::Device).for_each(|v| self.devices.entry(v.entity).or_default().add(v.hash));
        }
    }

    /// How many people there are, in the data of `subjects` (so many the annex has) and in all.
    pub fn count(&mut self, rules: &RuleSet, subjects: usize) -> Count {
        self.settle();
        self.record = None;
        let told = self.graph.count();
        let round = |x: f64| x.round() as u64;
        let (identified, named) = (round(told.people.all), round(told.named.all));
        let mut by: Vec<Counted> =
            self.by.iter().map(|(e, by)| Counted::of(rules, *e, &by.distinct, &by.fields)).collect();
        by.sort_by(|a, b| b.values.cmp(&a.values).then_with(|| a.entity.cmp(&b.entity)));
        let none = BTreeMap::new();
        Count {
            about: identified + named,
            exact: told.exact,
            error_percent: told.error,
            identified,
            by,
            named,
            mentioned: round(told.mentioned.all),
            shared: told.shared,
            devices_alone: self.devices_alone,
            devices: self.devices.iter().map(|(e, d)| Counted::of(rules, *e, d, &none)).collect(),
            subjects: (0..=subjects.min(31)).map(|s| round(told.people.of[s]) + round(told.named.of[s])).collect(),
        }
    }
}

/// Of the bits of subjects those that were told, if any was.
fn told(subjects: u32) -> u32 {
    if subjects > 1 { subjects & !1 } else { subjects }
}

/// A finding as an identifier.
fn identifier(seen: &Seen<'_>, rank: Rank, account: bool) -> Id {
    let entity = seen.entity.index() as u16;
    let is_id = rank == Rank::Strong && !seen.value.contains('@');
    if !is_id {
        return Id { key: key(entity, seen.hash), rank, kind: u32::from(entity) };
    }
    let mut hasher = DefaultHasher::new();
    seen.field.hash(&mut hasher);
    if !account || !value::is_local(seen.value) {
        return Id { key: key(entity, seen.hash), rank, kind: key(entity, hasher.finish()) as u32 };
    }
    seen.record.0.hash(&mut hasher);
    let list = hasher.finish();
    Id { key: key(entity, seen.hash ^ list), rank: Rank::Local, kind: key(entity, list) as u32 }
}

/// A value's key in the graph: spread evenly over 64 bits, as its hash is.
fn key(entity: u16, hash: u64) -> u64 {
    let mut z = hash ^ (u64::from(entity) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

/// Different values of one entity.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Counted {
    /// The entity.
    #[serde(rename = "type")]
    pub entity: String,
    /// How many different values.
    pub values: u64,
    /// Whether that is exact; else within 2 % or so.
    pub exact: bool,
    /// By field, array indices as `*`: how often; the first 32.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, u64>,
}

impl Counted {
    fn of(rules: &RuleSet, entity: u16, distinct: &Distinct, fields: &BTreeMap<String, u64>) -> Counted {
        let (values, exact) = distinct.count();
        let entity = rules.entities()[usize::from(entity)].name.clone();
        Counted { entity, values, exact, fields: fields.clone() }
    }
}

/// How many people data is about.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct Count {
    /// People told by identifiers, and those of whom there's only a name.
    pub about: u64,
    /// Whether their identifiers were all kept and counted; else people were sampled.
    pub exact: bool,
    /// Twice the standard error of a sampled count, in percent; 0 if it is exact.
    pub error_percent: f64,
    /// People told by identifiers: values that stand in one record as one party's are one person's.
    pub identified: u64,
    /// By which identifiers, those with most values first.
    pub by: Vec<Counted>,
    /// Different names of whom there's no identifier anywhere.
    pub named: u64,
    /// Identifiers that stand only in texts: whose they are, and whether they are people's of their own, can't be told. Not in `about`.
    pub mentioned: u64,
    /// Values that stand with several people's, or with more than is kept, and join nobody: a switchboard's number, a company's account.
    pub shared: u64,
    /// How often a record's party has nothing but a device's or a connection's marks. Not in `about`.
    pub devices_alone: u64,
    /// Their different values.
    pub devices: Vec<Counted>,
    /// `about` by subject: first where it can't be told, then in the annex's order (the 31st and those behind it together). Who is in
    /// the data of several counts in each.
    pub subjects: Vec<u64>,
}

impl Count {
    /// How many, and of which subjects (`ids`, in the annex's order) where that can be told: `about 14 people: 1 [client], 13 [contact]`.
    pub fn told(&self, ids: &[&str]) -> String {
        let of = self.subjects.iter().skip(1).zip(ids).filter(|(n, _)| **n > 0);
        let untold = self.subjects.first().filter(|n| **n > 0 && ids.len() > 1).map(|n| (n, &"not told"));
        let of: Vec<String> = of.chain(untold).map(|(n, id)| format!("{n} [{id}]")).collect();
        let by = if of.is_empty() { String::new() } else { format!(": {}", of.join(", ")) };
        format!("about {}{by}", persons(self.about))
    }
}

/// `1 person`, `2 people`.
pub fn persons(n: u64) -> String {
    if n == 1 { "1 person".into() } else { format!("{n} people") }
}

#[cfg(test)]
mod tests;
