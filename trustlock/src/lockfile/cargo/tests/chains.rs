//! How packages came in.

use super::*;

fn package(name: &str, edge: &str) -> String {
    entry(name, "1.0.0", Some(CRATES_IO), &[&format!("dependencies = [\n \"{edge}\",\n]")])
}

fn chain(lockfile: &Lockfile, name: &str) -> Vec<String> {
    let names = lockfile.packages().find(|p| p.name() == name).unwrap().chain();
    names.iter().map(|label| label.split('@').next().unwrap().to_owned()).collect()
}

#[test]
fn the_shortest_way_from_a_member() {
    let entries = [package("a", "b"), package("b", "c"), package("c", "a"), package("orphan", "lost")];
    let lockfile = read_both(&lock(&["a", "b"], &entries));
    assert_eq!(chain(&lockfile, "app"), ["app"]);
    assert_eq!(chain(&lockfile, "b"), ["app", "b"]);
    assert_eq!(chain(&lockfile, "c"), ["app", "b", "c"]);
    assert_eq!(chain(&lockfile, "orphan"), ["orphan"]);
}

#[test]
fn members_in_a_cycle_are_roots() {
    let member =
        |name: &str, edge: &str| entry(name, "1.0.0", None, &[&format!("dependencies = [\n \"{edge}\",\n]")]);
    let text = format!("version = 4\n\n{}{}", member("one", "two"), member("two", "one"));
    let lockfile = read_both(&text);
    assert_eq!(chain(&lockfile, "one"), ["one"]);
    assert_eq!(chain(&lockfile, "two"), ["one", "two"]);
}

#[test]
fn of_a_long_chain_both_ends_are_named() {
    let entries: Vec<_> = (0..40).map(|n| package(&format!("p{n:02}"), &format!("p{:02}", n + 1))).collect();
    let lockfile = read_both(&lock(&["p00"], &entries));
    for length in 2..=41 {
        let whole: Vec<_> =
            std::iter::once("app".to_owned()).chain((0..length - 1).map(|n| format!("p{n:02}"))).collect();
        let expected = if length <= 12 {
            whole.clone()
        } else {
            [&whole[..6], &[format!("({} more)", length - 12)], &whole[length - 6..]].concat()
        };
        assert_eq!(chain(&lockfile, whole.last().unwrap()), expected);
    }
}
