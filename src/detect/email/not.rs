//! What has the shape of an address and is none: log-in names in URLs, hostmasks, message ids, repositories, versions,
//! templates.

use crate::detect::{REACH, domain};

/// Accounts of machines that repositories and hosts are reached by.
const SERVICE: &[&str] = &["git", "gitea", "gitlab", "hg", "svn"];

/// Domains whose owners name algorithms and extensions of SSH by them (`umac-64@openssh.com`, RFC 4251 section 6).
const ALGORITHMS: &[&str] = &["libssh.org", "lysator.liu.se", "openssh.com", "ssh.com"];

/// Endings that are file types too: no address if what stands before is a number (`icon@2x.zip`).
const FILE_TYPES: &[&str] = &[
    "ai", "app", "cc", "dev", "in", "is", "la", "md", "mov", "nu", "pl", "ps", "py", "rs", "sh", "so", "st", "vi",
    "zip",
];

/// Whether the address shape `start..end` with its `@` at `at` is something else.
pub(super) fn an_address(text: &[u8], start: usize, at: usize, end: usize, labels: usize) -> bool {
    template(text, start, at)
        || handle(text, start)
        || user_info(text, start)
        || hostmask(text, start, end)
        || repository(text, start, at, end)
        || numbered(&text[at + 1..end], labels)
        || code(text, start, at, end)
        || message_id(text, start, at, end)
}

fn before(text: &[u8], at: usize, n: usize) -> &[u8] {
    &text[at.saturating_sub(n)..at]
}

/// `$USER@`, `%s@`: a place to fill in.
fn template(text: &[u8], start: usize, at: usize) -> bool {
    let local = &text[start..at];
    match before(text, start, 1) {
        b"$" => local.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_'),
        b"%" => local.len() == 1,
        _ => false,
    }
}

/// `@ana@social.example`: a handle, which is a social profile.
fn handle(text: &[u8], start: usize) -> bool {
    before(text, start, 1) == b"@"
}

/// `https://ana:secret@host`, but not `mailto://ana@host`.
fn user_info(text: &[u8], start: usize) -> bool {
    let window = before(text, start, 256);
    let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'?' | b'#' | b'<' | b'>' | b'"' | b'`' | b'\\');
    let Some(i) = window.iter().rposition(stop) else { return false };
    window[..=i].ends_with(b"://") && !window[..i - 2].to_ascii_lowercase().ends_with(b"mailto")
}

/// IRC: `nick!user@host`, `[~user@host]`, `(n=user@host)`, `user@host] has joined`.
fn hostmask(text: &[u8], start: usize, end: usize) -> bool {
    let lead = before(text, start, 3);
    let lead = lead.strip_suffix(b"~").unwrap_or(lead);
    let lead = lead.strip_suffix(b"n=").or_else(|| lead.strip_suffix(b"i=")).unwrap_or(lead);
    let marked = lead.len() < start.min(3);
    if let [.., a, b'!'] = lead {
        return *a == b'*' || a.is_ascii_alphanumeric() || b"[]\\`_^{|}-".contains(a);
    }
    if marked && matches!(lead.last(), Some(b'[' | b'(' | b'!')) {
        return true;
    }
    let tail = &text[end..text.len().min(end + 14)];
    let tail = tail.strip_prefix(b"]").or_else(|| tail.strip_prefix(b")")).unwrap_or(b"");
    [&b" has joined"[..], b" has quit", b" has left"].iter().any(|w| tail.starts_with(w))
}

/// `git@host:path`, `git@host`, an algorithm's name, `user@host:/path`, `user@host:repo/name.git`.
fn repository(text: &[u8], start: usize, at: usize, end: usize) -> bool {
    let local = &text[start..at];
    let protocol = domain::is_one_of(&text[at + 1..end], ALGORITHMS) && local != b"openssh";
    if protocol || domain::is_one_of(local, SERVICE) {
        return true;
    }
    let Some(path) = text.get(end + 1..).filter(|_| text[end] == b':') else { return false };
    let path = &path[..path.len().min(128)];
    let path =
        &path[..path.iter().position(|b| b.is_ascii_whitespace() || b"\"'`<>),".contains(b)).unwrap_or(path.len())];
    match path {
        [b'/', b'/', ..] => false,
        [b'/' | b'~', ..] | [b'.', b'/', ..] => true,
        _ => path.contains(&b'/') && path.ends_with(b".git"),
    }
}

/// `pkg@1.2.dev`, `icon@2x.zip`: a version or a file.
fn numbered(domain: &[u8], labels: usize) -> bool {
    let mut parts = domain.split(|b| *b == b'.');
    let Some(first) = parts.next() else { return false };
    let digits = |p: &[u8]| !p.is_empty() && p.iter().all(u8::is_ascii_digit);
    let version = first.strip_prefix(b"v").unwrap_or(first);
    let scale = first.strip_suffix(b"x").is_some_and(digits);
    let file = labels == 2 && parts.clone().next().is_some_and(|t| domain::is_one_of(t, FILE_TYPES));
    scale || (digits(version) && (file || (labels > 2 && parts.next().is_some_and(digits))))
}

