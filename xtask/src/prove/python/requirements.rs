//! Attacks on requirements files.

use super::{Attack, Fooled};

const FILE: &str = "requirements.txt";

/// A file of one line without a pin is a list of wishes, unless the policy names it.
const GOVERNED: &str = "[lockfiles]\ninclude = [\"requirements.txt\"]\n";

/// An honest file, from the index of the company alone.
const HEALTHY: &str = "--index-url {index}/acme/simple\nleaf==1.0.0 \\\n    --hash=sha256:{sha256}\n";

/// The same from an index that was broken into.
const STOLEN: &str = "--index-url {index}/stolen/simple\nleaf==1.0.0 --hash=sha256:{sha256}\n";

/// The server gives the evil file, and the digest is that of the honest one.
const REPLACED: &str = "leaf @ {index}/evil/leaf-1.0.0-py3-none-any.whl \\\n    --hash=sha256:{sha256}\n";

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "requirements: a comment ends the line before its digest",
        rule: "malformed-lockfile",
        file: FILE,
        healthy: REPLACED,
        armed: "leaf @ {index}/evil/leaf-1.0.0-py3-none-any.whl \\\n    # reviewed\n    --hash=sha256:{sha256}\n",
        fooled: &[Fooled::Pip],
        policy: GOVERNED,
    },
    Attack {
        name: "requirements: U+2028 hides a requirement in a comment",
        rule: "malformed-lockfile",
        file: FILE,
        healthy: HEALTHY,
        armed: "--index-url {index}/acme/simple\n# reviewed\u{2028}leaf @ {index}/evil/leaf-1.0.0-py3-none-any.whl\n",
        fooled: &[Fooled::Pip],
        policy: GOVERNED,
    },
    Attack {
        name: "requirements: md5 before sha256 in a fragment",
        rule: "weak-hash",
        file: FILE,
        healthy: REPLACED,
        armed: "leaf @ {index}/evil/leaf-1.0.0-py3-none-any.whl#md5={evil.md5}&sha256={sha256}\n",
        fooled: &[Fooled::Pip, Fooled::Uv],
        policy: "",
    },
    Attack {
        name: "requirements: md5 beside sha256",
        rule: "weak-hash",
        file: FILE,
        healthy: STOLEN,
        armed: "--index-url {index}/stolen/simple\nleaf==1.0.0 --hash=md5:{evil.md5} --hash=sha256:{sha256}\n",
        fooled: &[Fooled::Uv],
        policy: "",
    },
    Attack {
        name: "requirements: `--no-require-hashes` lets a line go without",
        rule: "disarmed-check",
        file: FILE,
        healthy: HEALTHY,
        armed: "--no-require-hashes\nleaf @ {index}/evil/leaf-1.0.0-py3-none-any.whl\n",
        fooled: &[Fooled::Pip],
        policy: GOVERNED,
    },
    Attack {
        name: "requirements: `--extra` is short for `--extra-index-url`",
        rule: "redirected-source",
        file: FILE,
        healthy: HEALTHY,
        armed: "--index-url {index}/acme/simple\n--extra {other}/public/simple\nleaf>=1\n",
        fooled: &[Fooled::Pip],
        policy: GOVERNED,
    },
    Attack {
        name: "requirements: dependency confusion, a higher version in the public index",
        rule: "unbound-source",
        file: FILE,
        healthy: HEALTHY,
        armed: "--index-url {index}/acme/simple\n--extra-index-url {index}/public/simple\nleaf>=1\n",
        fooled: &[Fooled::Pip],
        policy: "bind = [{ package = \"pypi:leaf\", only = \"{index}/acme/simple\" }]\n[lockfiles]\ninclude = [\"requirements.txt\"]\n",
    },
    Attack {
        name: "requirements: a range takes what is newest",
        rule: "unpinned-version",
        file: FILE,
        healthy: HEALTHY,
        armed: "--index-url {index}/public/simple\nleaf>=1\n",
        fooled: &[Fooled::Pip, Fooled::Uv],
        policy: GOVERNED,
    },
];
