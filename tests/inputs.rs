//! Files, directories, compression, encodings and archives, in and out: what of them is read and how output comes to be.

#[path = "support/program.rs"]
mod program;

use program::*;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

const LINE: &str = "write to canary.bird@example.com\n";
const DONE: &str = "write to <EMAIL_ADDRESS>\n";

#[test]
fn a_directory_is_rebuilt_with_everything_in_it() {
    let p = Place::new();
    p.put("in/a.txt", LINE).put("in/.hidden", LINE).put("in/sub/deep/b.log", "no data\n").put("in/.gitignore", "*\n");
    p.put("in/nothing.txt", "");
    std::fs::create_dir(p.at("in/empty")).unwrap();
    std::os::unix::fs::symlink("a.txt", p.at("in/link")).unwrap();
    p.run(&["redact", "in", "-o", "out"]).ended(0, &["in/link: is a link and was not followed"]);
    let want = [".gitignore", ".hidden", "a.txt", "empty/", "nothing.txt", "sub/", "sub/deep/", "sub/deep/b.log"];
    assert_eq!(p.tree("out"), want);
    assert_eq!(p.text("out/a.txt"), DONE);
    assert_eq!(p.text("out/.hidden"), DONE);
    assert_eq!(p.text("out/sub/deep/b.log"), "no data\n");
    // A link that is named is followed, and scan visits in a stable order.
    assert_eq!(p.run(&["redact", "in/link"]).ended(0, &[]).out(), DONE);
    let paths = p.run(&["scan", "in"]).ended(0, &[]).out();
    assert_eq!(paths.lines().map(|l| l.split(':').next().unwrap()).collect::<Vec<_>>(), ["in/.hidden", "in/a.txt"]);
}

#[test]
fn several_inputs_stand_side_by_side() {
    let p = Place::new();
    p.put("x/a.txt", LINE).put("y/b.txt", LINE).put("c.txt", LINE);
    p.run(&["redact", "x", "y", "c.txt", "-o", "new/out"]).ended(0, &[]);
    assert_eq!(p.tree("new/out"), ["a.txt", "b.txt", "c.txt"]);
    p.pipe(&["redact", "-", "c.txt", "-o", "more/"], LINE.as_bytes()).ended(0, &[]);
    assert_eq!(p.tree("more"), ["c.txt", "stdin"]);
}

#[test]
fn compressed_as_it_came() {
    let p = Place::new();
    let two = [gzip(LINE.as_bytes()), gzip(LINE.as_bytes())].concat();
    let frames =
        [zstd::encode_all(LINE.as_bytes(), 3).unwrap(), zstd::encode_all(LINE.as_bytes(), 3).unwrap()].concat();
    let want = [DONE, DONE].concat();
    assert_eq!(gunzip(&p.pipe(&["redact"], &two).ended(0, &[]).out), want.as_bytes());
    assert_eq!(zstd::decode_all(&p.pipe(&["redact"], &frames).ended(0, &[]).out[..]).unwrap(), want.as_bytes());
    let both = gzip(&zstd::encode_all(LINE.as_bytes(), 3).unwrap());
    let out = gunzip(&p.pipe(&["redact"], &both).ended(0, &[]).out);
    assert_eq!(zstd::decode_all(&out[..]).unwrap(), DONE.as_bytes());
    let found = p.put("a.gz", &two).run(&["scan", "a.gz"]).ended(0, &[]).out();
    assert_eq!(found.lines().count(), 2, "{found}");
}

