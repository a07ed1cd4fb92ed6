//! A replacement written where it stands: inside a JSON string, a CSV field, markup, a URL.

use crate::model::{Layer, Layers};

/// Adds `text` to `out`, encoded by `layers` from the inside out.
///
/// Returns whether it must stand in a quoted CSV field and doesn't: the caller then quotes the whole field.
pub fn encode(text: &[u8], layers: Layers, out: &mut Vec<u8>) -> bool {
    // `<EMAIL_ADDRESS>` in a JSON string or a line: most replacements everywhere.
    let plain = |layer| matches!(layer, Layer::JsonString | Layer::CsvQuoted | Layer::Line);
    if layers.iter().all(plain) && text.iter().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\')) {
        out.extend_from_slice(text);
        return false;
    }
    let mut now = text.to_vec();
    let mut quote = false;
    for layer in layers.iter() {
        now = match layer {
            Layer::JsonString => json(&now),
            Layer::JsonValue => [b"\"", json(&now).as_slice(), b"\""].concat(),
            Layer::CsvQuoted => double_quotes(&now),
            Layer::CsvBare(delimiter) => {
                if now.iter().any(|b| *b == delimiter || matches!(b, b'"' | b'\n' | b'\r')) {
                    quote = true;
                    double_quotes(&now)
                } else {
                    now
                }
            }
            Layer::Markup => markup(&now),
            Layer::Percent => percent(&now),
            Layer::Line => now.iter().map(|b| if matches!(b, b'\n' | b'\r') { b' ' } else { *b }).collect(),
        };
    }
    out.extend_from_slice(&now);
    quote
}

/// RFC 8259 section 7; bytes that are no UTF-8 become U+FFFD, since a JSON text must be UTF-8.
fn json(text: &[u8]) -> Vec<u8> {
    let quoted = serde_json::to_vec(&String::from_utf8_lossy(text)).unwrap_or_else(|_| b"\"\"".to_vec());
    quoted[1..quoted.len() - 1].to_vec()
}

fn double_quotes(text: &[u8]) -> Vec<u8> {
    text.iter().flat_map(|b| if *b == b'"' { &b"\"\""[..] } else { std::slice::from_ref(b) }).copied().collect()
}

fn markup(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for b in text {
        match b {
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            _ => out.push(*b),
        }
    }
    out
}

/// RFC 3986 section 2.3: all but unreserved characters; `:` may stand in a path or query and stays.
fn percent(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for b in text {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b':' | b'*') {
            out.push(*b);
        } else {
            out.extend_from_slice(format!("%{b:02X}").as_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, layers: Layers) -> String {
        let mut out = Vec::new();
        encode(text.as_bytes(), layers, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_layer() {
        let one = Layers::one;
        assert_eq!(encoded("<A>", Layers::PLAIN), "<A>");
        assert_eq!(encoded("a\"\\\n", one(Layer::JsonString)), "a\\\"\\\\\\n");
        assert_eq!(encoded("<A>", one(Layer::JsonValue)), "\"<A>\"");
        assert_eq!(encoded("a\"b", one(Layer::CsvQuoted)), "a\"\"b");
        assert_eq!(encoded("<A>", one(Layer::Markup)), "&lt;A&gt;");
        assert_eq!(encoded("<A:0f>", one(Layer::Percent)), "%3CA:0f%3E");
        assert_eq!(encoded("a\nb", one(Layer::Line)), "a b");
        let nested = one(Layer::JsonValue).within(Layer::JsonString).unwrap();
        assert_eq!(encoded("<A>", nested), "\\\"<A>\\\"");
    }

    #[test]
    fn a_bare_field_asks_for_quotes() {
        let mut out = Vec::new();
        assert!(!encode(b"<A>", Layers::one(Layer::CsvBare(b',')), &mut out));
        assert!(encode(b"a,b", Layers::one(Layer::CsvBare(b',')), &mut out));
        assert!(!encode(b"a,b", Layers::one(Layer::CsvBare(b';')), &mut out));
    }
}
