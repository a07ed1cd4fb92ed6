//! How many people data is about, told by identifiers: an e-mail address, a phone number and an account that stand in one record as
//! one party's belong to one person, and so does whatever stands with one of them elsewhere.
//!
//! Counted are values that fields hold as a whole; what is only said in texts may be somebody else's and is counted apart. Names
//! tell people where nothing better does. Memory does not grow with the data: beyond so many values people are sampled.

mod graph;
mod party;
mod value;

use super::fields::Tally;
use super::observed::Distinct;
use crate::model::{Category, EntityType};
use crate::patterns::RuleSet;
pub use graph::LIMIT;
use graph::{Graph, Id, Rank, Tier};
use party::{Party, Shape, Word};
use serde::Serialize;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
pub use value::Told;

/// Values of one record that are looked at together; records that are remembered.
const TOGETHER: usize = 4096;
const REMEMBERED: usize = 8192;

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
    /// What its value tells.
    pub value: Told,
    /// The number of its input, and of its record there.
    pub record: (u64, u64),
    /// The number of its field, and its name, array indices as `*`.
    pub field: u32,
    /// As above.
    pub name: Option<&'a str>,
    /// The indices.
    pub indices: &'a [u64],
    /// It is all that its field holds.
    pub whole: bool,
    /// The annex's subject whose data it is.
    pub subject: Option<usize>,
    /// What stands beside it says that it is a program's.
    pub bot: bool,
}

/// A value of the record at hand.
#[derive(Debug, Clone, Copy)]
struct Value {
    party: Party,
    kind: Kind,
    entity: u16,
    hash: u64,
    /// What it is as an identifier: one that means something in its own list only is another in each.
    id: Id,
    subjects: u32,
}

/// What a field tells.
#[derive(Debug, Clone)]
struct Field {
    shape: Shape,
    /// The hash of its name, and that with the number of an input.
    hash: u64,
    list: (u64, u64),
}

/// Counts people while findings pass.
#[derive(Debug, Clone)]
pub struct People {
    kinds: Vec<Kind>,
    /// Whose ids may mean something in their own list only.
    account: Option<EntityType>,
    graph: Graph,
    record: Option<(u64, u64)>,
    /// Somebody's values, and those that are only mentioned: their keys and subjects.
    together: Vec<Value>,
    mentioned: Vec<(u64, u32)>,
    /// What parties consist of.
    words: Vec<Word>,
    parties: Vec<Party>,
    /// By a record's fingerprint: the last that was taken with all its values. Those of a conversation come again with every message,
    /// and what is known tells nothing new.
    taken: Vec<u64>,
    /// By number.
    fields: Vec<Option<Field>>,
    by: BTreeMap<u16, By>,
    devices: BTreeMap<u16, Distinct>,
    /// Records' parties of whom only a device is known.
    devices_alone: u64,
}