#[test]
fn utf16_and_marks() {
    let p = Place::new();
    for big in [false, true] {
        let text = "caf\u{e9} \u{1F600} canary.bird@example.com\r\nend";
        let ran = p.pipe(&["redact"], &utf16(text, big)).ended(0, &[]);
        assert_eq!(ran.out, utf16("caf\u{e9} \u{1F600} <EMAIL_ADDRESS>\r\nend", big));
        let row = p.pipe(&["scan", "--json"], &utf16(text, big)).ended(0, &[]).out();
        let row: serde_json::Value = serde_json::from_str(&row).unwrap();
        // 2 for the mark, 5 units, a pair, a space.
        assert_eq!((row["byte_start"].as_u64(), row["byte_end"].as_u64()), (Some(2 + 10 + 4 + 2), Some(18 + 46)));
        assert_eq!((row["start"].as_u64(), row["column"].as_u64()), (Some(7), Some(8)));
        // Halves of pairs and an odd last byte come through.
        let mut broken = utf16("a", big);
        broken.extend_from_slice(if big { &[0xD8, 0x3D, 0, b'b', 0] } else { &[0x3D, 0xD8, b'b', 0, 0] });
        assert_eq!(p.pipe(&["redact"], &broken).ended(0, &[]).out, broken);
    }
    let unmarked = utf16(LINE, false)[2..].to_vec();
    assert_eq!(p.pipe(&["redact"], &unmarked).ended(0, &[]).out, utf16(DONE, false)[2..]);
    let marked = [b"\xEF\xBB\xBF", LINE.as_bytes()].concat();
    assert_eq!(p.pipe(&["redact"], &marked).ended(0, &[]).out, [b"\xEF\xBB\xBF", DONE.as_bytes()].concat());
    p.pipe(&["redact"], b"\xFF\xFE\0\0a\0\0\0").ended(2, &["UTF-32"]);
}

#[test]
fn a_zip_is_a_tree_of_members() {
    let p = Place::new();
    let inner = zipped(&[("deep.txt", LINE.as_bytes())]);
    let gz = gzip(LINE.as_bytes());
    let zip = zipped(&[("z.txt", LINE.as_bytes()), ("plain.txt", b"nothing\n"), ("a.gz", &gz), ("in.zip", &inner)]);
    p.put("a.zip", &zip);
    let paths = p.run(&["scan", "a.zip"]).ended(0, &[]).out();
    let paths: Vec<&str> = paths.lines().map(|l| l.split(':').next().unwrap()).collect();
    assert_eq!(paths, ["a.zip!/z.txt", "a.zip!/a.gz", "a.zip!/in.zip!/deep.txt"]);
    p.run(&["redact", "a.zip", "-o", "b.zip"]).ended(0, &[]);
    let piped = p.pipe(&["redact"], &zip).ended(0, &[]).out;
    for out in [p.read("b.zip"), piped] {
        let members = unzipped(&out);
        let names: Vec<&str> = members.iter().map(|m| m.0.as_str()).collect();
        assert_eq!(names, ["z.txt", "plain.txt", "a.gz", "in.zip"]);
        assert_eq!(members[0].1, DONE.as_bytes());
        assert_eq!(members[1].1, b"nothing\n");
        assert_eq!(gunzip(&members[2].1), DONE.as_bytes());
        assert_eq!(unzipped(&members[3].1)[0].1, DONE.as_bytes());
        let mut z = zip::ZipArchive::new(std::io::Cursor::new(out)).unwrap();
        assert_eq!(z.by_index(0).unwrap().unix_mode().unwrap() & 0o777, 0o640);
    }
    // Without findings nothing but the directory is written anew.
    let clean = zipped(&[("a", b"x"), ("b", b"y")]);
    assert_eq!(unzipped(&p.pipe(&["redact"], &clean).ended(0, &[]).out), unzipped(&clean));
    // In place too, and archives without members stay archives.
    p.run(&["redact", "--in-place", "a.zip"]).ended(0, &[]);
    assert_eq!(unzipped(&p.read("a.zip"))[0].1, DONE.as_bytes());
    assert!(unzipped(&p.pipe(&["redact"], &zipped(&[])).ended(0, &[]).out).is_empty());
}

