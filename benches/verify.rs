//! Each verifier alone, over what it finds and over what only looks like that: one entity's rules on lines of plain text.

mod common;

use common::{repeated, scanner};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

/// An entity, lines that hold one each, and lines that hold none but come close.
type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

const CASES: &[Case] = &[
    (
        "EMAIL_ADDRESS",
        &["write to ana.reis+shop@example.com, please", "mail: <o'dea@mail.example.org>", "(jörg@example.net)"],
        &["see you @ nine", "git@v1.2", "@ana said so", "a@b", "price @ 3.50 each", "logo@2x.png"],
    ),
    (
        "PHONE_NUMBER",
        &["call +49 30 901820 today", "my phone is (212) 555-0142", "tel. 030 1234567", "+33 1 42 68 53 00"],
        &["order 20240305-1042", "2024-03-05 10:42:11", "1.234.567,89 EUR", "build 4711.2.0.815", "1709633411123"],
    ),
    (
        "IP_ADDRESS",
        &["from 203.0.113.9 at noon", "peer 2001:db8::8a2e:370:7334 left", "ip=198.51.100.77:8080"],
        &["version 1.2.3.400", "at 10:42:11", "section 1.2.3", "std::vec::Vec", "dead:beef", "3.14.15.926"],
    ),
    (
        "CREDIT_CARD",
        &["card 4111 1111 1111 1111", "5555-5555-5555-4444 it is", "amex 378282246310005"],
        &["card 4111 1111 1111 1112", "order 5555555555554445", "id 9999999999999999", "1234 5678 9012 3456"],
    ),
    (
        "IBAN_CODE",
        &["to DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "NL91ABNA0417164300 thanks"],
        &["to DE88 3704 0044 0532 0130 00", "GB82WEST12345698765433", "XX12ABCD34567890123456", "AB12 model"],
    ),
    (
        "URL",
        &["see https://example.com/a?b=c#d", "go to www.example.org.", "ftp://example.net/pub/file.txt"],
        &["std::fs", "a://", "http://", "see: //comment", "www. nothing", "C:/windows/file.txt"],
    ),
    (
        "US_SSN",
        &["ssn 219-09-9998", "social security number: 457-55-5462"],
        &["ssn 000-12-3456", "666-12-3456", "part 219-09-999", "ssn 219-00-9999", "2024-03-0512"],
    ),
    (
        "MAC_ADDRESS",
        &["mac 3c:22:fb:9a:41:07", "3C-22-FB-9A-41-08 joined"],
        &["10:42:11:09:08", "3c:22:fb:9a:41", "3c:22-fb:9a:41:07", "20-21-11-21-10-30", "de:ad"],
    ),
    (
        "COORDINATES",
        &["at 52.520008, 13.404954", "52°31'12.0\"N 13°24'18.0\"E", "geo:48.858222,2.2945"],
        &["52.52, then 13.40", "190.520008, 200.404954", "3.141592 and 2.718281", "v 1.23456"],
    ),
    (
        "CRYPTO",
        &["btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe"],
        &["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "sha e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"],
    ),
];

fn verify(c: &mut Criterion) {
    let mut group = c.benchmark_group("verify");
    for (entity, hits, misses) in CASES {
        let scanner = scanner(&[entity]);
        for (name, lines, a_round) in [("hits", hits, hits.len()), ("misses", misses, 0)] {
            let (text, rounds) = repeated(lines);
            assert_eq!(scanner.scan_str(&text).len(), a_round * rounds, "{entity}, {name}");
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(*entity, name), |b| b.iter(|| scanner.scan_str(black_box(&text))));
        }
    }
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
