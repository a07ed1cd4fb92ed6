//! What an input is by its first bytes: text, compressed, an archive, or something recognised that can't be handled.

use super::output::Packing;
use super::utf16::Order;

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text or unknown bytes: scanned as text.
    Text,
    /// UTF-16; with a mark or recognised without.
    Utf16(Order),
    /// Something compressed.
    Packed(Packing),
    /// A zip archive.
    Zip,
    /// Recognised and not supported: what it is, with an article.
    Unsupported(&'static str),
}

/// One row a magic number at the start; none begins with another. What needs more than that is in [`special`].
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\x01\0", "an icon"),
    (b"8BPS\0\x01", "a Photoshop image"),
    (b"\0\0\0\x0CjP  ", "a JPEG 2000 image"),
    (b"\0\0\0\x0CJXL ", "a JPEG XL image"),
    (b"OggS\0", "an Ogg recording"),
    (b"fLaC\0", "a FLAC recording"),
    (b"#!AMR\n", "an AMR recording"),
    (b"#!AMR-WB\n", "an AMR recording"),
    (b"caff\0\x01", "a CAF recording"),
    (b"FLV\x01", "a Flash video"),
    (b"\x1A\x45\xDF\xA3", "a WebM or Matroska video"),
    (b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", "a Windows Media file"),
    (b"\0\0\x01\xBA", "an MPEG video"),
    (b"\0\0\x01\xB3", "an MPEG video"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an office document"),
    (b"{\\rtf1", "an RTF document"),
    (b"!BDN", "an Outlook mailbox"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\0\x01\0\0Standard Jet DB\0", "an Access database"),
    (b"\0\x01\0\0Standard ACE DB\0", "an Access database"),
    (b"PAR1\x15", "a Parquet file"),
    (b"PARE", "an encrypted Parquet file"),
    (b"ARROW1\0\0", "an Arrow file"),
    (b"FEA1\0", "a Feather file"),
    (b"Obj\x01", "an Avro file"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\x93NUMPY", "a NumPy file"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"\xFD7zXZ\0", "an xz file"),
    (b"\x04\x22\x4D\x18", "an LZ4 file"),
    (b"\x02\x21\x4C\x18", "an LZ4 file"),
    (b"LZIP\x01", "an lzip file"),
    (b"\x5D\0\0", "an lzma file"),
    (b"\x1F\x9D", "a compress (.Z) file"),
    (b"\xFF\x06\0\0sNaPpY", "a Snappy file"),
    (b"MSCF\0\0\0\0", "a cabinet archive"),
    (b"!<arch>\n", "an ar archive"),
    (b"PK\x07\x08", "a part of a split zip archive"),
    (b"PK00PK", "a part of a split zip archive"),
    (b"Salted__", "an encrypted file (OpenSSL)"),
    (b"age-encryption.org/v1\n", "an encrypted file (age)"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "an encrypted file (age)"),
    (b"-----BEGIN PGP MESSAGE-----", "an encrypted file (PGP)"),
    (b"\x8C\x0D\x04", "an encrypted file (PGP)"),
    (b"\x84\x5E\x03", "an encrypted file (PGP)"),
    (b"\x85\x01\x0C\x03", "an encrypted file (PGP)"),
    (b"\x85\x01\x8C\x03", "an encrypted file (PGP)"),
    (b"\x85\x02\x0C\x03", "an encrypted file (PGP)"),
    (b"\x7FELF", "an executable"),
    (b"\xFE\xED\xFA\xCE", "an executable"),
    (b"\xFE\xED\xFA\xCF", "an executable"),
    (b"\xCE\xFA\xED\xFE", "an executable"),
    (b"\xCF\xFA\xED\xFE", "an executable"),
    (b"\xCA\xFE\xBA\xBE", "a Java class or executable"),
    (b"\0asm", "a WebAssembly module"),
    (b"\x80\x04\x95", "a Python pickle"),
    (b"\x80\x05\x95", "a Python pickle"),
    (b"\x80\x02}", "a Python pickle"),
    (b"\x80\x02]", "a Python pickle"),
    (b"\x80\x03}", "a Python pickle"),
    (b"\x80\x03]", "a Python pickle"),
    (b"\0\x01\0\0\0", "a font"),
    (b"OTTO\0", "a font"),
    (b"wOFF\0", "a font"),
    (b"wOFFOTTO", "a font"),
    (b"wOF2\0", "a font"),
    (b"wOF2OTTO", "a font"),
    (b"\0\0\0\x01Bud1", "a .DS_Store file"),
    (b"bplist00", "a binary property list"),
    (b"\xD4\xC3\xB2\xA1", "a packet capture"),
    (b"\xA1\xB2\xC3\xD4", "a packet capture"),
    (b"\xFF\xFE\0\0", "UTF-32 text"),
    (b"\0\0\xFE\xFF", "UTF-32 text"),
];

/// Decides by `head`, the first bytes; `ended`: there are no more. `None`: more bytes could make it something else.
///
/// Bytes that could be text are decided at the first line end, if not before: a stream that pauses there isn't held.
pub fn recognise(head: &[u8], ended: bool) -> Option<Kind> {
    let mut open = false;
    for &(magic, name) in MAGIC {
        match starts(head, magic) {
            Some(true) => return Some(Kind::Unsupported(name)),
            Some(false) => open |= !ended,
            None => {}
        }
    }
    let plain: [(&[u8], Kind); 7] = [
        (b"\x1F\x8B", Kind::Packed(Packing::Gzip)),
        (b"\x28\xB5\x2F\xFD", Kind::Packed(Packing::Zstd)),
        (b"PK\x03\x04", Kind::Zip),
        (b"PK\x05\x06", Kind::Zip),
        (b"PK\x06\x06", Kind::Zip),
        (b"\xFE\xFF", Kind::Utf16(Order::Big)),
        (b"\xFF\xFE", Kind::Utf16(Order::Little)),
    ];
    if head.len() >= 4 && head[0] & 0xF0 == 0x50 && head[1..4] == *b"\x2A\x4D\x18" {
        return Some(Kind::Packed(Packing::Zstd)); // a skippable frame first
    }
    for (magic, kind) in plain {
        match starts(head, magic) {
            Some(true) if open && !ended && head.len() < 4 => return None,
            Some(true) => return Some(kind),
            Some(false) => open |= !ended,
            None => {}
        }
    }
    match special(head, ended) {
        Some(Kind::Text) if open => None,
        decided => decided,
    }
}

/// `Some(true)`: begins with `magic`; `Some(false)`: could when there is more.
fn starts(head: &[u8], magic: &[u8]) -> Option<bool> {
    if head.starts_with(magic) {
        Some(true)
    } else if magic.starts_with(head) {
        Some(false)
    } else {
        None
    }
}

/// A magic number, how many bytes decide, what must hold of them, what it is.
type Rule<'a> = (&'a [u8], usize, &'a dyn Fn() -> bool, &'static str);

/// What takes more than one magic number.
fn special(head: &[u8], ended: bool) -> Option<Kind> {
    let text = |b: &u8| matches!(b, b'\t' | b'\r' | 0x20..=0x7E);
    let at = |i: usize| head.get(i).copied();
    // A whole line of text decides, and does so however much is there of what follows it.
    let first = head.iter().take_while(|b| text(b)).count();
    let line = at(first) == Some(b'\n');
    let named = |name| Some(Kind::Unsupported(name));
    let rules: [Rule<'_>; 8] = [
        (b"%PDF-", 7, &|| at(5).is_some_and(|b| b.is_ascii_digit()) && at(6) == Some(b'.'), "a PDF document"),
        (b"BM", 18, &|| head.get(6..10) == Some(&[0; 4][..]) && at(15) == Some(0), "a BMP image"),
        (b"BZh", 10, &|| matches!(head.get(4..10), Some(b"1AY&SY" | b"\x17rE8P\x90")), "a bzip2 file"),
        (b"ID3", 4, &|| at(3).is_some_and(|b| b < 6), "an MP3 recording"),
        (b"ORC", 4, &|| at(3).is_some_and(|b| !text(&b)), "an ORC file"),
        (b"MZ", 64, &|| head.iter().take(64).any(|b| *b == 0), "an executable"),
        (b"RIFF", 12, &|| matches!(head.get(8..12), Some(b"WEBP" | b"WAVE" | b"AVI ")), "an image or a recording"),
        (b"FORM", 12, &|| matches!(head.get(8..12), Some(b"AIFF" | b"AIFC")), "an AIFF recording"),
    ];
    for (magic, enough, holds, name) in rules {
        match starts(head, magic) {
            Some(true) if line && first < enough => {}
            Some(true) if !ended && head.len() < enough => return None,
            Some(true) if holds() => return named(name),
            Some(false) if !ended => return None,
            _ => {}
        }
    }
    if head.len() < 4 && !ended && !line {
        return None;
    }
    match *head {
        [0xFF, b, c, ..] if matches!(b, 0xFA | 0xFB | 0xF2 | 0xF3) && c >> 4 != 15 => return named("an MP3 recording"),
        [0xFF, 0xF1 | 0xF9, _, ..] => return named("an AAC recording"),
        [a, 0, b, 0, ..] if text(&a) && (text(&b) || b == b'\n') => return Some(Kind::Utf16(Order::Little)),
        [0, a, 0, b, ..] if text(&a) && (text(&b) || b == b'\n') => return Some(Kind::Utf16(Order::Big)),
        _ => {}
    }
    if head.starts_with(b"\0\0") {
        if head.len() < 12 && !ended {
            return None;
        }
        if head.get(4..8) == Some(b"ftyp") {
            let image = matches!(head.get(8..12), Some(b"heic" | b"heix" | b"mif1" | b"msf1" | b"avif"));
            return named(if image { "a HEIC or AVIF image" } else { "an MP4 recording" });
        }
    }
    tar(head, ended)
}

/// A tar archive says so at offset 257, after a file's name that is filled up with zeros.
fn tar(head: &[u8], ended: bool) -> Option<Kind> {
    const AT: usize = 257;
    let beginning = &head[..head.len().min(AT)];
    if let Some(line) = memchr::memchr(b'\n', beginning) {
        return Some(behind(&beginning[..line]));
    }
    match head.get(AT..AT + 5) {
        Some(b"ustar") if beginning.contains(&0) => Some(Kind::Unsupported("a tar archive")),
        None if !ended => None,
        _ => Some(behind(beginning)),
    }
}

/// Text, or something compressed behind a header of its own: no text holds these bytes.
fn behind(beginning: &[u8]) -> Kind {
    // Of a gzip header's flags, three are always 0 (RFC 1952 section 2.3.1).
    let gzip = |i| beginning.get(i + 3).is_some_and(|flags: &u8| *flags < 0x20);
    let find = |magic| memchr::memmem::find(beginning, magic);
    if memchr::memmem::find_iter(beginning, b"\x1F\x8B\x08").any(gzip)
        || find(b"\x28\xB5\x2F\xFD").is_some()
        || find(b"PK\x03\x04").is_some()
    {
        return Kind::Unsupported("compressed data behind something else");
    }
    Kind::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_magic_is_reached_whole_and_byte_by_byte() {
        for &(magic, name) in MAGIC {
            let mut head = magic.to_vec();
            head.extend_from_slice(&[0xE7; 600]);
            assert_eq!(recognise(&head, true), Some(Kind::Unsupported(name)));
            for n in 0..magic.len() {
                let early = recognise(&head[..n], false);
                assert!(early.is_none() || early == Some(Kind::Unsupported(name)), "{name} at {n}: {early:?}");
            }
        }
    }

    #[test]
    fn what_needs_more_than_a_magic() {
        let is = |bytes: &[u8], want: &'static str| {
            let mut head = bytes.to_vec();
            head.resize(600, 0);
            assert_eq!(recognise(&head, false), Some(Kind::Unsupported(want)));
        };
        is(b"%PDF-1.7\n%\xE2\xE3", "a PDF document");
        is(b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "a BMP image");
        is(b"BZh91AY&SY", "a bzip2 file");
        is(b"ID3\x04\0", "an MP3 recording");
        is(b"MZ\x90\0", "an executable");
        is(b"RIFF\x24\0\0\0WEBP", "an image or a recording");
        is(b"\0\0\0\x18ftypheic", "a HEIC or AVIF image");
        is(b"\0\0\0\x20ftypisom", "an MP4 recording");
        is(b"\xFF\xFB\x90\x64", "an MP3 recording");
        let mut tar = b"a.txt".to_vec();
        tar.resize(257, 0);
        tar.extend_from_slice(b"ustar\0");
        is(&tar, "a tar archive");
    }

    #[test]
    fn text_is_text_as_soon_as_a_line_is_complete() {
        for line in [
            &b"BM is short for something\n"[..],
            b"PK, see you\n",
            b"MZ\n",
            b"B\n",
            b"\n",
            b"{\"a\":1}\n",
            b"ORC and ELF\n",
            b"ID3 tags\n",
            b"7z\n",
            b"\xFF\xFA\xFF junk\n",
            b"\0\0\0\0unknown bytes\n",
        ] {
            assert_eq!(recognise(line, false), Some(Kind::Text), "{}", line.escape_ascii());
        }
        assert_eq!(recognise(b"", true), Some(Kind::Text));
        assert_eq!(recognise(b"P", false), None);
        assert_eq!(recognise(b"P", true), Some(Kind::Text));
        assert_eq!(recognise(b"no line end yet", false), None);
    }

    #[test]
    fn compressed_data_behind_a_header_is_no_text() {
        for packed in [&b"\x1F\x8B\x08\0more"[..], b"\x28\xB5\x2F\xFD\x04", b"PK\x03\x04\x14\0"] {
            let bytes = [b"HDR\x01\0\x02", packed, b"\n and more \n"].concat();
            for ended in [true, false] {
                assert_eq!(recognise(&bytes, ended), Some(Kind::Unsupported("compressed data behind something else")));
            }
        }
        assert_eq!(recognise(b"HDR \x1F\x8B\x08\xFF\n", true), Some(Kind::Text));
    }

    #[test]
    fn encodings_and_containers() {
        assert_eq!(recognise(b"\xFF\xFE", false), None);
        assert_eq!(recognise(b"\xFF\xFE", true), Some(Kind::Utf16(Order::Little)));
        assert_eq!(recognise(b"\xFF\xFEa\0", false), Some(Kind::Utf16(Order::Little)));
        assert_eq!(recognise(b"\xFE\xFF\0a", false), Some(Kind::Utf16(Order::Big)));
        assert_eq!(recognise(b"a\0b\0", false), Some(Kind::Utf16(Order::Little)));
        assert_eq!(recognise(b"\0a\0b", false), Some(Kind::Utf16(Order::Big)));
        assert_eq!(recognise(b"\x1F\x8B\x08", true), Some(Kind::Packed(Packing::Gzip)));
        assert_eq!(recognise(b"\x28\xB5\x2F\xFD", false), Some(Kind::Packed(Packing::Zstd)));
        assert_eq!(recognise(b"\x5A\x2A\x4D\x18", false), Some(Kind::Packed(Packing::Zstd)));
        assert_eq!(recognise(b"PK\x03\x04", false), Some(Kind::Zip));
    }
}
