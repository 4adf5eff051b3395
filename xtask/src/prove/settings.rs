//! Attacks through the files beside the lockfile.

use super::lab::{Lab, PWNED, digest};
use super::{Attack, Proof};

const CONFIG: &str = "project/.cargo/config.toml";
const LOCKED: &[&str] = &["run", "--quiet", "--locked", "--offline"];

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "`paths` swaps a crate, the lockfile is unchanged",
        rule: "replaced-package",
        arm: |lab| {
            local_copy(lab, CONFIG);
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "`paths` in a file that `include` names",
        rule: "replaced-package",
        arm: |lab| {
            lab.write(CONFIG, "include = [\"more/settings.toml\"]\n");
            local_copy(lab, "project/.cargo/more/settings.toml");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "`paths` in the legacy file `.cargo/config`",
        rule: "replaced-package",
        arm: |lab| {
            local_copy(lab, "project/.cargo/config");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "`[patch]` in the settings",
        rule: "replaced-package",
        arm: |lab| {
            lab.plain("project/local/leaf", "leaf", PWNED);
            lab.write(CONFIG, "[patch.crates-io]\nleaf = { path = \"local/leaf\" }\n");
            lab.succeed("cargo", &["generate-lockfile", "--offline"]).map(|_| ())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "crates.io replaced by another place, with a lockfile to match",
        rule: "redirected-source",
        arm: |lab| {
            lab.vendored("outside", "leaf", PWNED, "6");
            lab.write(
                CONFIG,
                "[source.crates-io]\nreplace-with = \"fast\"\n[source.fast]\ndirectory = \"../outside\"\n",
            );
            lab.replace("project/Cargo.lock", &digest("1"), &digest("6"));
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "`build.rustc-wrapper` runs for `cargo metadata`",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/tools/wrap.sh", "exec \"$@\"");
            lab.write(CONFIG, "[build]\nrustc-wrapper = \"tools/wrap.sh\"\n");
            Ok(())
        },
        cargo: &[
            "metadata",
            "--locked",
            "--offline",
            "--format-version=1",
            "--filter-platform=x86_64-unknown-linux-gnu",
        ],
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "`build.rustc` in the repository",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/tools/rustc.sh", "exec rustc \"$@\"");
            lab.write(CONFIG, "[build]\nrustc = \"tools/rustc.sh\"\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a linker in the repository",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/tools/link.sh", "exec cc \"$@\"");
            lab.write(CONFIG, "[target.'cfg(all())']\nlinker = \"tools/link.sh\"\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a linker in `rustflags`",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/tools/link.sh", "exec cc \"$@\"");
            lab.write(CONFIG, "[build]\nrustflags = [\"-C\", \"linker=tools/link.sh\"]\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "an object in `rustflags` behind an option that takes no value",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.write(
                "project/evil.c",
                &format!("#include <stdio.h>\n__attribute__((constructor)) static void evil(void) {{ puts(\"{PWNED}\"); }}\n"),
            );
            lab.succeed("cc", &["-c", "evil.c", "-o", "evil.o"])?;
            let object = lab.path("project/evil.o");
            lab.write(
                CONFIG,
                &format!("[build]\nrustflags = [\"-Clink-arg=-s\", \"-Clink-arg={}\"]\n", object.display()),
            );
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a runner in the repository",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/tools/run.sh", "exec \"$@\"");
            lab.write(CONFIG, "[target.'cfg(all())']\nrunner = \"tools/run.sh\"\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a runner of the machine that is handed a file of the repository",
        rule: "hijacked-tool",
        arm: |lab| {
            let mark = lab.path(PWNED);
            lab.write("project/evil", &format!("$(shell echo {PWNED} >> {})\nall:\n", mark.display()));
            lab.write(CONFIG, "[target.'cfg(all())']\nrunner = [\"make\", \"-f\", \"evil\"]\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a credential provider of the machine that is handed a program of the repository",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/evil", "echo token");
            // Nobody answers there: the token is asked for before.
            lab.write("index/config.json", "{\"dl\":\"http://127.0.0.1:9\",\"api\":\"http://127.0.0.1:9\"}");
            let url = super::git::commit(lab, "index", "config")?.0;
            lab.write(
                CONFIG,
                &format!("[registries.acme]\nindex = \"{url}\"\ncredential-provider = [\"cargo:token-from-stdout\", \"nice\", \"./evil\"]\n[net]\nretry = 0\n"),
            );
            Ok(())
        },
        cargo: &["yank", "--registry", "acme", "leaf@1.0.0"],
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "`[env]` tells the compiler driver where its linker is",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/tools/ld", "exec /usr/bin/ld \"$@\"");
            lab.write(CONFIG, "[env]\nCOMPILER_PATH = { value = \"tools\", relative = true }\n[build]\nrustflags = [\"-Clinker-features=-lld\"]\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "`[env]` puts the repository first on PATH",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/tools/cc", "PATH=/usr/local/bin:/usr/bin:/bin exec cc \"$@\"");
            lab.write(CONFIG, "[env]\nPATH = { value = \"tools\", relative = true, force = true }\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "an alias in place of the checker",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.script("project/tools/run.sh", "exit 0");
            lab.write(
                CONFIG,
                "[alias]\ntrustlock = [\"run\", \"--quiet\", \"--offline\", \"--config\", \"target.'cfg(all())'.runner='tools/run.sh'\"]\n",
            );
            Ok(())
        },
        cargo: &["trustlock"],
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a legacy `.cargo/config` in place of the `config.toml` that people read",
        rule: "disarmed-check",
        arm: |lab| {
            lab.script("project/tools/wrap.sh", "exec \"$@\"");
            lab.write(CONFIG, "[build]\njobs = 2\n");
            lab.write("project/.cargo/config", "[build]\nrustc-wrapper = \"tools/wrap.sh\"\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "`include` leads out of the repository",
        rule: "disarmed-check",
        arm: |lab| {
            lab.write(CONFIG, "include = [\"../../outside/more.toml\"]\n");
            lab.write("outside/more.toml", "[build]\nrustc-wrapper = \"./wrap.sh\"\n");
            lab.script("wrap.sh", "exec \"$@\"");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a warm target folder that is committed",
        rule: "hijacked-tool",
        arm: |lab| {
            lab.vendored("vendor", "leaf", PWNED, "1");
            lab.write(CONFIG, "[build]\ntarget-dir = \"warm\"\n");
            lab.succeed("cargo", &["build", "--quiet", "--locked", "--offline"])?;
            lab.vendored("vendor", "leaf", "hello", "1");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
];

/// A changed `leaf` in the repository, and the `paths` setting that swaps it in.
fn local_copy(lab: &Lab, config: &str) {
    lab.plain("project/local/leaf", "leaf", PWNED);
    let folder = lab.path("project/local/leaf");
    lab.write(config, &format!("paths = [\"{}\"]\n", folder.display()));
}
