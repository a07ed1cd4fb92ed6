//! Every version of the sweep against the oracle.

use super::*;
use crate::model::StopBytes;
use proptest::prelude::*;

static STOPS: StopBytes = StopBytes::new(b"\"\\\n:@");

fn key(a: &Anchor) -> (String, usize) {
    (format!("{:?}", a.kind()), a.start())
}

const WORDS: [&str; 8] = ["eyJ", "ab", "x", "https://", "é1", "Aé", "b", "abc"];

fn sweeps() -> &'static [Sweep] {
    static ONCE: std::sync::OnceLock<Vec<Sweep>> = std::sync::OnceLock::new();
    ONCE.get_or_init(make_sweeps)
}

fn make_sweeps() -> Vec<Sweep> {
    let levels = Level::ALL.into_iter().filter(|l| l.available());
    // With few literals, and with many: no text has the others.
    let others: Vec<String> = (b'a'..=b'z').map(|c| format!("\u{1}{}no text has this", c as char)).collect();
    let make = |(level, others): (Level, &[String])| {
        let mut b = Sweep::builder();
        b.want(Kinds(!Kinds::TEXT.and(Kinds::FOLD).0));
        WORDS.iter().enumerate().for_each(|(i, w)| b.literals(i, i % 2 == 0, &[w]));
        others.iter().enumerate().for_each(|(i, w)| b.literals(WORDS.len() + i, i % 2 == 0, &[w]));
        b.build(Some(level))
    };
    levels.flat_map(|l| [(l, &[][..]), (l, &others[..])]).map(make).collect()
}

/// Whether every version of the sweep finds what the oracle finds, in any order.
fn agree(text: &[u8]) {
    for sweep in sweeps() {
        let (mut got, mut want) = (Vec::new(), oracle::anchors(text, &WORDS));
        let mut stops = Stops::new(&STOPS);
        sweep.run(text, Kinds(!Kinds::TEXT.0), Some(&mut stops), &mut got);
        let marked = oracle::stops(text, b"\"\\\n:@");
        assert_eq!(*stops.words(), marked, "{:?} {:?}", sweep.level, String::from_utf8_lossy(text));
        assert!(got.is_sorted_by_key(Anchor::start), "{:?} {:?}", sweep.level, String::from_utf8_lossy(text));
        got.sort_by_key(key);
        want.sort_by_key(key);
        assert_eq!(got, want, "{:?} {:?}", sweep.level, String::from_utf8_lossy(text));
        // As with few entities: without the kinds for which words are looked at.
        let few = Kinds::AT.and(Kinds::RUN).and(Kinds::DOTS).and(Kinds::COLONS).and(Kinds::LITERAL);
        got.clear();
        sweep.run(text, few, None, &mut got);
        got.sort_by_key(key);
        want.retain(|a| few.holds(a.kind()));
        assert_eq!(got, want, "{:?} {:?}", sweep.level, String::from_utf8_lossy(text));
    }
}

#[test]
fn each_kind() {
    let anchors = |text: &str| {
        let mut out = Vec::new();
        sweeps()[0].sweep(text.as_bytes(), &mut out);
        out
    };
    assert_eq!(anchors("k@q"), [Anchor::At(1)]);
    assert_eq!(anchors("call 555 (01) 42q"), [Anchor::Run { start: 5, end: 16 }]);
    assert_eq!(anchors("555    0142"), []);
    assert_eq!(anchors("9.8.7.6"), [Anchor::Dots(1)]);
    assert_eq!(anchors("12345\n00:42:39.849"), []);
    assert_eq!(anchors("555 0142\n00:42:39.849"), [Anchor::Run { start: 0, end: 11 }]);
    assert_eq!(anchors("12345\n100:42:39.849"), []);
    assert_eq!(anchors("415 555\n0142:42:39,849"), []);
    assert_eq!(anchors("415 555\n0142:42:39"), [Anchor::Run { start: 0, end: 12 }]);
    assert_eq!(anchors("12:30:59"), []);
    assert_eq!(anchors("1::2"), [Anchor::Colons(2)]);
    assert_eq!(anchors("2024-01-31T10"), []);
    assert_eq!(anchors("q_1234567"), []);
    assert_eq!(anchors("pq12"), [Anchor::Iban(0)]);
    assert_eq!(anchors("1.234,"), [Anchor::Decimal(1)]);
    assert_eq!(anchors("1.234Z"), []);
    assert_eq!(anchors(&"k".repeat(25)), [Anchor::Long { start: 0, end: 25 }]);
    assert_eq!(anchors("q.pqr1234k9 p123k"), [Anchor::Code(2)]);
    assert_eq!(anchors("EYJ"), [Anchor::Literal { rule: 0, start: 0 }]);
}

