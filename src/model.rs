//! The words everything else is written in: spans, entities, categories, findings, edits.

pub mod place;
pub mod record;
mod stops;

use std::fmt;

pub use stops::{StopBytes, Stops};

/// No finding is longer than this many bytes, and no detector looks further around it.
pub const MAX_FINDING: usize = 1024;

/// Half-open byte offsets into some text that the context names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }
    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }
    /// Whether it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }
    /// Whether the two share a byte.
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
    /// Whether `other` lies within.
    pub const fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    /// The same offsets, `by` bytes further on.
    #[must_use]
    pub const fn shifted(self, by: usize) -> Span {
        Span::new(self.start + by, self.end + by)
    }
    /// As a range, to slice with.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// What a finding is: an id that a rule set gives to a name such as `EMAIL_ADDRESS`.
///
/// Users bring entities of their own, so these are ids and not an enum; `RuleSet::name` tells the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityType(pub(crate) u16);

impl EntityType {
    /// The id as an index, from 0, without gaps within one rule set.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The rule that made a finding: an index into its rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub(crate) u16);

impl RuleId {
    /// The id as an index, from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which kind of personal data an agreement would call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Who someone is: names, user names, account and national ids.
    Identification,
    /// How to reach someone: e-mail, phone, postal address.
    Contact,
    /// Birth, age, gender, language.
    Demographic,
    /// A public profile: its address, photo, text.
    SocialProfile,
    /// An account elsewhere that is linked to this one.
    LinkedAccount,
    /// What a device or browser shows: IP, MAC, cookies, user agent.
    OnlineIdentifier,
    /// Where someone is.
    Location,
    /// Cards, accounts, payments.
    Financial,
    /// Passwords, keys, tokens.
    Credential,
    /// Employer and position.
    Employment,
    /// The record itself: a message or an utterance.
    Communication,
    /// Source, destination and activity fields.
    Usage,
    /// Article 9 GDPR.
    Special,
    /// Fields that a user's own rules name.
    Custom,
}

impl Category {
    /// All of them, in the order of the agreements' table.
    pub const ALL: [Category; 14] = [
        Category::Identification,
        Category::Contact,
        Category::Demographic,
        Category::SocialProfile,
        Category::LinkedAccount,
        Category::OnlineIdentifier,
        Category::Location,
        Category::Financial,
        Category::Credential,
        Category::Employment,
        Category::Communication,
        Category::Usage,
        Category::Special,
        Category::Custom,
    ];

    /// The id that files, options and output use: `online-identifier`.
    pub const fn id(self) -> &'static str {
        match self {
            Category::Identification => "identification",
            Category::Contact => "contact",
            Category::Demographic => "demographic",
            Category::SocialProfile => "social-profile",
            Category::LinkedAccount => "linked-account",
            Category::OnlineIdentifier => "online-identifier",
            Category::Location => "location",
            Category::Financial => "financial",
            Category::Credential => "credential",
            Category::Employment => "employment",
            Category::Communication => "communication",
            Category::Usage => "usage",
            Category::Special => "special",
            Category::Custom => "custom",
        }
    }

    /// The category with this id.
    pub fn from_id(id: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|c| c.id() == id)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One piece of personal data, without its text: nothing that logs or debug-prints it can leak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What it is.
    pub entity: EntityType,
    /// Which kind of data an agreement would call it.
    pub category: Category,
    /// Bytes of the scanned input (as written there, escapes and all), half open. A finding of several pieces
    /// (a number split over cues): the first piece.
    pub span: Span,
    /// How sure the scanner is, 0 to 1.
    pub score: f32,
    /// The rule that found it.
    pub rule: RuleId,
    /// Index into the side table of places that came with it; [`Finding::NO_PLACE`] if none was asked for.
    pub place: u32,
}

impl Finding {
    /// The `place` of a finding whose place was not asked for.
    pub const NO_PLACE: u32 = u32::MAX;
}

/// How text is written where it stands; applied from the inside out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Inside a JSON string: `"` and `\` and control characters are escaped (RFC 8259 section 7).
    JsonString,
    /// In place of a whole JSON number, `true`, `false` or `null`: becomes a JSON string.
    JsonValue,
    /// Inside a quoted CSV field: `"` is doubled (RFC 4180 section 2).
    CsvQuoted,
    /// In a bare CSV field, with its delimiter: the whole field is quoted if the text needs it.
    CsvBare(u8),
    /// HTML, XML and cue text: `<`, `>` and `&` become entities.
    Markup,
    /// Percent-encoded (RFC 3986 section 2.1): everything but unreserved characters as `%XX`.
    Percent,
    /// One line of a format that ends records at line ends: line breaks become spaces.
    Line,
}

/// Up to seven [`Layer`]s from the inside out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layers {
    list: [Option<Layer>; 7],
}

impl Layers {
    /// No layer: text is written as it is.
    pub const PLAIN: Layers = Layers { list: [None; 7] };

    /// One layer.
    pub const fn one(layer: Layer) -> Layers {
        let mut list = [None; 7];
        list[0] = Some(layer);
        Layers { list }
    }

    /// These layers with `outer` around them; `None` if there are seven already.
    #[must_use]
    pub fn within(mut self, outer: Layer) -> Option<Layers> {
        let free = self.list.iter_mut().find(|l| l.is_none())?;
        *free = Some(outer);
        Some(self)
    }

    /// These layers with `inner` inside them; `None` if there are seven already.
    pub fn around(self, inner: Layer) -> Option<Layers> {
        self.iter().try_fold(Layers::one(inner), Layers::within)
    }

    /// From the inside out.
    pub fn iter(self) -> impl Iterator<Item = Layer> {
        self.list.into_iter().map_while(|l| l)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_from_the_inside_out() {
        let l = Layers::one(Layer::JsonString).within(Layer::CsvQuoted).unwrap();
        assert_eq!(l.iter().collect::<Vec<_>>(), [Layer::JsonString, Layer::CsvQuoted]);
        let l = l.around(Layer::Markup).unwrap();
        assert_eq!(l.iter().next(), Some(Layer::Markup));
        assert_eq!(l.iter().count(), 3);
    }

    #[test]
    fn categories_have_their_ids() {
        for c in Category::ALL {
            assert_eq!(Category::from_id(c.id()), Some(c));
        }
    }
}