#[test]
fn json_in_a_json_string_of_any_length_is_opened() {
    let p = Place::new();
    let text = "caf\u{e9} and so on \"x\" and on\n".repeat(70);
    let pairs = |n| (0..n).map(|i| serde_json::json!({"n": i, "first_name": "Wrenna", "text": text}));
    let list = serde_json::Value::from_iter(pairs(500));
    assert!(list.to_string().len() > 1 << 20);
    let (name, done) = ("Wrenna", "<PERSON>");
    // Once and twice in a string, in a document and in a line.
    let once = serde_json::json!({"id": 1, "body": list.to_string(), "end": "x"});
    let twice = serde_json::json!({"log": once.to_string()});
    for (i, text) in [once.to_string() + "\n", serde_json::to_string_pretty(&twice).unwrap()].iter().enumerate() {
        let ran = p.pipe(&["redact"], text.as_bytes()).ended(0, &[]);
        let got: serde_json::Value = serde_json::from_slice(&ran.out).expect("valid JSON");
        let inner = |v: &serde_json::Value| serde_json::from_str(v.as_str().unwrap()).expect("valid JSON within");
        let got: serde_json::Value = if i == 1 { inner(&got["log"]) } else { got };
        let got: serde_json::Value = inner(&got["body"]);
        let want: serde_json::Value = serde_json::from_str(&list.to_string().replace(name, done)).unwrap();
        assert!(got == want, "all names are gone, and nothing else is changed");
    }
    p.pipe(&["verify"], once.to_string().replace(name, done).as_bytes()).ended(0, &[]);
    let row = p.pipe(&["scan", "--json"], once.to_string().as_bytes()).ended(0, &[]).out();
    let rows: Vec<serde_json::Value> = row.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows.len(), 500);
    assert_eq!((&rows[499]["field"], &rows[499]["nested"]), (&"/body".into(), &"/499/first_name".into()));
    // Where it can't be opened, that is said.
    let long = format!("ab {}\n", list);
    let said = "JSON that was too long or nested too deep";
    for text in [long, format!("id;body\n1;\"{}\"\n", list.to_string().replace('"', "\"\""))] {
        let ran = p.pipe(&["redact", "--stats=json"], text.as_bytes()).ended(0, &[said]);
        let stats: serde_json::Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
        assert!(stats["unopened_json"].as_u64().unwrap() > 0);
    }
}

/// `LINE` compressed, with a name and a comment in the header.
fn named_gzip(name: &str, comment: &str) -> Vec<u8> {
    let builder = flate2::GzBuilder::new().filename(name).comment(comment).extra(vec![7; 20]);
    let mut gz = builder.write(Vec::new(), flate2::Compression::default());
    gz.write_all(b"no data\n").unwrap();
    gz.finish().unwrap()
}

