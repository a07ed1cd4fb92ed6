use crate::format::srt::Srt;
use crate::format::testing::{Read, covers, read, read_alike, show};
use crate::format::vtt::WebVtt;
use crate::format::{Format, Guess, Head};
use proptest::prelude::*;

fn vtt(input: &str) -> Vec<String> {
    show(&read_alike(&WebVtt, input.as_bytes(), 1 << 20))
}

fn srt(input: &str) -> Vec<String> {
    show(&read_alike(&Srt, input.as_bytes(), 1 << 20))
}

#[test]
fn webvtt() {
    let input = "WEBVTT - call of Ana\nKind: captions\n\nNOTE mail ana@example.com\nsecond line\n\nSTYLE\n::cue { color: red }\n\n\
        intro\n00:01.000 --> 00:02.500 align:start\n<v.loud Ana Reis>Hi <i>there</i></v>\n\n\
        00:00:03.000 --> 00:00:04.000\nAgent: one\ntwo\nAna: three\n<v Leo>four<v>five\n";
    assert_eq!(
        vtt(input),
        [
            "Text note WEBVTT - call of Ana | Text note Kind: captions",
            "Text note NOTE mail ana@example.com | Text note second line",
            "Text note STYLE | Text note ::cue { color: red }",
            "Text id intro | Text settings  align:start | Value speaker Ana Reis | Text text Hi there",
            "Value speaker Agent | Text text one\ntwo | Value speaker Ana | Text text three | Value speaker Leo \
             | Text text four | Text text five",
        ]
    );
    let read = read(&WebVtt, input.as_bytes(), 1 << 20, 10);
    assert_eq!(read[3].segments[3].time, Some((1.0, 2.5)));
}

#[test]
fn srt_as_it_is_written() {
    assert_eq!(
        srt(
            "1\r\n00:00:01,000 --> 00:00:02,000 X1:1 X2:2\r\n{\\an8}<font color=\"#fff\">Hi</font>\r\n- you\r\n\r\n\r\n\
             00:00:03.000 --> 00:00:04.000\r\nno number\r\n\r\nafter a gap\r\n\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nx\r\n\
             4\r\n00:00:07,000 --> 00:00:08,000\r\n[Ana Reis]: y <ana@example.com>"
        ),
        [
            "Text settings  X1:1 X2:2 | Text text Hi | Text text you",
            "Text text no number",
            "+ Text text after a gap",
            "Text text x",
            "Value speaker Ana Reis | Text text y <ana@example.com>",
        ]
    );
    assert_eq!(srt("1\r00:00:01,000 --> 00:00:02,000\rx\r\r2\r00:00:02,000 --> 00:00:03,000\ry").len(), 2);
}

