//! What each fuzz target holds to be true of any bytes. The targets in `fuzz_targets/` only call these,
//! so that an ordinary test can replay the seeds.

#![forbid(unsafe_code)]

pub mod commands;
pub mod policy;

use trustlock::lockfile::{Reader, cargo, pdm, pipfile, poetry, pylock, requirements, uv};
use trustlock::model::{File, Lockfile, Problem};

/// Any bytes give a lockfile or a problem; the fast reader says what the general one says, or nothing;
/// every place is a place of the text.
pub fn cargo_lock(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let file = File::new("Cargo.lock", text.strip_prefix('\u{feff}').unwrap_or(text));
    let general = cargo::read_document(&file);
    if let Some(fast) = cargo::read_canonical(&file) {
        assert_eq!(general.as_ref(), Ok(&fast), "the readers differ");
    }
    places(&file, general);
}

/// Any bytes give a lockfile or a problem, and every place is a place of the text.
pub fn pipfile_lock(bytes: &[u8]) {
    read(&pipfile::READER, "Pipfile.lock", bytes);
}

/// As [`pipfile_lock`].
pub fn poetry_lock(bytes: &[u8]) {
    read(&poetry::READER, "poetry.lock", bytes);
}

/// As [`pipfile_lock`].
pub fn pdm_lock(bytes: &[u8]) {
    read(&pdm::READER, "pdm.lock", bytes);
}

/// As [`pipfile_lock`].
pub fn uv_lock(bytes: &[u8]) {
    read(&uv::READER, "uv.lock", bytes);
}

/// As [`pipfile_lock`].
pub fn pylock_toml(bytes: &[u8]) {
    read(&pylock::READER, "pylock.toml", bytes);
}

/// As [`pipfile_lock`].
pub fn requirements(bytes: &[u8]) {
    read(&requirements::READER, "requirements.txt", bytes);
}

/// What holds of any reader.
pub fn read(reader: &Reader, path: &str, bytes: &[u8]) {
    let Ok(text) = (reader.decode)(bytes.to_vec()) else { return };
    let _ = (reader.recognises)(&text);
    let file = File::new(path, text);
    places(&file, (reader.read)(&file));
}

fn places(file: &File, read: Result<Lockfile, Problem>) {
    match read {
        Ok(lockfile) => {
            for oddity in &lockfile.oddities {
                assert!(file.text.get(oddity.place.range()).is_some(), "{oddity:?}");
            }
            for package in lockfile.packages() {
                for span in [package.package.place, package.package.name.place, package.source_place().span] {
                    assert!(file.text.get(span.range()).is_some(), "{span:?}");
                }
                assert_eq!(package.chain().last(), Some(&package.label()));
            }
        }
        Err(problem) => {
            if let Some(place) = problem.place {
                assert!(file.text.get(place.span.range()).is_some(), "{place:?}");
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    /// Every seed passes its target.
    #[test]
    fn seeds() {
        let targets: &[(&str, fn(&[u8]))] = &[
            ("cargo_lock", super::cargo_lock),
            ("pipfile_lock", super::pipfile_lock),
            ("pdm_lock", super::pdm_lock),
            ("poetry_lock", super::poetry_lock),
            ("pylock_toml", super::pylock_toml),
            ("uv_lock", super::uv_lock),
            ("requirements", super::requirements),
            ("commands", super::commands::commands),
            ("policy", super::policy::policy),
            ("selector", super::policy::selector),
            ("source_pattern", super::policy::source_pattern),
        ];
        for (name, target) in targets {
            // The same folder, whether this is built here or as a test of the engine.
            let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/seeds");
            let folder = std::path::Path::new(seeds).join(name);
            let seeds: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
            assert!(!seeds.is_empty(), "{name} has no seeds");
            for seed in seeds {
                target(&std::fs::read(seed).unwrap());
            }
        }
    }
}
