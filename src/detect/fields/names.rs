//! What a field's name says: worked out once a name, from the rules' names, and kept.

use super::memory::Quick;
use super::words::Words;
use crate::patterns::fields::Needs;
use crate::patterns::{Matcher, RuleSet};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Names, folded.
type Table<T> = HashMap<Box<[u8]>, T, BuildHasherDefault<Quick>>;

/// The names of the rules and groups.
#[derive(Debug, Default)]
pub struct Names {
    /// Index into the rule set's rules, of fields only.
    rules: Table<Vec<u16>>,
    /// By name: rules that do not have it, although it ends in one of theirs.
    except: Table<Vec<u16>>,
    groups: Table<u128>,
    person: u128,
    neutral: u128,
    qualifier: u128,
    not: u128,
    prose: u128,
    /// One of the names is digits and nothing else.
    digits: bool,
    /// Letters and digits of the longest placeholder, in plural.
    longest_placeholder: usize,
}

/// By how many bytes a plural is longer at most: see [`singular`].
const PLURAL: usize = 1;

/// What a name says.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The rules that have it among their names, the likelier first.
    pub rules: Vec<u16>,
    /// The groups to which it belongs, as an object's or a neighbour's name.
    pub groups: u128,
    /// The groups of the words before the part that the rules have: `customer` in `customer_name`.
    pub prefix: u128,
    /// One of the rules counts as a word beside the value.
    pub armed: bool,
    /// One of them may make findings.
    pub finds: bool,
    /// It names what somebody has written or said: `text`, `message_body`.
    pub prose: bool,
}

impl Names {
    pub fn new(set: &RuleSet) -> Names {
        let mut names = Names {
            person: set.group_bit("person"),
            neutral: set.group_bit("neutral"),
            qualifier: set.group_bit("qualifier"),
            not: set.group_bit("not"),
            prose: set.group_bit("prose"),
            ..Names::default()
        };
        for (i, group) in set.groups().iter().enumerate() {
            for w in group.names.iter().filter_map(|n| Words::new(n.as_bytes())) {
                *names.groups.entry(w.all().into()).or_default() |= 1 << i;
            }
        }
        for (i, rule) in set.rules().iter().enumerate() {
            let Matcher::Field(field) = &rule.matcher else { continue };
            for w in field.except.iter().filter_map(|n| Words::new(n.as_bytes())) {
                names.except.entry(w.all().into()).or_default().push(i as u16);
            }
            for w in field.names.iter().filter_map(|n| Words::new(n.as_bytes())) {
                let rules = names.rules.entry(w.all().into()).or_default();
                if rules.last() != Some(&(i as u16)) {
                    rules.push(i as u16);
                }
                if field.member != 0 {
                    *names.groups.entry(w.all().into()).or_default() |= field.member;
                }
            }
        }
        let placeholder = set.group_bit("placeholder");
        let placeholders = names.groups.iter().filter(|(_, groups)| **groups & placeholder != 0);
        names.longest_placeholder = placeholders.map(|(name, _)| name.len() + PLURAL).max().unwrap_or(0);
        names.digits = names.rules.keys().chain(names.groups.keys()).any(|name| name.iter().all(u8::is_ascii_digit));
        names
    }

    /// Whether `value` can't be a name, nor have a word that is one, since it is ASCII without letters.
    pub fn has_no_letters(&self, value: &[u8]) -> bool {
        !self.digits && value.iter().all(|b| b.is_ascii() && !b.is_ascii_alphabetic())
    }

    /// Whether `value` can't be one of the group `placeholder`: it has no letters, or too many.
    pub fn is_no_placeholder(&self, value: &[u8]) -> bool {
        let word = |b: &&u8| b.is_ascii_alphanumeric();
        value.is_ascii() && value.iter().filter(word).count() > self.longest_placeholder || self.has_no_letters(value)
    }

    /// Whether a field has this name: as a value it is a label.
    pub fn is_name(&self, words: &Words) -> bool {
        self.rules.contains_key(words.all()) || singular(words.all()).is_some_and(|s| self.rules.contains_key(s))
    }

    /// The groups of a word or name.
    pub fn groups(&self, folded: &[u8]) -> u128 {
        let of = |name: &[u8]| self.groups.get(name).copied().unwrap_or(0);
        of(folded) | singular(folded).map_or(0, of)
    }

    /// What the field name `key` says.
    pub fn say(&self, key: &[u8], set: &RuleSet) -> Said {
        let Some(w) = Words::new(key) else { return Said::default() };
        let mut said = Said { groups: self.groups(w.all()), ..Said::default() };
        said.prose = (said.groups | self.groups(w.word(w.count() - 1))) & self.prose != 0;
        // `phone_mobile`, `email2`: what comes after changes nothing.
        let mut to = w.count();
        loop {
            for from in 0..to {
                self.add(&w, from, to, set, &mut said);
            }
            if let Some(not) = self.except.get(w.joined(0, to)) {
                said.rules.retain(|r| !not.contains(r));
            }
            if !said.rules.is_empty() {
                return said;
            }
            if to == w.count() && to == 1 {
                self.glued(&w, set, &mut said);
            }
            let last = w.word(to - 1);
            let drops = last.iter().all(u8::is_ascii_digit) || self.groups(last) & self.qualifier != 0;
            if to == 1 || !drops {
                return said;
            }
            to -= 1;
            said.groups |= self.groups(w.joined(0, to));
        }
    }

    /// Adds the rules for the words `from..to`, if the words before them allow it.
    fn add(&self, w: &Words, from: usize, to: usize, set: &RuleSet, said: &mut Said) {
        let name = w.joined(from, to);
        let found = |n: &[u8]| self.rules.get(n);
        let Some(rules) = found(name).or_else(|| singular(name).and_then(found)) else { return };
        let whole = if from > 1 { self.groups(w.joined(0, from)) } else { 0 };
        let before = || (0..from).map(|i| self.groups(w.word(i)));
        let prefix = before().fold(whole, |all, g| all | g);
        if prefix & self.not != 0 && whole & self.person == 0 {
            return;
        }
        let count = said.rules.len();
        for &r in rules {
            let Matcher::Field(field) = &set.rules()[r as usize].matcher else { continue };
            let plain = self.person | self.neutral | field.parents;
            let known = from == 0 || whole & plain != 0 || before().all(|g| g & plain != 0);
            let bare = from == 0 && to == w.count();
            if (known || field.needs == Needs::Nothing) && (bare || !field.exact) && !said.rules.contains(&r) {
                said.rules.push(r);
            }
        }
        if said.rules.len() > count {
            said.prefix |= prefix;
            // `customer_email` stands for `email` as evidence, too.
            said.groups |= self.groups(name);
        }
    }

    /// `customeremail`, `kundenname`: a word for somebody and a name, written together.
    fn glued(&self, w: &Words, set: &RuleSet, said: &mut Said) {
        let name = w.all();
        for cut in 4..name.len().saturating_sub(3) {
            if self.groups.get(&name[..cut]).copied().unwrap_or(0) & self.person == 0 {
                continue;
            }
            if let Some(rules) = self.rules.get(&name[cut..]) {
                let prefix = self.groups(&name[..cut]);
                let allowed = |r: &&u16| matches!(&set.rules()[**r as usize].matcher, Matcher::Field(f) if !f.exact);
                said.rules.extend(rules.iter().filter(allowed));
                said.prefix = prefix;
                return;
            }
        }
    }
}

/// A name in the singular: `emails`.
fn singular(name: &[u8]) -> Option<&[u8]> {
    name.strip_suffix(b"s").filter(|n| n.len() >= 3 && !n.ends_with(b"s"))
}
