//! A report as one HTML file: no script, nothing fetched, for screens of any width, light or dark, and for paper.
//!
//! Markup is written as it stands here, and only that: what comes from elsewhere goes through [`Html::text`], which escapes it. The types
//! see to it, since markup must be `&'static str`.

use super::chart;
use super::page::{Block, Cell, Kind, Page, Section, Table, Tone, grouped};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("html/style.css");

/// Markup under way.
#[derive(Debug, Default)]
pub(super) struct Html {
    out: String,
    ids: usize,
}

impl Html {
    /// Adds markup.
    pub fn raw(&mut self, markup: &'static str) -> &mut Html {
        self.out.push_str(markup);
        self
    }

    /// Adds text, fit for content and for quoted attributes (HTML Standard, section 13.3). Characters that are not allowed there become
    /// U+FFFD, and so do those that turn the direction of the text around.
    pub fn text(&mut self, text: &str) -> &mut Html {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                '\n' | '\t' => self.out.push(' '),
                c if c.is_control() => self.out.push('\u{fffd}'),
                '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    self.out.push('\u{fffd}')
                }
                '\u{fdd0}'..='\u{fdef}' => self.out.push('\u{fffd}'),
                c if c as u32 & 0xfffe == 0xfffe => self.out.push('\u{fffd}'),
                c => self.out.push(c),
            }
        }
        self
    }

    /// Adds a number.
    pub fn number(&mut self, n: impl std::fmt::Display) -> &mut Html {
        self.text(&n.to_string())
    }

    /// An id that nothing else on the page has.
    pub fn id(&mut self) -> String {
        self.ids += 1;
        format!("i{}", self.ids)
    }
}

/// The page as HTML.
pub fn render(page: &Page) -> String {
    let mut html = Html::default();
    // The hash lets this one style sheet in, and nothing else is let in at all.
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
        .text(&base64(&Sha256::digest(STYLE)))
        .raw("'; base-uri 'none'; form-action 'none'\">\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
        .raw("<meta name=\"robots\" content=\"noindex\">\n<meta name=\"generator\" content=\"sluice ")
        .raw(env!("CARGO_PKG_VERSION"))
        .raw("\">\n<title>")
        .text(&page.title)
        .raw("</title>\n<style>")
        .raw(STYLE)
        .raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#report\">Skip to the report</a>\n");
    head(page, &mut html);
    let sections: Vec<&Section> = page.sections.iter().filter(|s| !s.blocks.is_empty()).collect();
    html.raw("<main id=\"report\">\n");
    sections.iter().enumerate().for_each(|(i, s)| section(i, s, &mut html));
    html.raw("</main>\n<footer>\n<p>").text(page.note).raw("</p>\n<p>Sluice ").raw(env!("CARGO_PKG_VERSION"));
    html.raw(". This page holds no values, only masked samples; it fetches nothing and runs nothing.</p>\n");
    html.raw("</footer>\n</body>\n</html>\n");
    html.out
}

fn head(page: &Page, html: &mut Html) {
    html.raw("<header>\n<h1>").text(&page.title).raw("</h1>\n<p class=\"verdict ").raw(class(page.verdict.0));
    html.raw("\"><span class=\"mark\" aria-hidden=\"true\">").raw(mark(page.verdict.0)).raw("</span> <strong>");
    html.text(&page.verdict.1).raw("</strong></p>\n");
    if let Some(warning) = &page.warning {
        html.raw("<p class=\"verdict bad\" role=\"note\"><span class=\"mark\" aria-hidden=\"true\">!</span> <strong>");
        html.text(warning).raw("</strong></p>\n");
    }
    if !page.figures.is_empty() {
        html.raw("<ul class=\"figures\">\n");
        for (tone, n, what) in &page.figures {
            html.raw("<li class=\"").raw(if *n == 0 { "none" } else { class(*tone) }).raw("\"><b>");
            html.text(&grouped(*n)).raw("</b> ").raw(what).raw("</li>\n");
        }
        html.raw("</ul>\n");
    }
    if !page.facts.is_empty() {
        html.raw("<dl>\n");
        for (name, value) in &page.facts {
            html.raw("<div><dt>").raw(name).raw("</dt><dd>").text(value).raw("</dd></div>\n");
        }
        html.raw("</dl>\n");
    }
    let titles: Vec<&Section> = page.sections.iter().filter(|s| !s.blocks.is_empty()).collect();
    if titles.len() > 1 {
        html.raw("<nav aria-label=\"Parts of the report\"><ul>\n");
        for (i, s) in titles.iter().enumerate() {
            html.raw("<li><a href=\"#s").number(i).raw("\">").text(&s.title).raw("</a></li>\n");
        }
        html.raw("</ul></nav>\n");
    }
    html.raw("</header>\n");
}

fn section(i: usize, s: &Section, html: &mut Html) {
    html.raw("<section id=\"s").number(i).raw("\" aria-labelledby=\"h").number(i).raw("\" class=\"").raw(class(s.tone));
    html.raw("\">\n<h2 id=\"h").number(i).raw("\">").text(&s.title).raw("</h2>\n");
    if let Some(lead) = &s.lead {
        html.raw("<p>").text(lead).raw("</p>\n");
    }
    for block in &s.blocks {
        match block {
            Block::Chart(c) => chart::render(c, html),
            Block::Table(t) => table(t, html),
        }
    }
    html.raw("</section>\n");
}

fn table(t: &Table, html: &mut Html) {
    let id = html.id();
    // What is wider than the page scrolls by itself, and by the keyboard, too.
    html.raw("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"").text(&id).raw("\">\n<table>\n");
    html.raw("<caption id=\"").text(&id).raw("\">").text(&t.caption).raw("</caption>\n<thead><tr>");
    for (name, kind) in &t.columns {
        html.raw("<th scope=\"col\"").raw(aligned(*kind)).raw(">").raw(name).raw("</th>");
    }
    html.raw("</tr></thead>\n<tbody>\n");
    for row in &t.rows {
        html.raw("<tr>");
        for (n, (cell, (_, kind))) in row.iter().zip(&t.columns).enumerate() {
            html.raw(if n == 0 { "<th scope=\"row\"" } else { "<td" }).raw(aligned(*kind)).raw(">");
            content(cell, *kind, html);
            html.raw(if n == 0 { "</th>" } else { "</td>" });
        }
        html.raw("</tr>\n");
    }
    html.raw("</tbody>\n</table>\n</div>\n");
    if let Some(more) = &t.more {
        html.raw("<p class=\"more\">… ").text(more).raw("</p>\n");
    }
}

fn content(cell: &Cell, kind: Kind, html: &mut Html) {
    let one = |text: &str, html: &mut Html| {
        if kind == Kind::Code && !text.is_empty() {
            html.raw("<code>");
            // A path may go on in the next line behind a slash, but not behind its first.
            let root = usize::from(text.starts_with('/'));
            for (i, step) in text.split_inclusive('/').enumerate() {
                html.raw(if i > root { "<wbr>" } else { "" }).text(step);
            }
            html.raw("</code>");
        } else {
            html.text(text);
        }
    };
    match cell {
        Cell::List(texts) if texts.len() > 1 => {
            html.raw("<ul>");
            for text in texts {
                html.raw("<li>");
                one(text, html);
                html.raw("</li>");
            }
            html.raw("</ul>");
        }
        cell => one(&cell.shown(""), html),
    }
}

fn aligned(kind: Kind) -> &'static str {
    if kind == Kind::Number { " class=\"n\"" } else { "" }
}

