//! The regex crate over bytes, as a peer for `benches/compare`: how many lines of FILE match PATTERN.
//!
//! It reads 1 MiB at a time into one buffer and searches it as far as the last line end, so that neither reading the whole file
//! first nor a call for each line is counted against it. After a match it goes on at the next line, as `rg -c` does.

use regex::bytes::RegexBuilder;
use std::fs::File;
use std::io::Read;
use std::process::ExitCode;

const BUFFER: usize = 1 << 20;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(pattern), None) = (args.next(), args.next(), args.next()) else {
        eprintln!("usage: regex_peer FILE PATTERN");
        return ExitCode::from(2);
    };
    match matching_lines(&file, &pattern) {
        Ok(lines) => {
            println!("{lines}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("regex_peer: {e}");
            ExitCode::from(2)
        }
    }
}

fn matching_lines(file: &str, pattern: &str) -> Result<u64, Box<dyn std::error::Error>> {
    let regex = RegexBuilder::new(pattern).unicode(false).build()?;
    let mut file = File::open(file)?;
    let mut buffer = vec![0; BUFFER];
    let (mut filled, mut lines) = (0, 0);
    loop {
        let read = file.read(&mut buffer[filled..])?;
        filled += read;
        let whole = if read == 0 { filled } else { memchr::memrchr(b'\n', &buffer[..filled]).map_or(0, |i| i + 1) };
        let mut at = 0;
        while let Some(end) = regex.shortest_match_at(&buffer[..whole], at) {
            lines += 1;
            at = memchr::memchr(b'\n', &buffer[end..whole]).map_or(whole, |i| end + i + 1);
        }
        if read == 0 {
            return Ok(lines);
        }
        buffer.copy_within(whole..filled, 0);
        filled -= whole;
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0); // a line longer than the buffer
        }
    }
}
