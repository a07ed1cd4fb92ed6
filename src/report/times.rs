//! Counts by time in spans that grow with it: however long a recording is, there are as many.

/// The most spans.
const SPANS: usize = 32;
/// Seconds of a span: each divides a later one, so that spans are put together and never cut.
const STEPS: [u64; 12] = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

/// Findings by time, from 0.
#[derive(Debug)]
pub struct Times {
    step: u64,
    counts: Vec<u64>,
}

impl Default for Times {
    fn default() -> Self {
        Times { step: STEPS[0], counts: Vec::new() }
    }
}

impl Times {
    /// Counts a finding at so many seconds. What is before the beginning counts as there.
    pub fn add(&mut self, seconds: f64) {
        // The cast saturates, and takes what is no number for 0.
        let at = seconds as u64;
        while at / self.step >= SPANS as u64 {
            self.widen();
        }
        let i = (at / self.step) as usize;
        if i >= self.counts.len() {
            self.counts.resize(i + 1, 0);
        }
        self.counts[i] += 1;
    }

    fn widen(&mut self) {
        let longer = |s: &&u64| **s > self.step && (**s).is_multiple_of(self.step);
        let step = STEPS.iter().find(longer).copied().unwrap_or(self.step.saturating_mul(2));
        let group = (step / self.step).max(1) as usize;
        self.counts = self.counts.chunks(group).map(|c| c.iter().sum()).collect();
        self.step = step;
    }

    /// From and to which second, and how many; all spans from 0 to the last that has any.
    pub fn spans(&self) -> Vec<(u64, u64, u64)> {
        let span = |(i, n): (usize, &u64)| (i as u64 * self.step, (i as u64 + 1).saturating_mul(self.step), *n);
        self.counts.iter().enumerate().map(span).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_grow() {
        let mut t = Times::default();
        t.add(0.5);
        t.add(31.9);
        assert_eq!((t.spans().len(), t.spans()[31]), (32, (31, 32, 1)));
        t.add(32.0);
        assert_eq!(t.spans()[6], (30, 35, 2));
        t.add(f64::MAX);
        t.add(f64::NAN);
        t.add(-1.0);
        assert_eq!(t.spans().iter().map(|s| s.2).sum::<u64>(), 6);
    }

    proptest! {
        #[test]
        fn each_is_counted_where_it_is(at in proptest::collection::vec(0u64..1_000_000, 0..50)) {
            let mut t = Times::default();
            at.iter().for_each(|s| t.add(*s as f64));
            prop_assert!(t.spans().len() <= SPANS);
            for (from, to, n) in t.spans() {
                prop_assert_eq!(n, at.iter().filter(|s| (from..to).contains(s)).count() as u64);
            }
        }
    }
}
