use crate::model::Level;
use crate::report::{group, sample};

#[test]
fn one_cause_is_one_group_a_file_and_level() {
    let (a, b) = (sample::lockfile("a/Cargo.lock", 4), sample::lockfile("b/Cargo.lock", 4));
    let mut all = vec![
        sample::missing_hash(&a, "p0"),
        sample::unknown_source(&a, "p0"),
        sample::missing_hash(&b, "p0"),
        sample::missing_hash(&a, "p1"),
        sample::missing_hash(&a, "p2"),
        sample::unknown_source(&a, "p1"),
    ];
    if let Some(last) = all.get_mut(4) {
        last.level = Level::Warn;
    }
    let shown: Vec<_> = group::findings(&all)
        .iter()
        .map(|g| (g.first.level, g.first.place.file.path.clone(), g.title()))
        .collect();
    let expected = [
        (Level::Warn, "a", "`p2` has no checksum"),
        (Level::Deny, "a", "2 packages have no checksum"),
        (Level::Deny, "a", "`p0` comes from a source that the policy does not allow"),
        (Level::Deny, "b", "`p0` has no checksum"),
        (Level::Deny, "a", "`p1` comes from a source that the policy does not allow"),
    ]
    .map(|(level, directory, title)| (level, format!("{directory}/Cargo.lock"), title.to_owned()));
    assert_eq!(shown, expected);
}
