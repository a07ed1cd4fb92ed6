//! What holds for all field rules. Each rule's own examples are run by tests/patterns.rs.

use super::examples::Example;
use super::*;

fn records(example: &str) -> Vec<Example> {
    Example::read(example).unwrap()
}

/// What is found in an example: the text of each, in order.
fn found(fields: &Fields, example: &str) -> Vec<String> {
    let (mut memory, mut verdicts, mut out) = (Judging::default(), Vec::new(), Vec::new());
    for b in records(example) {
        fields.judge(&b.unit, &b.record, &vec![false; b.record.segments.len()], &mut memory, &mut verdicts);
        for (s, v) in b.record.segments.iter().zip(&verdicts) {
            out.extend(v.whole.map(|w| String::from_utf8(b.record.text(s, &b.unit)[w.span.range()].to_vec()).unwrap()));
        }
    }
    out
}

fn all() -> Fields {
    Fields::new(Arc::new(RuleSet::builtin()), &Options::default())
}

#[test]
fn a_part_of_the_format_is_a_speaker_unless_a_role() {
    let fields = all();
    let speaker = |name: &str| {
        let mut b = Example::default();
        let node = b.record.node(None, Step::Part("speaker"));
        b.leaf(name, Role::Value, Some(node));
        let mut verdicts = Vec::new();
        fields.judge(&b.unit, &b.record, &vec![false; b.record.segments.len()], &mut Judging::default(), &mut verdicts);
        verdicts[0].whole.map(|w| (fields.rules.entity(w.entity).name.clone(), w.span))
    };
    assert_eq!(speaker(" Ana\u{200E}"), Some(("PERSON".into(), Span::new(1, 4))));
    assert_eq!(speaker("山田太郎").map(|s| s.0), Some("PERSON".into()));
    for name in ["Agent", "SPEAKER_01", "Customer", "Bot", "You", "+1 415 555 0142", "", "Speaker 2"] {
        assert_eq!(speaker(name), None, "{name}");
    }
}

#[test]
fn a_role_beside_a_name_makes_no_form_of_its_object() {
    for (line, want) in [
        (r#"{"agent_name": "Agent", "customer_name": "Ana Reis"}"#, &["Ana Reis"][..]),
        (r#"{"sender": "Support", "recipient": "Leo Berg"}"#, &["Leo Berg"]),
        (r#"{"agent_name": "Agent name", "customer_name": "Nome do cliente"}"#, &[]),
        (r#"{"customer_name": "Customer name", "agent_name": "Ana Reis"}"#, &[]),
    ] {
        assert_eq!(found(&all(), line), want, "{line}");
    }
}

#[test]
fn a_hint_goes_to_the_detectors_even_where_the_shape_does_not_fit() {
    let fields = all();
    let b = &records("{\"phone\": \"call 555 (ask Ana)\", \"note\": \"x\"}")[0];
    let mut verdicts = Vec::new();
    fields.judge(&b.unit, &b.record, &vec![false; b.record.segments.len()], &mut Judging::default(), &mut verdicts);
    assert_eq!(verdicts[0].hint, fields.rules.entity_named("PHONE_NUMBER"));
    assert_eq!(verdicts[0].whole, None);
    assert_eq!(verdicts[1], Verdict::default());
}

#[test]
fn what_is_not_wanted_is_not_found_but_still_evidence() {
    let rules = Arc::new(RuleSet::builtin());
    let person = rules.entity_named("PERSON").unwrap();
    let mut enabled = vec![false; rules.entities().len()];
    enabled[person.index()] = true;
    let fields = Fields::new(Arc::clone(&rules), &Options { enabled, ..Options::default() });
    let got = found(&fields, "{\"name\": \"Ana Reis\", \"email\": \"a@localhost\"}");
    assert_eq!(got, ["Ana Reis"]);
    let strict = Fields::new(rules, &Options { min_score: 0.99, ..Options::default() });
    assert_eq!(found(&strict, "{\"first_name\": \"Ana\"}"), [""; 0]);
}

#[test]
fn memory_stays_bounded_and_right_over_many_names() {
    let fields = all();
    let (mut memory, mut verdicts) = (Judging::default(), Vec::new());
    for i in 0..3 * KEPT {
        let b = &records(&format!("{{\"k{i}\": \"x\", \"first_name\": \"Ana\", \"{}\": 1}}", "y".repeat(i % 300)))[0];
        fields.judge(&b.unit, &b.record, &vec![false; b.record.segments.len()], &mut memory, &mut verdicts);
        assert!(verdicts[1].whole.is_some() && verdicts[0].whole.is_none());
        assert!(memory.said.len() <= KEPT + 8 && memory.kept.len() <= KEPT + 8);
    }
}

/// Deep nesting and very many fields of one name take no more than linear time: squared, this runs for many minutes.
#[test]
fn hostile_records_are_judged_in_linear_time() {
    let fields = all();
    let (mut memory, mut verdicts) = (Judging::default(), Vec::new());
    let mut b = Example::default();
    let (name, mut node) = (b.record.intern(b"name"), None);
    for _ in 0..100_000 {
        node = Some(b.record.node(node, Step::Key(name)));
    }
    for _ in 0..100_000 {
        let leaf = b.record.node(node, Step::Key(name));
        b.leaf("Ana Reis", Role::Value, Some(leaf));
    }
    let mut at = b.record.node(None, Step::Key(name));
    for i in 0..100_000 {
        at = b.record.node(Some(at), Step::Index(i));
    }
    for _ in 0..100_000 {
        b.leaf("x", Role::Value, Some(at));
    }
    fields.judge(&b.unit, &b.record, &vec![false; b.record.segments.len()], &mut memory, &mut verdicts);
    assert_eq!(verdicts.len(), 200_000);
}

/// A line of corpus/fields/schemas.jsonl.
#[derive(serde::Deserialize)]
struct Schema {
    why: String,
    record: serde_json::Value,
    found: Vec<(String, String)>,
}

#[test]
fn invented_schemas_hold_what_their_labels_say_and_nothing_else() {
    let rules = Arc::new(RuleSet::builtin());
    let detectors = crate::detect::Detectors::new(Arc::clone(&rules), &Options::default()).unwrap();
    let mut wrong = String::new();
    for line in include_str!("../../../corpus/fields/schemas.jsonl").lines() {
        let schema: Schema = serde_json::from_str(line).unwrap();
        let example = &records(&schema.record.to_string())[0];
        let got: Vec<_> = (example.judged(&detectors, &mut Default::default()).into_iter())
            .map(|(w, text)| (text, rules.entity(w.entity).name.clone()))
            .collect();
        if got != schema.found {
            wrong += &format!("{}: {got:?}\n", schema.why);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
