//! Whose value a field holds, as far as its name tells: `customer_email` and `/agent/email` are two people's in one record.

/// Words in the names of fields and objects that tell one party of a record from another.
const PARTIES: &str = "sender from recipient to cc bcc reply author creator callee seller merchant payer payee shopper \
    beneficiary host driver rider doctor teacher student parent child spouse partner emergency referrer \
    referred inviter invitee approver requester submitter reporter reviewer mentions mentioned forwarded \
    quoted tenant landlord page bot applicant source destination origin src dst called calling dialed \
    absender empfänger remitente destinatario expediteur destinataire";
/// Those who work for whoever keeps the data.
const STAFF: &str = "agent operator assignee staff employee manager representative rep supervisor admin moderator assigned \
    owner mitarbeiter";
/// Those whom the data is most likely about: a field that names nobody is theirs.
const ABOUT: &str = "customer client visitor subscriber guest patient caller buyer lead kunde cliente";
/// Lists in which one person's identifiers stand, several of a kind: no index parts them.
const LISTS: &str = "email emails mail mails phone phones number numbers address addresses identity identities handle handles \
    id ids";

/// What fields are called in which somebody says something: what stands there alone may be an answer, or somebody else's.
const SAID: &str = "text texts body content message messages msg comment comments note notes question answer description \
    subject title caption transcript utterance reply quote summary snippet nachricht mensaje mensagem \
    messaggio bericht remarks bemerkung";

/// Whether `word` is one of `words`, which spaces part.
fn has(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|w| w == word)
}

/// Whether the field holds what somebody says, by its name.
pub(super) fn is_said(field: &str) -> bool {
    let mut said = false;
    let step = field.rsplit('/').find(|s| s.parse::<u32>().is_err()).unwrap_or_default();
    each_word(step, |word| said = has(SAID, word));
    said
}

/// Whether the field names somebody and nothing of theirs: `from`, `/message/to`, `Cc`. What it holds is theirs, with a name or more around.
pub(super) fn names_somebody(field: &str) -> bool {
    let mut names = false;
    let step = field.rsplit('/').find(|s| s.parse::<u32>().is_err()).unwrap_or_default();
    each_word(step, |word| names = [PARTIES, STAFF, ABOUT].iter().any(|words| has(words, word)));
    names
}

/// A party: what of a field's name and place tells it from others of its record. Empty: nothing does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Party(Vec<Word>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Word {
    Staff(u8),
    About(u8),
    Other(u8),
    Index(u32),
}

impl Party {
    /// Of a field: a JSON pointer, a column's name.
    pub fn of(field: &str) -> Party {
        let (mut words, mut list) = (Vec::new(), false);
        for step in field.split('/') {
            // A number that is no pointer's step is a column without a name.
            if let Some(index) = step.parse::<u32>().ok().filter(|_| field.starts_with('/')) {
                if !list {
                    words.push(Word::Index(index));
                }
                continue;
            }
            list = false;
            each_word(step, |word| {
                list |= has(LISTS, word);
                let known = |of: &str| of.split_whitespace().position(|p| p == word).map(|i| i as u8);
                let found = known(STAFF).map(Word::Staff).or_else(|| known(ABOUT).map(Word::About));
                let found = found.or_else(|| known(PARTIES).map(Word::Other));
                words.extend(found.filter(|w| words.last() != Some(w)));
            });
        }
        Party(words)
    }

    /// The `n`th of those whom one value lists: `from` and `to` as e-mail has them.
    pub fn listed(mut self, n: usize) -> Party {
        self.0.push(Word::Index(n as u32));
        self
    }

    fn is_staff(&self) -> bool {
        self.0.iter().any(|w| matches!(w, Word::Staff(_)))
    }

    fn is_about(&self) -> bool {
        self.0.iter().any(|w| matches!(w, Word::About(_)))
    }
}

/// The words of a name in lower case: `customerEmail`, `customer_email`, `Customer e-mail`.
fn each_word(name: &str, mut f: impl FnMut(&str)) {
    let mut word = String::new();
    let mut lower = false;
    for c in name.chars() {
        if (!c.is_alphanumeric() || lower && c.is_uppercase()) && !word.is_empty() {
            f(&word);
            word.clear();
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    if !word.is_empty() {
        f(&word);
    }
}

/// Makes the parties of one record comparable: what all share says nothing, and what names no party belongs to the one that the
/// record is about, if that can be told.
pub(super) fn settle(parties: &mut [&mut Party]) {
    let shared = parties.iter().map(|p| p.0.len()).min().unwrap_or(0);
    let shared = (0..shared).take_while(|i| parties.iter().all(|p| p.0[*i] == parties[0].0[*i])).count();
    parties.iter_mut().for_each(|p| drop(p.0.drain(..shared)));
    if parties.iter().all(|p| p.0.is_empty()) {
        return;
    }
    let mut others: Vec<Party> =
        parties.iter().filter(|p| !p.0.is_empty() && !p.is_staff()).map(|p| (*p).clone()).collect();
    others.sort_unstable();
    others.dedup();
    let mut about = others.iter().filter(|p| p.is_about());
    let theirs = match (others.as_slice(), about.next(), about.next()) {
        ([one], ..) => one.clone(),
        (_, Some(one), None) => one.clone(),
        _ => return,
    };
    parties.iter_mut().filter(|p| p.0.is_empty()).for_each(|p| **p = theirs.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By field: the number of its party, in the order in which they come up.
    fn told(fields: &[&str]) -> Vec<usize> {
        let mut parties: Vec<Party> = fields.iter().map(|f| Party::of(f)).collect();
        settle(&mut parties.iter_mut().collect::<Vec<_>>());
        let mut seen: Vec<Party> = Vec::new();
        let mut number = |p: &Party| {
            seen.iter().position(|s| s == p).unwrap_or_else(|| {
                seen.push(p.clone());
                seen.len() - 1
            })
        };
        parties.iter().map(&mut number).collect()
    }

    #[test]
    fn one_persons_fields_belong_together() {
        for fields in [
            &["email", "Phone Number", "user_id"][..],
            &["/user/id", "/user/contact/email", "/phone"],
            &["/emails/0/value", "/emails/1/value", "/id"],
            &["/data/17/id", "/data/17/properties/email"],
            &["/client/contact/email", "/client/login/username"],
            &["E-mail 1 - Value", "E-mail 2 - Value", "Home Phone"],
            &["/customer/email", "/id"],
            &["billing_email", "shipping_email"],
            &["1", "2"],
        ] {
            assert!(told(fields).iter().all(|n| *n == 0), "{fields:?}");
        }
    }

    #[test]
    fn what_is_said_is_told_by_the_last_word() {
        for field in ["text", "/messages/3/body", "messageText", "/content/0"] {
            assert!(is_said(field), "{field}");
        }
        for field in ["/message/from/id", "text_message_number", "email", ""] {
            assert!(!is_said(field), "{field}");
        }
    }

    #[test]
    fn parties_are_told_apart() {
        for (fields, want) in [
            (&["customer_email", "agent_email", "customerPhone", "id"][..], &[0, 1, 0, 0][..]),
            (&["/sender/id", "/recipient/id"], &[0, 1]),
            (&["/agent/id", "/email"], &[0, 1]),
            (&["/participants/0/email", "/participants/1/email", "/participants/1/id"], &[0, 1, 1]),
            (&["from", "to", "email"], &[0, 1, 2]),
            (&["source", "destination"], &[0, 1]),
            (&["/3/email", "/4/email"], &[0, 1]),
        ] {
            assert_eq!(told(fields), want, "{fields:?}");
        }
    }
}
