use super::*;
use proptest::prelude::*;

fn absent(values: &[&str]) -> Absent {
    let mut builder = Builder::default();
    for (i, v) in values.iter().enumerate() {
        builder.add(i as u32 + 1, v.as_bytes()).unwrap();
    }
    builder.finish()
}

/// What stands in `text`: each place once, in order.
fn found(values: &[&str], text: &str) -> Vec<String> {
    let mut all = Vec::new();
    absent(values).search(text.as_bytes(), &mut Walker::default(), &mut all);
    all.sort_by_key(|f| (f.span, f.line));
    all.dedup();
    all.iter().map(|f| text[f.span.range()].to_owned()).collect()
}

#[test]
fn one_value_in_many_spellings() {
    for (value, text, stands) in [
        ("usr_8812", "id=USR_8812.", Some("USR_8812")),
        ("usr_8812", "old_usr_8812_x", Some("usr_8812")),
        ("usr_8812", "usr_88123 xusr_8812 usr-8812 usr 8812", None),
        ("8812", "a 8812, b", Some("8812")),
        ("8812", "18812 8812a 88 12", None),
        ("Ana Reis", "hi ANA\t \n reis!", Some("ANA\t \n reis")),
        ("Ana Reis", "Ana, Reis / Ana M. Reis / Anareis", None),
        ("Zoë Müller", "ZOE\u{308} MU\u{308}LLER", Some("ZOE\u{308} MU\u{308}LLER")),
        ("Zoe\u{308} Muller", "zoë muller", Some("zoë muller")),
        ("O'Neil", "Mr O’NEIL’s", Some("O’NEIL")),
        ("王小明", "我是王小明。", Some("王小明")),
        ("李明", "李明", Some("李明")),
        ("김민준", "김민준은", Some("김민준")),
        ("ana.reis@example.com", "mailto:Ana.Reis@EXAMPLE.com?", Some("Ana.Reis@EXAMPLE.com")),
        ("ana.reis@example.com", "to ana.reis@example.com.Please", Some("ana.reis@example.com")),
        ("ana.reis@example.com", "x.ana.reis@example.com ana.reis@example.com.br ana.reis@example.community", None),
        ("ana.reis@example.com", "- ana.reis@example.com.", Some("ana.reis@example.com")),
        ("DE89 3704 0044 0532 0130 00", "de89370400440532013000", Some("de89370400440532013000")),
        ("DE89370400440532013000", "x DE89 3704-0044 0532 0130 00 y", Some("DE89 3704-0044 0532 0130 00")),
        ("4242 4242 4242 4242", "4242424242424242", Some("4242424242424242")),
        ("4242424242424242", "no 4242-4242-4242-4242!", Some("4242-4242-4242-4242")),
        ("123-45-6789", "123456789", Some("123456789")),
        ("@ana_reis", "see ana_reis", Some("ana_reis")),
    ] {
        let got = found(&[value], text);
        assert_eq!(got.iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(stands), "{value} in {text}");
    }
}

#[test]
fn a_phone_number_with_and_without_its_prefixes() {
    let spellings: &[&[&str]] = &[
        &[
            "+14155550142",
            "+1 (415) 555-0142",
            "(415) 555-0142",
            "415.555.0142",
            "001 415 555 0142",
            "14155550142",
            "1-415-555-0142",
        ],
        &[
            "+442079460018",
            "+44 (0)20 7946 0018",
            "+44 20 7946 0018",
            "020 7946 0018",
            "0044 20 79460018",
            "011 44 20 7946 0018",
        ],
        &["+4915112345678", "+49 (0) 151 12345678", "0151 12345678", "0151/1234-5678"],
        &["+79161234567", "8 (916) 123-45-67", "+7 916 123 45 67"],
        &["+36201234567", "06 20 123 4567", "+36 20 123 4567"],
        &["+390612345678", "06 1234 5678", "+39 06 12345678"],
    ];
    for all in spellings {
        for value in *all {
            for text in *all {
                // Bare digits on the list are as often ids: from them no prefix is taken.
                let bare = value.bytes().all(|b| b.is_ascii_digit()) && !text.contains(value);
                let text = format!("call {text} now");
                assert!(bare || !found(&[value], &text).is_empty(), "{value} in {text}");
            }
        }
    }
    for (value, text) in [
        ("+14155550142", "+44 4155550142"),
        ("+14155550142", "+1 415 555 01421"),
        ("+442079460018", "+1 2079460018"),
        ("202403041", "2024-03-04 1"),
        ("20240304", "2024-03-04"),
        ("020 7946 0018", "020, 7946 0018"),
    ] {
        assert_eq!(found(&[value], text), [] as [&str; 0], "{value} in {text}");
    }
}