#[test]
fn the_anchors_of_a_part_are_those_of_the_part_alone() {
    let whole =
        r#"{"a":"+1 415 555 0142","b":"x@y 1.2345 aa12 eyJ","c":"192.0.2.1","d":"0011.2233.4455 a::b 00-11-22"}"#;
    for sweep in sweeps() {
        let mut all = Vec::new();
        sweep.sweep_unit(whole.as_bytes(), None, &mut all);
        let quotes: Vec<usize> = whole.match_indices('"').map(|q| q.0).collect();
        let mut cursor = Cursor::default();
        // Forwards, then one back.
        for pair in quotes.windows(2).chain(quotes.windows(2).take(1)) {
            let span = Span::new(pair[0] + 1, pair[1]);
            let text = &whole.as_bytes()[span.range()];
            let (mut cut, mut alone) = (Vec::new(), Vec::new());
            sweep.cut(&all, &mut cursor, span, text, &mut cut);
            sweep.sweep(text, &mut alone);
            assert!(alone.iter().all(|a| cut.contains(a)), "{} {alone:?} {cut:?}", &whole[span.range()]);
        }
    }
}

/// Wherever the last question was asked, before or behind the record's beginning.
#[test]
fn a_cursor_goes_back() {
    let whole =
        "a@b 415 555 0142\nx@y.example, 415-555-0143, 192.0.2.1, 1.2345,1 aa12 b\n::1 and 415 555 01 42 99 ".repeat(3);
    let mut all = Vec::new();
    sweeps()[0].sweep_unit(whole.as_bytes(), None, &mut all);
    let mut random = crate::detect::phone::random(7);
    let mut cursor = Cursor::default();
    for _ in 0..2000 {
        let (start, len) = (random(whole.len()), random(30));
        let span = Span::new(start, whole.len().min(start + len));
        if random(4) == 0 {
            let (mut fresh, at) = (Cursor::default(), random(whole.len()));
            assert_eq!(cursor.still_until(&all, at), fresh.still_until(&all, at), "{at}");
        }
        let cut = |cursor: &mut Cursor| {
            let mut out = Vec::new();
            sweeps()[0].cut(&all, cursor, span, &whole.as_bytes()[span.range()], &mut out);
            out
        };
        assert_eq!(cut(&mut cursor), cut(&mut Cursor::default()), "{span:?}");
    }
}

#[test]
fn at_every_place_in_a_block() {
    for pad in 0..200 {
        let text = format!("{}+1 (415) 555-0142 a@b.example 192.0.2.1 eyJ {}", "~".repeat(pad), "q".repeat(pad % 70));
        agree(text.as_bytes());
    }
}

#[test]
fn runs_and_dates_at_every_place() {
    for pad in 0..140 {
        for run in
            ["4155550142", "2024-01-31", "2024-01-31 22", "+2024-01-31", "0 0 1 2 3 4 5 6", "1---2 3 4 5 6 7   8    9"]
        {
            for before in ["", "_", "~", "a ", "+ "] {
                agree(format!("{}{before}{run}", "~".repeat(pad)).as_bytes());
            }
        }
        for run in ["2024-71-91T10:", "2024-71-91T10-", "+2024-71-91T10:", "3 2024-71-91T10:", "1-2024-71-91T10:"] {
            agree(format!("{}{run}00", "~".repeat(pad)).as_bytes());
        }
        for digits in 6..=13 {
            for before in ["_", "k", "5_", "5__", "~", "5~", "5____", "_k"] {
                agree(format!("{}{before}{}", "~".repeat(pad), &"1234567890123"[..digits]).as_bytes());
            }
        }
        agree(format!("{}{}", "~".repeat(pad), "12 (3)-".repeat(pad / 4)).as_bytes());
    }
}

