//! SOCIAL_PROFILE: addresses of people's pages on the well-known networks, and handles of the Fediverse
//! (`@ana@social.example`). A page that names nobody (sharing, help, a post) is none.

mod networks;

use super::anchors::{Anchor, Kinds};
use super::{Detector, Match, View, chars, domain, url};
use crate::model::Span;
use crate::patterns::Rule;
use networks::{NETWORKS, NOT, Network};

/// Tabs of a profile that may follow the handle.
const TABS: &[&str] = &[
    "about",
    "featured",
    "followers",
    "following",
    "friends",
    "likes",
    "media",
    "photos",
    "reels",
    "videos",
    "with_replies",
];

/// What may stand before a network's host, besides a language (`de-de`).
const SUBDOMAINS: &[&str] = &["m", "mbasic", "mobile", "new", "old", "touch", "web", "www"];

/// The longest handle.
const HANDLE: usize = 100;

#[derive(Debug)]
pub(crate) struct Social {
    score: f32,
    hosts: Vec<&'static str>,
}

impl Social {
    pub fn new(rule: &Rule) -> Social {
        Social { score: rule.score, hosts: NETWORKS.iter().flat_map(|n| n.hosts).copied().collect() }
    }
}

impl Detector for Social {
    fn kinds(&self) -> Kinds {
        Kinds::LITERAL
    }

    fn literals(&self) -> &[&'static str] {
        &self.hosts
    }

    /// Letters right before a host's name make it another's: see [`start`].
    fn within_words(&self) -> bool {
        false
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, at) = (view.text, anchor.start());
        for network in NETWORKS {
            let Some(host) = network.hosts.iter().find(|h| starts_with(&text[at..], h)) else { continue };
            let Some(start) = start(text, at) else { return at + 1 };
            if let Some(end) = profile(text, at + host.len(), network) {
                out.push(Match { span: Span::new(start, end), score: self.score });
                return end;
            }
        }
        at + 1
    }
}

fn starts_with(text: &[u8], lead: &str) -> bool {
    text.get(..lead.len()).is_some_and(|t| t.eq_ignore_ascii_case(lead.as_bytes()))
}

/// Where the URL begins whose host's name stands at `at`: with its subdomain and scheme, if they stand there.
fn start(text: &[u8], at: usize) -> Option<usize> {
    let from = at.saturating_sub(16);
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let mut start = text[from..at].iter().rposition(|b| !is_part(b)).map_or(from, |i| from + i + 1);
    if start < at {
        let subdomain = text[start..at].strip_suffix(b".")?;
        let locale = matches!(subdomain, [_, _] | [_, _, b'-', _, _]);
        if subdomain.is_empty() {
            start = at;
        } else if !locale && !domain::is_one_of(subdomain, SUBDOMAINS) {
            return None;
        }
    }
    let lead = text[..start].strip_suffix(b"//").unwrap_or(b"");
    for scheme in [&b"https:"[..], b"http:"] {
        if lead.len() >= scheme.len() && lead[lead.len() - scheme.len()..].eq_ignore_ascii_case(scheme) {
            return Some(lead.len() - scheme.len());
        }
    }
    // Without a scheme the name must stand apart: no path of another URL, no address' domain.
    let apart = start == 0 || !matches!(text[start - 1], b'/' | b'=' | b'%' | b'@');
    apart.then_some(start)
}

/// Where the profile's URL ends whose path begins at `path`; `None` if it names nobody.
fn profile(text: &[u8], path: usize, network: &Network) -> Option<usize> {
    let lead = network.leads.iter().find(|l| starts_with(&text[path..], l))?;
    let start = path + lead.len();
    let is_part = |c: char| c == '_' || c == '-' || (c == '.' && network.dots) || chars::in_name(c) || c == '%';
    let mut at = start;
    while let Some((c, n)) = chars::after(text, at) {
        // Beside a script without spaces the handle ends where that script begins.
        if !is_part(c) || (chars::unspaced(c) && at > start) || at - start > HANDLE {
            break;
        }
        at += n;
    }
    while at > start && matches!(text[at - 1], b'.' | b'-' | b'%') {
        at -= 1;
    }
    let handle = &text[start..at];
    let own = lead.is_empty() && (domain::is_one_of(handle, NOT) || domain::is_one_of(handle, network.not));
    if handle.is_empty() || own || !handle.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
        return None;
    }
    let rest = &text[at..];
    match rest.first() {
        Some(b'?' | b'#') => Some(url::end(text, at).max(at)),
        Some(b'&') if lead.ends_with('=') => Some(url::end(text, at).max(at)),
        Some(b'/') => {
            let end = url::end(text, at);
            let tail = &text[at + 1..end.max(at + 1)];
            let segment = tail.split(|b| matches!(b, b'/' | b'?' | b'#')).next().unwrap_or(b"");
            let more = tail.get(segment.len()) == Some(&b'/')
                && tail.get(segment.len() + 1).is_some_and(|b| !matches!(b, b'?' | b'#'));
            // A language after a LinkedIn name, a person's number after a Facebook one; a longer word is a page or a post.
            let part = segment.is_empty()
                || domain::is_one_of(segment, TABS)
                || (!lead.is_empty() && (segment.len() == 2 || segment.iter().all(u8::is_ascii_digit)));
            (part && !more).then_some(end.max(at))
        }
        Some(b'@' | b':' | b'=' | b'(') if lead.is_empty() && rest.get(1).is_some_and(u8::is_ascii_alphanumeric) => {
            None
        }
        _ => Some(at),
    }
}

/// Fediverse handles: `@ana@social.example`.
#[derive(Debug)]
pub(crate) struct Handle {
    score: f32,
}

impl Handle {
    pub fn new(rule: &Rule) -> Handle {
        Handle { score: rule.score }
    }
}

impl Detector for Handle {
    fn kinds(&self) -> Kinds {
        Kinds::AT
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, at) = (view.text, anchor.start());
        let name = text[at + 1..].iter().take(HANDLE).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let second = at + 1 + name;
        if name == 0
            || text.get(second) != Some(&b'@')
            || chars::word_before(text, at)
            || (at > 0 && text[at - 1] == b'/')
        {
            return at + 1;
        }
        match domain::read(text, second + 1) {
            Some(d) if d.kind != domain::Kind::Provider && text.get(d.end) != Some(&b'@') => {
                out.push(Match { span: Span::new(at, d.end), score: self.score });
                d.end
            }
            _ => at + 1,
        }
    }
}
