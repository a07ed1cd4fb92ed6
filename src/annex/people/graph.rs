//! Who is one: values as nodes, standing together as edges; people are what hangs together. Beyond a limit people are sampled.

use std::collections::{HashMap, HashSet};

/// Values that are kept: some 300,000 people with three identifiers each are counted exactly, in about 100 MB.
pub const LIMIT: usize = 1 << 20;

/// A value that stands with more others than this is nobody's own: it joins nobody.
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

#[derive(Debug, Clone)]
struct Node {
    key: u64,
    subjects: u32,
    /// With how many others it stands.
    near: u8,
    tier: Tier,
}

/// A bounded graph of values.
///
/// Sampling: keys are spread evenly, and a person is in the sample if any key of theirs lies in the lowest 1 / 2^k of the range. What
/// stands with a value of the sample is kept, so that it is known how many keys n a person has; one with n keys is in the sample with the
/// probability p = 1 - (1 - 2^-k)^n and stands for 1 / p people (Horvitz and Thompson, 1952). With k = 0 all are there, each for one.
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
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    keys: u32,
    subjects: u32,
    sampled: bool,
}

impl Graph {
    pub fn new(limit: usize) -> Graph {
        Graph { limit, halved: 0, nodes: HashMap::new(), list: Vec::new(), edges: HashSet::new() }
    }

    fn sampled(&self, key: u64) -> bool {
        key.leading_zeros() >= self.halved
    }

    /// Values that are one person's.
    pub fn person(&mut self, keys: &[u64], subjects: u32) {
        let joins = |key| self.nodes.get(key).is_some_and(|n| self.list[*n as usize].near <= SHARED);
        if !keys.iter().any(|k| self.sampled(*k) || joins(k)) {
            return;
        }
        let ids: Vec<u32> = keys.iter().map(|k| self.node(*k, Tier::Own, subjects)).collect();
        let from = if ids.len() <= CLIQUE { ids.len() } else { 1 };
        for (i, a) in ids.iter().enumerate().take(from) {
            for b in ids[i + 1..].iter().filter(|b| *b != a) {
                self.edge(*a.min(b), *a.max(b));
            }
        }
        self.shrink();
    }

    /// A value that joins nobody.
    pub fn one(&mut self, key: u64, tier: Tier, subjects: u32) {
        if self.sampled(key) || self.nodes.contains_key(&key) {
            self.node(key, tier, subjects);
            self.shrink();
        }
    }

    fn node(&mut self, key: u64, tier: Tier, subjects: u32) -> u32 {
        let next = self.list.len() as u32;
        let n = *self.nodes.entry(key).or_insert(next);
        if n == next {
            self.list.push(Node { key, subjects: 0, near: 0, tier });
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
            self.list[a as usize].near += 1;
            self.list[b as usize].near += 1;
        }
    }

    /// Keeps fewer people where there are too many.
    fn shrink(&mut self) {
        if self.list.len() <= self.limit && self.edges.len() <= self.limit * 7 / 4 {
            return;
        }
        while self.halved < 63 && (self.list.len() > self.limit * 3 / 4 || self.edges.len() > self.limit) {
            self.halved += 1;
            let (of, parts) = self.parts();
            let stays: Vec<bool> = self
                .list
                .iter()
                .enumerate()
                .map(|(i, n)| match n.tier {
                    Tier::Own => n.near > SHARED || parts[of[i] as usize].sampled,
                    _ => self.sampled(n.key),
                })
                .collect();
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

    /// By value: the number of what it hangs together with; and what that comes to, by number.
    fn parts(&self) -> (Vec<u32>, Vec<Part>) {
        let mut up: Vec<u32> = (0..self.list.len() as u32).collect();
        let root = |up: &mut Vec<u32>, mut n: u32| {
            while up[n as usize] != n {
                up[n as usize] = up[up[n as usize] as usize];
                n = up[n as usize];
            }
            n
        };
        for (a, b) in &self.edges {
            if [a, b].iter().all(|n| self.list[**n as usize].near <= SHARED) {
                let (a, b) = (root(&mut up, *a), root(&mut up, *b));
                // The lower one, so that the order in which edges come changes nothing.
                up[a.max(b) as usize] = a.min(b);
            }
        }
        let of: Vec<u32> = (0..up.len() as u32).map(|n| root(&mut up, n)).collect();
        let mut parts = vec![Part::default(); up.len()];
        for (node, of) in self.list.iter().zip(&of) {
            let part = &mut parts[*of as usize];
            part.keys += 1;
            part.subjects |= node.subjects;
            part.sampled |= self.sampled(node.key);
        }
        (of, parts)
    }

    /// Counts what there is.
    pub fn count(&self) -> Told {
        let share = 0.5f64.powi(self.halved as i32);
        // 1 - (1 - share)^n, where share may be tiny.
        let chance = |n: u32| if self.halved == 0 { 1.0 } else { -(f64::from(n) * (-share).ln_1p()).exp_m1() };
        let (of, parts) = self.parts();
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
                    told.shared += u64::from(node.near > SHARED);
                    let part = &parts[i];
                    if of[i] as usize == i && part.sampled {
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
