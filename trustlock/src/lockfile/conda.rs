//! The conda family: told by name and content, and not read yet. A lockfile that nobody looks into is
//! an error, never a silent pass.

use std::sync::Arc;

use super::{Claim, Reader, name, utf8};
use crate::model::{File, Lockfile, Problem};

/// `pixi.lock`.
pub(super) static PIXI: Reader = Reader {
    name: "pixi.lock",
    claims: |path| if name(path) == "pixi.lock" { Claim::Yes } else { Claim::No },
    recognises: |_| true,
    decode: utf8,
    read: refuse,
};

/// `conda-lock.yml` under its many names (CEP 37).
pub(super) static CONDA_LOCK: Reader = Reader {
    name: "conda-lock.yml",
    claims: claims_conda_lock,
    recognises: |_| true,
    decode: utf8,
    read: refuse,
};

/// Explicit lists (CEP 23).
pub(super) static EXPLICIT: Reader = Reader {
    name: "conda explicit list",
    claims: |path| {
        let text_or_lock = |end: &str| end.eq_ignore_ascii_case("lock") || end.eq_ignore_ascii_case("txt");
        let named = name(path).rsplit_once('.').is_some_and(|(_, end)| text_or_lock(end));
        if named && name(path).contains("conda") { Claim::Maybe } else { Claim::No }
    },
    recognises: |text| text.lines().any(|line| line.trim_end() == "@EXPLICIT"),
    decode: utf8,
    read: refuse,
};

fn claims_conda_lock(path: &str) -> Claim {
    let name = name(path);
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
    let named =
        |stem: &str| stem == "conda-lock" || stem.starts_with("conda-lock-") || stem.ends_with(".conda-lock");
    if stem.is_some_and(named) { Claim::Yes } else { Claim::No }
}

fn refuse(file: &Arc<File>) -> Result<Lockfile, Problem> {
    Err(Problem::new(format!(
        "`{}` is a lockfile of conda's family, which trustlock does not read yet",
        file.path
    ))
    .path(&file.path)
    .paste(
        "nothing in it was checked; to accept that, exclude it in the policy",
        format!("[lockfiles]\nexclude = [{}]", crate::policy::quote(&file.path)),
    ))
}
