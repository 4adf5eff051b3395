#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use super::*;
use crate::tree::Entry;

/// Both ways of opening, for the same questions.
struct Both {
    folder: tempfile::TempDir,
    disk: Disk,
    portable: portable::Root,
}

impl Both {
    fn new(limit: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(folder.path(), limit).unwrap();
        let portable = portable::Root::open(folder.path()).unwrap();
        Self { folder, disk, portable }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        let path = TreePath::new(path).unwrap();
        let limit = self.disk.limit;
        let found = self.disk.read(&path);
        assert_eq!(found, self.portable.file(&path).and_then(|f| super::read(f, limit)), "portable");
        let by_steps = self.disk.root.step_by_step(&path, unix::READ).map_err(unix::read_error);
        assert_eq!(found, by_steps.map(File::from).and_then(|f| super::read(f, limit)), "step by step");
        found.map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        let path = TreePath::new(path).unwrap();
        let found = self.disk.kind(&path);
        assert_eq!(found, self.portable.kind(&path), "portable");
        found
    }

    fn target(&self, path: &str) -> Option<String> {
        let path = TreePath::new(path).unwrap();
        let found = self.disk.target(&path);
        assert_eq!(found, self.portable.target(&path), "portable");
        found
    }

    fn list(&self, path: &str) -> Result<Listing, ReadError> {
        let path = TreePath::new(path).unwrap();
        let found = self.disk.list(&path);
        let portable = self.portable.list(&path).map(|mut listing| {
            listing.entries.sort();
            listing
        });
        assert_eq!(found, portable);
        found
    }
}

#[test]
fn regular_files_are_read_and_listed_in_order() {
    let both = Both::new(100);
    both.write("b/c.txt", "text");
    both.write("a.txt", "");
    assert_eq!(both.read("b/c.txt").unwrap(), "text");
    assert_eq!(both.read("a.txt").unwrap(), "");
    let entries = vec![
        Entry { name: "a.txt".into(), kind: Kind::File },
        Entry { name: "b".into(), kind: Kind::Directory },
    ];
    assert_eq!(both.list("").unwrap(), Listing { entries, unreadable: 0 });
    assert_eq!(both.kind("b"), Some(Kind::Directory));
    assert_eq!(both.kind(""), Some(Kind::Directory));
    assert_eq!(both.kind("b/c.txt"), Some(Kind::File));
}

#[test]
fn what_is_not_there_is_missing() {
    let both = Both::new(100);
    both.write("file", "");
    for path in ["none", "none/none", "file/below", "file/below/deeper"] {
        assert_eq!(both.read(path), Err(ReadError::Missing), "{path}");
        assert_eq!(both.kind(path), None, "{path}");
        assert_eq!(both.list(path), Err(ReadError::Missing), "{path}");
    }
}

#[test]
fn no_link_is_followed_wherever_it_stands_and_leads() {
    let both = Both::new(100);
    both.write("real/file", "inside");
    let root = both.folder.path();
    symlink("real/file", root.join("to-file")).unwrap();
    symlink("real", root.join("to-folder")).unwrap();
    symlink("/etc", root.join("out")).unwrap();
    symlink("nowhere", root.join("dangling")).unwrap();
    symlink("../to-folder", root.join("real/deeper")).unwrap();
    for path in ["to-file", "to-folder/file", "out/passwd", "dangling", "real/deeper/file", "out"] {
        assert_eq!(both.read(path), Err(ReadError::Symlink), "{path}");
        assert_eq!(both.kind(path), Some(Kind::Symlink), "{path}");
    }
    for path in ["to-folder", "out", "real/deeper"] {
        assert_eq!(both.list(path), Err(ReadError::Symlink), "{path}");
    }
    assert_eq!(both.target("out").as_deref(), Some("/etc"));
    assert_eq!(both.target("real/deeper").as_deref(), Some("../to-folder"));
    for path in ["to-folder/file", "real", "none", ""] {
        assert_eq!(both.target(path), None, "{path}");
    }
}

#[test]
fn pipes_sockets_and_directories_are_not_read_and_do_not_block() {
    let both = Both::new(100);
    let root = both.folder.path();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        root.join("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let _socket = UnixListener::bind(root.join("socket")).unwrap();
    both.write("folder/file", "");
    for path in ["pipe", "socket", "folder", ""] {
        assert_eq!(both.read(path), Err(ReadError::NotAFile), "{path}");
    }
    assert_eq!(both.kind("pipe"), Some(Kind::Other));
    assert_eq!(both.kind("socket"), Some(Kind::Other));
}

#[test]
fn the_limit_is_exact_and_holds_for_files_without_a_size() {
    let both = Both::new(4);
    both.write("four", "1234");
    both.write("five", "12345");
    assert_eq!(both.read("four").unwrap(), "1234");
    assert_eq!(both.read("five"), Err(ReadError::TooLarge { size: 5, limit: 4 }));
    if cfg!(target_os = "linux") {
        // Files here say that they have no bytes.
        let endless = Disk::open("/proc/self", 4).unwrap().read(&TreePath::new("status").unwrap());
        assert_eq!(endless, Err(ReadError::TooLarge { size: 5, limit: 4 }));
    }
}

#[test]
fn folders_whose_names_are_not_text_are_counted() {
    use std::os::unix::ffi::OsStrExt;
    let both = Both::new(4);
    let at = |name: &[u8]| both.folder.path().join(std::ffi::OsStr::from_bytes(name));
    fs::write(at(b"\xff"), "").unwrap();
    fs::create_dir(at(b"\xfe")).unwrap();
    symlink("a", at(b"\xfd")).unwrap();
    assert_eq!(both.list("").unwrap(), Listing { entries: Vec::new(), unreadable: 2 });
}

#[test]
fn a_root_that_is_no_directory_cannot_be_opened() {
    let both = Both::new(4);
    both.write("file", "");
    assert!(Disk::open(both.folder.path().join("file"), 4).is_err());
    assert!(Disk::open(both.folder.path().join("none"), 4).is_err());
    assert!(portable::Root::open(&both.folder.path().join("file")).is_err());
}