/// `a@b.to(device)`: an operator and a call.
fn code(text: &[u8], start: usize, at: usize, end: usize) -> bool {
    text.get(end) == Some(&b'(') && at - start <= 3 && text[at + 1..end].iter().filter(|b| **b == b'.').count() == 1
}

/// A message id: in a header or field that holds them, or of their shape between angle brackets or in an archive's URL.
fn message_id(text: &[u8], start: usize, at: usize, end: usize) -> bool {
    if is_mailbox(text, start) {
        return false;
    }
    let local = &text[start..at];
    let bracketed = before(text, start, 1) == b"<" && text.get(end) == Some(&b'>');
    if bracketed && (domain::is_one_of(&text[at + 1..end], &["mail.gmail.com"]) || id_header(text, start)) {
        return true;
    }
    if (bracketed || before(text, start, 1) == b"/") && id_like(local) {
        return true;
    }
    let words = before(text, start, 24).to_ascii_lowercase();
    let line = words.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    const NAMES: [&[u8]; 10] = [
        b"message-id",
        b"message_id",
        b"messageid",
        b"msg-id",
        b"msg_id",
        b"msgid",
        b"in-reply-to",
        b"in_reply_to",
        b"content-id",
        b"cid:",
    ];
    // Most words before an address are none of these: all have one of two pairs of letters.
    if !words[line..].windows(2).any(|pair| matches!(pair, b"id" | b"to")) {
        return false;
    }
    // gettext's header says where to write to: `MSGID_BUGS_ADDRESS = ana@example.com`.
    let told = |n: &&[u8]| {
        memchr::memmem::rfind(&words[line..], n).is_some_and(|i| !words[line + i + n.len()..].starts_with(b"_bugs"))
    };
    NAMES.iter().any(told)
}

/// Whether a header of people (RFC 5322 section 3.6.2) or a name in quotes stands before `start`: however odd it looks, what follows
/// is somebody's: `Reply-To: "Good Books" <books-22-8586-418714@reply.example.com>`.
fn is_mailbox(text: &[u8], start: usize) -> bool {
    const HEADERS: [&[u8]; 8] =
        [b"from:", b"to:", b"cc:", b"bcc:", b"reply-to:", b"sender:", b"return-path:", b"errors-to:"];
    let window = before(text, start, 128);
    let line = &window[memchr::memrchr(b'\n', window).map_or(0, |i| i + 1)..];
    let starts = line.trim_ascii_start();
    line.ends_with(b"\" <") || HEADERS.iter().any(|h| starts.get(..h.len()).is_some_and(|s| s.eq_ignore_ascii_case(h)))
}

/// Whether the line at `at`, with the lines it continues, is a header of message ids.
fn id_header(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(REACH);
    let mut end = at;
    loop {
        let line = memchr::memrchr(b'\n', &text[from..end]).map_or(from, |i| from + i + 1);
        let starts = text[line..at].trim_ascii_start();
        // A quoted mail has its headers quoted too.
        let starts = starts.strip_prefix(b">").map_or(starts, <[u8]>::trim_ascii_start);
        if text[line..at].first().is_some_and(|b| !b.is_ascii_whitespace()) {
            return [&b"message-id:"[..], b"references:", b"in-reply-to:", b"content-id:", b"resent-message-id:"]
                .iter()
                .any(|h| starts.get(..h.len()).is_some_and(|s| s.eq_ignore_ascii_case(h)));
        }
        if line == from {
            return false;
        }
        end = line - 1;
    }
}

/// Whether a local part is what mail programs make of time and chance: long, and digits and letters in many turns.
fn id_like(local: &[u8]) -> bool {
    let kind = |b: &u8| (b.is_ascii_digit(), b.is_ascii_alphabetic());
    let turns = local.windows(2).filter(|w| kind(&w[0]) != kind(&w[1])).count();
    let digits = local.iter().filter(|b| b.is_ascii_digit()).count();
    let stamp = local.len() > 8
        && (local.starts_with(b"19") || local.starts_with(b"20"))
        && local[..8].iter().all(u8::is_ascii_digit)
        && local[8..].iter().any(|b| *b == b'.' || *b == b'-');
    stamp
        || local.ends_with(b".fsf")
        || (local.len() >= 14 && 2 * digits >= local.len() && turns >= 6)
        || (local.len() >= 18 && digits >= 6 && turns >= 5)
        || (local.len() >= 40 && digits >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_their_continuations() {
        let t = b"References: <a@x.org>\n <b@x.org>\nFrom: <c@x.org>";
        assert!(id_header(t, 13));
        assert!(id_header(t, 24));
        assert!(!id_header(t, 40));
    }

    #[test]
    fn ids_and_people() {
        for id in ["20240101.abc", "4F3A2B1C.9080706", "alpine.DEB.2.00.1201011200.4711"] {
            assert!(id_like(id.as_bytes()), "{id}");
        }
        for name in ["ana.reis", "john19850412", "maria.silva.1990", "4915112345678", "ana+news2024"] {
            assert!(!id_like(name.as_bytes()), "{name}");
        }
    }
}
