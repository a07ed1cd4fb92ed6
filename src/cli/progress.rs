//! The progress bar on a terminal's standard error, and `--stats` at the end.

use crate::pipeline::Totals;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Work that takes less shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows bytes, rate, findings and time left; nothing where standard error is no terminal.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    begun: Instant,
    findings: AtomicU64,
}

impl Progress {
    /// `total`: bytes to read, if that is known.
    pub fn new(total: Option<u64>, quiet: bool) -> Progress {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = match total {
                Some(n) => ProgressBar::with_draw_target(Some(n), ProgressDrawTarget::hidden()),
                None => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            };
            let form = if total.is_some() {
                "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {msg} {eta} left"
            } else {
                "{spinner} {bytes} {bytes_per_sec} {msg}"
            };
            bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Progress { bar, begun: Instant::now(), findings: AtomicU64::new(0) }
    }

    /// Some more bytes are worked off.
    pub fn add(&self, bytes: usize, findings: usize) {
        let findings = self.findings.fetch_add(findings as u64, Ordering::Relaxed) + findings as u64;
        let Some(bar) = &self.bar else { return };
        if bar.is_hidden() && self.begun.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_message(format!("{findings} findings"));
        bar.inc(bytes as u64);
    }

    /// How long it has taken.
    pub fn took(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// What `--stats` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Stats {
    inputs: u64,
    bytes: u64,
    records: u64,
    /// Records that were not of their stream's format.
    odd_records: u64,
    /// Records, or parts of long ones, that hold JSON which was scanned as text.
    unopened_json: u64,
    findings: u64,
    seconds: f64,
    bytes_per_second: f64,
    records_per_second: f64,
}

impl Stats {
    /// Of a run that took `took`.
    pub fn new(inputs: u64, totals: &Totals, took: Duration) -> Stats {
        let seconds = took.as_secs_f64().max(1e-9);
        Stats {
            inputs,
            bytes: totals.bytes,
            records: totals.records,
            odd_records: totals.odd,
            unopened_json: totals.unopened,
            findings: totals.findings,
            seconds,
            bytes_per_second: totals.bytes as f64 / seconds,
            records_per_second: totals.records as f64 / seconds,
        }
    }

    /// For people, or as one JSON object.
    pub fn text(&self, json: bool) -> String {
        if json {
            return serde_json::to_string(self).unwrap_or_default();
        }
        format!(
            "inputs    {}\nbytes     {}\nrecords   {} ({} not of their stream's format, {} with JSON read as text)\nfindings  {}\nseconds   {:.3}\nrate      {:.1} MB/s, {:.0} records/s",
            self.inputs,
            self.bytes,
            self.records,
            self.odd_records,
            self.unopened_json,
            self.findings,
            self.seconds,
            self.bytes_per_second / 1e6,
            self.records_per_second,
        )
    }
}