#[test]
fn labels_that_announce_a_value_are_no_speakers() {
    let cue = |text: &str| srt(&format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n")).concat();
    for text in
        ["Phone: x", "at 10:30 we", "so: this", "see http://example.com", "A b c: x", "Some One Or Other Person: x"]
    {
        assert_eq!(cue(text), format!("Text text {text}"));
    }
    for (text, name) in [
        ("SPEAKER_01: x", "SPEAKER_01"),
        (">> ANA: x", "ANA"),
        ("Speaker 1: x", "Speaker 1"),
        ("客服: x", "客服"),
        ("<i>Ana: x</i>", "Ana"),
        ("- <b>Ana:</b> x", "Ana"),
    ] {
        assert_eq!(cue(text), format!("Value speaker {name} | Text text x"));
    }
}

/// Cues, one second each.
fn cues(texts: &[&str]) -> String {
    let cue = |(n, t): (usize, &&str)| format!("{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{t}\n\n");
    texts.iter().enumerate().map(cue).collect()
}

fn joined(texts: &[&str]) -> Vec<String> {
    let got = read_alike(&Srt, cues(texts).as_bytes(), 1 << 20);
    let joined = |r: &Read| {
        r.segments.iter().filter(|s| format!("{:?}", s.role) == "Joined").map(|s| s.text.clone()).collect::<Vec<_>>()
    };
    got.iter().flat_map(joined).collect()
}

#[test]
fn a_number_may_run_over_cues_of_one_speaker() {
    assert_eq!(joined(&["Ana: it's 415 555", "Ana: 0142, right", "Ana: bye"]), ["it's 415 555 0142, right"]);
    assert_eq!(joined(&["Ana: 415-", "Leo: mhm", "Ana: 555", "Leo: yes", "Ana: 0142"]), ["415-555 0142"]);
    assert_eq!(joined(&["415 <i>555</i>", "<b>0142</b>"]), ["415 555 0142"]);
    assert_eq!(joined(&["ana@", "example.com"]), ["ana@example.com"]);
    assert_eq!(joined(&["٤١٥ ٥٥٥", "٠١٤٢"]), ["٤١٥ ٥٥٥ ٠١٤٢"]);
    for none in [
        &["Ana: 415 555", "Leo: 0142"][..],
        &["Ana: 415 555", "Ana: oh well", "Ana: 0142"],
        &["Ana: 415", "Leo: a", "Leo: b", "Leo: c", "Leo: d", "Ana: 555"],
        &["text", "0142"],
        &["it is 415 555.", "0142 is another"],
    ] {
        assert!(joined(none).is_empty(), "{none:?}");
    }
}

#[test]
fn cues_read_together_count_each() {
    let input = cues(&["Ana: 415", "Leo: a", "Ana: 555 x", "y"]);
    let got = read_alike(&Srt, input.as_bytes(), 1 << 20);
    assert_eq!(got.iter().map(|r| r.records).collect::<Vec<_>>(), [3, 1]);
    let joined = got[0].segments.last().unwrap();
    assert_eq!(joined.time, Some((0.0, 2.9)));
    // Held until the speaker's next cue has come.
    assert_eq!(got[0].span.end, input.find("3\n").unwrap());
}

#[test]
fn what_is_too_long_goes_in_lines_and_parts() {
    let long = format!(
        "1\n00:00:01,000 --> 00:00:02,000\n{}\nshort\n\n2\n00:00:02,000 --> 00:00:03,000\nok\n",
        "a".repeat(90)
    );
    let got = read_alike(&Srt, long.as_bytes(), 50);
    assert_eq!(got.last().unwrap().segments[0].text, "ok");
    assert!(got.iter().any(|r| r.segments.iter().any(|s| s.text == "a".repeat(90))), "parts see their context");
}

#[test]
fn recognised_by_the_first_lines() {
    let guess = |f: &dyn Format, s: &str| f.guess(&Head { bytes: s.as_bytes(), whole: false, name: "" });
    assert_eq!(guess(&WebVtt, "WEBVTT\n"), Guess::Yes);
    assert_eq!(guess(&WebVtt, "WEBVTT x\n"), Guess::Yes);
    assert_eq!(guess(&WebVtt, "WEBVTTX\n"), Guess::No);
    assert_eq!(guess(&Srt, "1\n"), Guess::Wait);
    assert_eq!(guess(&Srt, "1\n00:00:01,000 --> 00:00:02,000\n"), Guess::Yes);
    assert_eq!(guess(&Srt, "00:00:01,000 --> 00:00:02,000\n"), Guess::Yes);
    assert_eq!(guess(&Srt, "1\n2\n"), Guess::No);
    assert_eq!(guess(&Srt, "a --> b\n"), Guess::No);
}

#[test]
fn hostile_inputs_are_read_in_linear_time() {
    for line in [
        "-->",
        "<",
        "<v ",
        "\n",
        "00:00:01,000 --> 00:00:02,000\n",
        "1\n\n",
        "\r",
        "Ana: 1\n",
        "{\\",
        "<v A>1",
        "00:00:01,000 --> 00:00:02,000\n1\n\n",
    ] {
        let input = line.repeat((1 << 18) / line.len());
        for (format, max) in [(&Srt as &dyn Format, 1 << 10), (&WebVtt, 1 << 18)] {
            let input = format!("1\n00:00:01,000 --> 00:00:02,000\n{input}");
            covers(&read(format, input.as_bytes(), max, 1 << 16), input.as_bytes());
        }
    }
}

proptest! {
    #[test]
    fn anything_is_covered_and_read_alike(
        lines in prop::collection::vec(prop::sample::select(vec![
            "", "\r", "1", "00:00:01,000 --> 00:00:02,000", "00:01.000 --> 00:02.000 align:end", "Ana: 415", "Leo: ok", "555 0142",
            "<v Ana>12", "<i>3</i>", "NOTE x", "- a", "\r\r", "<", "a\rb", "WEBVTT",
        ]), 0..24),
        max in 1usize..200,
    ) {
        let input = lines.join("\n");
        read_alike(&WebVtt, input.as_bytes(), max);
        read_alike(&Srt, input.as_bytes(), max);
    }

    /// However many cues a unit has: those built alike are filled in, the first of them and those alone are read.
    #[test]
    fn cues_that_are_built_alike_are_read_alike(
        cues in prop::collection::vec((
            prop::sample::select(vec!["", "", "7", "intro", "7", "align"]),
            prop::sample::select(vec!["", "<v Ana>", "<v.loud Leo Reis>", "Ana: ", "- ", "[Leo]: "]),
            prop::sample::select(vec!["ok", "oh\nwell", "415 555", "0142, right", "at 10:30", "a <i>b</i>", "ana@", "", "x - Leo: y"]),
            prop::sample::select(vec!["", "", "</v>", " </v>", "<v Leo>z"]),
        ), 0..30),
        crlf in any::<bool>(),
        vtt in any::<bool>(),
    ) {
        let cue = |(n, (id, speaker, text, close)): (usize, &(&str, &str, &str, &str))| {
            let id = if id.is_empty() { String::new() } else { format!("{id}\n") };
            let settings = if id == "align\n" { " align:end" } else { "" };
            format!("{id}00:00:{n:02}.000 --> 00:00:{n:02}.900{settings}\n{speaker}{text}{close}\n\n")
        };
        let mut input: String = cues.iter().enumerate().map(cue).collect();
        if crlf {
            input = input.replace('\n', "\r\n");
        }
        let format: &dyn Format = if vtt { &WebVtt } else { &Srt };
        read_alike(format, input.as_bytes(), 1 << 20);
    }
}
