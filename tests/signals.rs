//! SIGTERM and Ctrl-C: what is finished, what is left, and the exit status.

#[path = "support/program.rs"]
mod program;

use program::*;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const LINE: &str = "write to canary.bird@example.com\n";
const DONE: &str = "write to <EMAIL_ADDRESS>\n";

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// Waits, but not for ever.
fn ended(mut child: Child) -> Ran {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it did not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    checked(child.wait_with_output().unwrap())
}

/// A child that has read a line and half of another, and waits for more.
fn waiting(p: &Place, args: &[&str]) -> (Child, std::process::ChildStdin) {
    let mut child = p.command(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut to = child.stdin.take().unwrap();
    to.write_all(LINE.as_bytes()).unwrap();
    to.write_all(b"half of canary.bird@exam").unwrap();
    (child, to)
}

#[test]
fn term_lets_a_filter_finish() {
    let p = Place::new();
    for threads in ["1", "4"] {
        let (mut child, _to) = waiting(&p, &["redact", "--threads", threads]);
        let mut got = vec![0; DONE.len()];
        child.stdout.as_mut().unwrap().read_exact(&mut got).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        send(&child, Signal::TERM);
        let ran = ended(child).ended(0, &["told to end", "24 bytes of an incomplete record were left out"]);
        assert_eq!((got, ran.out), (DONE.as_bytes().to_vec(), Vec::new()));
    }
}

#[test]
fn term_keeps_a_file_made_from_a_stream() {
    let p = Place::new();
    let (child, _to) = waiting(&p, &["redact", "-o", "out"]);
    std::thread::sleep(Duration::from_millis(700));
    send(&child, Signal::TERM);
    ended(child).ended(0, &["told to end"]);
    assert_eq!(p.text("out"), DONE);
    assert_eq!(p.tree(""), ["out"]);
}

#[test]
fn an_interrupt_leaves_no_partial_file() {
    let p = Place::new();
    let (child, _to) = waiting(&p, &["redact", "-o", "out"]);
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(p.tree("").len(), 1, "a temporary file is there");
    assert!(p.tree("")[0].starts_with(".sluice-"));
    send(&child, Signal::INT);
    ended(child).ended(130, &[]);
    assert!(p.tree("").is_empty());
    // Without a file to tidy up it ends at once.
    let (child, _to) = waiting(&p, &["scan"]);
    std::thread::sleep(Duration::from_millis(700));
    send(&child, Signal::INT);
    ended(child).ended(130, &[]);
}

#[test]
fn files_are_whole_or_not_there_when_it_is_told_to_end() {
    let p = Place::new();
    p.put("in/a.txt", LINE).put("in/big.txt", LINE.repeat(3_000_000));
    let child = p.command(&["redact", "in", "-o", "out", "--threads", "1"]).spawn().unwrap();
    let begun = Instant::now();
    while !p.at("out/a.txt").exists() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(50));
    send(&child, Signal::TERM);
    ended(child).ended(143, &[]);
    assert_eq!(p.tree("out"), ["a.txt"]);
}

#[test]
fn a_report_is_whole_or_not_there() {
    let p = Place::new();
    for form in ["html", "sarif", "json"] {
        let (child, _to) = waiting(&p, &["scan", "--output", form, "-o", "report"]);
        std::thread::sleep(Duration::from_millis(700));
        send(&child, Signal::INT);
        ended(child).ended(130, &[]);
        assert!(p.tree("").is_empty(), "{form}: {:?}", p.tree(""));
    }
    // A filter that is told to end has read what there is.
    let (child, _to) = waiting(&p, &["scan", "--output", "html", "-o", "report"]);
    std::thread::sleep(Duration::from_millis(700));
    send(&child, Signal::TERM);
    ended(child).ended(0, &["told to end"]);
    assert_eq!(p.tree(""), ["report"]);
    assert!(p.text("report").ends_with("</html>\n"));
}
