//! What is wrong with inputs and outputs: each with its message, its exit status, and what was and was not written. No
//! message may quote data.

#[path = "support/program.rs"]
mod program;

use program::*;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

const LINE: &str = "write to canary.bird@example.com\n";
const DONE: &str = "write to <EMAIL_ADDRESS>\n";

#[test]
fn one_bad_file_among_many() {
    let p = Place::new();
    let gz = gzip(&LINE.repeat(2000).into_bytes());
    p.put("in/a.txt", LINE).put("in/short.gz", &gz[..gz.len() - 9]).put("in/z.txt", LINE);
    p.run(&["redact", "in", "-o", "out"]).ended(2, &["in/short.gz: the gzip data ends early"]);
    assert_eq!(p.tree("out"), ["a.txt", "z.txt"]);
    p.run(&["scan", "a.txt", "nowhere", "in/a.txt"]).ended(2, &["nowhere: there is no such file"]);
    let found = p.run(&["scan", "nowhere", "in/a.txt"]).ended(2, &[]).out();
    assert_eq!(found.lines().count(), 1);
}

#[test]
fn damaged_compression_writes_no_file() {
    let p = Place::new();
    let text = LINE.repeat(5000);
    let gz = gzip(text.as_bytes());
    let mut checked_zst = zstd::Encoder::new(Vec::new(), 3).unwrap();
    checked_zst.include_checksum(true).unwrap();
    checked_zst.write_all(text.as_bytes()).unwrap();
    let zst = checked_zst.finish().unwrap();
    let zip = zipped(&[("a.txt", text.as_bytes()), ("b.txt", text.as_bytes())]);
    let flipped = |bytes: &[u8], at: usize| {
        let mut b = bytes.to_vec();
        b[at] ^= 0x55;
        b
    };
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("short.gz", gz[..gz.len() / 2].to_vec(), "ends early"),
        ("sum.gz", flipped(&gz, gz.len() - 6), "damaged"),
        ("trailing.gz", [&gz[..], b"junk"].concat(), "gzip data"),
        ("short.zst", zst[..zst.len() / 2].to_vec(), "ends early"),
        ("middle.zst", flipped(&zst, zst.len() / 2), "damaged"),
        ("short.zip", zip[..zip.len() / 2].to_vec(), "damaged or incomplete"),
        ("middle.zip", flipped(&zip, 60), "damaged"),
    ];
    for (name, bytes, said) in &cases {
        p.put(name, bytes);
        p.run(&["redact", name, "-o", "out"]).ended(2, &[name, said]);
        p.run(&["scan", name]).ended(2, &[said]);
        assert!(!p.at("out").exists(), "{name}");
        p.run(&["redact", "--in-place", name]).ended(2, &[said]);
        assert_eq!(&p.read(name), bytes);
    }
    assert_eq!(p.tree("").len(), cases.len(), "no temporary file is left");
    // To a pipe, what was checked before the damage is out; nothing unchecked ever is.
    let ran = p.pipe(&["redact"], &cases[0].1).ended(2, &["-: the gzip data ends early"]);
    assert!(!ran.out.windows(6).any(|w| w == b"canary"));
}

#[test]
fn archives_that_attack() {
    let p = Place::new();
    for name in ["../evil.txt", "a/../../evil.txt", "/etc/evil", "..\\evil", "C:\\evil"] {
        p.put("a.zip", zipped(&[("ok.txt", LINE.as_bytes()), (name, LINE.as_bytes())]));
        p.run(&["redact", "a.zip", "-o", "out.zip"]).ended(2, &["member 2 leads out of the zip archive"]);
        p.run(&["scan", "a.zip"]).ended(2, &["member 2 leads out"]);
    }
    let mut twice = zipped(&[("a.txt", LINE.as_bytes()), ("b.txt", LINE.as_bytes())]);
    while let Some(i) = twice.windows(5).position(|w| w == b"b.txt") {
        twice[i] = b'a';
    }
    p.put("a.zip", &twice).run(&["redact", "a.zip", "-o", "out.zip"]).ended(2, &["two members", "one name"]);
    assert_eq!(p.tree(""), ["a.zip"]);
}

