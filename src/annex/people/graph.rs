//! Who is one: values as nodes, standing together as edges; people are what hangs together. Beyond a limit people are sampled.

mod join;

use std::collections::{HashMap, HashSet};

/// Values that are kept: some 300,000 people with three identifiers each are counted exactly, in about 100 MB.
pub const LIMIT: usize = 1 << 20;

/// A value that stands with more others, as strong as it is or stronger, than this is nobody's own: it joins nobody.
const SHARED: u8 = 24;
/// Of so many values of one party all stand with all; of more the first with each.
const CLIQUE: usize = 6;

/// What a value tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// It stands in texts only.
    Mentioned,
    /// A name without an identifier.
    Named,
    /// A name that stands with an identifier somewhere: that tells who it is.
    Covered,
    /// Somebody's identifier.
    Own,
}

/// How well an identifier tells people apart, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A platform's or a state's id, an e-mail address.
    Strong,
    /// A user name, a profile.
    Middle,
    /// A number that a household or an office may share.
    Phone,
    /// An id that means something in its own list only.
    Local,
}

impl Rank {
    /// Those of one level are judged by the levels before it.
    fn level(self) -> u8 {
        match self {
            Rank::Strong => 0,
            Rank::Middle => 1,
            Rank::Phone | Rank::Local => 2,
        }
    }
}

/// An identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id {
    pub key: u64,
    pub rank: Rank,
    /// Of one kind a person has one, as a rule.
    pub kind: u32,
}

#[derive(Debug, Clone)]
struct Node {
    key: u64,
    subjects: u32,
    kind: u32,
    /// With how many others it stands, as strong as it is or stronger.
    near: u8,
    tier: Tier,
    rank: Rank,
    /// Found to be several people's before people were sampled anew.
    several: bool,
}

/// A bounded graph of values.
///
/// Sampling: keys are spread evenly, and a person is in the sample if any key of theirs lies in the lowest 1 / 2^k of the range. What
/// stands with a value of the sample is kept, so that it is known how many keys n a person has (of the strongest there are: what is weak
/// may turn out to be several people's); one with n keys is in the sample with the probability p = 1 - (1 - 2^-k)^n and stands for 1 / p people (Horvitz and Thompson, 1952). With k = 0 all are there, each for one.
#[derive(Debug, Clone)]
pub(super) struct Graph {
    limit: usize,
    halved: u32,
    nodes: HashMap<u64, u32>,
    list: Vec<Node>,
    edges: HashSet<(u32, u32)>,
}

/// A sum over people: of all, and by subject.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    pub all: f64,
    pub of: [f64; 32],
}

impl Sum {
    fn add(&mut self, weight: f64, subjects: u32) {
        self.all += weight;
        for (s, n) in self.of.iter_mut().enumerate() {
            *n += if subjects >> s & 1 == 1 { weight } else { 0.0 };
        }
    }
}

/// What was counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub people: Sum,
    pub named: Sum,
    pub mentioned: Sum,
    pub shared: u64,
    pub exact: bool,
    /// Twice the standard error of people and names, in percent.
    pub error: f64,
}

/// What hangs together.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Of the strongest rank, and whether one of them is in the sample.
    keys: u32,
    sampled: bool,
    rank: Rank,
    /// Any is in the sample: the strongest may be known by that alone.
    stays: bool,
    subjects: u32,
}

impl Graph {
    pub fn new(limit: usize) -> Graph {
        Graph { limit, halved: 0, nodes: HashMap::new(), list: Vec::new(), edges: HashSet::new() }
    }

    fn sampled(&self, key: u64) -> bool {
        key.leading_zeros() >= self.halved
    }

    /// How often the sample was halved.
    pub fn halved(&self) -> u32 {
        self.halved
    }

    /// Values that are one person's. Whether they are in the sample.
    pub fn person(&mut self, ids: &[Id], subjects: u32) -> bool {
        let joins =
            |key| self.nodes.get(key).map(|n| &self.list[*n as usize]).is_some_and(|n| n.near <= SHARED && !n.several);
        if !ids.iter().any(|i| self.sampled(i.key) || joins(&i.key)) {
            return false;
        }
        let ids: Vec<u32> = ids.iter().map(|i| self.own(i, subjects)).collect();
        let from = if ids.len() <= CLIQUE { ids.len() } else { 1 };
        for (i, a) in ids.iter().enumerate().take(from) {
            for b in ids[i + 1..].iter().filter(|b| *b != a) {
                self.edge(*a.min(b), *a.max(b));
            }
        }
        self.shrink();
        true
    }

    /// A value that joins nobody. Whether it is in the sample.
    pub fn one(&mut self, key: u64, tier: Tier, subjects: u32) -> bool {
        let sampled = self.sampled(key) || self.nodes.contains_key(&key);
        if sampled {
            self.node(key, tier, subjects);
            self.shrink();
        }
        sampled
    }

    fn own(&mut self, id: &Id, subjects: u32) -> u32 {
        let n = self.node(id.key, Tier::Own, subjects);
        let node = &mut self.list[n as usize];
        // The lower one, so that the order in which values come changes nothing.
        (node.rank, node.kind) = (node.rank.min(id.rank), node.kind.min(id.kind));
        n
    }

