use super::super::fields::Fields;
use super::*;

/// Evenly spread numbers (Steele, Lea and Flood's SplitMix64).
fn hash(n: u64) -> u64 {
    key(7, n)
}

struct Data {
    rules: RuleSet,
    people: People,
    fields: Fields,
    record: u64,
}

impl Data {
    fn new(limit: usize) -> Data {
        let rules = RuleSet::builtin();
        let people = People::new(&rules, limit);
        Data { rules, people, fields: Fields::default(), record: 0 }
    }

    /// One record: entity, value, field.
    fn record(&mut self, subject: Option<usize>, values: &[(&str, u64, &str)]) {
        self.record += 1;
        for (entity, value, field) in values {
            let entity = self.rules.entity_named(entity).unwrap();
            let (name, whole) = (Some(*field), !field.ends_with("text") && *field != "to");
            let value = Told::of(&format!("long-value-{value:09}9999"), hash(*value));
            let (record, field, bot) = ((0, self.record), self.fields.number(name), false);
            self.people.add(&Seen { entity, value, record, field, name, indices: &[], whole, subject, bot });
        }
    }

    fn count(&mut self) -> Count {
        self.people.count(&self.rules, 2)
    }
}

/// `n` people with so many records each: nine in ten have an e-mail address, six in ten a phone, half an account, everybody has one of
/// them; not every record has all. Ten agents stand in each record, too, and texts mention others.
fn crowd(data: &mut Data, n: u64, rounds: u64) {
    let share = |person: u64, salt: u64, of_ten: u64| hash(person ^ (salt << 40)) % 10 < of_ten;
    for round in 0..rounds {
        for person in 0..n {
            let mut values = Vec::new();
            let has = (share(person, 1, 9), share(person, 2, 6), share(person, 3, 5));
            let none = has == (false, false, false);
            // The first record has all, the later ones a part.
            let shown = |salt: u64| round == 0 || share(person * 3 + round, salt, 5);
            if has.0 && shown(4) || none {
                values.push(("EMAIL_ADDRESS", person, "customer_email"));
            }
            if has.1 && shown(5) {
                values.push(("PHONE_NUMBER", person, "customer_phone"));
            }
            if has.2 && shown(6) {
                values.push(("ACCOUNT_ID", person, "customer_id"));
            }
            values.push(("PERSON", person % 1000, "customer_name"));
            if values.len() == 1 {
                continue; // a name alone could be another's
            }
            values.push(("ACCOUNT_ID", u64::MAX - person % 10, "agent_id"));
            values.push(("EMAIL_ADDRESS", (1 << 50) | (person / 7), "text"));
            data.record(None, &values);
        }
    }
}

#[test]
fn people_are_counted_within_two_percent() {
    for (n, rounds, limit, exact) in
        [(500, 3, LIMIT, true), (20_000, 3, LIMIT, true), (200_000, 1, LIMIT, true), (60_000, 2, 40_000, false)]
    {
        let mut data = Data::new(limit);
        crowd(&mut data, n, rounds);
        let count = data.count();
        let want = n + 10; // the agents
        assert_eq!(count.exact, exact);
        if exact {
            assert_eq!((count.about, count.error_percent), (want, 0.0));
            assert_eq!(count.mentioned, n.div_ceil(7));
        } else {
            let off = (count.about as f64 / want as f64 - 1.0).abs();
            assert!(off < 0.02 && count.error_percent > 0.0 && count.error_percent < 2.0, "{off} {count:?}");
            assert!((count.mentioned as f64 / n.div_ceil(7) as f64 - 1.0).abs() < 0.05, "{}", count.mentioned);
        }
        assert_eq!(count.named, 0, "each name stands with an identifier somewhere");
        assert_eq!(count.subjects[0], count.about);
    }
}

#[test]
fn memory_is_bounded() {
    let mut data = Data::new(5_000);
    for person in 0..50_000 {
        data.record(None, &[("EMAIL_ADDRESS", person, "email"), ("ACCOUNT_ID", person, "user_id")]);
        data.record(None, &[("PERSON", person, "name")]);
        assert!(data.people.graph.size() <= 5_001);
    }
    let count = data.count();
    assert!((count.about as f64 / 100_000.0 - 1.0).abs() < 0.06 && count.error_percent < 8.0, "{count:?}");
}

#[test]
fn what_stands_together_is_one_person() {
    let mut data = Data::new(LIMIT);
    data.record(Some(0), &[("EMAIL_ADDRESS", 1, "email"), ("PHONE_NUMBER", 1, "phone")]);
    data.record(Some(0), &[("PHONE_NUMBER", 1, "phone"), ("ACCOUNT_ID", 1, "user_id")]);
    data.record(Some(1), &[("ACCOUNT_ID", 1, "user_id"), ("EMAIL_ADDRESS", 2, "email")]);
    data.record(Some(1), &[("ACCOUNT_ID", 5, "user_id")]);
    let count = data.count();
    assert_eq!((count.about, count.identified, count.exact), (2, 2, true));
    assert_eq!(count.subjects, [0, 1, 2]);
    assert_eq!((count.by[0].entity.as_str(), count.by[0].values), ("ACCOUNT_ID", 2));
    assert_eq!(count.by[0].fields["user_id"], 3);
}

