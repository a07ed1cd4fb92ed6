//! Which values join people: none that stands with values of several that are stronger. Decided when all is there, from the strongest
//! values to the weakest, so that the order in which records come changes nothing.

use super::{Graph, Rank, SHARED, Tier};

/// So many e-mail addresses, or accounts of one field, a person may have had: what tells people apart best may join them.
const CHANGES: usize = 3;

/// Which values hang together.
#[derive(Debug)]
pub(super) struct Joined {
    /// By value: the number of what it hangs together with.
    pub of: Vec<u32>,
    /// By value: whether it joins.
    pub joins: Vec<bool>,
    /// What stands with each, and where that begins.
    near: Vec<u32>,
    begin: Vec<u32>,
}

impl Joined {
    /// What stands with a value.
    pub fn beside(&self, n: usize) -> &[u32] {
        &self.near[self.begin[n] as usize..self.begin[n + 1] as usize]
    }

    fn root(&mut self, mut n: u32) -> u32 {
        while self.of[n as usize] != n {
            self.of[n as usize] = self.of[self.of[n as usize] as usize];
            n = self.of[n as usize];
        }
        n
    }
}

impl Graph {
    /// Joins what is one person's.
    pub(super) fn joined(&self) -> Joined {
        let mut joined = self.apart();
        for level in 0..=Rank::Local.level() {
            let here = |n: usize| self.list[n].rank.level() == level;
            let several: Vec<usize> = (0..self.list.len())
                .filter(|n| here(*n) && joined.joins[*n] && self.several(&mut joined, *n))
                .collect();
            several.into_iter().for_each(|n| joined.joins[n] = false);
            for (a, b) in &self.edges {
                let weaker = self.list[*a as usize].rank.max(self.list[*b as usize].rank);
                if weaker.level() == level && joined.joins[*a as usize] && joined.joins[*b as usize] {
                    let (a, b) = (joined.root(*a), joined.root(*b));
                    // The lower one, so that the order in which edges come changes nothing.
                    joined.of[a.max(b) as usize] = a.min(b);
                }
            }
        }
        for n in 0..self.list.len() as u32 {
            joined.of[n as usize] = joined.root(n);
        }
        joined
    }

    /// Each value by itself.
    fn apart(&self) -> Joined {
        let mut begin = vec![0u32; self.list.len() + 1];
        let both = || self.edges.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]);
        both().for_each(|(a, _)| begin[a as usize + 1] += 1);
        (1..begin.len()).for_each(|i| begin[i] += begin[i - 1]);
        let (mut next, mut near) = (begin.clone(), vec![0; self.edges.len() * 2]);
        for (a, b) in both() {
            near[next[a as usize] as usize] = b;
            next[a as usize] += 1;
        }
        let joins = self.list.iter().map(|n| n.tier == Tier::Own && n.near <= SHARED && !n.several);
        Joined { of: (0..self.list.len() as u32).collect(), joins: joins.collect(), near, begin }
    }

    /// Whether the value stands with several people's.
    fn several(&self, joined: &mut Joined, n: usize) -> bool {
        let rank = self.list[n].rank;
        let judges = |b: u32| {
            let other = &self.list[b as usize];
            let (theirs, own) = (other.rank.level(), rank.level());
            // A number and a list's id judge each other.
            theirs < own || theirs == own && (own == 0 || other.rank != rank)
        };
        let mut by: Vec<u32> = joined.beside(n).iter().copied().filter(|b| judges(*b)).collect();
        let most = if rank == Rank::Strong { CHANGES } else { 1 };
        if by.len() <= most {
            return false;
        }
        by.sort_unstable_by_key(|b| self.list[*b as usize].kind);
        by.chunk_by(|a, b| self.list[*a as usize].kind == self.list[*b as usize].kind).any(|of_kind| {
            let mut people: Vec<u32> = of_kind.iter().map(|b| joined.root(*b)).collect();
            // What stands in one record is one's before anything was joined.
            if rank == Rank::Strong {
                for i in 0..of_kind.len() {
                    for j in 0..i {
                        let (a, b) = (of_kind[i].min(of_kind[j]), of_kind[i].max(of_kind[j]));
                        if self.edges.contains(&(a, b)) {
                            let (from, to) = (people[i], people[j]);
                            people.iter_mut().filter(|p| **p == from).for_each(|p| *p = to);
                        }
                    }
                }
            }
            people.sort_unstable();
            people.dedup();
            people.len() > most
        })
    }

    /// Whether a value that may be several people's stands for somebody who is counted nowhere else.
    pub(super) fn counts(&self, joined: &Joined, n: usize) -> bool {
        let order = |n: usize| (self.list[n].rank, self.list[n].key);
        let first = |b: &u32| {
            let b = *b as usize;
            !joined.joins[b] && order(n) < order(b)
        };
        joined.joins[n] || !self.list[n].several && joined.beside(n).iter().all(first)
    }
}
