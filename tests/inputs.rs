//! Files, directories, compression, encodings and archives, in and out: what of them is read and how output comes to be.

#[path = "support/program.rs"]
mod program;

use program::*;
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
