//! Variables of `[env]` that stand for a configuration key.
//!
//! Cargo hands `[env]` to rustc, to build scripts and to what `cargo run` starts; every cargo among
//! those (an `xtask`, a build script that builds) reads them as its own configuration.

/// Variables with a meaning of their own.
const TOOLS: [(&str, &[&str]); 8] = [
    ("RUSTC", &["build", "rustc"]),
    ("RUSTC_WRAPPER", &["build", "rustc-wrapper"]),
    ("RUSTC_WORKSPACE_WRAPPER", &["build", "rustc-workspace-wrapper"]),
    ("RUSTDOC", &["build", "rustdoc"]),
    ("RUSTFLAGS", &["build", "rustflags"]),
    ("RUSTDOCFLAGS", &["build", "rustdocflags"]),
    ("CARGO_TARGET_DIR", &["build", "target-dir"]),
    ("SSL_CERT_FILE", &["http", "cainfo"]),
];

/// Tables of which every key can be a variable.
const TABLES: [(&str, &str); 6] = [
    ("CARGO_BUILD_", "build"),
    ("CARGO_HTTP_", "http"),
    ("CARGO_NET_", "net"),
    ("CARGO_RESOLVER_", "resolver"),
    ("CARGO_REGISTRY_", "registry"),
    ("CARGO_DOC_", "doc"),
];

/// Tables of tables: prefix, table, and the keys that end the name.
const NAMED: [(&str, &str, &[&str]); 4] = [
    ("CARGO_REGISTRIES_", "registries", &["index", "credential-provider", "min-publish-age"]),
    ("CARGO_TARGET_", "target", &["linker", "runner", "rustflags", "rustdocflags"]),
    ("CARGO_SOURCE_", "source", &["replace-with", "registry", "git", "directory", "local-registry"]),
    ("CARGO_ALIAS_", "alias", &[]),
];

/// The configuration key that a variable sets.
pub(super) fn meaning(variable: &str) -> Option<Vec<String>> {
    // Windows takes no notice of the case of a name.
    let variable = &*variable.to_ascii_uppercase();
    let own = |parts: &[&str]| parts.iter().map(|p| (*p).to_owned()).collect();
    if let Some((_, key)) = TOOLS.iter().find(|(name, _)| *name == variable) {
        return Some(own(key));
    }
    let dashed = |rest: &str| rest.to_ascii_lowercase().replace('_', "-");
    for (prefix, table) in TABLES {
        if let Some(rest) = variable.strip_prefix(prefix) {
            return Some(own(&[table, &dashed(rest)]));
        }
    }
    for (prefix, table, endings) in NAMED {
        let Some(rest) = variable.strip_prefix(prefix).map(dashed) else { continue };
        if endings.is_empty() {
            return Some(own(&[table, &rest]));
        }
        for ending in endings {
            if let Some(name) = rest.strip_suffix(ending).and_then(|r| r.strip_suffix('-')) {
                return Some(own(&[table, name, ending]));
            }
        }
    }
    None
}
