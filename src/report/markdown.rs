//! A report as Markdown (GitHub's, for its tables): for pull requests and wikis.

use super::masked::steers;
use super::page::{Block, Kind, Page, Section, Table};

/// The page as Markdown. Charts are left out: the tables beside them say the same.
pub fn render(page: &Page) -> String {
    let mut out = format!("# {}\n\n**{}**\n", text(&page.title), text(&page.verdict.1));
    if let Some(warning) = &page.warning {
        out += &format!("\n**{}**\n", text(warning));
    }
    if !page.facts.is_empty() {
        out.push('\n');
        page.facts.iter().for_each(|(name, value)| out += &format!("- {name}: {}\n", text(value)));
    }
    for section in page.sections.iter().filter(|s| s.blocks.iter().any(|b| matches!(b, Block::Table(_)))) {
        part(section, &mut out);
    }
    out + &format!("\n{}\n", page.note)
}

fn part(section: &Section, out: &mut String) {
    *out += &format!("\n## {}\n", text(&section.title));
    if let Some(lead) = &section.lead {
        *out += &format!("\n{}\n", text(lead));
    }
    for block in &section.blocks {
        if let Block::Table(t) = block {
            table(t, out);
        }
    }
}

fn table(t: &Table, out: &mut String) {
    *out += &format!("\n{}\n\n|", text(&t.caption));
    t.columns.iter().for_each(|(name, _)| *out += &format!(" {name} |"));
    *out += "\n|";
    t.columns.iter().for_each(|(_, kind)| *out += if *kind == Kind::Number { "--:|" } else { "---|" });
    out.push('\n');
    for row in &t.rows {
        out.push('|');
        row.iter().for_each(|cell| *out += &format!(" {} |", text(&cell.shown(", "))));
        out.push('\n');
    }
    if let Some(more) = &t.more {
        *out += &format!("\n… {more}\n");
    }
}

/// What would be markup is escaped: a field may be called anything (CommonMark 0.31, section 2.4).
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '&' | '`' | '*' | '<' | '>' | '|' | '[' | ']' | '~' => out.extend(['\\', c]),
            // `_` marks only at a word's edge, and names have it within.
            c if steers(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::page::{Cell, Tone};

    #[test]
    fn a_page() {
        let table = Table {
            caption: "By field".into(),
            columns: vec![("field", Kind::Code), ("findings", Kind::Number)],
            rows: vec![vec![Cell::text("/a|b<script>\n"), Cell::Number(1234)]],
            more: Some("and 1 more field not shown".into()),
        };
        let page = Page {
            title: "T".into(),
            verdict: (Tone::Bad, "V".into()),
            facts: vec![("records", "3".into())],
            sections: vec![Section { title: "S".into(), blocks: vec![Block::Table(table)], ..Section::default() }],
            note: "N",
            ..Page::default()
        };
        let expected = "# T\n\n**V**\n\n- records: 3\n\n## S\n\nBy field\n\n| field | findings |\n|---|--:|\n\
                        | /a\\|b\\<script\\>  | 1,234 |\n\n… and 1 more field not shown\n\nN\n";
        assert_eq!(render(&page), expected);
    }
}