#[derive(Debug, Clone, Default)]
struct By {
    distinct: Distinct,
    fields: Tally,
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
            mentioned: Vec::new(),
            words: Vec::new(),
            parties: Vec::new(),
            taken: vec![0; REMEMBERED],
            fields: Vec::new(),
            by: BTreeMap::new(),
            devices: BTreeMap::new(),
            devices_alone: 0,
        }
    }

    /// Numbers of fields are given anew.
    pub fn forget_fields(&mut self) {
        self.fields.clear();
        self.by.values_mut().for_each(|by| by.fields.forget());
    }

    /// Counts a finding. Those of one record come one after the other.
    pub fn add(&mut self, seen: &Seen<'_>) {
        let kind = self.kinds.get(seen.entity.index()).copied().unwrap_or(Kind::Other);
        if kind == Kind::Other || seen.bot || seen.value.role {
            return;
        }
        let values = |people: &People| people.together.len() + people.mentioned.len();
        if self.record.replace(seen.record) != Some(seen.record) || values(self) >= TOGETHER {
            self.settle();
        }
        let values = values(self);
        let field = seen.field as usize;
        if field >= self.fields.len() {
            self.fields.resize(field + 1, None);
        }
        let field = self.fields[field].get_or_insert_with(|| Field::of(seen.name));
        let is_identifier = matches!(kind, Kind::Identifier(_));
        let party = match field.shape.party(seen.indices, &mut self.words).filter(|_| seen.name.is_some()) {
            Some((party, _)) if seen.whole => Some(party),
            // `from` and `to`, as e-mail has them, hold names and several.
            Some((party, true)) if is_identifier => Some(party.listed(values, &mut self.words)),
            _ => None,
        };
        let id = match kind {
            Kind::Identifier(rank) => field.identifier(seen, rank, self.account == Some(seen.entity)),
            _ if party.is_none() => return, // a name or an address that somebody mentions
            _ => Id { key: seen.value.hash, rank: Rank::Local, kind: 0 },
        };
        // The subjects of an annex as bits; it can't be told: the lowest. The last is for all from the 31st on.
        let subjects = 1 << seen.subject.map_or(0, |s| (s + 1).min(31));
        let (entity, hash) = (seen.entity.index() as u16, seen.value.hash);
        let Some(party) = party else {
            self.mentioned.push((key(entity, hash), subjects));
            return;
        };
        if is_identifier {
            let by = self.by.entry(entity).or_default();
            by.distinct.add(hash);
            by.fields.add(seen.field, seen.name.unwrap_or_default());
        }
        self.together.push(Value { party, kind, entity, hash, id, subjects });
    }

    /// Takes what the record at hand holds of each party.
    fn settle(&mut self) {
        if self.together.is_empty() && self.mentioned.is_empty() {
            self.words.clear();
            return;
        }
        self.parties.clear();
        self.parties.extend(self.together.iter().map(|v| v.party));
        let several = party::settle(&self.words, &mut self.parties);
        self.together.iter_mut().zip(&self.parties).for_each(|(v, p)| v.party = *p);
        let fingerprint = self.fingerprint();
        let place = (fingerprint >> 32) as usize % REMEMBERED;
        if self.taken[place] != fingerprint && self.take(several) {
            self.taken[place] = fingerprint;
        }
        self.together.clear();
        self.mentioned.clear();
        self.words.clear();
    }

    /// Adds the record's values to the graph. Whether the same would add nothing if they came again: none was left out of a sample,
    /// and nothing is counted by how often it stands.
    fn take(&mut self, several: bool) -> bool {
        let halved = self.graph.halved();
        let mut all = true;
        for (key, subjects) in self.mentioned.drain(..) {
            all &= self.graph.one(key, Tier::Mentioned, subjects);
        }
        let mut together = std::mem::take(&mut self.together);
        let words = std::mem::take(&mut self.words);
        if several {
            together.sort_by(|a, b| a.party.of(&words).cmp(b.party.of(&words)));
        }
        for of_one in together.chunk_by(|a, b| !several || a.party.of(&words) == b.party.of(&words)) {
            all &= self.party_of(of_one);
        }
        (self.together, self.words) = (together, words);
        all && self.graph.halved() == halved
    }

    /// What the record at hand comes to, whatever its fields and values are called. Values are told apart by their hashes everywhere.
    fn fingerprint(&self) -> u64 {
        let mut sum = u64::from(self.graph.halved()) + 1;
        let mut add = |n: u64| sum = (sum.rotate_left(5) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for (key, subjects) in &self.mentioned {
            add(*key);
            add(u64::from(*subjects));
        }
        for v in &self.together {
            let words = v.party.of(&self.words);
            add(v.hash);
            add(v.id.key);
            add(u64::from(v.id.kind) << 16 | u64::from(v.entity));
            add(u64::from(v.subjects) << 32 | (v.id.rank as u64) << 24 | words.len() as u64);
            words.iter().for_each(|word| add(word.number()));
        }
        // Those that are mentioned and those that are somebody's own may change places.
        add(self.mentioned.len() as u64);
        // Nothing has been taken where there is nothing.
        sum | 1
    }

    /// What one record holds of one party. Whether all of it is known from now on.
    fn party_of(&mut self, values: &[Value]) -> bool {
        let of = |kind| values.iter().filter(move |v| v.kind == kind);
        let subjects = values.iter().fold(0, |all, v| all | v.subjects);
        let subjects = told(subjects);
        // A first and a last name make one, in whichever order: hashes of names are sums of those of their words.
        let name = of(Kind::Name).map(|v| v.hash).reduce(u64::wrapping_add).map(|sum| key(u16::MAX, sum));
        let identifiers = values.iter().filter(|v| matches!(v.kind, Kind::Identifier(_)));
        let identifiers: Vec<Id> = identifiers.map(|v| v.id).collect();
        if !identifiers.is_empty() {
            let all = self.graph.person(&identifiers, subjects);
            name.iter().fold(all, |all, n| self.graph.one(*n, Tier::Covered, subjects) && all)
        } else if let Some(name) = name {
            self.graph.one(name, Tier::Named, subjects)
        } else {
            self.devices_alone += 1;
            of(Kind::Device).for_each(|v| self.devices.entry(v.entity).or_default().add(v.hash));
            false
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
            self.by.iter().map(|(e, by)| Counted::of(rules, *e, &by.distinct, by.fields.named())).collect();
        by.sort_by(|a, b| b.values.cmp(&a.values).then_with(|| a.entity.cmp(&b.entity)));
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
            devices: self.devices.iter().map(|(e, d)| Counted::of(rules, *e, d, BTreeMap::new())).collect(),
            subjects: (0..=subjects.min(31)).map(|s| round(told.people.of[s]) + round(told.named.of[s])).collect(),
        }
    }
}

/// Of the bits of subjects those that were told, if any was.
fn told(subjects: u32) -> u32 {
    if subjects > 1 { subjects & !1 } else { subjects }
}

impl Field {
    fn of(name: Option<&str>) -> Field {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        Field { shape: name.map(Shape::of).unwrap_or_default(), hash: hasher.finish(), list: (u64::MAX, 0) }
    }

    /// A finding as an identifier.
    fn identifier(&mut self, seen: &Seen<'_>, rank: Rank, account: bool) -> Id {
        let (entity, hash, input) = (seen.entity.index() as u16, seen.value.hash, seen.record.0);
        if rank != Rank::Strong || seen.value.at {
            return Id { key: key(entity, hash), rank, kind: u32::from(entity) };
        }
        if !account || !seen.value.local {
            return Id { key: key(entity, hash), rank, kind: key(entity, self.hash) as u32 };
        }
        if self.list.0 != input {
            let mut hasher = DefaultHasher::new();
            (seen.name, input).hash(&mut hasher);
            self.list = (input, hasher.finish());
        }
        let list = self.list.1;
        Id { key: key(entity, hash ^ list), rank: Rank::Local, kind: key(entity, list) as u32 }
    }
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
    fn of(rules: &RuleSet, entity: u16, distinct: &Distinct, fields: BTreeMap<String, u64>) -> Counted {
        let (values, exact) = distinct.count();
        let entity = rules.entities()[usize::from(entity)].name.clone();
        Counted { entity, values, exact, fields }
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
