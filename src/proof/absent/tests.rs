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
    absent(values).search(text.as_bytes(), Within::Text, &mut Walker::default(), &mut all);
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
        ("ana@example.com", "ana@example.com-export.zip", Some("ana@example.com")),
        ("ana@example.com", "x.ana@example.com ana@example.com.br", None),
        ("Κώστας Παππάς", "ΚΩΣΤΑΣ ΠΑΠΠΑΣ", Some("ΚΩΣΤΑΣ ΠΑΠΠΑΣ")),
        ("ΚΩΣΤΑΣ", "κώστας", Some("κώστας")),
        ("Strauß", "STRAUSS", Some("STRAUSS")),
        ("Strauss", "Strauß", Some("Strauß")),
        ("strauß", "STRAUẞ", Some("STRAUẞ")),
        ("İpek", "ipek", Some("ipek")),
        ("İpek", "IPEK", Some("IPEK")),
        ("ipek", "İPEK", Some("İPEK")),
        ("IŞIK", "ışık", Some("ışık")),
        ("Jürgen Groß", "JUERGEN GROSS", Some("JUERGEN GROSS")),
        ("José", "JOSE", Some("JOSE")),
        ("Фёдор", "федор", Some("федор")),
        ("مُحَمَّد", "محمد", Some("محمد")),
        ("Ana Reis", "Ana_Reis.pdf ", Some("Ana_Reis")),
        ("Ana Maria Reis", "q=ana+maria+reis", Some("ana+maria+reis")),
        ("Anna-Maria", "anna maria", Some("anna maria")),
        ("Ana Reis", "Ana Reis² ﬁn", Some("Ana Reis")),
        ("Griﬃn", "GRIFFIN", Some("GRIFFIN")),
        ("葛\u{E0100}城", "葛城", Some("葛城")),
        ("김민준", "x 3f 김민준 ", Some("김민준")),
        (
            "3f2b8c1e-77aa-4d00-9b1c-5e6f7a8b9c0d",
            "3F2B8C1E77AA4D009B1C5E6F7A8B9C0D",
            Some("3F2B8C1E77AA4D009B1C5E6F7A8B9C0D"),
        ),
        (
            "ab12c81e77aa4d009b1c5e6f7a8b9c0d",
            "{AB12C81E-77aa-4d00-9b1c-5e6f7a8b9c0d}",
            Some("AB12C81E-77aa-4d00-9b1c-5e6f7a8b9c0d"),
        ),
        ("AB 12 34 56 C", "no AB123456C", Some("AB123456C")),
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
fn marks_between_digits() {
    let card = "4111111111111111";
    for text in [
        "4111,1111,1111,1111",
        "4111\t1111\t1111\t1111",
        "4111'1111'1111'1111",
        "4111’1111’1111’1111",
        "4111·1111·1111·1111",
        "4111_1111_1111_1111",
        "4111 · 1111 · 1111 · 1111",
        "5,4111,1111,1111,1111,7",
        "(4111,1111,1111,1111).",
    ] {
        assert_eq!(found(&[card], text).len(), 1, "{text}");
        assert_eq!(found(&["4111,1111,1111,1111"], text).len(), 1, "{text}");
    }
    for (value, text, is) in [
        ("1234567890", "total 1,234,567,890 EUR", true),
        ("1234567890", "1'234'567'890", true),
        ("415-555-0142", "415,555,0142", true),
        // Columns of a table; marks that differ.
        ("1234567890", "1,234,567,890,12", false),
        ("1234567890", "5,1,234,567,890", false),
        ("1234567890", "1,234\t567,890", false),
        ("1234567890", "1234, 567890", false),
        ("1234567890", "'1234','567890'", false),
        ("020 7946 0018", "020, 7946 0018", false),
        ("4111111111111111", "4111,1111\t1111,1111", false),
    ] {
        assert_eq!(found(&[value], text).len(), usize::from(is), "{value} in {text}");
    }
}

