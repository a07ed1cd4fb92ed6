//! The files that a path names, in a stable order.

use crate::error::Error;
use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something to read: a regular file, or a pipe or device that was named itself.
    File,
    /// A directory; its entries follow.
    Directory,
    /// A link that is not followed.
    Link,
    /// A pipe, device or socket within a directory.
    Special,
}

/// A file or directory that was named or found.
#[derive(Debug, Clone)]
pub struct Item {
    /// How to open it.
    pub path: PathBuf,
    /// Its place in the output: relative to the directory that was named; a named file's own name.
    pub relative: PathBuf,
    /// What it is.
    pub kind: Kind,
}

/// Everything that `root` names: itself, or a directory with all that is in it, sorted by name, links not followed (but
/// `root` itself is).
pub fn walk(root: &Path) -> Box<dyn Iterator<Item = Result<Item, (PathBuf, io::Error)>> + '_> {
    let meta = match fs::metadata(root) {
        Ok(m) => m,
        Err(e) => return Box::new(std::iter::once(Err((root.to_owned(), e)))),
    };
    if !meta.is_dir() {
        let relative = root.file_name().map_or_else(|| PathBuf::from("input"), PathBuf::from);
        let kind = if meta.file_type().is_socket() { Kind::Special } else { Kind::File };
        return Box::new(std::iter::once(Ok(Item { path: root.to_owned(), relative, kind })));
    }
    let entries = WalkDir::new(root).sort_by_file_name().follow_links(false);
    Box::new(entries.into_iter().map(move |entry| {
        let entry = entry.map_err(|e| {
            let path = e.path().unwrap_or(root).to_owned();
            (path, e.into_io_error().unwrap_or_else(|| io::Error::other("the directories form a loop")))
        })?;
        let t = entry.file_type();
        let kind = match () {
            () if t.is_dir() || entry.depth() == 0 => Kind::Directory,
            () if t.is_symlink() => Kind::Link,
            () if t.is_file() => Kind::File,
            () => Kind::Special,
        };
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned();
        Ok(Item { path: entry.into_path(), relative, kind })
    }))
}

/// What is wrong with an input that can't be opened or listed, said for people.
pub fn cannot_open(shown: &str, e: io::Error) -> Error {
    let what = match e.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the path",
        io::ErrorKind::PermissionDenied => "may not be read; it was not looked at: check its permissions",
        _ => "cannot be read",
    };
    Error::Io { path: shown.into(), what: format!("{what} ({e})"), source: e }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let at = |n: &str| dir.path().join(n);
        fs::create_dir_all(at("b/empty")).unwrap();
        for f in ["b/z.txt", "b/.hidden", "c.txt", "a.txt"] {
            fs::write(at(f), "x").unwrap();
        }
        std::os::unix::fs::symlink(at("a.txt"), at("link")).unwrap();
        let seen: Vec<(String, Kind)> =
            walk(dir.path()).map(|i| i.unwrap()).map(|i| (i.relative.display().to_string(), i.kind)).collect();
        let want = [
            ("", Kind::Directory),
            ("a.txt", Kind::File),
            ("b", Kind::Directory),
            ("b/.hidden", Kind::File),
            ("b/empty", Kind::Directory),
            ("b/z.txt", Kind::File),
            ("c.txt", Kind::File),
            ("link", Kind::Link),
        ];
        assert_eq!(seen, want.map(|(n, k)| (n.to_owned(), k)));
        assert_eq!(walk(&at("link")).next().unwrap().unwrap().kind, Kind::File);
        assert!(walk(&at("nowhere")).next().unwrap().is_err());
    }
}
