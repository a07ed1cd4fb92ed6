use super::*;
use crate::format::testing::{Read, covers, read, read_alike, show};
use proptest::prelude::*;

fn rows(input: &str) -> Vec<String> {
    show(&read_alike(&Csv, input.as_bytes(), 1 << 20))
}

#[test]
fn rows_and_cells() {
    assert_eq!(
        rows("name,email\r\n\"Reis, Ana\",ana@example.com\r\n\r\n\"say \"\"x\"\"\",\"a\nb\",more\n,x"),
        [
            "Key name#0 name | Key email#1 email",
            "Value name#0 Reis, Ana | Value email#1 ana@example.com",
            "+ ",
            "Value name#0 say \"x\" | Value email#1 a\nb | Value #2 more",
            "Value email#1 x",
        ]
    );
    assert_eq!(rows("sep=;\r\n1;2,5\r\n"), ["+ ", "Value #0 1 | Value #1 2,5"]);
    assert_eq!(rows("1\t2\r3\t4\r"), ["Value #0 1 | Value #1 2", "Value #0 3 | Value #1 4"]);
    assert_eq!(
        rows("\n\nid|text\n1|a|b\n"),
        ["+ ", "+ ", "Key id#0 id | Key text#1 text", "Value id#0 1 | Value text#1 a | Value #2 b"]
    );
    assert_eq!(rows("a\0b,c\n"), ["Value #0 a\0b | Value #1 c"]);
    assert_eq!(rows(""), [""; 0]);
}

#[test]
fn a_stray_quote_takes_its_line_only() {
    assert_eq!(
        rows("id,text\n1,\"open\n2,\"fine\"\n3,x\n"),
        [
            "Key id#0 id | Key text#1 text",
            "Value id#0 1 | Value text#1 \"open",
            "Value id#0 2 | Value text#1 fine",
            "Value id#0 3 | Value text#1 x",
        ]
    );
    assert_eq!(rows("id,text\n1,\"open\n2,x\n").len(), 3);
}

#[test]
fn an_escaped_quote_leads_back_whole() {
    let input = b"id,text\n1,\"a \"\"b\"\" c\"\n";
    let mut stream = Csv.stream(&crate::format::Head { bytes: input, whole: true, name: "" }, &Settings::default());
    let Cut::Unit(mut unit) = stream.cut(input, true) else { panic!("a unit") };
    let mut record = Record::default();
    let core = Span::new(0, input.len());
    unit.reader.read(input, core, 0, &mut record);
    unit.reader.read(input, core, 8, &mut record);
    let segment = record.segments[1];
    assert_eq!(segment.layers, Layers::one(Layer::CsvQuoted));
    let mut pieces = Vec::new();
    record.raw_pieces(&segment, Span::new(2, 5), &mut pieces);
    assert_eq!(pieces.iter().map(|p| &input[p.range()]).collect::<Vec<_>>(), [b"\"\"b\"\""]);
}

#[test]
fn json_in_cells_is_opened() {
    assert_eq!(
        rows("id,data\n1,\"{\"\"mail\"\":\"\"a\\u0040b\"\"}\"\n")[1],
        "Value id#0 1 | Opened data#1 {\"mail\":\"a\\u0040b\"} | Key mail mail | Value mail a@b"
    );
    assert_eq!(
        rows("id;data\n1;{\"a\":\"b\"}\n")[1],
        "Value id#0 1 | Opened data#1 {\"a\":\"b\"} | Key a a | Value a b"
    );
}

#[test]
fn a_long_row_goes_in_parts() {
    let got = read_alike(&Csv, b"id,text\n1,aaaa,bbbb,cccc\n2,x\n", 10);
    assert_eq!(
        show(&got),
        [
            "Key id#0 id | Key text#1 text",
            "Value id#0 1 | Value text#1 aaaa",
            "+ Value #2 bbbb | Value #3 cccc",
            "Value id#0 2 | Value text#1 x",
        ]
    );
    // A cell is cut only if it alone is too long; then its parts see what lies around them.
    let got = read_alike(&Csv, b"id,text\n1,aaaaaaaaaaaaaaaaaaaaaaaaa,b\n2,x\n", 10);
    let a = "a".repeat(25);
    let part = format!("+ Value text#1 {a}");
    let last = format!("+ Value text#1 {a} | Value #2 b");
    assert_eq!(show(&got)[1..], ["Value id#0 1", &part, &part, &last, "Value id#0 2 | Value text#1 x"]);
}

#[test]
fn hostile_inputs_are_read_in_linear_time() {
    for line in ["\"", "\"\"\"a\n", "\",", "\"\\\"a\n", "\"x\n\"\"y", "a\"b,\"\n,", "\"a\\", "\r", ",", "\"\"\"\"x\n"] {
        let input = line.repeat((1 << 18) / line.len());
        for max in [1 << 10, 1 << 18] {
            covers(&read(&Csv, input.as_bytes(), max, 1 << 16), input.as_bytes());
        }
    }
}

/// The cells as one would see them from outside.
fn texts(records: &[Read]) -> Vec<Vec<String>> {
    records.iter().map(|r| r.segments.iter().map(|s| s.text.clone()).collect()).collect()
}

proptest! {
    #[test]
    fn what_was_written_comes_back(
        rows in prop::collection::vec(prop::collection::vec("[a-z0-9 ,;\"\n\r\t'@é]{1,12}", 3), 1..6),
        delimiter in prop::sample::select(vec![b',', b';', b'|', b'\t']),
        crlf: bool,
    ) {
        let terminator = if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
        writer.write_record(["col_one", "col_two", "col_three"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let input = writer.into_inner().unwrap();
        let got = read_alike(&Csv, &input, 1 << 20);
        prop_assert_eq!(&texts(&got)[1..], &rows[..]);
        prop_assert!(got[1..].iter().all(|r| r.segments[1].field == "col_two#1"));
    }

    #[test]
    fn anything_is_covered_and_read_alike(input in "[a,\"\n\r\\\\ 1]{0,60}", max in 1usize..20) {
        let got = read_alike(&Csv, input.as_bytes(), max);
        // All but delimiters, quotes and line ends is shown to the scanner.
        let mut shown = vec![false; input.len()];
        for s in got.iter().flat_map(|r| &r.segments) {
            shown[s.raw.range()].fill(true);
        }
        let hidden = input.bytes().zip(shown).filter(|(b, s)| !s && !b",\"\n\r ".contains(b));
        prop_assert_eq!(hidden.count(), 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// However many rows a unit has: those built alike are filled in, the first of them and all others are read cell by cell.
    #[test]
    fn rows_that_are_built_alike_are_read_alike(
        cells in prop::collection::vec(prop::sample::select(vec![
            "", "", "", "x", "a b", "415 555 0142", "\"q\"", "\"a,b\"", "\"say \"\"hi\"\"\"", "\"\"", "\"l\nm\"", "{\"\"k\"\":1}", "\"{\"\"k\"\":1}\"", "[1]",
            "\"open", "\"{", " ",
        ]), 0..120),
        columns in prop::sample::select(vec![1usize, 2, 3, 5, 70]),
        delimiter in prop::sample::select(vec![",", ";", "."]),
        crlf in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let rows = cells.chunks(columns).map(|row| row.join(delimiter) + end);
        let input = format!("sep={delimiter}{end}{}", rows.collect::<String>());
        read_alike(&Csv, input.as_bytes(), 1 << 20);
    }
}
