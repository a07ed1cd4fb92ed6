//! What a report for people consists of, whatever form it is given: a verdict first, then figures, charts and tables.
//!
//! `html` and `markdown` render it. Nothing here is in any markup: texts are as they are to be read.

/// How something is to be taken; never said by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// To be looked at.
    Doubtful,
    /// Neither.
    #[default]
    Plain,
}

/// A report.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// What it is a report of.
    pub title: String,
    /// The outcome in a sentence.
    pub verdict: (Tone, String),
    /// What must be known to read the verdict right: that not all could be read.
    pub warning: Option<String>,
    /// A few numbers that sum it up.
    pub figures: Vec<(Tone, u64, &'static str)>,
    /// What was looked at, and how: name and value.
    pub facts: Vec<(&'static str, String)>,
    /// The parts, in order; those without blocks are left out.
    pub sections: Vec<Section>,
    /// What every report ends with.
    pub note: &'static str,
}

/// A part of a report.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// A sentence or two on how to read it.
    pub lead: Option<String>,
    /// How it is to be taken.
    pub tone: Tone,
    /// What it shows.
    pub blocks: Vec<Block>,
}

/// Something that is shown.
#[derive(Debug, Clone)]
pub enum Block {
    /// A chart; tables below it always have the same numbers.
    Chart(Chart),
    /// A table.
    Table(Table),
}

/// Numbers as lengths.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// Upright, for what has an order of its own (time), else lying, each bar beside its name.
    pub upright: bool,
    /// Each bar: name, number, how it is to be taken.
    pub bars: Vec<(String, u64, Tone)>,
}

/// Rows of cells. The first column names the rows.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The columns.
    pub columns: Vec<(&'static str, Kind)>,
    /// The rows, each with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// What is not shown: how many more rows there are, and of what.
    pub more: Option<String>,
}

impl Table {
    /// Without the columns that are empty in every row.
    #[must_use]
    pub fn filled(mut self) -> Table {
        let empty = |cell: &Cell| cell.shown("").is_empty();
        let keep: Vec<bool> = (0..self.columns.len()).map(|i| self.rows.iter().any(|r| !empty(&r[i]))).collect();
        let kept = |i: &mut usize| {
            *i += 1;
            keep[*i - 1]
        };
        let mut i = 0;
        self.columns.retain(|_| kept(&mut i));
        for row in &mut self.rows {
            let mut i = 0;
            row.retain(|_| kept(&mut i));
        }
        self
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Words.
    #[default]
    Words,
    /// Numbers, aligned by their ends.
    Number,
    /// What stands in data or files: paths, fields, samples.
    Code,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// Several texts, one below the other.
    List(Vec<String>),
    /// A number.
    Number(u64),
    /// A number that is estimated.
    About(u64),
    /// A part of all, 0 to 1.
    Share(f64),
}

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// The part of `of` that `n` is.
    pub fn share(n: u64, of: u64) -> Cell {
        Cell::Share(if of == 0 { 0.0 } else { n as f64 / of as f64 })
    }

    /// As it is shown, several texts joined by `between`.
    pub fn shown(&self, between: &str) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::List(texts) => texts.join(between),
            Cell::Number(n) => grouped(*n),
            Cell::About(n) => format!("about {}", grouped(*n)),
            Cell::Share(share) if *share > 0.0 && *share < 0.001 => "< 0.1 %".into(),
            Cell::Share(share) => format!("{:.1} %", share * 100.0),
        }
    }
}

/// A number with its thousands apart: `1,234,567`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of things: `1 finding`, `1,234 findings`.
pub fn counted(n: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// `rows` cut to `shown`, with what is said of the rest.
pub fn cut(mut rows: Vec<Vec<Cell>>, shown: usize, what: &str) -> (Vec<Vec<Cell>>, Option<String>) {
    let more = rows.len().saturating_sub(shown);
    rows.truncate(shown);
    (rows, (more > 0).then(|| format!("and {} not shown", counted(more as u64, &format!("more {what}")))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!((counted(1, "file"), counted(2000, "file")), ("1 file".into(), "2,000 files".into()));
        assert_eq!(
            (Cell::share(1, 3).shown(""), Cell::share(1, 10_000).shown("")),
            ("33.3 %".into(), "< 0.1 %".into())
        );
        assert_eq!(Cell::share(0, 0).shown(""), "0.0 %");
    }

    #[test]
    fn empty_columns_go() {
        let row = |a: &str, b: &str| vec![Cell::text(a), Cell::text(b), Cell::Number(0)];
        let columns = vec![("a", Kind::Words), ("b", Kind::Words), ("c", Kind::Number)];
        let table = Table { columns, rows: vec![row("x", ""), row("", "")], ..Table::default() }.filled();
        assert_eq!(table.columns.iter().map(|c| c.0).collect::<String>(), "ac");
        assert_eq!(table.rows[0], [Cell::text("x"), Cell::Number(0)]);
    }

    #[test]
    fn what_is_cut_is_said() {
        let rows = vec![vec![Cell::Number(1)]; 5];
        assert_eq!(cut(rows.clone(), 3, "file").1.as_deref(), Some("and 2 more files not shown"));
        assert_eq!(cut(rows, 5, "file").1, None);
    }
}
