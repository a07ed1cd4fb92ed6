//! What of a zip archive no member holds: found by what the archive says of itself (APPNOTE.TXT section 4.3).

use super::archive::Range;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// The length of an end-of-central-directory record without its comment, and with the longest.
const END: usize = 22;
const LONGEST_END: usize = END + 0xFFFF;

fn u16_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 2).map_or(0, |b| u64::from(b[0]) | u64::from(b[1]) << 8)
}

fn u32_at(bytes: &[u8], at: usize) -> u64 {
    u16_at(bytes, at) | u16_at(bytes, at + 2) << 16
}

/// Up to `len` bytes at `at`.
fn bytes_at(file: &File, at: u64, len: usize) -> io::Result<Vec<u8>> {
    let (mut bytes, mut done) = (vec![0; len], 0);
    while done < len {
        match file.read_at(&mut bytes[done..], at + done as u64) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    bytes.truncate(done);
    Ok(bytes)
}

/// Whether `file` ends with a zip archive that has members.
///
/// # Errors
///
/// It can't be read.
pub fn ends_as_zip(file: &File) -> io::Result<bool> {
    let len = file.metadata()?.len();
    let from = len.saturating_sub(LONGEST_END as u64);
    let tail = bytes_at(file, from, (len - from) as usize)?;
    for at in memchr::memmem::rfind_iter(&tail, b"PK\x05\x06") {
        let record = &tail[at..];
        if record.len() < END || (END as u64 + u16_at(record, 20)) != record.len() as u64 || u16_at(record, 10) == 0 {
            continue;
        }
        // Of a zip64 archive the size stands elsewhere.
        let (size, end) = (u32_at(record, 12), from + at as u64);
        if size == 0xFFFF_FFFF || end >= size && bytes_at(file, end - size, 4)? == b"PK\x01\x02" {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many bytes of `file` lie outside of its `members` and of the directory that begins at `directory`. Zeros fill up and do not count.
///
/// # Errors
///
/// It can't be read.
pub fn unseen(file: &File, members: &mut [Range], directory: u64) -> io::Result<u64> {
    let len = file.metadata()?.len();
    members.sort_by_key(|m| m.start);
    let (mut at, mut unseen) = (0, 0);
    for m in members.iter() {
        unseen += between(file, at, m.start)?;
        at = at.max(m.end + descriptor(file, m)?);
    }
    unseen += between(file, at, directory)?;
    // A record that claims to go on beyond the end hides what stands in it.
    let end = Some(directory_end(file, directory)?).filter(|end| *end <= len).unwrap_or(directory);
    Ok(unseen + between(file, end, len)?)
}

/// The bytes from one place to another, if one of them is something.
fn between(file: &File, from: u64, to: u64) -> io::Result<u64> {
    let mut at = from;
    while at < to {
        let bytes = bytes_at(file, at, (to - at).min(64 << 10) as usize)?;
        if bytes.is_empty() || bytes.iter().any(|b| *b != 0) {
            return Ok(to - from);
        }
        at += bytes.len() as u64;
    }
    Ok(0)
}

/// The length of the record behind a member's data that repeats its checksum and sizes, with or without a signature, in 32 or 64 bits.
fn descriptor(file: &File, member: &Range) -> io::Result<u64> {
    let bytes = bytes_at(file, member.end, 24)?;
    let signed = if bytes.starts_with(b"PK\x07\x08") { 4 } else { 0 };
    let (crc, size) = (u64::from(member.crc), member.end - member.data);
    if u32_at(&bytes, signed) != crc || bytes.len() < signed + 12 || u32_at(&bytes, signed + 4) != size & 0xFFFF_FFFF {
        return Ok(0);
    }
    // In 64 bits, the upper half of the stored size is next; in 32, the size of what it expands to.
    let wide = bytes.len() >= signed + 20
        && u32_at(&bytes, signed + 8) == size >> 32
        && u32_at(&bytes, signed + 12) == member.size & 0xFFFF_FFFF
        && u32_at(&bytes, signed + 8) != member.size & 0xFFFF_FFFF;
    Ok(signed as u64 + if wide { 20 } else { 12 })
}

/// Where the central directory that begins at `at` and the records behind it end.
fn directory_end(file: &File, mut at: u64) -> io::Result<u64> {
    loop {
        let head = bytes_at(file, at, 46)?;
        at += match head.get(..4) {
            Some(b"PK\x01\x02") => 46 + u16_at(&head, 28) + u16_at(&head, 30) + u16_at(&head, 32),
            Some(b"PK\x05\x05") => 6 + u16_at(&head, 4),
            Some(b"PK\x06\x06") => 12 + (u32_at(&head, 4) | u32_at(&head, 8) << 32).min(u64::MAX >> 2),
            Some(b"PK\x06\x07") => 20,
            Some(b"PK\x05\x06") => return Ok(at + END as u64 + u16_at(&head, 20)),
            _ => return Ok(at),
        };
    }
}
