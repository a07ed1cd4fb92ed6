//! What a scan found, counted for a page: by category, entity, file, field, conversation and time, with the first places of each entity.
//! Memory does not grow with the input.

mod parts;

use super::Row;
use super::page::Cell;
use super::times::Times;
use crate::model::Category;
use std::collections::{BTreeMap, HashMap};

/// Files, fields and conversations that are counted by name at most; the rest is counted together.
const NAMES: usize = 10_000;
/// Places that are shown of an entity.
const PLACES: usize = 5;
/// Code points of a sample.
const SAMPLE: usize = 40;
/// The arrays of a JSON document that are taken for the messages of a conversation.
const LISTS: [&str; 5] = ["messages", "turns", "utterances", "transcript", "history"];

const OTHERS: &str = "(others)";

/// Findings by category.
type ByCategory = [u64; Category::ALL.len()];

/// The counts.
#[derive(Debug, Default)]
pub struct Overview {
    /// By entity: findings and first places.
    entities: Vec<(u64, Vec<Shown>)>,
    files: Names<ByCategory>,
    fields: Names<u64>,
    /// By file, in order, and pointer of the object that holds a list of messages.
    conversations: Vec<(String, HashMap<String, u64>)>,
    /// How many of them there are, and the findings of those that are not counted by name.
    spoken: usize,
    others: u64,
    times: Times,
    categories: ByCategory,
}

/// A place, as it is shown.
#[derive(Debug)]
struct Shown {
    at: String,
    field: String,
    sample: String,
    score: f64,
}

/// What is known of a run besides what was found.
#[derive(Debug, Default)]
pub struct Run {
    /// What was named, as it may be shown.
    pub named: Vec<String>,
    /// What was looked for.
    pub wanted: String,
    /// Files and members that were read.
    pub files: u64,
    /// Records.
    pub records: u64,
    /// Bytes, after decompression.
    pub bytes: u64,
    /// The lowest score that counts.
    pub min_score: f32,
    /// All that was named could be read.
    pub complete: bool,
    /// What was passed over, in words; none: nothing was.
    pub not_looked_at: Option<String>,
}

impl Overview {
    /// Counts a finding of the entity with this index.
    pub fn finding(&mut self, entity: usize, category: Category) {
        if entity >= self.entities.len() {
            self.entities.resize_with(entity + 1, Default::default);
        }
        self.entities[entity].0 += 1;
        self.categories[index(category)] += 1;
    }

    /// Whether a place of this entity, counted before, would be shown.
    pub fn shows(&self, entity: usize) -> bool {
        self.entities.get(entity).is_some_and(|e| e.1.len() < PLACES)
    }

    /// Shows a finding of the entity with this index, counted before.
    pub fn place(&mut self, entity: usize, row: &Row<'_>) {
        let at = if row.line == 0 { row.path.to_owned() } else { format!("{}:{}:{}", row.path, row.line, row.column) };
        let field = row.field.unwrap_or_default().to_owned();
        self.entities[entity].1.push(Shown { at, field, sample: shortened(row.masked), score: row.score });
    }

    /// Counts where in its input a finding stands: in which conversation, and when.
    pub fn stands(&mut self, path: &str, field: Option<&str>, time: Option<(f64, f64)>) {
        if let Some((start, _)) = time {
            self.times.add(start);
        }
        let Some(conversation) = field.and_then(conversation) else { return };
        let known = self.conversations.last().is_some_and(|c| c.0 == path);
        if !known && self.spoken < NAMES {
            self.conversations.push((path.to_owned(), HashMap::new()));
        }
        let here = self.conversations.last_mut().filter(|c| c.0 == path).map(|c| &mut c.1);
        if let Some(n) = here.and_then(|c| c.get_mut(conversation)) {
            *n += 1;
        } else if self.spoken < NAMES
            && let Some((_, here)) = self.conversations.last_mut()
        {
            self.spoken += 1;
            here.insert(conversation.to_owned(), 1);
        } else {
            self.others += 1;
        }
    }

