//! Reading costs at most 12 times the file and 64 MiB, whatever the file holds. One test, since the
//! allocator counts for the whole process.

#![allow(clippy::expect_used)]

use std::sync::Arc;

use peak_alloc::PeakAlloc;
use trustlock::lockfile::{cargo, pdm, poetry, requirements, uv};
use trustlock::model::File;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const FLOOR: usize = 64 << 20;

#[test]
fn memory_is_bounded_by_the_size_of_the_file() {
    let head = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n";
    // The fast reader has no floor to hide under.
    let fast: [(&str, String); 4] = [
        (
            "entries",
            "version = 4\n\n".to_owned() + &"[[package]]\nname = \"\"\nversion = \"\"\n\n".repeat(40_000),
        ),
        ("edges", format!("{head}dependencies = [\n{}]\n", " \"a\",\n".repeat(200_000))),
        ("edges to nowhere", format!("{head}dependencies = [\n{}]\n", " \"\",\n".repeat(200_000))),
        (
            "sources",
            "version = 4\n\n".to_owned()
                + &many(20_000, |i| {
                    format!("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"git+a:{i}\"\n\n")
                }),
        ),
    ];
    for (what, text) in fast {
        let len = text.len();
        assert!(peak(text) <= 12 * len + (1 << 20), "{what}");
    }
    // A `uv.lock` is read entry by entry: what uv writes stays under ten times its size, however large.
    let wheel = |i: usize, j: usize| {
        format!(
            "    {{ url = \"https://files.pythonhosted.org/packages/{i:04x}/{j:02x}/d5a/e7c31adbe875f2abbb91bd84cf2dc52d792b5a01506781dbcf25c91daf11/p{i}-1.0-cp3{j}-cp3{j}-manylinux_2_17_x86_64.whl\", hash = \"sha256:{:064x}\", size = 123456, upload-time = \"2026-02-03T13:30:14.33Z\" }},\n",
            i * 100 + j
        )
    };
    let package = |i: usize| {
        let edges = many(6, |j| format!("    {{ name = \"p{}\" }},\n", (i * 7 + j) % 1000));
        let wheels = many(10, |j| wheel(i, j));
        format!(
            "[[package]]\nname = \"p{i}\"\nversion = \"1.0\"\nsource = {{ registry = \"https://pypi.org/simple\" }}\ndependencies = [\n{edges}]\nwheels = [\n{wheels}]\n\n"
        )
    };
    let text = "version = 1\nrevision = 5\nrequires-python = \">=3.9\"\n\n".to_owned() + &many(1000, package);
    let len = text.len();
    let peak_of_uv = peak_of(text, |file| {
        let lockfile = uv::read(file).expect("it is read");
        assert_eq!(lockfile.len(), 1000);
    });
    assert!(peak_of_uv <= 10 * len, "uv.lock: {peak_of_uv} bytes for {len}");

    // The general reader reads what it can afford and refuses the rest; each of these is sized to be
    // nearly refused by its own estimate.
    let general: [(&str, Form); 9] = [
        ("numbers", |n| format!("a = [{}]\n", "1,".repeat(n))),
        ("lists", |n| format!("a = [{}]\n", "[],".repeat(n))),
        ("inline tables", |n| format!("a = [{}]\n", "{a=1},".repeat(n))),
        ("tables", |n| "[[a]]\nb=1\n".repeat(n)),
        ("dotted keys", |n| many(n, |i| format!("a{i}.b.c=1\n"))),
        ("headers", |n| many(n, |i| format!("[a{i}.b.c.d]\n"))),
        ("unknown keys", |n| {
            format!("[[package]]\nname=\"a\"\nversion=\"1.0.0\"\n{}", many(n, |i| format!("k{i}=1\n")))
        }),
        ("escapes", |n| format!("a = \"{}\"\n", "\\n".repeat(n))),
        ("errors", |n| "= ".repeat(n)),
    ];
    let requirements: [(&str, Form); 8] = [
        ("names", |n| "a\n".repeat(n)),
        ("pins", |n| many(n, |i| format!("a{i}==1\n"))),
        ("folders of links", |n| many(n, |i| format!("-f {i}\n"))),
        ("options on one line", |n| "--pre ".repeat(n)),
        ("hashes", |n| format!("a==1{}", " --hash=a:b".repeat(n))),
        ("words", |n| format!("-i a {}", "b ".repeat(n))),
        ("continuations", |n| "a\\\n".repeat(n)),
        ("line ends", |n| "\u{2028}a".repeat(n)),
    ];
    for (what, form) in requirements {
        for size in [1 << 12, 1 << 16] {
            let text = form(size);
            let len = text.len();
            let peak = peak_of(text, |file| drop(requirements::read(file)));
            assert!(peak <= 12 * len + FLOOR, "{size} {what}: {peak} bytes for {len}");
        }
    }
    for (what, form) in general {
        for size in [1 << 14, 1 << 16] {
            let text = form(size);
            let len = text.len();
            let peak = peak(text);
            assert!(peak <= 12 * len + FLOOR, "{size} {what}: {peak} bytes for {len}");
        }
    }
    // One list for all versions of a name: neither side times the other.
    let entries = |n: usize| many(n, |i| format!("[[package]]\nname = \"a\"\nversion = \"{i}\"\n"));
    let rows = |n: usize| many(n, |i| format!("{{file=\"a-{}.zip\"}},\n", i / 2));
    for n in [1 << 9, 1 << 12] {
        let meta = "[metadata]\nlock-version = \"1.1\"\n[metadata.files]\na = [\n";
        let text = format!("{}{meta}{}]\n", entries(n), rows(2 * n));
        let len = text.len();
        let peak = peak_of(text, |file| {
            let lockfile = (poetry::READER.read)(file).expect("it is read");
            assert_eq!(lockfile.packages().map(|package| package.files().len()).sum::<usize>(), 2 * n);
        });
        assert!(peak <= 12 * len + FLOOR, "{n} versions: {peak} bytes for {len}");
        let meta = "[metadata]\nlock_version = \"4.0\"\n[metadata.files]\n\"a 1\" = [\n";
        let text =
            format!("{}{meta}{}]\n", "[[package]]\nname=\"a\"\nversion=\"1\"\n".repeat(n), rows(2 * n));
        let len = text.len();
        let peak = peak_of(text, |file| drop((pdm::READER.read)(file)));
        assert!(peak <= 12 * len + FLOOR, "{n} entries: {peak} bytes for {len}");
    }
}

type Form = fn(usize) -> String;

fn many(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

/// The peak while `text` is read, without `text` itself.
fn peak(text: String) -> usize {
    peak_of(text, |file| drop(cargo::read(file)))
}

fn peak_of(text: String, read: impl Fn(&Arc<File>)) -> usize {
    let file = File::new("Cargo.lock", text);
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    read(&file);
    MEMORY.peak_usage().saturating_sub(before)
}
