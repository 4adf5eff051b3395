//! Micro-benchmarks: reading, judging, reporting. `cargo xtask bench` runs them and then whole processes.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write;
use std::sync::Arc;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use trustlock::check::{self, Options};
use trustlock::evidence::Evidence;
use trustlock::model::{File, Report};
use trustlock::report::{Style, human, json, sarif};
use trustlock::tree::Memory;
use trustlock::{lockfile, policy};

const SIZES: [usize; 3] = [54, 801, 10_000];

fn main() {
    divan::main();
}

/// A lockfile as cargo writes it: one member, a chain of packages from crates.io.
fn text(packages: usize) -> String {
    let mut text =
        "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"p00000\",\n]\n".to_owned();
    for index in 0..packages {
        write!(text, "\n[[package]]\nname = \"p{index:05}\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{index:064x}\"\n").unwrap();
        if index + 1 < packages {
            write!(text, "dependencies = [\n \"p{:05}\",\n]\n", index + 1).unwrap();
        }
    }
    text
}

fn file(text: &str) -> Arc<File> {
    File::new("Cargo.lock", text)
}

fn tree(text: &str) -> Memory {
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\np00000 = \"1\"\n";
    Memory::new().with("Cargo.toml", manifest).with("src/main.rs", "").with("Cargo.lock", text)
}

fn judge(tree: &Memory) -> Report {
    let evidence = Evidence::gather(tree, None, None, &[]);
    let options = Options { today: jiff::civil::date(2026, 11, 24), complete: true };
    check::check(tree, &evidence, &policy::built_in().unwrap(), &options)
}

/// What cargo writes.
#[divan::bench(args = SIZES)]
fn read_canonical(bencher: Bencher<'_, '_>, packages: usize) {
    let file = file(&text(packages));
    bencher.counter(ItemsCount::new(packages)).bench(|| lockfile::cargo::read(black_box(&file)).unwrap());
}

/// The same with a comment at the end of a line, which only the general reader knows.
#[divan::bench(args = SIZES)]
fn read_any_toml(bencher: Bencher<'_, '_>, packages: usize) {
    let file = file(&text(packages).replace("version = 4\n", "version = 4 # any\n"));
    bencher.counter(ItemsCount::new(packages)).bench(|| lockfile::cargo::read(black_box(&file)).unwrap());
}

/// The floor: the `toml` crate alone.
#[divan::bench(args = SIZES)]
fn parse_with_toml(bencher: Bencher<'_, '_>, packages: usize) {
    let text = text(packages);
    bencher
        .counter(ItemsCount::new(packages))
        .bench(|| toml::from_str::<toml::Table>(black_box(&text)).unwrap());
}

/// Gathering, reading and every rule, on a healthy project.
#[divan::bench(args = SIZES)]
fn check_healthy(bencher: Bencher<'_, '_>, packages: usize) {
    let tree = tree(&text(packages));
    bencher.counter(ItemsCount::new(packages)).bench(|| judge(black_box(&tree)));
}

/// One finding for each package.
#[divan::bench(args = SIZES)]
fn check_without_checksums(bencher: Bencher<'_, '_>, packages: usize) {
    let tree = tree(&text(packages).replace("checksum", "#checksum"));
    bencher.counter(ItemsCount::new(packages)).bench(|| judge(black_box(&tree)));
}

#[divan::bench(args = ["human", "json", "sarif"])]
fn report_of_801_findings(bencher: Bencher<'_, '_>, format: &str) {
    let report = judge(&tree(&text(801).replace("checksum", "#checksum")));
    bencher.bench(|| match format {
        "human" => human::render(black_box(&report), &Style::default()),
        "json" => json::render(black_box(&report)),
        _ => sarif::render(black_box(&report)),
    });
}
