#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use toml::Spanned;
use toml::de::DeValue;

use super::*;

/// Every value with its whole key and its place, however it was read.
fn flat(table: &DeTable<'_>, start: usize, entries: &mut usize, into: &mut Vec<String>) {
    for (key, value) in table {
        let list = value.get_ref().as_array().filter(|_| key.get_ref() == "package");
        for item in list.into_iter().flatten() {
            show(&format!("package {entries}"), item, start, into);
            *entries += 1;
        }
        if list.is_none() {
            show(key.get_ref(), value, start, into);
        }
    }
}

fn show(key: &str, value: &Spanned<DeValue<'_>>, start: usize, into: &mut Vec<String>) {
    match value.get_ref() {
        DeValue::Table(table) => {
            into.push(format!("{key} {{"));
            for (name, value) in table {
                show(&format!("{key}.{}", name.get_ref()), value, start, into);
            }
        }
        DeValue::Array(items) => items.iter().for_each(|item| show(&format!("{key}[]"), item, start, into)),
        other => into.push(format!("{key} = {other:?} at {}", value.span().start + start)),
    }
}

fn whole(file: &Arc<File>) -> Option<Vec<String>> {
    let mut found = Vec::new();
    flat(&super::super::parse(file).ok()?, 0, &mut 0, &mut found);
    found.sort();
    Some(found)
}

fn cut_up(file: &Arc<File>) -> Option<Vec<String>> {
    let (mut found, mut entries) = (Vec::new(), 0);
    let sections = Sections::read(file, "package").ok()?;
    for (table, start) in sections.top() {
        flat(table, *start, &mut entries, &mut found);
    }
    for entry in sections.entries() {
        let (table, start) = entry.ok()?;
        assert_eq!(table.len(), 1);
        flat(&table, start, &mut entries, &mut found);
    }
    found.sort();
    Some(found)
}

#[test]
fn entries_are_read_one_by_one() {
    let text = "a = 1\n[m]\nb = 2\n[[package]]\nname = 'x'\n[package.p]\nc = 3\n[[package.q]]\n\n[[package]]\n\
                name = '''\n[[package]]\n'''\n[t]\nd = 4\n[u]\n";
    let file = File::new("x", text);
    let sections = Sections::read(&file, "package").unwrap();
    let starts: Vec<usize> = sections.entries().map(|e| e.unwrap().1).collect();
    assert_eq!(starts, [text.find("[[p").unwrap(), text.find("[[package]]\nname = '''").unwrap()]);
    assert_eq!(sections.top()[1].1, text.find("[t]").unwrap());
    assert_eq!(cut_up(&file), whole(&file));
}

#[test]
fn what_is_written_otherwise_is_one_table() {
    for text in [
        "a = 1\n",
        "[[ package ]]\nname = 1\n",
        "package = [{ name = 1 }]\n",
        "[[package]]\n[x]\n[[package]]\n",
        "[x.a]\n[[package]]\n[x.b]\n",
        "[[package]]\n[x]\n[package.y]\n",
    ] {
        let file = File::new("x", text);
        let sections = Sections::read(&file, "package");
        assert!(sections.is_ok_and(|s| s.is_whole()), "{text}");
        assert_eq!(cut_up(&file), whole(&file), "{text}");
    }
}

#[test]
fn errors_are_at_their_places() {
    for text in
        ["[[package]]\na = 1\n[[package]]\na = 1\na = 2\n", "[[package]]\n[t]\nb = \n", "b = \n[[package]]\n"]
    {
        let file = File::new("x", text);
        let cut = Sections::read(&file, "package").and_then(|s| s.entries().try_for_each(|e| e.map(drop)));
        let place = |problem: Problem| problem.place.map(|p| p.span);
        assert_eq!(cut.err().map(place), super::super::parse(&file).err().map(place), "{text}");
    }
}

#[test]
fn entries_share_no_memory() {
    let entry =
        |n: usize| format!("[[package]]\nname = \"p{n}\"\nwheels = [{}]\n", "{ a = 1 },\n".repeat(500));
    let file = File::new("x", (0..200).map(entry).collect::<String>());
    assert!(super::super::parse(&file).is_err());
    let sections = Sections::read(&file, "package").unwrap();
    assert_eq!(sections.entries().flatten().count(), 200);
    // One entry may not cost what no document may.
    let dense = File::new("x", format!("[[package]]\na = [{}]\n", "{a=1},".repeat(100_000)));
    assert_eq!(
        Sections::read(&dense, "package").err().map(|p| p.title).as_deref(),
        Some("`x` has too many parts to be read safely")
    );
}

const PIECES: [&str; 18] = [
    "[[package]]\n",
    "[[package]]\r\n",
    " [[package]] # x\n",
    "[[ package ]]\n",
    "[package.p]\n",
    "[[package.q]]\n",
    "[package]\n",
    "[t]\n",
    "[t.u]\n",
    "a = 1\n",
    "b = [\n",
    "[[package]]\n]\n",
    "c = '''\n",
    "'''\n",
    "package.x = 1\n",
    "\"package\" = 2\n",
    "d = { e = 1 }\n",
    "f = \"\n",
];

proptest! {
    #[test]
    fn sections_say_what_the_whole_says(lines in prop::collection::vec(0..PIECES.len(), 0..14)) {
        let text: String = lines.iter().map(|line| PIECES[*line]).collect();
        let file = File::new("x", text);
        prop_assert_eq!(cut_up(&file), whole(&file), "{}", file.text);
    }
}