/// Few short numbers are found in groups; many would be met by each amount.
#[test]
fn short_numbers() {
    for (text, is) in [
        ("123456", true),
        ("123,456", true),
        ("123 456", true),
        ("12-34-56", true),
        ("1,123,456", false),
        ("123,456,7", false),
        ("1123456", false),
        ("12:34:56", false),
    ] {
        assert_eq!(found(&["123456"], text).len(), usize::from(is), "{text}");
    }
    assert_eq!(found(&["120524"], "on 12.05.24, 12-05-24, 12/05/24"), [] as [&str; 0]);
    let (mut builder, mut all) = (Builder::default(), Vec::new());
    (100_000..200_000).for_each(|n| builder.add(n, n.to_string().as_bytes()).unwrap());
    let many = builder.finish();
    assert_eq!(many.written(), 100_000);
    many.search(b"123,456 and 123 456 and 123.456", Within::Text, &mut Walker::default(), &mut all);
    assert_eq!(all, []);
    many.search(b"id 123456", Within::Text, &mut Walker::default(), &mut all);
    assert_eq!(all.len(), 1);
}

/// Where lines end and begin with numbers, these are found as they are listed only; in a name no address is part of another.
#[test]
fn elsewhere_than_in_texts() {
    let count = |value: &str, text: &str, within| {
        let mut all = Vec::new();
        absent(&[value]).search(text.as_bytes(), within, &mut Walker::default(), &mut all);
        all.len()
    };
    assert_eq!(count("1234567890", "12345 67890", Within::Lines), 0);
    assert_eq!(count("12345 67890", "12345\n67890", Within::Lines), 1);
    assert_eq!(count("ana@example.com", "x.ana@example.com.br", Within::Name), 1);
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
    absent.search(b"usr_2222", Within::Text, &mut Walker::default(), &mut all);
    assert_eq!((all.len(), all[0].line, absent.values()), (1, 2, 3));
}

/// What `search` should find of values without spellings of their own: each window of words compared as it stands.
fn oracle(values: &[String], text: &str) -> Vec<(usize, usize)> {
    let normal = |t: &str| {
        t.to_lowercase()
            .replace('é', "e")
            .replace('ß', "ss")
            .replace('ς', "σ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    // A mark between two words may stand for a space.
    let spaced = |t: &str| {
        let chars: Vec<char> = t.chars().collect();
        let stands = |i: usize| {
            matches!(chars[i], '_' | '.') && word(i.checked_sub(1).map(|i| chars[i])) && word(chars.get(i + 1).copied())
        };
        (0..chars.len()).map(|i| if stands(i) { ' ' } else { chars[i] }).collect::<String>()
    };
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
            let (window, spaced) = (normal(&text[from..end]), normal(&spaced(&text[from..end])));
            if values.iter().map(|v| normal(&core(v))).any(|v| v == window || v == spaced) {
                out.push((from, end));
            }
        }
    }
    out
}

proptest! {
    #[test]
    fn none_is_missed_and_none_made_up(
        values in prop::collection::vec("[abÉя1ßσ_.,]{1,3}[ab 1é_,]{1,4}[aя1ς]", 1..20),
        text in "([abéЯ1_.,eΣς]|  ?|\n|[Ab]{2}|ß|ss){0,60}",
    ) {
        let mut builder = Builder::default();
        let taken: Vec<String> = values.into_iter().filter(|v| builder.add(1, v.as_bytes()).is_ok()).collect();
        let mut all = Vec::new();
        builder.finish().search(text.as_bytes(), Within::Text, &mut Walker::default(), &mut all);
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
        prop_assume!(!numbers::begins_as_day(grouped.as_bytes()));
        let text = format!("{}{grouped}{}", around.0, around.1);
        prop_assert!(!found(&[&digits], &text).is_empty(), "{} in {}", digits, text);
        let value = format!("{}-{}", &digits[..3], &digits[3..]);
        prop_assert!(!found(&[&value], &text).is_empty(), "{} in {}", value, text);
    }
}
