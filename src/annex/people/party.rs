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

/// What of a field's name and place tells one party of a record from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Word {
    Staff(u8),
    About(u8),
    Other(u8),
    Index(u32),
}

impl Word {
    /// As a number, another for each.
    pub fn number(self) -> u64 {
        let (kind, n) = match self {
            Word::Staff(n) => (1, n.into()),
            Word::About(n) => (2, n.into()),
            Word::Other(n) => (3, n.into()),
            Word::Index(n) => (4, n),
        };
        kind << 32 | u64::from(n)
    }
}

/// A field's name, read: what is to be done with each step of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// A name's word.
    Word(Word),
    /// A name has ended; whether it is that of a list.
    Name(bool),
    /// The next array index.
    Index,
    /// A number that is no index.
    Number(u32),
}

/// What a field's name tells of whose value it holds. Worked out once for each field.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    steps: Vec<Step>,
    /// It holds what somebody says.
    said: bool,
    /// It names somebody and nothing of theirs: `from`, `/message/to`, `Cc`. What it holds is theirs, with a name or more around.
    names: bool,
    /// So many indices it ends in.
    ends: usize,
}

impl Shape {
    /// Of a field: a JSON pointer with array indices as `*`, a column's name.
    pub fn of(field: &str) -> Shape {
        let mut shape = Shape::default();
        let pointer = field.starts_with('/');
        for step in field.split('/') {
            // A number that is no pointer's step is a column without a name.
            match step.parse::<u32>() {
                _ if pointer && step == "*" => shape.steps.push(Step::Index),
                Ok(number) if pointer => shape.steps.push(Step::Number(number)),
                _ => shape.name(step),
            }
        }
        let is_index = |s: &&str| pointer && *s == "*";
        let last = field.rsplit('/').find(|s| s.parse::<u32>().is_err() && !is_index(s)).unwrap_or_default();
        each_word(last, |word| {
            shape.said = has(SAID, word);
            shape.names = [PARTIES, STAFF, ABOUT].iter().any(|words| has(words, word));
        });
        let ends = field.rsplit('/').take_while(|s| s.parse::<u32>().is_ok() || is_index(s));
        shape.ends = ends.filter(is_index).count();
        shape
    }

    fn name(&mut self, name: &str) {
        let mut list = false;
        each_word(name, |word| {
            list |= has(LISTS, word);
            let known = |of: &str| of.split_whitespace().position(|p| p == word).map(|i| i as u8);
            let found = known(STAFF).map(Word::Staff).or_else(|| known(ABOUT).map(Word::About));
            self.steps.extend(found.or_else(|| known(PARTIES).map(Word::Other)).map(Step::Word));
        });
        self.steps.push(Step::Name(list));
    }

    /// Adds to `words` whose value the field holds with these indices, and says whether it names them alone. `None`: what stands in it is
    /// only said. An index that is none (it is over 32 bits long) tells nobody.
    pub fn party(&self, indices: &[u64], words: &mut Vec<Word>) -> Option<(Party, bool)> {
        let index = |i: &u64| u32::try_from(*i).ok();
        let last = &indices[indices.len().saturating_sub(self.ends)..];
        let nameless = last.iter().any(|i| index(i).is_none());
        if self.said && !nameless {
            return None;
        }
        let (start, mut list, mut indices) = (words.len(), false, indices.iter());
        for step in &self.steps {
            let number = match step {
                Step::Word(word) => {
                    if words[start..].last() != Some(word) {
                        words.push(*word);
                    }
                    continue;
                }
                Step::Name(is_list) => {
                    list = *is_list;
                    continue;
                }
                Step::Index => indices.next().and_then(index),
                Step::Number(number) => Some(*number),
            };
            match number {
                Some(number) if !list => words.push(Word::Index(number)),
                Some(_) => {}
                None => list = false,
            }
        }
        Some((Party { start: start as u32, end: words.len() as u32 }, self.names && !nameless))
    }
}