/// The class of what is to be taken so.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Doubtful => "doubtful",
        Tone::Plain => "plain",
    }
}

fn mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "✓",
        Tone::Bad => "✕",
        Tone::Doubtful => "?",
        Tone::Plain => "•",
    }
}

/// Base64 (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - group.len()));
        for n in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n <= group.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_rfc_4648() {
        // Section 10.
        for (text, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), coded);
        }
    }

    #[test]
    fn text_is_escaped_for_content_and_attributes() {
        let mut html = Html::default();
        html.text("<script>\"'&\u{0}\u{202e}\u{ffff}\u{85}a\nb");
        assert_eq!(html.out, "&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}\u{fffd}\u{fffd}a b");
    }

    #[test]
    fn nothing_of_a_page_comes_through_as_markup() {
        let evil = "<img src=x onerror=alert(1)>\"onload='x'";
        let text = || evil.to_owned();
        let table = Table {
            caption: text(),
            columns: vec![("a", Kind::Code), ("b", Kind::Words)],
            rows: vec![vec![Cell::List(vec![text(), text()]), Cell::Text(text())]],
            more: Some(text()),
        };
        let bars = vec![(text(), 3, Tone::Bad)];
        let chart = |upright| Block::Chart(chart::Chart { title: text(), upright, bars: bars.clone() });
        let page = Page {
            title: text(),
            verdict: (Tone::Bad, text()),
            warning: Some(text()),
            figures: vec![(Tone::Bad, 1, "x")],
            facts: vec![("fact", text())],
            sections: vec![
                Section { title: text(), lead: Some(text()), blocks: vec![Block::Table(table)], ..Section::default() },
                Section { title: text(), blocks: vec![chart(false), chart(true)], ..Section::default() },
                Section { title: "empty".into(), ..Section::default() },
            ],
            note: "note",
        };
        let html = render(&page);
        assert!(!html.contains("<img") && !html.contains("\"onload") && html.contains("&lt;img src=x"), "{html}");
        assert!(!html.contains("empty"), "{html}");
        assert!(!html.contains(" style=") && !html.contains("http://") && !html.contains("https://"), "{html}");
    }
}