    /// Counts findings in a field.
    pub fn field(&mut self, field: &str, findings: u64) {
        *self.fields.at(field) += findings;
    }

    /// Counts a finding in the name of a file or member.
    pub fn name(&mut self, path: &str, entity: usize, category: Category) {
        self.finding(entity, category);
        self.files.at(path)[index(category)] += 1;
        self.field("(name)", 1);
    }

    /// A file has passed, before which [`Overview::categories`] were these.
    pub fn file(&mut self, path: &str, before: &ByCategory) {
        let now = self.categories;
        let found = now.iter().zip(before).map(|(now, before)| now - before);
        self.files.at(path).iter_mut().zip(found).for_each(|(n, more)| *n += more);
    }

    /// Findings by category so far, in the order of [`Category::ALL`].
    pub fn categories(&self) -> ByCategory {
        self.categories
    }
}

/// Counts by name, bounded.
#[derive(Debug, Default)]
struct Names<T> {
    counts: BTreeMap<String, T>,
}

impl<T: Default> Names<T> {
    fn at(&mut self, name: &str) -> &mut T {
        let name = if self.counts.len() < NAMES || self.counts.contains_key(name) { name } else { OTHERS };
        if !self.counts.contains_key(name) {
            self.counts.insert(name.to_owned(), T::default());
        }
        self.counts.entry(name.to_owned()).or_default()
    }

    /// The rows that have findings, the most first.
    fn rows(&self, row: impl Fn(&str, &T) -> (u64, Vec<Cell>)) -> Vec<(u64, Vec<Cell>)> {
        let mut rows: Vec<_> = self.counts.iter().map(|(name, n)| row(name, n)).filter(|r| r.0 > 0).collect();
        rows.sort_by_key(|r| std::cmp::Reverse(r.0));
        rows
    }
}

fn index(category: Category) -> usize {
    Category::ALL.iter().position(|c| *c == category).unwrap_or_default()
}

/// The pointer of the object that holds the list of messages in which this field stands, if that is not the whole document:
/// `/chats/list/3` of `/chats/list/3/messages/17/text`.
fn conversation(field: &str) -> Option<&str> {
    let mut at = 0;
    while let Some(next) = field[at..].find('/').map(|i| at + i) {
        let mut steps = field[next + 1..].splitn(3, '/');
        let (name, item) = (steps.next()?, steps.next().unwrap_or_default());
        if next > 0 && LISTS.contains(&name) && !item.is_empty() && item.bytes().all(|b| b.is_ascii_digit()) {
            return Some(&field[..next]);
        }
        at = next + 1;
    }
    None
}

/// The sample, or its beginning.
fn shortened(sample: &str) -> String {
    match sample.char_indices().nth(SAMPLE) {
        Some((end, _)) => format!("{}…", &sample[..end]),
        None => sample.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::RuleSet;

    #[test]
    fn conversations_of_a_document() {
        assert_eq!(conversation("/chats/list/3/messages/17/text/0/text"), Some("/chats/list/3"));
        assert_eq!(conversation("/conversations/5/turns/2"), Some("/conversations/5"));
        for field in ["/messages/3/text", "/text", "body", "/a/messages", "/a/messages/text", "", "/a/messages/"] {
            assert_eq!(conversation(field), None, "{field}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut o = Overview::default();
        for i in 0..NAMES + 7 {
            let name = format!("f{i}");
            o.finding(0, Category::Contact);
            o.file(&name, &[0; Category::ALL.len()]);
            o.field(&name, 1);
            o.stands(&name, Some("/c/0/messages/1/text"), Some((i as f64, 0.0)));
        }
        assert_eq!((o.files.counts.len(), o.fields.counts.len(), o.spoken), (NAMES + 1, NAMES + 1, NAMES));
        assert_eq!((o.fields.counts[OTHERS], o.others), (7, 7));
        let page = super::super::html::render(&o.page(&RuleSet::builtin(), &Run::default()));
        assert!(page.contains("9,951 more files not shown") && page.len() < 200_000, "{}", page.len());
    }
}
