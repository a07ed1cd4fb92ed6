//! One record of each kind of file.

use super::compose::{Length, Shares, compose};
use super::rng::Rng;
use super::sink::{Form, Sink};
use super::values::{self, Text};
use super::words::{LANGUAGES, Language};
use std::io;

/// What is written.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Chat,
    Vtt,
    Prose,
    Log,
    Csv,
    Json,
    Source,
}

impl Kind {
    /// All of them, by the name that the option takes.
    pub const ALL: [(&'static str, Kind); 7] = [
        ("chat", Kind::Chat),
        ("vtt", Kind::Vtt),
        ("prose", Kind::Prose),
        ("log", Kind::Log),
        ("csv", Kind::Csv),
        ("json", Kind::Json),
        ("source", Kind::Source),
    ];
}

/// What goes on from record to record.
pub struct Writer {
    pub rng: Rng,
    pub shares: Shares,
    /// JSON in ASCII alone, as some exporters write it.
    pub ascii: bool,
    /// Everything in one line.
    pub one_line: bool,
    text: Text,
    scratch: String,
    /// Records so far.
    n: u64,
    /// Milliseconds since 1970 (or since the recording began).
    clock: u64,
    date: (u64, String),
    talk: Talk,
}

/// Two people (one may be a bot) and their language.
struct Talk {
    language: &'static Language,
    id: u64,
    left: usize,
    people: [(String, String); 2],
    channel: &'static str,
}

impl Writer {
    /// Of this seed.
    pub fn new(seed: u64, shares: Shares) -> Writer {
        let mut rng = Rng::new(seed);
        let talk = talk(&mut rng);
        Writer {
            rng,
            shares,
            ascii: false,
            one_line: false,
            text: Text::default(),
            scratch: String::new(),
            n: 0,
            clock: 1_700_000_000_000,
            date: (0, String::new()),
            talk,
        }
    }

    /// What stands before the first record.
    pub fn head(&mut self, kind: Kind, out: &mut Sink) {
        match kind {
            Kind::Vtt => {
                self.clock = 0;
                out.put("WEBVTT - call 4711\n\nNOTE generated\n\n");
            }
            Kind::Csv => out.put("email,first name,last name,company,title,phone,city,country,ip,created,notes\r\n"),
            Kind::Json if self.one_line => out.put("{\"name\":\"support\",\"type\":\"bot_export\",\"messages\":["),
            Kind::Json => out.put("{\n \"name\": \"support\",\n \"type\": \"bot_export\",\n \"messages\": ["),
            _ => {}
        }
    }

    /// What stands after the last.
    pub fn foot(&mut self, kind: Kind, out: &mut Sink) {
        match kind {
            Kind::Json if self.one_line => out.put("]}"),
            Kind::Json => out.put("\n ]\n}\n"),
            _ => {}
        }
    }

    /// One more record.
    pub fn record(&mut self, kind: Kind, out: &mut Sink) -> io::Result<()> {
        if self.talk.left == 0 {
            self.talk = talk(&mut self.rng);
        }
        self.talk.left -= 1;
        match kind {
            Kind::Chat => self.chat(out),
            Kind::Json => self.json(out),
            Kind::Vtt => self.utterance(out),
            Kind::Prose => self.paragraph(out),
            Kind::Log => self.log(out),
            Kind::Csv => self.contact(out),
            Kind::Source => self.source(out),
        }
        self.n += 1;
        out.end()
    }

    fn message(&mut self, length: Length) {
        compose(&mut self.rng, self.talk.language, self.shares, length, &mut self.text);
    }

    fn form(&self) -> Form {
        if self.ascii { Form::JsonAscii } else { Form::Json }
    }

    /// A JSON string of a plain text.
    fn string(&mut self, s: &str, out: &mut Sink) {
        let mut t = std::mem::take(&mut self.text);
        t.clear();
        t.text.push_str(s);
        out.put("\"");
        out.text(&t, self.form(), String::new);
        out.put("\"");
        self.text = t;
    }