#[test]
fn bombs_are_refused_and_the_limit_is_a_setting() {
    let p = Place::new();
    let same = vec![b'x'; 18 << 20];
    let zst = zstd::encode_all(&same[..], 3).unwrap();
    p.put("bomb.zst", &zst).put("bomb.zip", zipped(&[("a.zst", &zst)]));
    for name in ["bomb.zst", "bomb.zip"] {
        let said = ["expands to more than 100 times", "--max-expansion"];
        p.run(&["redact", "--max-expansion", "100", name, "-o", "out"]).ended(2, &said);
        assert!(!p.at("out").exists());
    }
}

#[test]
fn unsupported_content_is_named_and_not_written() {
    let p = Place::new();
    let mut tar = b"canary.txt".to_vec();
    tar.resize(257, 0);
    tar.extend_from_slice(b"ustar\x0000");
    tar.resize(1024, b' ');
    let xlsx = zipped(&[("[Content_Types].xml", b"<x/>"), ("xl/a.xml", LINE.as_bytes())]);
    let odt = zipped(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", LINE.as_bytes())]);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a.pdf", [b"%PDF-1.7\n", LINE.as_bytes()].concat(), "a PDF document"),
        ("a.xlsx", xlsx, "an office document"),
        ("a.odt", odt, "an OpenDocument"),
        ("a.tar", tar.clone(), "a tar archive"),
        ("a.tgz", gzip(&tar), "a tar archive"),
        ("a.png", b"\x89PNG\r\n\x1a\n0000".to_vec(), "a PNG image"),
        ("a.db", b"SQLite format 3\0...".to_vec(), "an SQLite database"),
    ];
    for (name, bytes, said) in &cases {
        p.put(&format!("in/{name}"), bytes);
        p.run(&["redact", &format!("in/{name}"), "-o", "out"]).ended(2, &[name, said, "not supported"]);
        assert!(!p.at("out").exists());
    }
    p.put("in/a.txt", LINE);
    p.run(&["scan", "in"]).ended(2, &["a.pdf", "a.xlsx", "a.tar"]);
    p.run(&["scan", "in", "--skip-unsupported"]).ended(0, &["a.pdf", "a.xlsx", "skipped"]);
    p.run(&["redact", "in", "-o", "left", "--skip-unsupported"]).ended(0, &["skipped"]);
    assert_eq!(p.tree("left"), ["a.txt"]);
    p.run(&["redact", "in", "-o", "all", "--copy-unsupported"]).ended(0, &["copied as it is"]);
    for (name, bytes, _) in cases.iter().filter(|c| c.0 != "a.tgz") {
        assert_eq!(&p.read(&format!("all/{name}")), bytes, "{name}");
    }
    assert_eq!(gunzip(&p.read("all/a.tgz")), tar);
    assert_eq!(p.text("all/a.txt"), DONE);
}

#[test]
fn unsupported_members_are_left_out() {
    let p = Place::new();
    p.put("a.zip", zipped(&[("p.png", b"\x89PNG\r\n\x1a\n0000"), ("a.txt", LINE.as_bytes())]));
    p.run(&["redact", "a.zip", "-o", "b.zip"]).ended(2, &["a.zip!/p.png: is a PNG image"]);
    assert_eq!(unzipped(&p.read("b.zip")), [("a.txt".to_owned(), DONE.as_bytes().to_vec())]);
    p.run(&["redact", "a.zip", "-o", "c.zip", "--copy-unsupported"]).ended(0, &["copied"]);
    assert_eq!(unzipped(&p.read("c.zip")).len(), 2);
}

#[test]
fn odd_bytes_are_scanned_and_kept() {
    let p = Place::new();
    let line = b"\0\xFF\xC3 canary.bird@example.com \xF0\x9F\0\r\nx\n\n\xED\xA0\x80";
    let want = b"\0\xFF\xC3 <EMAIL_ADDRESS> \xF0\x9F\0\r\nx\n\n\xED\xA0\x80";
    assert_eq!(p.pipe(&["redact"], line).ended(0, &[]).out, want);
    assert!(p.pipe(&["redact"], b"").ended(0, &[]).out.is_empty());
}

