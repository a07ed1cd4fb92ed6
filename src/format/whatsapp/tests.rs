use super::*;
use crate::format::testing::{covers, read, read_alike, show};
use proptest::prelude::*;

fn messages(input: &str) -> Vec<String> {
    show(&read_alike(&WhatsApp, input.as_bytes(), 1 << 20))
}

#[test]
fn android() {
    let input = "21/11/2026, 18:05 - Messages are end-to-end encrypted. No one outside can read them.\n\
        21/11/2026, 18:05 - Ana added +1 555-0142\n\
        21/11/2026, 18:06 - Ana Reis: hi\nmy mail:\n\nana@example.com\n\
        21/11/2026, 18:07 - +44 7700 900123: IMG-20261121-WA0001.jpg (file attached)\n\
        21/11/2026, 18:08 - Leo:\n";
    assert_eq!(
        messages(input),
        [
            "Text text Messages are end-to-end encrypted. No one outside can read them.",
            "Text text Ana added +1 555-0142",
            "Value speaker Ana Reis | Text text hi\nmy mail:\n\nana@example.com",
            "Value speaker +44 7700 900123 | Text text IMG-20261121-WA0001.jpg (file attached)",
            "Value speaker Leo",
        ]
    );
}

#[test]
fn ios() {
    let input = "[21.11.26, 18:05:33] Hikers: \u{200e}Messages are encrypted.\r\n\
        \u{200e}[21.11.26, 18:05:34] ~ Ana: \u{200e}<attached: 00000012-PHOTO-2026-11-21-18-05-33.jpg>\r\n\
        [21.11.26, 18:05:35] Leo: one\r\ntwo [21.11.26] three\r\n";
    assert_eq!(
        messages(input),
        [
            "Value speaker Hikers | Text text \u{200e}Messages are encrypted.",
            "Value speaker Ana | Text text \u{200e}<attached: 00000012-PHOTO-2026-11-21-18-05-33.jpg>",
            "Value speaker Leo | Text text one\r\ntwo [21.11.26] three",
        ]
    );
}

#[test]
fn what_comes_before_the_first_head_is_read_as_text() {
    assert_eq!(messages("x 555\n21/11/2026, 18:05 - Ana: y"), ["Text text x 555", "Value speaker Ana | Text text y"]);
    assert_eq!(messages("\n\n21/11/2026, 18:05 - Ana: y\n"), ["+ ", "Value speaker Ana | Text text y"]);
    assert_eq!(messages("\n"), ["+ "]);
}

#[test]
fn a_long_message_goes_in_parts() {
    let input = format!("21/11/2026, 18:05 - Ana: one\ntwo\n{}\nthree\n21/11/2026, 18:06 - Leo: ok\n", "a".repeat(90));
    let got = read_alike(&WhatsApp, input.as_bytes(), 40);
    let shown = show(&got);
    assert_eq!(shown[0], "Value speaker Ana | Text text one\ntwo");
    assert_eq!(shown[1], format!("+ Text text {}", "a".repeat(90)));
    assert_eq!(shown.last().unwrap(), "Value speaker Leo | Text text ok");
    assert_eq!(got.iter().filter(|r| r.starts).count(), 2);
}

#[test]
fn recognised_by_its_heads() {
    let guess = |s: &str| WhatsApp.guess(&Head { bytes: s.as_bytes(), whole: false, name: "" });
    for yes in [
        "21/11/2026, 18:05 - Ana: hi\n",
        "[21.11.26, 18:05:33] Ana: hi\n",
        "21/11/2026, 18:05 - Messages are encrypted.\n21/11/2026, 18:05 - Ana: hi\n",
    ] {
        assert_eq!(guess(yes), Guess::Yes, "{yes}");
    }
    let nobody = "21/11/2026, 18:05 - Messages are encrypted.\n";
    assert_eq!(guess(nobody), Guess::Wait);
    assert_eq!(guess(&nobody.repeat(3)), Guess::Wait);
    assert_eq!(guess(&nobody.repeat(9)), Guess::No);
    assert_eq!(guess(&(nobody.repeat(3) + "21/11/2026, 18:05 - Ana: x\n")), Guess::Yes);
    for no in [
        "[2026-11-21 18:05:33] local.ERROR: x\n[2026-11-21 18:05:34] local.INFO: y\n",
        "2026-11-21 18:05:33 - INFO - x: y\n",
        "2026-11-21 18:05 - started\nx\n",
        "[18:05] Ana: hi\n",
        "hi\n",
    ] {
        assert_eq!(guess(no), Guess::No, "{no}");
    }
}

#[test]
fn hostile_inputs_are_read_in_linear_time() {
    for line in [
        "21/11/2026, 18:05 - a: b\n",
        "21/11/2026, 18:05 - ",
        "[",
        "\n",
        "\u{200e}",
        "21/11/2026",
        "[21.11.26, 18:05:33]\n",
        "x\n",
    ] {
        let input = line.repeat((1 << 18) / line.len());
        for max in [1 << 10, 1 << 18] {
            covers(&read(&WhatsApp, input.as_bytes(), max, 1 << 14), input.as_bytes());
        }
    }
}

proptest! {
    #[test]
    fn anything_is_covered_and_read_alike(
        lines in prop::collection::vec(prop::sample::select(vec![
            "", "\r", "x", "21/11/2026, 18:05 - Ana: hi", "21/11/2026, 18:05 - Ana joined", "\u{200e}[21.11.26, 18:05:33] ~ Leo: é",
            "21/11/2026, 18:05 - ", "21/11/2026, 18:0", "[21.11.26, 18:05:33]", "ééééééééééééééééééééééééé",
        ]), 0..16),
        max in 1usize..120,
    ) {
        let input = lines.join("\n");
        read_alike(&WhatsApp, input.as_bytes(), max);
    }
}
