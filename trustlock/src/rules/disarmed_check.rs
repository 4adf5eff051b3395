use super::settings::{View, finding, folder, pdm, pip, pipenv, poetry, uv, views};
use super::{ProjectContext, Sink};
use crate::evidence::{Tool, Value};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "disarmed-check",
    family: Family::Settings,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "a settings file switches off a check, or moves it away from what is reviewed",
    why: "Cargo takes from `.cargo/config.toml` which certificates and host keys it trusts, which TLS it \
          accepts, how young a version may be, and even which lockfile it obeys. A repository that brings \
          these itself decides who may answer in the name of a registry.",
    fix: "Remove the setting. Certificates of a company belong into the configuration of the machine, outside \
          the repository.",
    accepted_by: "cargo 1.95 obeys a `.cargo/config` in place of the `config.toml` beside it, and an `include` \
                  that leads out of the checkout. The keys of `http`, `net.ssh` and `resolver` are documented \
                  to hold from a checkout as from anywhere; not each was tried against a server. From 1.97 on \
                  `resolver.lockfile-path` names the lockfile that is built, while checkers read `Cargo.lock`. \
                  pip 26.3 obeys `--no-require-hashes` in a requirements file.",
    incident: None,
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    uv::disarmed(context, &RULE, sink);
    pip::disarmed_check(context, &RULE, sink);
    poetry::disarmed(context, &RULE, sink);
    pdm::disarmed(context, &RULE, sink);
    pipenv::disarmed(context, &RULE, sink);
    for view in views(context, Tool::Cargo) {
        if let Some((title, label)) = judge(context, &view)
            && let Some(found) = finding(context, &RULE, &view, title, label)
        {
            sink.push(found);
        }
    }
    for shadowed in &context.evidence.settings.shadowed {
        let (file, by) = (&shadowed.file.path, &shadowed.by.path);
        sink.push(
            Finding::new(
                &RULE,
                Subject::setting(by, "", file),
                shadowed.by.at(0..0),
                format!("`{by}` takes the place of `{file}`"),
            )
            .label(format!("{} reads this file and ignores the other, which people read", shadowed.tool.name()))
            .fix(format!("keep one: move what is meant into `{file}` and remove `{by}`")),
        );
    }
}

fn judge(context: &ProjectContext<'_>, view: &View<'_>) -> Option<(String, String)> {
    let key = &view.written;
    let said = |title: String, label: &str| Some((title, label.to_owned()));
    match view.parts().as_slice() {
        ["http", "check-revoke"] => (!is(view, true)).then(|| {
            (
                format!("`{key}` switches off the check for revoked certificates"),
                "a stolen and revoked certificate is accepted".to_owned(),
            )
        }),
        ["http", "ssl-version"] | ["http", "ssl-version", "min" | "max"] => {
            let modern = matches!(view.string(), Some("default" | "tlsv1.2" | "tlsv1.3"));
            (!modern).then(|| {
                (
                    format!("`{key}` permits an outdated TLS version"),
                    "anything before TLS 1.2 can be broken by who sits between".to_owned(),
                )
            })
        }
        ["http", "cainfo" | "proxy-cainfo"] => {
            let foreign = view.string().is_none_or(|path| folder(path).is_foreign());
            let title = format!("`{key}` brings its own certificate authorities");
            let label = "whoever owns one of these can answer in the name of any registry";
            foreign.then_some(()).and_then(|()| said(title, label))
        }
        ["net", "ssh", "known-hosts"] => said(
            format!("`{key}` brings its own ssh host keys"),
            "whoever owns one of these can answer in the name of that host",
        ),
        ["resolver", "lockfile-path"] if !is_governed(context, view) => said(
            format!("`{key}` makes cargo build from another lockfile"),
            "cargo 1.97 and later reads this one and ignores the `Cargo.lock` that was checked",
        ),
        ["resolver", "incompatible-publish-age"] if view.string() != Some("deny") => said(
            format!("`{key}` lets in versions that were published just now"),
            "the resolver may pick a version before anyone had time to look at it",
        ),
        ["registry", "global-min-publish-age"] | ["registries", "crates-io", "min-publish-age"]
            if is_zero(view) =>
        {
            said(
                format!("`{key}` lets in versions that were published just now"),
                "this sets the waiting time to nothing",
            )
        }
        ["include"] => said(
            format!("`{}` includes settings from outside the repository", view.setting.file.path),
            "what stands there is not in this repository and cannot be judged",
        ),
        ["env", name] => variable(view, name),
        _ => None,
    }
}

fn is(view: &View<'_>, wanted: bool) -> bool {
    match &view.value {
        Value::Bool(value) => *value == wanted,
        Value::Text(text) => text.as_str() == if wanted { "true" } else { "false" },
        _ => false,
    }
}

/// A lockfile that is judged itself may stand wherever it likes.
fn is_governed(context: &ProjectContext<'_>, view: &View<'_>) -> bool {
    let path = view.string().and_then(|path| view.setting.base.as_ref()?.join(path).ok());
    path.is_some_and(|path| context.lockfiles.iter().any(|l| l.file.path == path.as_str()))
}

/// `0`, `"0 days"`; what does not start with a number greater than zero counts as well.
fn is_zero(view: &View<'_>) -> bool {
    let number: String =
        view.text.trim_start().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    !number.chars().any(|c| matches!(c, '1'..='9'))
}

/// Variables that weaken TLS in git, curl, Python or Node below a build.
fn variable(view: &View<'_>, name: &str) -> Option<(String, String)> {
    let off = match name {
        "GIT_SSL_NO_VERIFY" => !matches!(view.string(), Some("0" | "false" | "")),
        "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY" => view.text == "0",
        "SSL_CERT_DIR" | "CURL_CA_BUNDLE" | "GIT_SSL_CAINFO" | "GIT_SSL_CAPATH" | "REQUESTS_CA_BUNDLE" => {
            view.string().is_none_or(|path| folder(path).is_foreign())
        }
        _ => false,
    };
    off.then(|| {
        (
            format!("`{}` weakens TLS for whatever a build fetches", view.written),
            "build scripts, and the cargo or git that they start, trust whoever answers".to_owned(),
        )
    })
}
