//! What can go wrong, said with its place and its remedy and never with a value from the data.

use std::path::{Path, PathBuf};

/// An error of the library: the place (path, line), what is wrong, what to do.
///
/// No variant carries text from scanned data: an error may be logged anywhere.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading or writing failed.
    #[error("{}: {what}", place(path))]
    Io {
        /// The file, or `-` for standard input or output.
        path: PathBuf,
        /// What was being done, and what the system said.
        what: String,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// A pattern, policy or settings file is wrong.
    #[error("{}{}: {what}", place(path), at_line(*line))]
    Config {
        /// The file.
        path: PathBuf,
        /// Line in that file, from 1; 0 when it has no line.
        line: usize,
        /// What is wrong and what to do.
        what: String,
    },
    /// An option is wrong: an unknown entity, operator, format.
    #[error("{0}")]
    Usage(String),
    /// The input is of a kind that is recognised and can't be handled.
    #[error("{}: {what}", place(path))]
    Unsupported {
        /// The input.
        path: PathBuf,
        /// What it is and what to do.
        what: String,
    },
    /// The input is damaged, or unsafe to process.
    #[error("{}: {what}", place(path))]
    Input {
        /// The input.
        path: PathBuf,
        /// What is wrong and what to do.
        what: String,
    },
    /// Work was stopped by a signal.
    #[error("stopped")]
    Stopped,
}

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An input or output error at `path`, while doing `what` (`"cannot read"`).
    pub fn io(path: impl AsRef<Path>, what: &str, source: std::io::Error) -> Self {
        Error::Io { path: path.as_ref().to_owned(), what: format!("{what}: {source}"), source }
    }

    /// This error with its path as `shown` gives it.
    #[must_use]
    pub fn at(mut self, shown: impl FnOnce(&Path) -> String) -> Self {
        if let Error::Io { path, .. }
        | Error::Config { path, .. }
        | Error::Unsupported { path, .. }
        | Error::Input { path, .. } = &mut self
        {
            *path = shown(path).into();
        }
        self
    }

    /// Whether this is a write into a pipe that nobody reads any more.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

fn place(path: &Path) -> std::path::Display<'_> {
    path.display()
}

/// `:12`, if there is a line.
fn at_line(line: usize) -> String {
    if line == 0 { String::new() } else { format!(":{line}") }
}

/// What the TOML reader says, with the nearest word where it names those that it knows.
pub(crate) fn hinted(said: &str) -> String {
    let mut words = said.split('`').skip(1).step_by(2);
    let hint = words.next().filter(|_| said.starts_with("unknown ")).and_then(|given| nearest(given, words));
    hint.map_or_else(|| said.to_owned(), |n| format!("{said}; did you mean `{n}`?"))
}

/// The word of `known` nearest to `word`, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|k| (distance(&word, &k.to_lowercase()), k))
        .min()
        .filter(|&(d, k)| d <= 2.max(k.len() / 4) && d < k.len())
        .map(|(_, k)| k)
}

/// Levenshtein distance in code points.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (before + usize::from(ca != *cb)).min(above + 1).min(row[j] + 1);
            before = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_word() {
        let known = ["EMAIL_ADDRESS", "PHONE_NUMBER", "PERSON"];
        assert_eq!(nearest("EMAIL_ADRESS", known), Some("EMAIL_ADDRESS"));
        assert_eq!(nearest("person", known), Some("PERSON"));
        assert_eq!(nearest("zebra", known), None);
    }
}
