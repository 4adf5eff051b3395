//! Attacks on `uv.lock`.

use super::{Attack, Fooled};

macro_rules! lock {
    ($wheel:literal) => {
        concat!(
            "version = 1\nrevision = 3\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\nsource = { virtual = \".\" }\ndependencies = [\n    { name = \"leaf\" },\n]\n\n[package.metadata]\nrequires-dist = [{ name = \"leaf\" }]\n\n[[package]]\nname = \"leaf\"\nversion = \"1.0.0\"\nsource = { registry = \"{index}/acme/simple\" }\nwheels = [\n    { ",
            $wheel,
            " },\n]\n"
        )
    };
}

const HEALTHY: &str = lock!("url = \"{index}/evil/leaf-1.0.0-py3-none-any.whl\", hash = \"sha256:{sha256}\"");

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "uv.lock: the digest is gone",
        rule: "missing-hash",
        file: "uv.lock",
        healthy: HEALTHY,
        armed: lock!("url = \"{index}/evil/leaf-1.0.0-py3-none-any.whl\""),
        fooled: &[Fooled::Locked, Fooled::Frozen],
        policy: "",
    },
    Attack {
        name: "uv.lock: `Hash` for `hash`",
        rule: "malformed-lockfile",
        file: "uv.lock",
        healthy: HEALTHY,
        armed: lock!("url = \"{index}/evil/leaf-1.0.0-py3-none-any.whl\", Hash = \"sha256:{sha256}\""),
        fooled: &[Fooled::Locked, Fooled::Frozen],
        policy: "",
    },
    Attack {
        name: "uv.lock: one index by the label, another host by the URL",
        rule: "misleading-source",
        file: "uv.lock",
        healthy: HEALTHY,
        armed: lock!("url = \"{other}/evil/leaf-1.0.0-py3-none-any.whl\", hash = \"sha256:{evil.sha256}\""),
        fooled: &[Fooled::Locked, Fooled::Frozen],
        policy: "",
    },
];