#[test]
fn outputs_that_would_harm() {
    let p = Place::new();
    p.put("in/a.txt", LINE).put("other/a.txt", LINE).put("full/x", "kept").put("file", "kept");
    let refused = |args: &[&str], said: &str| {
        let before = p.tree("");
        p.run(&[&["redact"], args].concat()).ended(2, &[said]);
        assert_eq!(p.tree(""), before, "{said}");
    };
    refused(&["in", "-o", "full"], "holds files already");
    refused(&["in/a.txt", "-o", "file"], "exists already");
    refused(&["in/a.txt", "-o", "in/a.txt"], "is the input");
    refused(&["in/a.txt", "-o", "in/a.txt", "--force"], "is the input");
    refused(&["in", "-o", "in/out"], "lies inside the input");
    refused(&["in", "-o", "in"], "holds files already");
    refused(&["in", "-o", "in", "--force"], "lies inside the input");
    refused(&["in", "other", "-o", "out"], "two inputs would become a.txt");
    refused(&["in", "-o", "file"], "is a file");
    refused(&["in"], "give -o OUT");
    refused(&["in/a.txt", "other/a.txt"], "give -o OUT");
    refused(&["in/a.txt", "-o", "no/such/out"], "make it first");
    refused(&["in/a.txt", "-o", "in/", "--force"], "would replace the input");
    refused(&["-", "-"], "give -o OUT");
    p.run(&["redact", "in", "-o", "full", "--force"]).ended(0, &[]);
    assert_eq!((p.text("full/x"), p.text("full/a.txt")), ("kept".to_owned(), DONE.to_owned()));
    p.run(&["redact", "in/a.txt", "-o", "file", "--force"]).ended(0, &[]);
    assert_eq!(p.text("file"), DONE);
}

#[test]
fn a_full_disk() {
    let p = Place::new();
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    p.put("a.txt", LINE);
    for args in [&["redact", "a.txt"][..], &["scan", "a.txt"], &["scan", "--json", "a.txt"]] {
        let ran = p.command(args).stdout(full()).output().unwrap();
        checked(ran).ended(2, &["-: cannot write", "No space left"]);
    }
    let disk = p.at("disk");
    std::fs::create_dir(&disk).unwrap();
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&disk).stderr(Stdio::null());
    if !mount.status().is_ok_and(|s| s.success()) {
        eprintln!("skipped: a small disk can't be mounted here");
        return;
    }
    p.put("big.txt", LINE.repeat(20_000));
    let ran = p.run(&["redact", "big.txt", "a.txt", "-o", "disk"]);
    let left = p.tree("disk");
    Command::new("umount").arg(&disk).status().unwrap();
    ran.ended(2, &["disk/big.txt: cannot write", "No space left"]);
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn without_permission() {
    let p = Place::new();
    p.put("in/closed/a.txt", LINE).put("in/z.txt", LINE);
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0);
    let open = |n: &str, m| {
        std::fs::set_permissions(p.at(n), PermissionsExt::from_mode(m)).unwrap();
    };
    open("", 0o755);
    open("in/closed", 0o000);
    let mut command = p.command(&["scan", "in"]);
    if root {
        command.uid(65534);
        if !Command::new(env!("CARGO_BIN_EXE_sluice"))
            .arg("--version")
            .uid(65534)
            .output()
            .is_ok_and(|o| o.status.success())
        {
            eprintln!("skipped: another user can't run the program here");
            open("in/closed", 0o755);
            return;
        }
    }
    let ran = checked(command.output().unwrap());
    open("in/closed", 0o755);
    let ran = ran.ended(2, &["in/closed: may not be read", "Permission denied"]);
    assert_eq!(ran.out().lines().count(), 1);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let p = Place::new();
    p.put("a.txt", LINE.repeat(100_000));
    for verb in ["redact", "scan"] {
        let mut child = p.command(&[verb, "a.txt"]).spawn().unwrap();
        let mut some = [0; 10];
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut some).unwrap();
        drop(out);
        let ran = checked(child.wait_with_output().unwrap()).ended(0, &[]);
        assert_eq!(ran.err, "");
    }
}

#[test]
fn wrong_options() {
    let p = Place::new();
    p.pipe(&["scan", "--format", "jsnol"], LINE.as_bytes()).ended(2, &["no format `jsnol`"]);
    p.put("p.toml", "[[entity]]\nid = 1\n").pipe(&["scan", "--patterns", "p.toml"], b"").ended(2, &["p.toml:"]);
    p.put("a.txt", LINE).run(&["scan", "--strict", "a.txt"]).ended(0, &[]);
    p.run(&["scan", "-", "-"]).ended(2, &["read only once"]);
}