#[test]
fn what_can_not_be_looked_for() {
    let add = |v: &str| Builder::default().add(1, v.as_bytes());
    for short in ["", "a", "12", "--", "a-b", "é1", "明"] {
        assert_eq!(add(short), Err(Refused::Short), "{short}");
    }
    assert_eq!(add(&"a ".repeat(129)), Err(Refused::Long));
    assert_eq!(add(&"a".repeat(1025)), Err(Refused::Long));
    for good in ["123", "a-b-c", "王明"] {
        assert_eq!(add(good), Ok(()), "{good}");
    }
    assert!(add(&"a ".repeat(128)).is_ok() && add(&"é".repeat(512)).is_ok());
}

#[test]
fn the_first_line_is_told_and_all_values_count() {
    let absent = absent(&["usr_1111", "usr_2222", "USR_2222"]);
    let mut all = Vec::new();
    absent.search(b"usr_2222", &mut Walker::default(), &mut all);
    assert_eq!((all.len(), all[0].line, absent.values()), (1, 2, 3));
}

/// What `search` should find of values without spellings of their own: each window of words compared as it stands.
fn oracle(values: &[String], text: &str) -> Vec<(usize, usize)> {
    let normal = |t: &str| t.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let core = |v: &str| v.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut out = Vec::new();
    for (from, first) in text.char_indices() {
        if !word(Some(first)) || word(text[..from].chars().next_back()) {
            continue;
        }
        for (to, last) in text[from..].char_indices() {
            let end = from + to + last.len_utf8();
            if !word(Some(last)) || word(text[end..].chars().next()) {
                continue;
            }
            let window = normal(&text[from..end]);
            if values.iter().any(|v| normal(&core(v)) == window) {
                out.push((from, end));
            }
        }
    }
    out
}

proptest! {
    #[test]
    fn none_is_missed_and_none_made_up(
        values in prop::collection::vec("[abÉя1_.-]{1,3}[ab 1é_-]{1,4}[aя1]", 1..20),
        text in "([abéЯ1_.,-]|  ?|\n|[Ab]{2}){0,60}",
    ) {
        let mut builder = Builder::default();
        let taken: Vec<String> = values.into_iter().filter(|v| builder.add(1, v.as_bytes()).is_ok()).collect();
        let mut all = Vec::new();
        builder.finish().search(text.as_bytes(), &mut Walker::default(), &mut all);
        let mut got: Vec<_> = all.iter().map(|f| (f.span.start, f.span.end)).collect();
        got.sort_unstable();
        got.dedup();
        prop_assert_eq!(got, oracle(&taken, &text));
    }

    /// A number is found however it is grouped, whatever stands around.
    #[test]
    fn numbers_in_any_grouping(
        digits in "[1-9][0-9]{8,18}",
        cuts in prop::collection::vec((1usize..5, prop::sample::select(vec![" ", "-", ".", " - ", "/", ") "])), 0..8),
        around in prop::sample::select(vec![("", ""), ("no ", " x"), ("(", ")"), ("a, ", ", 5"), ("12 ", " 34"), ("id:", "\n")]),
    ) {
        let (mut grouped, mut rest) = (String::new(), &digits[..]);
        for (n, separator) in cuts {
            if rest.len() > n {
                grouped += &rest[..n];
                grouped += separator;
                rest = &rest[n..];
            }
        }
        grouped += rest;
        // What begins as a day does is no number.
        let parts: Vec<&[u8]> = grouped.as_bytes().split(|b| !b.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
        prop_assume!(parts.len() < 3 || !numbers::is_date([parts[0], parts[1], parts[2]]));
        let text = format!("{}{grouped}{}", around.0, around.1);
        prop_assert!(!found(&[&digits], &text).is_empty(), "{} in {}", digits, text);
        let value = format!("{}-{}", &digits[..3], &digits[3..]);
        prop_assert!(!found(&[&value], &text).is_empty(), "{} in {}", value, text);
    }
}