    fn node(&mut self, key: u64, tier: Tier, subjects: u32) -> u32 {
        let next = self.list.len() as u32;
        let n = *self.nodes.entry(key).or_insert(next);
        if n == next {
            let (rank, kind) = (Rank::Local, u32::MAX);
            self.list.push(Node { key, subjects: 0, kind, near: 0, tier, rank, several: false });
        }
        let node = &mut self.list[n as usize];
        // Where it is only mentioned, it isn't of the data's subject.
        node.subjects = match tier.cmp(&node.tier) {
            std::cmp::Ordering::Less => node.subjects,
            std::cmp::Ordering::Equal => node.subjects | subjects,
            std::cmp::Ordering::Greater => subjects,
        };
        node.tier = node.tier.max(tier);
        n
    }

    fn edge(&mut self, a: u32, b: u32) {
        let shared = [a, b].iter().any(|n| self.list[*n as usize].near > SHARED);
        if !shared && self.edges.insert((a, b)) {
            let (of_a, of_b) = (self.list[a as usize].rank, self.list[b as usize].rank);
            self.list[a as usize].near += u8::from(of_b.level() <= of_a.level());
            self.list[b as usize].near += u8::from(of_a.level() <= of_b.level());
        }
    }

    /// Keeps fewer people where there are too many.
    fn shrink(&mut self) {
        if self.list.len() <= self.limit && self.edges.len() <= self.limit * 7 / 4 {
            return;
        }
        while self.halved < 63 && (self.list.len() > self.limit * 3 / 4 || self.edges.len() > self.limit) {
            self.halved += 1;
            let joined = self.joined();
            let parts = self.parts(&joined);
            let theirs = |n: u32| parts[joined.of[n as usize] as usize].stays;
            let stays = |(i, n): (usize, &Node)| match n.tier {
                // What is several people's is known to be so as long as one of them is there.
                Tier::Own if !joined.joins[i] => {
                    n.near > SHARED || self.sampled(n.key) || joined.beside(i).iter().any(|b| theirs(*b))
                }
                Tier::Own => theirs(i as u32),
                _ => self.sampled(n.key),
            };
            let stays: Vec<bool> = self.list.iter().enumerate().map(stays).collect();
            for (node, joins) in self.list.iter_mut().zip(&joined.joins) {
                node.several |= !joins && node.tier == Tier::Own;
            }
            self.keep(&stays);
        }
    }

    fn keep(&mut self, stays: &[bool]) {
        let mut next = 0;
        let place: Vec<u32> = stays
            .iter()
            .map(|s| {
                next += u32::from(*s);
                next.wrapping_sub(1)
            })
            .collect();
        let mut i = 0;
        self.list.retain(|_| {
            i += 1;
            stays[i - 1]
        });
        self.nodes.retain(|_, n| {
            let stayed = stays[*n as usize];
            *n = place[*n as usize];
            stayed
        });
        let kept = |n: u32| stays[n as usize];
        let edges = self.edges.drain().filter(|(a, b)| kept(*a) && kept(*b));
        self.edges = edges.map(|(a, b)| (place[a as usize], place[b as usize])).collect();
    }

    /// What values that hang together come to, by their number.
    fn parts(&self, joined: &join::Joined) -> Vec<Part> {
        let none = Part { keys: 0, sampled: false, rank: Rank::Local, stays: false, subjects: 0 };
        let mut parts = vec![none; self.list.len()];
        for (node, of) in self.list.iter().zip(&joined.of) {
            let (part, sampled) = (&mut parts[*of as usize], self.sampled(node.key));
            part.subjects |= node.subjects;
            part.stays |= sampled;
            match node.rank.cmp(&part.rank) {
                std::cmp::Ordering::Greater => {}
                std::cmp::Ordering::Equal => (part.keys, part.sampled) = (part.keys + 1, part.sampled | sampled),
                std::cmp::Ordering::Less => (part.keys, part.sampled, part.rank) = (1, sampled, node.rank),
            }
        }
        parts
    }

    /// Counts what there is.
    pub fn count(&self) -> Told {
        let share = 0.5f64.powi(self.halved as i32);
        // 1 - (1 - share)^n, where share may be tiny.
        let chance = |n: u32| if self.halved == 0 { 1.0 } else { -(f64::from(n) * (-share).ln_1p()).exp_m1() };
        let joined = self.joined();
        let parts = self.parts(&joined);
        let mut told = Told { exact: self.halved == 0, ..Told::default() };
        let mut variance = 0.0;
        let mut count = |sum: &mut Sum, keys: u32, subjects: u32| {
            let p = chance(keys);
            sum.add(1.0 / p, super::told(subjects));
            variance += (1.0 - p) / (p * p);
        };
        for (i, node) in self.list.iter().enumerate() {
            match node.tier {
                Tier::Own => {
                    told.shared += u64::from(!joined.joins[i]);
                    let part = &parts[i];
                    if joined.of[i] as usize == i && part.sampled && self.counts(&joined, i) {
                        count(&mut told.people, part.keys, part.subjects);
                    }
                }
                Tier::Named if self.sampled(node.key) => count(&mut told.named, 1, node.subjects),
                Tier::Mentioned if self.sampled(node.key) => told.mentioned.add(1.0 / share, node.subjects),
                _ => {}
            }
        }
        let counted = told.people.all + told.named.all;
        told.error = if counted > 0.0 { (2.0 * f64::sqrt(variance) / counted * 1000.0).round() / 10.0 } else { 0.0 };
        told
    }
}

#[cfg(test)]
impl Graph {
    /// Values that are kept.
    pub fn size(&self) -> usize {
        self.list.len()
    }
}
