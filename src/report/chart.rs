//! Bars as SVG: what they show is said in words, too, and stands in a table beside.

use super::html::{Html, class};
pub use super::page::Chart;
use super::page::{counted, grouped};

/// Pixels of a row: a line with name and number, the bar below it.
const ROW: usize = 34;
const BAR: usize = 9;
/// Letters of a name that fit on a phone beside its number.
const LETTERS: usize = 42;
/// Upright bars: the height of the longest, of the line above and of that with names below.
const HEIGHT: usize = 130;
const HEAD: usize = 20;
const FOOT: usize = 22;
/// Names below upright bars that fit on a phone.
const NAMES: usize = 5;

/// Adds the chart as a figure. Lengths are parts of the width, so that it fits any while its letters stay as they are.
pub(super) fn render(chart: &Chart, html: &mut Html) {
    let most = chart.bars.iter().map(|b| b.1).max().unwrap_or(0).max(1);
    let (title, about) = (html.id(), html.id());
    let height = if chart.upright { HEAD + HEIGHT + FOOT } else { chart.bars.len() * ROW };
    html.raw("<figure>\n<svg role=\"img\" width=\"100%\" height=\"").number(height);
    html.raw("\" aria-labelledby=\"")
        .text(&title)
        .raw(" ")
        .text(&about)
        .raw("\">\n<title id=\"")
        .text(&title)
        .raw("\">");
    html.text(&chart.title).raw("</title>\n<desc id=\"").text(&about).raw("\">").text(&spoken(chart)).raw("</desc>\n");
    if chart.upright {
        upright(chart, most, html)
    } else {
        lying(chart, most, html)
    }
    html.raw("</svg>\n<figcaption>").text(&chart.title).raw("</figcaption>\n</figure>\n");
}

/// The chart in words: its longest bars.
fn spoken(chart: &Chart) -> String {
    let mut bars: Vec<_> = chart.bars.iter().collect();
    bars.sort_by_key(|b| std::cmp::Reverse(b.1));
    let longest: Vec<String> = bars.iter().take(3).map(|b| format!("{} {}", b.0, grouped(b.1))).collect();
    let bars = counted(chart.bars.len() as u64, "bar");
    format!("{bars}; the longest: {}. The tables below have all numbers.", longest.join(", "))
}

/// So many hundredths of the longest, with two digits; what is there at all shows.
fn length(n: u64, most: u64) -> f64 {
    let part = (n as f64 / most as f64 * 1e4).round() / 1e2;
    if n > 0 { part.max(0.5) } else { 0.0 }
}

fn lying(chart: &Chart, most: u64, html: &mut Html) {
    for (i, (name, n, tone)) in chart.bars.iter().enumerate() {
        let y = i * ROW;
        html.raw("<text x=\"0\" y=\"").number(y + 14).raw("\">").text(&shortened(name)).raw("</text>");
        html.raw("<text class=\"end\" x=\"100%\" y=\"").number(y + 14).raw("\">").text(&grouped(*n)).raw("</text>");
        html.raw("<rect class=\"rail\" y=\"").number(y + 19).raw("\" width=\"100%\" height=\"").number(BAR).raw("\"/>");
        html.raw("<rect class=\"").raw(class(*tone)).raw("\" y=\"").number(y + 19).raw("\" width=\"");
        html.number(length(*n, most)).raw("%\" height=\"").number(BAR).raw("\"/>\n");
    }
}

fn upright(chart: &Chart, most: u64, html: &mut Html) {
    let bottom = HEAD + HEIGHT;
    let step = 100.0 / chart.bars.len().max(8) as f64;
    let each = chart.bars.len().div_ceil(NAMES).max(1);
    html.raw("<text x=\"0\" y=\"12\">at most ").text(&grouped(most)).raw("</text>\n");
    html.raw("<rect class=\"rail\" y=\"").number(bottom).raw("\" width=\"100%\" height=\"1\"/>\n");
    for (i, (name, n, tone)) in chart.bars.iter().enumerate() {
        let hundredths = |x: f64| (x * 1e2).round() / 1e2;
        let (x, height) = (hundredths(i as f64 * step), (length(*n, most) / 100.0 * HEIGHT as f64).ceil() as usize);
        html.raw("<rect class=\"").raw(class(*tone)).raw("\" x=\"").number(x).raw("%\" y=\"").number(bottom - height);
        html.raw("\" width=\"").number(hundredths(step * 0.86)).raw("%\" height=\"").number(height).raw("\"/>");
        if i % each == 0 && x < 85.0 {
            html.raw("<text x=\"").number(x).raw("%\" y=\"").number(bottom + 16).raw("\">").text(name).raw("</text>\n");
        }
    }
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LETTERS) {
        Some(_) => name.chars().take(LETTERS - 1).chain(std::iter::once('…')).collect(),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_numbers() {
        assert_eq!([0, 1, 500, 1000].map(|n| length(n, 1000)), [0.0, 0.5, 50.0, 100.0]);
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened("location"), "location");
        assert_eq!(shortened(&"é".repeat(50)), "é".repeat(41) + "…");
    }
}