/// A party of a record: words of a list. None: nothing tells it from others.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Party {
    start: u32,
    end: u32,
}

impl Party {
    /// The words.
    pub fn of(self, words: &[Word]) -> &[Word] {
        &words[self.start as usize..self.end as usize]
    }

    /// The `n`th of those whom one value lists, whose words come last: `from` and `to` as e-mail has them.
    pub fn listed(self, n: usize, words: &mut Vec<Word>) -> Party {
        words.push(Word::Index(n as u32));
        Party { end: self.end + 1, ..self }
    }

    fn is_empty(self) -> bool {
        self.start == self.end
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
/// record is about, if that can be told. Whether there may be several.
pub(super) fn settle(words: &[Word], parties: &mut [Party]) -> bool {
    let Some((first, others)) = parties.split_first() else { return false };
    let first = first.of(words);
    let same = |p: &Party| first.iter().zip(p.of(words)).take_while(|(a, b)| a == b).count();
    let shared = others.iter().map(same).min().unwrap_or(first.len()) as u32;
    parties.iter_mut().for_each(|p| p.start += shared);
    if parties.iter().all(|p| p.is_empty()) {
        return false;
    }
    let is_staff = |p: &Party| p.of(words).iter().any(|w| matches!(w, Word::Staff(_)));
    let is_about = |p: &Party| p.of(words).iter().any(|w| matches!(w, Word::About(_)));
    let is_other = |p: &&Party| !p.is_empty() && !is_staff(p);
    let only = |of: &dyn Fn(&&Party) -> bool| {
        let mut all = parties.iter().filter(is_other).filter(of);
        let one = *all.next()?;
        all.all(|p| p.of(words) == one.of(words)).then_some(one)
    };
    let one = only(&|_| true).or_else(|| only(&|p| is_about(p)));
    if let Some(one) = one {
        parties.iter_mut().filter(|p| p.is_empty()).for_each(|p| *p = one);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By field: the number of its party, in the order in which they come up.
    fn told(fields: &[&str]) -> Vec<usize> {
        let mut words = Vec::new();
        let mut parties: Vec<Party> = fields.iter().filter_map(|f| Some(party(f, &mut words)?.0)).collect();
        let several = settle(&words, &mut parties);
        let mut seen: Vec<&[Word]> = Vec::new();
        let mut number = |p: &Party| {
            let p = p.of(&words);
            seen.iter().position(|s| *s == p).unwrap_or_else(|| {
                seen.push(p);
                seen.len() - 1
            })
        };
        let told: Vec<usize> = parties.iter().map(&mut number).collect();
        assert_eq!(told.len(), fields.len());
        assert!(several || told.iter().all(|n| *n == 0), "{fields:?}");
        told
    }

    /// Of a field with its indices.
    fn party(field: &str, words: &mut Vec<Word>) -> Option<(Party, bool)> {
        let is_index = |s: &&str| field.starts_with('/') && !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let steps: Vec<&str> = field.split('/').map(|s| if is_index(&s) { "*" } else { s }).collect();
        let indices: Vec<u64> = field.split('/').filter(is_index).map(|s| s.parse().unwrap_or(u64::MAX)).collect();
        Shape::of(&steps.join("/")).party(&indices, words)
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
            // What is too long for an index is an id.
            &["/users/8336933892813345/email", "/users/3024111547606601/phone"],
        ] {
            assert!(told(fields).iter().all(|n| *n == 0), "{fields:?}");
        }
    }

    #[test]
    fn what_is_said_is_told_by_the_last_word() {
        let is_said = |field| party(field, &mut Vec::new()).is_none();
        for field in ["text", "/messages/3/body", "messageText", "/content/0"] {
            assert!(is_said(field), "{field}");
        }
        for field in ["/message/from/id", "text_message_number", "email", "", "/texts/8336933892813345"] {
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
            (&["/sender/+1/id", "/sender/+2/id"], &[0, 1]),
        ] {
            assert_eq!(told(fields), want, "{fields:?}");
        }
    }
}
