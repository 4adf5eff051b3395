//! Attacks on `pylock.toml`: the server gives the evil file, the lockfile holds the honest digest.

use super::{Attack, Fooled};

macro_rules! pylock {
    ($file:literal) => {
        concat!(
            "lock-version = \"1.0\"\ncreated-by = \"lab\"\n\n[[packages]]\nname = \"leaf\"\nversion = \"1.0.0\"\nindex = \"{index}/acme/simple\"\nwheels = [{ ",
            $file,
            " }]\n"
        )
    };
}

const HEALTHY: &str =
    pylock!("url = \"{index}/evil/leaf-1.0.0-py3-none-any.whl\", hashes = { sha256 = \"{sha256}\" }");

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "pylock.toml: md5 fits, sha256 does not",
        rule: "weak-hash",
        file: "pylock.toml",
        healthy: HEALTHY,
        armed: pylock!(
            "url = \"{index}/evil/leaf-1.0.0-py3-none-any.whl\", hashes = { md5 = \"{evil.md5}\", sha256 = \"{sha256}\" }"
        ),
        fooled: &[Fooled::Pip, Fooled::Uv],
        policy: "",
    },
    Attack {
        name: "pylock.toml: no digest in `hashes`",
        rule: "malformed-lockfile",
        file: "pylock.toml",
        healthy: HEALTHY,
        armed: pylock!("url = \"{index}/evil/leaf-1.0.0-py3-none-any.whl\", hashes = {}"),
        fooled: &[Fooled::Uv],
        policy: "",
    },
    Attack {
        name: "pylock.toml: a digest of `SHA256`",
        rule: "unenforced-hash",
        file: "pylock.toml",
        healthy: HEALTHY,
        armed: pylock!(
            "url = \"{index}/evil/leaf-1.0.0-py3-none-any.whl\", hashes = { SHA256 = \"{sha256}\" }"
        ),
        fooled: &[Fooled::Uv],
        policy: "",
    },
    Attack {
        name: "pylock.toml: `name` is of this package, `url` of another",
        rule: "malformed-lockfile",
        file: "pylock.toml",
        healthy: HEALTHY,
        armed: pylock!(
            "name = \"leaf-1.0.0-py3-none-any.whl\", url = \"{index}/evil/stray-9.9.9-py3-none-any.whl\", hashes = { sha256 = \"{evil.sha256}\" }"
        ),
        fooled: &[Fooled::Uv],
        policy: "",
    },
    Attack {
        name: "pylock.toml: one index by the label, another host by the URL",
        rule: "misleading-source",
        file: "pylock.toml",
        healthy: HEALTHY,
        armed: pylock!(
            "url = \"{other}/evil/leaf-1.0.0-py3-none-any.whl\", hashes = { sha256 = \"{evil.sha256}\" }"
        ),
        fooled: &[Fooled::Pip, Fooled::Uv],
        policy: "",
    },
];