/// So many that they take two sets of fingerprints, of two to nine bytes, of several scripts.
#[test]
fn many_literals() {
    const FIRST: [&str; 12] = ["a", "/", "°", "m", "(", "я", "sk", "密", "é", "0", "é ", "_"];
    const REST: [&str; 16] =
        ["a", "b-", "Я", "°", "x.y", "1", "22", "/@", " c", "密码", "zzzz", "é", "k", ")", "ex", "ßt"];
    let literals: Vec<String> = FIRST.iter().flat_map(|a| REST.iter().map(move |b| format!("{a}{b}"))).collect();
    let texts = literals.chunks(7).flat_map(|some| {
        let some = some.concat();
        [some.clone(), some.to_uppercase(), format!("{}{some}", "~".repeat(some.len() + 450))]
    });
    let texts: Vec<String> = texts.collect();
    for level in Level::ALL.into_iter().filter(|l| l.available()) {
        let mut builder = Sweep::builder();
        literals.iter().enumerate().for_each(|(i, l)| builder.literals(i, i % 2 == 0, &[l]));
        let sweep = builder.build(Some(level));
        for text in &texts {
            let (mut got, mut want) = (Vec::new(), Vec::new());
            sweep.sweep(text.as_bytes(), &mut got);
            for (start, (rule, literal)) in
                (0..text.len()).flat_map(|at| literals.iter().enumerate().map(move |l| (at, l)))
            {
                let there = text.as_bytes()[start..].get(..literal.len());
                if there.is_some_and(|t| t.eq_ignore_ascii_case(literal.to_ascii_lowercase().as_bytes()))
                    && (rule % 2 == 0 || literals::begins(text.as_bytes(), start))
                {
                    want.push(Anchor::Literal { rule: rule as u32, start });
                }
            }
            let order = |a: &Anchor| (a.start(), format!("{a:?}"));
            got.sort_by_key(order);
            want.sort_by_key(order);
            assert_eq!(got, want, "{level:?} {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_sweep_agrees_with_the_oracle(text in "[0-9a-fABCX@:.() +/_xé\"\\\\\n\\-]{0,200}") {
        agree(text.as_bytes());
    }

    #[test]
    fn on_codes(text in "([a-z]{0,8}[0-9]{2,9}[a-z]{0,3}[0-9]{0,4}[a-z_. ]{0,2}){0,20}") {
        agree(text.as_bytes());
    }

    #[test]
    fn on_any_bytes(text in proptest::collection::vec(any::<u8>(), 0..300)) {
        agree(&text);
    }

    #[test]
    fn on_long_words_and_runs(text in "([a-z0-9]{20,30}|[a-z]{60,140}|[0-9]{1,5}| |--|\\.|\n[0-9]{2}:[0-9]{2}:){0,12}") {
        agree(text.as_bytes());
    }
}

/// As texts with other bytes are, whether a literal is among them or not.
#[test]
fn digits_alone_are_swept_without_vectors() {
    let mut literal = Sweep::builder();
    literal.want(Kinds::RUN);
    literal.literals(0, true, &["0800"]);
    for sweep in [&sweeps()[0], &literal.build(None)] {
        for len in 0..80 {
            let text = &b"0800555014".repeat(8)[..len];
            let (mut got, mut want) = (Vec::new(), Vec::new());
            sweep.sweep(text, &mut got);
            sweep.run(text, sweep.kinds, None, &mut want);
            assert_eq!(got, want, "{len}");
        }
    }
}