#[test]
fn the_parties_of_a_record_are_several_people() {
    let mut data = Data::new(LIMIT);
    data.record(
        None,
        &[("EMAIL_ADDRESS", 1, "customer_email"), ("EMAIL_ADDRESS", 2, "agent_email"), ("PHONE_NUMBER", 1, "phone")],
    );
    data.record(None, &[("EMAIL_ADDRESS", 3, "/to/0/email"), ("EMAIL_ADDRESS", 4, "/to/1/email")]);
    assert_eq!(data.count().about, 4);
    // Several in one value: `Ana <ana@…>, Ben <ben@…>`.
    data.record(None, &[("EMAIL_ADDRESS", 5, "from"), ("EMAIL_ADDRESS", 6, "to"), ("EMAIL_ADDRESS", 7, "to")]);
    assert_eq!((data.count().about, data.count().mentioned), (7, 0));
}

#[test]
fn what_many_have_joins_nobody() {
    let mut data = Data::new(LIMIT);
    for person in 0..100 {
        data.record(
            None,
            &[("EMAIL_ADDRESS", person, "email"), ("PHONE_NUMBER", 1, "phone"), ("ACCOUNT_ID", person, "user_id")],
        );
    }
    let count = data.count();
    assert_eq!((count.about, count.shared), (100, 1));
}

#[test]
fn names_count_where_nothing_better_does() {
    let mut data = Data::new(LIMIT);
    data.record(None, &[("PERSON", 1, "speaker")]);
    data.record(None, &[("PERSON", 2, "speaker")]);
    data.record(None, &[("EMAIL_ADDRESS", 9, "email"), ("PERSON", 1, "name")]);
    data.record(None, &[("IP_ADDRESS", 3, "ip")]);
    data.record(None, &[("EMAIL_ADDRESS", 8, "text"), ("PERSON", 4, "text")]);
    let count = data.count();
    assert_eq!((count.about, count.identified, count.named, count.mentioned), (2, 1, 1, 1));
    assert_eq!((count.devices_alone, count.devices[0].values), (1, 1));
    // Who was only mentioned is somebody as soon as a field holds it.
    data.record(None, &[("EMAIL_ADDRESS", 8, "email")]);
    let count = data.count();
    assert_eq!((count.about, count.mentioned), (3, 0));
}

#[test]
fn a_number_of_several_is_nobodys() {
    for (people, with_ids) in [(2, true), (2, false), (3, true), (20, false), (24, true), (26, false), (26, true)] {
        let mut data = Data::new(LIMIT);
        // There and back: the order changes nothing.
        for person in (0..people).chain((0..people).rev()) {
            let id = ("ACCOUNT_ID", person, "user_id");
            let both = [("EMAIL_ADDRESS", person, "email"), ("PHONE_NUMBER", 1, "phone"), id];
            data.record(None, &both[..if with_ids { 3 } else { 2 }]);
        }
        let count = data.count();
        assert_eq!((count.about, count.shared), (people, 1), "{people} {with_ids}");
    }
}

#[test]
fn who_changes_an_address_stays_one() {
    let mut data = Data::new(LIMIT);
    for address in 0..3 {
        let id = ("ACCOUNT_ID", 1, "user_id");
        data.record(None, &[("PHONE_NUMBER", 1, "phone"), ("EMAIL_ADDRESS", address, "email"), id]);
    }
    let count = data.count();
    assert_eq!((count.about, count.shared), (1, 0));
    // A company's account has more, and its people are several.
    for address in 10..18 {
        data.record(None, &[("EMAIL_ADDRESS", address, "email"), ("ACCOUNT_ID", 2, "company_id")]);
    }
    let count = data.count();
    assert_eq!((count.about, count.shared), (9, 1));
}

#[test]
fn the_order_of_records_changes_nothing() {
    let records: Vec<[(&str, u64, &str); 2]> = (0..400)
        .map(|n| {
            let (a, b) = (hash(n) % 60, hash(n + 1000) % 50);
            match n % 3 {
                0 => [("EMAIL_ADDRESS", a, "email"), ("PHONE_NUMBER", b, "phone")],
                1 => [("ACCOUNT_ID", a, "user_id"), ("EMAIL_ADDRESS", b, "email")],
                _ => [("USERNAME", a, "username"), ("PHONE_NUMBER", b, "phone")],
            }
        })
        .collect();
    let count = |order: &dyn Fn(usize) -> usize| {
        let mut data = Data::new(LIMIT);
        (0..records.len()).for_each(|n| data.record(None, &records[order(n)]));
        let count = data.count();
        (count.about, count.shared)
    };
    let first = count(&|n| n);
    assert!(first.0 > 50, "{first:?}");
    for step in [7, 13, 399] {
        assert_eq!(count(&|n| n * step % 400), first, "{step}");
    }
}