    /// `2023-11-14T22:13:20.123Z`, a little later than the one before.
    fn time(&mut self, middle: &str, point: &str, out: &mut Sink) {
        self.clock += self.rng.below(90_000) as u64;
        let (day, ms) = (self.clock / 86_400_000, self.clock % 86_400_000);
        if self.date.0 != day {
            self.date = (day, civil(day));
        }
        out.put(&self.date.1);
        out.put(middle);
        clock(ms, point, out);
    }

    fn chat(&mut self, out: &mut Sink) {
        let who = self.rng.below(2);
        out.put("{\"id\":\"msg_");
        out.number(self.n, 8);
        out.put("\",\"timestamp\":\"");
        self.time("T", ".", out);
        out.put("Z\",\"conversation\":\"c_");
        out.number(self.talk.id, 10);
        out.put("\",\"sender\":{\"id\":\"");
        let (id, name) = std::mem::take(&mut self.talk.people[who]);
        out.put(&id);
        out.put("\",\"name\":");
        self.string(&name, out);
        self.talk.people[who] = (id, name);
        out.put("},\"channel\":\"");
        out.put(self.talk.channel);
        out.put("\",\"text\":\"");
        self.message(Length::Chat);
        out.text(&self.text, self.form(), || "/text".to_owned());
        out.put("\"}\n");
    }

    fn json(&mut self, out: &mut Sink) {
        let who = self.rng.below(2);
        // Line breaks and colons as a pretty printer writes them, or none.
        let (open, next, close, colon) =
            if self.one_line { ("{", ",", "}", ":") } else { ("\n  {\n   ", ",\n   ", "\n  }", ": ") };
        if self.n > 0 {
            out.put(",");
        }
        out.put(open);
        out.put("\"id\"");
        out.put(colon);
        out.number(self.n, 1);
        out.put(next);
        out.put("\"date\"");
        out.put(colon);
        out.put("\"");
        self.time("T", ".", out);
        out.put("\"");
        out.put(next);
        let (id, name) = std::mem::take(&mut self.talk.people[who]);
        out.put("\"from_id\"");
        out.put(colon);
        out.put("\"user");
        out.put(&id);
        out.put("\"");
        out.put(next);
        out.put("\"from\"");
        out.put(colon);
        self.string(&name, out);
        self.talk.people[who] = (id, name);
        out.put(next);
        out.put("\"text\"");
        out.put(colon);
        out.put("\"");
        self.message(Length::Chat);
        let n = self.n;
        out.text(&self.text, self.form(), || format!("/messages/{n}/text"));
        out.put("\"");
        out.put(close);
    }

    /// An utterance in cues of at most two lines of 37 characters; a number with spaces may run over a break.
    fn utterance(&mut self, out: &mut Sink) {
        let who = self.rng.below(2);
        self.message(Length::Speech);
        // A break within a text is one between cues here.
        let t = &mut self.text;
        t.text = t.text.replace('\n', " ");
        let mut at = 0;
        while at < t.text.len() {
            let middle = wrap(&t.text, at);
            let end = if self.rng.chance(0.5) { wrap(&t.text, middle) } else { middle };
            if self.rng.chance(0.5) {
                out.number(self.n, 1);
                out.put("\n");
            }
            clock(self.clock, ".", out);
            self.clock += 60 * (end - at) as u64 + 40;
            out.put(" --> ");
            clock(self.clock, ".", out);
            out.put(if self.rng.chance(0.1) { " align:start position:10%\n<v " } else { "\n<v " });
            out.put(&self.talk.people[who].1);
            out.put(">");
            out.part(t, at, trim(&t.text, middle), Form::Cue, || "text".to_owned());
            if end > middle {
                out.put("\n");
                out.part(t, middle, trim(&t.text, end), Form::Cue, || "text".to_owned());
            }
            out.put("\n\n");
            at = end;
        }
        self.clock += self.rng.below(2_000) as u64;
    }