#[test]
fn a_record_is_out_while_the_pipe_pauses() {
    let p = Place::new();
    let mut child = p.command(&["redact"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut to, mut from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    for _ in 0..20 {
        to.write_all(LINE.as_bytes()).unwrap();
        let mut got = vec![0; DONE.len()];
        from.read_exact(&mut got).unwrap();
        assert_eq!(got, DONE.as_bytes());
    }
    drop(to);
    checked(child.wait_with_output().unwrap()).ended(0, &[]);
}

#[test]
fn an_output_never_replaces_what_is_read_or_another_output() {
    let p = Place::new();
    let list = "ana.reis@example.com\n";
    p.put("d/a.txt", LINE).put("list", list).put("orig/a.txt", LINE).put("6.json", "{}");
    std::os::unix::fs::symlink(p.at("d/a.txt"), p.at("link")).unwrap();
    let annex = ["--annex", "butly", "--discovered", "2026-01-01T00:00Z"];
    for args in [
        &["verify", "d", "--report", "d/a.txt"][..],
        &["verify", "d", "-o", "./d/../d/a.txt"],
        &["verify", "d", "-o", "link"],
        &["verify", "d", "--against", "orig", "-o", "orig/a.txt"],
        &["verify", "d", "--absent", "list", "--report", "list"],
        &["verify", "d", "--report", "r.json", "-o", "./r.json"],
        &["verify", "d", "--report", "6.json", "--after", "6.json"],
        &["verify", "d", "--report", "6.json", "--sign", "6.json"],
        &["verify", "--chain", "6.json", "-o", "6.json"],
        &["redact", "d/a.txt", "--report", "d/a.txt"],
        &["redact", "d/a.txt", "-o", "r.txt", "--report", "r.txt"],
        &["redact", "d/a.txt", "-o", "list", "--force", "--key-file", "list"],
        &["scan", "d", "-o", "d/a.txt"],
        &["scan", "d/a.txt", "-o", "link"],
        &["scan", "d", "--allow", "list", "-o", "list"],
        &["check", "d", "--annex", "butly", "-o", "d/a.txt"],
        &["check", "d", "--annex", "butly", "--baseline", "6.json", "-o", "6.json"],
        &[&["breach", "d", "-o", "d/a.txt"], &annex[..]].concat(),
    ] {
        let ran = p.run(args);
        assert_eq!((ran.status, ran.err.contains("would replace")), (Some(2), true), "{args:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{args:?}");
    }
    assert_eq!((p.text("d/a.txt"), p.text("list"), p.text("orig/a.txt")), (LINE.into(), list.into(), LINE.into()));
    assert_eq!((p.text("6.json"), p.tree(".").len()), ("{}".into(), 7));
    for args in
        [&["scan", "d", "--output", "html", "-o", "d/new.html"][..], &["verify", "d", "--report", "./d/new.json"]]
    {
        p.run(args).ended(2, &["lies in what PATH names", "write it outside"]);
    }
    p.run(&["redact", "d", "-o", "out/", "--report", "out/../d/a.txt"]).ended(2, &["--report: its directory does not"]);
    assert_eq!(p.text("d/a.txt"), LINE);
    p.run(&["scan", "d", "-o", "report.txt"]).ended(0, &[]);
    p.run(&["scan", "d", "-o", "report.txt"]).ended(0, &[]);
}

#[test]
fn a_device_or_a_pipe_is_written_into() {
    let p = Place::new();
    p.put("a.txt", LINE);
    let out = p.run(&["scan", "a.txt", "-o", "/dev/stdout"]).ended(0, &[]).out();
    assert_eq!(out, p.run(&["scan", "a.txt"]).out());
    let out = p.run(&["redact", "a.txt", "-o", "b.txt", "--report", "/dev/stdout"]).ended(0, &[]).out();
    assert!(out.contains("input_sha256"), "{out}");
    if std::path::Path::new("/dev/full").exists() {
        p.run(&["scan", "a.txt", "-o", "/dev/full"]).ended(2, &["/dev/full: cannot write"]);
        p.run(&["verify", "b.txt", "--report", "/dev/full"]).ended(2, &["/dev/full: cannot write"]);
    }
    assert!(Command::new("mkfifo").arg(p.at("pipe")).status().unwrap().success());
    let pipe = p.at("pipe");
    let read = std::thread::spawn(move || std::fs::read(pipe).unwrap());
    p.run(&["scan", "a.txt", "-o", "pipe"]).ended(0, &[]);
    assert_eq!(read.join().unwrap(), p.run(&["scan", "a.txt"]).out);
    p.run(&["scan", "a.txt", "-o", "d.txt/"]).ended(2, &[]);
    p.run(&["scan", "a.txt", "-o", "."]).ended(2, &["cannot write"]);
    let missing = p.run(&["scan", "a.txt", "-o", "nowhere/r.txt"]).ended(2, &["nowhere/r.txt: cannot write"]);
    assert!(!missing.err.contains(".tmp"), "{}", missing.err);
}

#[test]
fn what_messages_quote_of_the_command_line_is_masked() {
    let p = Place::new();
    p.put("canary.bird@example.com/bad.toml", "no = such\n").put("a.txt", "x\n");
    let (at, file) = ("canary.bird@example.com", "canary.bird@example.com/bad.toml");
    for args in [
        &["--config", file, "scan", "a.txt"][..],
        &["--config", "canary.bird@example.com.toml", "scan", "a.txt"],
        &["scan", "a.txt", "--format", at],
        &["scan", "a.txt", "--entities", at],
        &["scan", "a.txt", "--patterns", file],
        &["scan", "a.txt", "--allow", "canary.bird@example.com/no.txt"],
        &["redact", "a.txt", "--policy", at],
        &["redact", "a.txt", "--policy", file],
        &["redact", "a.txt", "--op", "canary.bird@example.com=keep"],
        &["redact", "a.txt", "--op", "contact=canary.bird@example.com"],
        &["redact", "a.txt", "--op", "contact=hash", "--key-file", "canary.bird@example.com/no.key"],
        &["redact", "a.txt", "-o", "canary.bird@example.com/no/such"],
        &["check", "a.txt", "--annex", at],
        &["check", "a.txt", "--annex", file],
        &["check", "a.txt", "--annex", "butly", "--subject", at],
    ] {
        // That the canary is in no message is looked at for every run.
        p.run(args).ended(2, &["@e••••••.com"]);
    }
    p.run(&["scan", "a.txt", "-o", "canary.bird@example.com/r/r.txt"]).ended(2, &["@e••••••.com"]);
}

#[test]
fn a_redaction_that_fails_leaves_its_report() {
    let p = Place::new();
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let long = LINE.repeat(20_000);
    p.put("in/a.txt", LINE).put("b.txt", &long);
    let report = |name: &str| serde_json::from_str::<serde_json::Value>(&p.text(name)).unwrap();
    p.run(&["redact", "b.txt", "-o", "/dev/full", "--report", "r.json"]).ended(2, &["/dev/full: cannot write"]);
    let told = report("r.json");
    assert_eq!((&told["result"], &told["sequence"]), (&"failed".into(), &1.into()));
    assert!(told["error"].as_str().unwrap().starts_with("/dev/full: cannot write"), "{told}");
    assert_eq!(told["files"].as_array().unwrap().len(), 0);
    let said = p.run(&["verify", "--chain", "r.json"]).ended(1, &[]).out();
    assert!(said.contains("the redaction ended by an error"), "{said}");
    // The report can't be written either: both are said, the first error first in rank.
    let ran = p.run(&["redact", "b.txt", "-o", "/dev/full", "--report", "no/r.json"]);
    let ran = ran.ended(2, &["/dev/full: cannot write", "no/r.json: cannot write"]);
    assert!(ran.err.trim_end().lines().last().unwrap().contains("/dev/full"), "{}", ran.err);
    // What went before is in it, and a reader that leaves is no failure.
    p.run(&["redact", "in", "-o", "out", "--report", "ok.json"]).ended(0, &[]);
    assert_eq!((&report("ok.json")["result"], report("ok.json").get("error")), (&"done".into(), None));
    let closed = format!("{} redact b.txt --report closed.json | head -c 5", env!("CARGO_BIN_EXE_sluice"));
    assert!(Command::new("sh").args(["-c", &closed]).current_dir(p.0.path()).status().unwrap().success());
    assert_eq!(report("closed.json")["result"], "interrupted");
}
