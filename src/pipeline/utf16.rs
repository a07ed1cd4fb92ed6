//! UTF-16 inputs are scanned as UTF-8 and written back as they were, unpaired surrogates and an odd last byte included.
//!
//! An unpaired surrogate becomes the three bytes that a careless encoder would write (WTF-8); nothing else decodes to those,
//! so the way back is exact.

use super::output::Finish;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

/// The byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Little-endian.
    Little,
    /// Big-endian.
    Big,
}

impl Order {
    fn unit(self, b: [u8; 2]) -> u16 {
        match self {
            Order::Little => u16::from_le_bytes(b),
            Order::Big => u16::from_be_bytes(b),
        }
    }

    fn bytes(self, u: u16) -> [u8; 2] {
        match self {
            Order::Little => u.to_le_bytes(),
            Order::Big => u.to_be_bytes(),
        }
    }
}

/// A last byte that is half a unit, on its way past the scan; 0: none.
pub type Odd = Arc<AtomicU16>;

/// Reads UTF-16 as UTF-8.
pub struct Decoder<R> {
    from: R,
    order: Order,
    odd: Odd,
    raw: Vec<u8>,
    /// Raw bytes at the start of `raw` that wait for more.
    held: usize,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Decoder<R> {
    /// Reads `from`.
    pub fn new(from: R, order: Order, odd: Odd) -> Self {
        Decoder { from, order, odd, raw: vec![0; 64 << 10], held: 0, ready: Vec::new(), at: 0, ended: false }
    }

    /// Decodes what is held, all of it at the end of input.
    fn decode(&mut self, n: usize) {
        let mut i = 0;
        while i + 1 < n {
            let u = self.order.unit([self.raw[i], self.raw[i + 1]]);
            if (0xD800..0xDC00).contains(&u) && i + 3 >= n && !self.ended {
                break; // its other half may come
            }
            i += 2;
            if (0xD800..0xDC00).contains(&u) && i + 1 < n {
                let low = self.order.unit([self.raw[i], self.raw[i + 1]]);
                if (0xDC00..0xE000).contains(&low) {
                    let c = 0x1_0000 + ((u32::from(u) - 0xD800) << 10) + (u32::from(low) - 0xDC00);
                    push(c, &mut self.ready);
                    i += 2;
                    continue;
                }
            }
            push(u32::from(u), &mut self.ready);
        }
        if self.ended && i < n {
            self.odd.store(0x100 | u16::from(self.raw[i]), Ordering::SeqCst);
            i = n;
        }
        self.raw.copy_within(i..n, 0);
        self.held = n - i;
    }
}

fn push(c: u32, out: &mut Vec<u8>) {
    match char::from_u32(c) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[0xE0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3F) as u8, 0x80 | (c & 0x3F) as u8]),
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() && !self.ended {
            self.ready.clear();
            self.at = 0;
            let held = self.held;
            let n = self.from.read(&mut self.raw[held..])?;
            self.ended = n == 0;
            self.decode(held + n);
        }
        let n = buffer.len().min(self.ready.len() - self.at);
        buffer[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// Writes what a [`Decoder`] has read, and replacements in it, as UTF-16.
pub struct Encoder<'a> {
    out: Box<dyn Finish + 'a>,
    order: Order,
    odd: Odd,
    /// The start of a character that goes on in the next write.
    held: Vec<u8>,
    encoded: Vec<u8>,
}

impl<'a> Encoder<'a> {
    /// Writes to `out`.
    pub fn new(out: Box<dyn Finish + 'a>, order: Order, odd: Odd) -> Self {
        Encoder { out, order, odd, held: Vec::new(), encoded: Vec::new() }
    }

    fn encode(&mut self, bytes: &[u8], last: bool) {
        let mut i = 0;
        while i < bytes.len() {
            let rest = &bytes[i..];
            let len = match rest[0] {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            };
            let whole = rest.iter().skip(1).take(len - 1).take_while(|b| **b & 0xC0 == 0x80).count() + 1;
            if whole < len && whole == rest.len() && !last {
                break;
            }
            let c = match (len, whole == len) {
                (1, _) if rest[0] < 0x80 => u32::from(rest[0]),
                (2.., true) => {
                    rest[1..len].iter().fold(u32::from(rest[0]) & (0x7F >> len), |c, b| c << 6 | u32::from(b & 0x3F))
                }
                _ => 0xFFFD,
            };
            if c >= 0x1_0000 {
                let c = c - 0x1_0000;
                self.encoded.extend_from_slice(&self.order.bytes(0xD800 | (c >> 10 & 0x3FF) as u16));
                self.encoded.extend_from_slice(&self.order.bytes(0xDC00 | (c & 0x3FF) as u16));
            } else {
                self.encoded.extend_from_slice(&self.order.bytes(c as u16));
            }
            i += if whole == len { len } else { whole.max(1) };
        }
        self.held = bytes[i..].to_vec();
    }
}

impl Write for Encoder<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.encoded.clear();
        if self.held.is_empty() {
            self.encode(bytes, false);
        } else {
            let mut whole = std::mem::take(&mut self.held);
            whole.extend_from_slice(bytes);
            self.encode(&whole, false);
        }
        self.out.write_all(&self.encoded)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Finish for Encoder<'_> {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.encoded.clear();
        let held = std::mem::take(&mut self.held);
        self.encode(&held, true);
        if let odd @ 1.. = self.odd.load(Ordering::SeqCst) {
            self.encoded.push(odd as u8);
        }
        self.out.write_all(&self.encoded)?;
        self.out.finish()
    }
}

/// How many bytes of UTF-16 `text` came from. Counts every UTF-8 character by its first byte.
pub fn width(text: &[u8]) -> u64 {
    text.iter().map(|b| if *b >= 0xF0 { 4 } else { u64::from(*b & 0xC0 != 0x80) * 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::output::Plain;

    /// Gives a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    #[test]
    fn there_and_back_whatever_the_bytes() {
        let mut seed = 7u64;
        for round in 0..300 {
            let mut bytes: Vec<u8> = Vec::new();
            for _ in 0..round % 40 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let u = [0x41, 0xE9, 0x20AC, 0xD83D, 0xDE00, 0xD800, 0xDFFF, 0xFEFF, 0][(seed >> 33) as usize % 9];
                bytes.extend_from_slice(&u16::to_le_bytes(u));
            }
            if round % 3 == 0 {
                bytes.push(0xD8);
            }
            for (order, step) in [(Order::Little, 1), (Order::Big, 3), (Order::Little, 64)] {
                let odd = Odd::default();
                let mut text = Vec::new();
                Decoder::new(Slow(&bytes, step), order, odd.clone()).read_to_end(&mut text).unwrap();
                assert_eq!(width(&text), bytes.len() as u64 / 2 * 2);
                let mut back = Vec::new();
                let mut encoder = Box::new(Encoder::new(Box::new(Plain(&mut back)), order, odd));
                for piece in text.chunks(step) {
                    encoder.write_all(piece).unwrap();
                }
                encoder.finish().unwrap();
                assert_eq!(back, bytes, "step {step}");
            }
        }
    }
}