    fn paragraph(&mut self, out: &mut Sink) {
        self.message(Length::Prose);
        if self.one_line {
            self.text.text = self.text.text.replace('\n', " ");
        }
        out.text(&self.text, Form::Raw, String::new);
        out.put(if self.one_line { " " } else { "\n" });
    }

    fn log(&mut self, out: &mut Sink) {
        self.time(" ", ",", out);
        out.put([" INFO  ", " INFO  ", " DEBUG ", " WARN  ", " ERROR "][self.rng.below(5)]);
        let place = self.rng.below(8);
        out.put(["[worker-1] ", "[http-nio-8080-exec-7] ", "[main] ", "[queue] "][place % 4]);
        self.scratch.clear();
        let form = [
            "webhook: delivered mid=m_xxxxxxxxxxxx in Z## ms, status 200, attempt Z of 5",
            "GET /api/v2/bots/Z####/subscribers?page=Z&limit=100 HTTP/1.1 200 1####",
            "session xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx opened, seq=Z#######, offset=Z###########",
            "cache hit ratio 0.9### (Z#### of Z####), heap Z##M, gc Z#ms, uptime Z####.### s",
            "at com.quill.bot.Dispatcher.handle(Dispatcher.java:Z##) ~[bot-core-3.1#.Z.jar:3.1#.Z]",
            "rate limit: bucket=17######## remaining=Z# reset=17########000",
            "retry Z in 0:00:1#.### after 50Z from upstream; trace=xxxxxxxxxxxxxxxx",
            "{\"event\":\"quick_reply\",\"ts\":17###########,\"payload\":\"STEP_Z_#\",\"latency_ms\":Z##}",
        ][place];
        values::fill(&mut self.rng, form, &mut self.scratch);
        out.put(&self.scratch);
        if self.rng.chance(0.3) {
            out.put(" text=\"");
            self.message(Length::Chat);
            out.text(&self.text, self.form(), String::new);
            out.put("\"");
        }
        out.put("\n");
    }

    fn contact(&mut self, out: &mut Sink) {
        let language = LANGUAGES[self.rng.below(LANGUAGES.len())].locale;
        self.talk.left = 0;
        let w = self.talk.language;
        let mut t = std::mem::take(&mut self.text);
        t.clear();
        t.value(values::EMAIL, |s| values::email(&mut self.rng, s));
        out.text(&t, Form::Raw, || "email".to_owned());
        out.put(",");
        out.put(self.rng.pick(w.given));
        out.put(",");
        out.put(self.rng.pick(w.family));
        out.put([",Quill & Harrow,", ",\"Lantern, Inc.\",", ",Birke GmbH,", ",,"][self.rng.below(4)]);
        out.put(["Head of Sales", "CEO", "", "\"Manager, Support\""][self.rng.below(4)]);
        out.put(",");
        if self.rng.chance(0.7) {
            t.clear();
            t.value(values::PHONE, |s| values::phone(&mut self.rng, w, s));
            out.text(&t, Form::Raw, || "phone".to_owned());
        }
        out.put([",Lisboa,PT,", ",Gdańsk,PL,", ",São Paulo,BR,", ",Utrecht,NL,", ",,,"][self.rng.below(5)]);
        if self.rng.chance(0.6) {
            t.clear();
            t.value(values::IP, |s| values::ip(&mut self.rng, s));
            out.text(&t, Form::Raw, || "ip".to_owned());
        }
        out.put(",");
        self.time(" ", ".", out);
        out.put(",\"");
        self.text = t;
        if language.starts_with(['e', 'd', 'p']) {
            self.message(Length::Chat);
            out.text(&self.text, Form::Csv, || "notes".to_owned());
        }
        out.put("\"\r\n");
    }

