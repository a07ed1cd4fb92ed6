//! Writes chat logs, transcripts, letters, server logs, contacts and source text of any size, the same for the same seed.
//!
//! ```console
//! $ cargo run --release --example generate -- --kind chat --bytes 256MiB --seed 1 --labels chat.labels.jsonl > chat.jsonl
//! ```
//!
//! Its number formats come from public numbering plans (`generate/plans.rs`), not from what the detectors know.

#[path = "generate/compose.rs"]
mod compose;
#[path = "generate/kinds.rs"]
mod kinds;
#[path = "generate/plans.rs"]
mod plans;
#[path = "generate/rng.rs"]
mod rng;
#[path = "generate/sink.rs"]
mod sink;
#[path = "generate/values.rs"]
mod values;
#[path = "generate/words/mod.rs"]
mod words;

use compose::Shares;
use kinds::{Kind, Writer};
use sink::Sink;
use std::io::{self, BufWriter, ErrorKind, Write};

const USAGE: &str = "\
usage: generate [--kind chat|vtt|prose|log|csv|json|source] [--bytes N[KiB|MiB|GiB]] [--seed N]
                [--density SHARE] [--negatives SHARE] [--labels FILE] [--ascii] [--one-line | --one-document]

  --density       share of the texts with an e-mail address, telephone number, IP address or card (0.035)
  --negatives     share of the texts with something that only looks like one (0.30)
  --labels        write the expected values here, one JSON object a line: line, field, type, text
  --ascii         JSON in ASCII alone (\\u escapes)
  --one-line      prose as one line without an end
  --one-document  one JSON document, all in one line";

/// What to write.
struct Options {
    kind: Kind,
    bytes: u64,
    seed: u64,
    shares: Shares,
    labels: Option<String>,
    ascii: bool,
    one_line: bool,
}

impl Default for Options {
    fn default() -> Self {
        let shares = Shares { values: 0.035, negatives: 0.30 };
        Options { kind: Kind::Chat, bytes: 1 << 20, seed: 1, shares, labels: None, ascii: false, one_line: false }
    }
}

fn main() {
    let options = match options(std::env::args().skip(1)) {
        Ok(o) => o,
        Err(e) => {
            eprintln!("generate: {e}\n{USAGE}");
            std::process::exit(2);
        }
    };
    let done = match &options.labels {
        None => generate(&options, &mut io::stdout().lock(), None),
        Some(path) => std::fs::File::create(path).and_then(|f| {
            let mut labels = BufWriter::new(f);
            generate(&options, &mut io::stdout().lock(), Some(&mut labels))?;
            labels.flush()
        }),
    };
    match done {
        Err(e) if e.kind() == ErrorKind::BrokenPipe => {}
        Err(e) => {
            eprintln!("generate: {e}");
            std::process::exit(2);
        }
        Ok(()) => {}
    }
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut o = Options::default();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} takes a value"));
        match arg.as_str() {
            "--kind" => {
                let name = value()?;
                let known = Kind::ALL.iter().find(|k| k.0 == name);
                o.kind = known.ok_or(format!("no kind {name}"))?.1;
            }
            "--bytes" => o.bytes = size(&value()?)?,
            "--seed" => o.seed = value()?.parse().map_err(|_| "--seed takes a number")?,
            "--density" => o.shares.values = share(&value()?)?,
            "--negatives" => o.shares.negatives = share(&value()?)?,
            "--labels" => o.labels = Some(value()?),
            "--ascii" => o.ascii = true,
            "--one-line" => (o.kind, o.one_line) = (Kind::Prose, true),
            "--one-document" => (o.kind, o.one_line) = (Kind::Json, true),
            _ => return Err(format!("unknown argument {arg}")),
        }
    }
    Ok(o)
}

fn share(s: &str) -> Result<f64, String> {
    s.parse().ok().filter(|v| (0.0..=1.0).contains(v)).ok_or(format!("{s} is not a share from 0 to 1"))
}

fn size(s: &str) -> Result<u64, String> {
    let digits = s.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &s[digits.len()..] {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(format!("{s}: the unit is KiB, MiB or GiB")),
    };
    digits.parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).ok_or(format!("{s} is not a size"))
}

/// Writes records until there are as many bytes as asked for; the last one may run over.
fn generate<'a>(o: &Options, out: &'a mut dyn Write, labels: Option<&'a mut dyn Write>) -> io::Result<()> {
    let mut writer = Writer::new(o.seed, o.shares);
    (writer.ascii, writer.one_line) = (o.ascii, o.one_line);
    let mut sink = Sink::new(out, labels);
    writer.head(o.kind, &mut sink);
    while sink.written() < o.bytes {
        writer.record(o.kind, &mut sink)?;
    }
    writer.foot(o.kind, &mut sink);
    sink.flush()
}

#[cfg(test)]
#[path = "generate/tests.rs"]
mod tests;