#[test]
fn what_stands_beside_compressed_data_is_looked_at_and_never_copied() {
    let p = Place::new();
    let frame = |magic: u8, text: &str| {
        [&[magic, 0x2A, 0x4D, 0x18], &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()
    };
    let data = zstd::encode_all(&b"no data\n"[..], 3).unwrap();
    let clean = [named_gzip("data.txt", "nothing"), named_gzip("data.txt", "nothing")].concat();
    let inputs = [
        named_gzip("canary.bird@example.com.txt", ""),
        // In a second member, too.
        [clean.clone(), named_gzip("x", "of canary.bird@example.com")].concat(),
        [frame(0x50, "for canary.bird@example.com"), data.clone()].concat(),
        [data.clone(), data.clone(), frame(0x5F, "for canary.bird@example.com"), data.clone()].concat(),
        zipped(&[("a.gz", &named_gzip("canary.bird@example.com.txt", ""))]),
    ];
    for (i, input) in inputs.iter().enumerate() {
        let found = p.pipe(&["scan"], input).ended(0, &[]).out();
        assert!(found.lines().count() == 1 && found.contains("EMAIL_ADDRESS c•••••.••••@e••••••.com"), "{i} {found}");
        p.put("a", input).run(&["verify", "a"]).ended(1, &[]);
        p.run(&["redact", "a", "-o", "b", "--force"]).ended(0, &[]);
        p.run(&["redact", "--in-place", "a"]).ended(0, &[]);
        for name in ["a", "b"] {
            assert!(!p.read(name).windows(6).any(|w| w == b"canary"), "{i} {name}");
            p.run(&["verify", name]).ended(0, &[]);
        }
    }
    // What holds nothing stays as it is, and all frames are read.
    p.put("clean.gz", &clean).run(&["redact", "--in-place", "clean.gz"]).ended(0, &[]);
    assert_eq!(p.read("clean.gz"), clean);
    let frames = [&data[..], &frame(0x51, &"x".repeat(100)), &data].concat();
    assert_eq!(zstd::decode_all(&p.pipe(&["redact"], &frames).ended(0, &[]).out[..]).unwrap(), b"no data\nno data\n");
    // What is too much to be looked at is told.
    let much = [&frame(0x50, &"x".repeat(100_000)), &data[..]].concat();
    p.pipe(&["scan"], &much).ended(2, &["were not looked at"]);
    p.pipe(&["redact"], &much).ended(0, &[]);
    p.pipe(&["scan"], &[&data[..], b"PLAIN canary.bird"].concat()).ended(2, &["zstd data is damaged"]);
    p.pipe(&["scan"], &[&clean[..], b"PLAIN canary.bird"].concat()).ended(2, &["gzip data is damaged"]);
    p.pipe(&["scan"], &frame(0x50, "cut")[..10]).ended(2, &["zstd data ends early"]);
}

#[test]
fn what_no_member_of_a_zip_holds_is_told_and_never_copied() {
    let p = Place::new();
    let (zip, line) = (zipped(&[("a.txt", b"x\n"), ("b.txt", b"y\n")]), LINE.as_bytes());
    // The members of an archive, without those that its directory names, before another one.
    let hidden = [&zipped(&[("gone.txt", line)]), &zip[..]].concat();
    for (name, bytes) in [("behind.zip", [&zip, line].concat()), ("hidden.zip", hidden)] {
        p.put(name, &bytes).run(&["scan", name]).ended(2, &["belong to no member", "were not looked at"]);
        p.run(&["verify", name]).ended(2, &["belong to no member"]);
        p.run(&["redact", name, "-o", "out.zip", "--force"]).ended(0, &["are left out of its copy"]);
        p.run(&["redact", "--in-place", name]).ended(0, &["are left out of its copy"]);
        for copy in ["out.zip", name] {
            assert_eq!(unzipped(&p.read(copy)), unzipped(&zip));
            p.run(&["verify", copy]).ended(0, &[]);
        }
    }
    // Comments are looked at.
    let mut commented = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    commented.set_comment("for canary.bird@example.com").unwrap();
    let options = zip::write::FullFileOptions::default().with_file_comment("by canary.bird@example.com");
    commented.start_file("a.txt", options).unwrap();
    commented.write_all(b"no data\n").unwrap();
    p.put("c.zip", commented.finish().unwrap().into_inner());
    assert_eq!(p.run(&["scan", "c.zip"]).ended(0, &[]).out().lines().count(), 2);
    p.run(&["redact", "--in-place", "c.zip"]).ended(0, &[]);
    p.run(&["verify", "c.zip"]).ended(0, &[]);
    // Sizes behind the data, sizes in 64 bits and zeros at the end are no bytes of nobody.
    let mut streamed = zip::ZipWriter::new_stream(Vec::new());
    for (name, large) in [("a.txt", false), ("b.txt", true), ("empty", false)] {
        streamed.start_file(name, zip::write::SimpleFileOptions::default().large_file(large)).unwrap();
        streamed.write_all(if name == "empty" { b"" } else { b"nothing, and nothing\n" }).unwrap();
    }
    let streamed = [streamed.finish().unwrap().into_inner(), vec![0; 300]].concat();
    assert_eq!(p.pipe(&["scan"], &streamed).ended(0, &[]).err, "");
}

#[test]
fn an_archive_behind_something_else_is_no_text() {
    let p = Place::new();
    let zip = zipped(&[("a.txt", LINE.as_bytes())]);
    let script = [b"#!/bin/sh\nexec unzip \"$0\"\n", &zip[..]].concat();
    let gz = [b"HDR\x01\0\x02\x03", &gzip(LINE.as_bytes())[..]].concat();
    p.put("sfx", &script).put("held", &gz);
    for (name, said) in [("sfx", "a zip archive behind other data"), ("held", "compressed data behind something else")]
    {
        p.run(&["scan", name]).ended(2, &[said, "was not looked at"]);
        p.run(&["redact", name, "-o", "out"]).ended(2, &[said]);
        assert!(!p.at("out").exists());
        p.run(&["redact", name, "--skip-unsupported", "-o", "out"]).ended(0, &[said]);
        p.run(&["redact", name, "--copy-unsupported", "-o", "copy", "--force"]).ended(0, &[said]);
        assert_eq!(p.read("copy"), p.read(name));
        p.run(&["verify", "copy", "--against", name, "--copy-unsupported"]).ended(2, &[said]);
    }
    p.pipe(&["scan"], &gz).ended(2, &["compressed data behind something else"]);
    p.put("text", "it ends with PK\x05\x06, they say\n").run(&["scan", "text"]).ended(0, &[]);
}

#[test]
fn names_are_masked_reported_and_redacted_on_request() {
    let p = Place::new();
    let name = "Chat with canary.bird@example.com.txt";
    p.put(&format!("in/{name}"), "x\n").put("in/Chat with robin.bird@example.org.txt", "y\n");
    let found = p.run(&["scan", "in"]).ended(0, &[]).out();
    assert!(!found.contains("canary.bird") && found.contains("EMAIL_ADDRESS"), "{found}");
    let row = p.run(&["scan", "--json", "in"]).ended(0, &[]).out();
    let row: serde_json::Value = serde_json::from_str(row.lines().next().unwrap()).unwrap();
    assert_eq!((row["field"].as_str(), row["line"].as_u64()), (Some("name"), Some(0)));
    p.run(&["redact", "in", "-o", "kept"]).ended(0, &["2 names", "--rename"]);
    assert_eq!(p.tree("kept").len(), 2);
    p.run(&["redact", "--rename", "in", "-o", "out"]).ended(0, &[]);
    assert_eq!(p.tree("out"), ["Chat with <EMAIL_ADDRESS>-2.txt", "Chat with <EMAIL_ADDRESS>.txt"]);
    let zip = zipped(&[(name, b"x\n")]);
    let ran = p.pipe(&["redact", "--rename"], &zip).ended(0, &[]);
    assert_eq!(unzipped(&ran.out), [("Chat with <EMAIL_ADDRESS>.txt".to_owned(), b"x\n".to_vec())]);
    assert!(!ran.out.windows(6).any(|w| w == b"canary"));
    p.put(&format!("gone/{name}/b"), [0xFF])
        .run(&["scan", &format!("gone/{name}/missing")])
        .ended(2, &["no such file"]);
}

#[test]
fn in_place_and_backups() {
    let p = Place::new();
    p.put("in/a.txt", LINE).put("in/b.txt", "nothing\n");
    let before = std::fs::metadata(p.at("in/b.txt")).unwrap().ino();
    p.run(&["redact", "--in-place", "--backup", ".orig", "in"]).ended(0, &[]);
    assert_eq!(p.tree("in"), ["a.txt", "a.txt.orig", "b.txt"]);
    assert_eq!((p.text("in/a.txt"), p.text("in/a.txt.orig")), (DONE.to_owned(), LINE.to_owned()));
    assert_eq!(std::fs::metadata(p.at("in/b.txt")).unwrap().ino(), before, "what needs no change is left alone");
    p.put("in/a.txt", LINE);
    p.run(&["redact", "--in-place", "--backup", ".orig", "in/a.txt"]).ended(2, &["exists already"]);
    assert_eq!(p.text("in/a.txt"), LINE);
    p.run(&["redact", "--in-place", "in/a.txt"]).ended(0, &[]);
    assert_eq!(p.text("in/a.txt"), DONE);
    p.pipe(&["redact", "--in-place"], b"").ended(2, &["name some"]);
}

#[test]
fn output_is_never_more_readable_than_its_input() {
    let p = Place::new();
    p.put("in/sub/a.txt", LINE).put("in/b.txt", LINE);
    let mode = |n: &str| std::fs::metadata(p.at(n)).unwrap().permissions().mode() & 0o777;
    let set = |n: &str, m| std::fs::set_permissions(p.at(n), std::fs::Permissions::from_mode(m)).unwrap();
    set("in/sub/a.txt", 0o600);
    set("in/sub", 0o700);
    set("in/b.txt", 0o440);
    p.run(&["redact", "in", "-o", "out"]).ended(0, &[]);
    assert_eq!((mode("out/sub/a.txt"), mode("out/sub"), mode("out/b.txt")), (0o600, 0o700, 0o440));
    p.run(&["redact", "--in-place", "in/sub/a.txt"]).ended(0, &[]);
    assert_eq!(mode("in/sub/a.txt"), 0o600);
    p.pipe(&["redact", "-o", "piped"], LINE.as_bytes()).ended(0, &[]);
    assert_eq!(mode("piped") & 0o077, 0);
}

#[test]
fn numbers_scopes_keys_and_policies() {
    let p = Place::new();
    let two = "a@example.com b@example.com\nb@example.com\n";
    let token = |scope: &str| p.pipe(&["redact", "--op", "contact=token", "--scope", scope], two.as_bytes()).out();
    assert_eq!(token("run"), "<EMAIL_ADDRESS_1> <EMAIL_ADDRESS_2>\n<EMAIL_ADDRESS_2>\n");
    assert_eq!(token("record"), "<EMAIL_ADDRESS_1> <EMAIL_ADDRESS_2>\n<EMAIL_ADDRESS_1>\n");
    let hash = ["redact", "--op", "contact=hash"];
    p.pipe(&hash, LINE.as_bytes()).ended(2, &["--key-file"]);
    p.put("key", "0123456789abcdef0123456789abcdef\n").put("short", "abc");
    let keyed = p.pipe(&[&hash[..], &["--key-file", "key"]].concat(), LINE.as_bytes()).ended(0, &[]).out();
    assert!(keyed.starts_with("write to <EMAIL_ADDRESS:"), "{keyed}");
    p.pipe(&[&hash[..], &["--key-file", "short"]].concat(), LINE.as_bytes()).ended(2, &["16 bytes"]);
    p.pipe(&[&hash[..], &["--key-env", "SLUICE_NO_SUCH"]].concat(), LINE.as_bytes()).ended(2, &["SLUICE_NO_SUCH"]);
    p.put("mine.toml", "name='mine'\npurpose='a test'\ndefault='remove'\n");
    assert_eq!(p.pipe(&["redact", "--policy", "mine.toml"], LINE.as_bytes()).ended(0, &[]).out(), "write to \n");
    p.pipe(&["redact", "--policy", "defualt"], b"").ended(2, &["did you mean `default`"]);
    let number = "{\"card\":4111111111111111}\n";
    for (how, want) in [("null", "{\"card\":null}\n"), ("zero", "{\"card\":0}\n")] {
        let out = p.pipe(&["redact", "--numbers", how], number.as_bytes()).ended(0, &[]).out();
        assert_eq!(out, want);
    }
}