    fn source(&mut self, out: &mut Sink) {
        self.scratch.clear();
        let form = [
            "use std::collections::{BTreeMap, HashMap};\n",
            "    let total = base::sum::<u64>(&items[Z..#Z], 0\\xFFxx)?;\n",
            "const TIMEOUT_MS: u64 = Z_000; // see section Z.#.Z of the manual\n",
            "static_assert(sizeof(ns::Point<Z>) == Z#, \"size\");\n",
            "import { create\\App } from \"vue@3.Z.##\";\n",
            "    \"integrity\": \"sha512-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx==\",\n",
            "    \"version\": \"Z.#.Z#\",\n",
            "def test_round_trip(self):\n    self.assertEqual(parse(\"Z#:#Z:##\"), 17########)\n",
            "@decorator.cache(ma\\xsize=Z###)\n",
            "  ::Foo::Bar->baz(ab::cd, 0.0.0);\n",
            "\\#define VERSIO\\N_CODE 0\\xZxxx\n",
            "fn at(\\x: f64, y: f64) -> P { P(Z#.######, -Z#.######) }\n",
            "  resolved \"https://registry.e\\xample.com/left-pad/-/left-pad-1.Z.#.tgz\\#xxxxxxxxxxxxxxxx\"\n",
            "}\n\n",
            "    return a[i] * Z#.#e-1# + b[i + Z];\n",
        ][self.rng.below(15)];
        values::fill(&mut self.rng, form, &mut self.scratch);
        out.put(&self.scratch);
        if self.rng.chance(0.15) {
            out.put("// ");
            self.message(Length::Chat);
            self.text.text = self.text.text.replace('\n', " ");
            out.text(&self.text, Form::Raw, String::new);
            out.put("\n");
        }
    }
}

fn talk(rng: &mut Rng) -> Talk {
    // Mostly the larger languages, as in the systems' own customer bases.
    let language = &LANGUAGES[if rng.chance(0.25) { 0 } else { rng.below(LANGUAGES.len()) }];
    let mut person = |low: u64| {
        let gap = if language.space.is_empty() { "" } else { " " };
        let (given, family) = (rng.pick(language.given), rng.pick(language.family));
        let name = if gap.is_empty() { format!("{family}{given}") } else { format!("{given}{gap}{family}") };
        ((low + rng.next() % (low * 8)).to_string(), name)
    };
    // Page-scoped ids have 16 or 17 digits, Telegram's nine or ten.
    let (channel, people) = match person(1).0.parse::<u64>().unwrap_or(0) % 3 {
        0 => ("telegram", [person(100_000_000), person(1_000_000_000)]),
        1 => ("instagram", [person(10_000_000_000_000_000), person(1_000_000_000_000_000)]),
        _ => ("messenger", [person(1_000_000_000_000_000), person(1_000_000_000_000_000)]),
    };
    Talk { language, id: rng.next() % 10_000_000_000, left: rng.range(4, 60), people, channel }
}

/// Where the line that begins at `from` ends: after a space, 37 characters on at most if there is one.
fn wrap(text: &str, from: usize) -> usize {
    let mut best = None;
    for (n, (i, c)) in text[from..].char_indices().enumerate() {
        if n >= 37 && best.is_some() {
            return best.unwrap_or(text.len());
        }
        if c == ' ' {
            best = Some(from + i + 1);
        }
    }
    text.len()
}

fn trim(text: &str, end: usize) -> usize {
    text[..end].trim_end_matches(' ').len()
}

/// `22:13:20.123`
fn clock(ms: u64, point: &str, out: &mut Sink) {
    let s = ms / 1000;
    out.number(s / 3600, 2);
    out.put(":");
    out.number(s / 60 % 60, 2);
    out.put(":");
    out.number(s % 60, 2);
    out.put(point);
    out.number(ms % 1000, 3);
}

/// The date of a day since 1970 (Howard Hinnant's days-to-civil).
fn civil(day: u64) -> String {
    let z = day + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (d, m) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    format!("{:04}-{m:02}-{d:02}", yoe + era * 400 + u64::from(m <= 2))
}
