//! What a value tells about whose it is.

use std::sync::LazyLock;

/// What a value tells, worked out once for all the times that it comes again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// The hash of the value; of a name: the sum of the hashes of its words.
    pub hash: u64,
    /// It is an address.
    pub(super) at: bool,
    /// It is the address of a role or a program.
    pub(super) role: bool,
    /// Of an id: it means something in its own list only.
    pub(super) local: bool,
}

impl Told {
    /// What `value` tells, whose hash is this.
    pub fn of(value: &str, hash: u64) -> Told {
        let at = value.contains('@');
        Told { hash, at, role: is_role(value), local: !at && is_local(value) }
    }
}

/// Mailboxes that are a role's or a program's, not a person's: those of RFC 2142 ("Mailbox Names for Common Services, Roles and
/// Functions"), and what companies call theirs beside these.
const ROLES: &str = "info marketing sales support abuse noc security postmaster hostmaster usenet news webmaster www uucp ftp \
    noreply no-reply no_reply donotreply do-not-reply mailer-daemon help helpdesk service customerservice customercare contact \
    hello team office admin billing accounts invoices orders privacy dpo legal jobs careers hr press feedback notifications \
    notification bounce bounces newsletter kontakt";
/// Words that list's ids begin with.
const NUMBERED: &str = "participant speaker user guest agent caller customer client visitor member person contact";

/// Whether an e-mail address is that of a role.
fn is_role(address: &str) -> bool {
    static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| ROLES.split_whitespace().collect());
    let Some((local, _)) = address.split_once('@') else { return false };
    let local = local.split('+').next().unwrap_or_default();
    WORDS.iter().any(|role| role.eq_ignore_ascii_case(local))
}

/// Whether an id is likely to mean something in its own list only: it is short, or a word and a number that counts up. Other lists and
/// files will have the same for somebody else.
fn is_local(id: &str) -> bool {
    let id = id.trim();
    let number = id.trim_start_matches(|c: char| !c.is_ascii_digit());
    let word = id[..id.len() - number.len()].trim_end_matches(|c: char| !c.is_alphanumeric());
    let counts = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let digits = number.trim_start_matches('0').len();
    let numbered = || NUMBERED.split_whitespace().any(|w| w.eq_ignore_ascii_case(word));
    id.chars().filter(|c| c.is_alphanumeric()).take(7).count() < 7
        || counts && (word.is_empty() && digits < 9 || digits < 7 && numbered())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_told_from_people() {
        for (address, role) in [
            ("support@example.com", true),
            ("No-Reply@example.com", true),
            ("info+de@example.com", true),
            ("ana.reis@example.com", false),
            ("supporter@example.com", false),
            ("support", false),
        ] {
            assert_eq!(is_role(address), role, "{address}");
        }
    }

    #[test]
    fn ids_that_count_up_are_local() {
        for id in ["p1", "1", "1000", "user_12", "00000017", "speaker-1", "agent-0042", "ü1"] {
            assert!(is_local(id), "{id}");
        }
        for id in ["2417755180934412", "ac-000123", "5f1e9a3c77b2", "cus_9s6XKzkNRiz8i3", "1234567890"] {
            assert!(!is_local(id), "{id}");
        }
    }
}
