//! What can be typed.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

/// How people start the command line through cargo.
pub(crate) const CARGO: &str = "cargo trustlock";

/// What people type, each with what it does.
const EXAMPLES: &[(&str, &str)] = &[
    ("", "check every committed lockfile of this repository"),
    ("init", "write the policy that this repository obeys today"),
    ("check --format sarif", "for code scanning; also json and github"),
    ("list --format json", "every package, source and digest that was read"),
    ("explain unknown-source", "one rule: what, why, what to do"),
];

const EXIT_CODES: &str = "\
Exit codes:
  0  clean
  1  findings at `deny`
  2  could not check: a lockfile, policy or argument was not understood";

const ALIASES: &str = "\
In CI, start `trustlock check` directly: an alias or a toolchain of the repository can replace what
`cargo trustlock` starts.";

/// The command line as `program`, the words that the user types to start it, tells of it.
pub(crate) fn command(program: &str) -> clap::Command {
    Cli::command().bin_name(program).after_help(after_help(program))
}

fn after_help(program: &str) -> String {
    let typed = |args: &str| format!("{program} {args}").trim_end().to_owned();
    let width = EXAMPLES.iter().map(|(args, _)| typed(args).len()).max().unwrap_or_default();
    let mut text = "Examples:\n".to_owned();
    for (args, what) in EXAMPLES {
        let _ = writeln!(text, "  {:width$}  {what}", typed(args));
    }
    let _ = write!(text, "\n{EXIT_CODES}");
    if program == CARGO {
        let _ = write!(text, "\n\n{ALIASES}");
    }
    text
}

/// Decides which third-party code may enter: checks every lockfile against one reviewed policy.
///
/// Nothing of the repository is run, written or followed out of its root, and the network is not used.
#[derive(Debug, Parser)]
#[command(name = "trustlock", version)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What to do; `check` where nothing is named.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) check: CheckArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge lockfiles, and the files beside them, under the policy (the default).
    Check(CheckArgs),
    /// Write the policy that this repository obeys today, and say what is not yet strict.
    Init(InitArgs),
    /// Show what was read: every package, source and digest of every lockfile.
    List(ListArgs),
    /// Show the policy in force and where each value comes from.
    Policy(PolicyArgs),
    /// Forbid versions: write one line into the policy, or into the overlay that `--policy` names.
    Ban(BanArgs),
    /// Explain rules: what they find, why that matters, what to do.
    Explain {
        /// The rules' names.
        #[arg(required = true)]
        rules: Vec<String>,
    },
    /// List every rule with its level under the policy in force.
    Rules(RulesArgs),
    /// Print a JSON Schema: of the policy, for editors, or of the JSON report.
    Schema {
        /// Which schema.
        #[arg(value_enum, default_value_t = SchemaOf::Policy)]
        of: SchemaOf,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaOf {
    /// `trustlock.toml`
    Policy,
    /// `check --format json`
    Report,
    /// `list --format json`
    List,
}

/// Which checkout, which policy.
#[derive(Clone, Debug, Args)]
pub struct Scope {
    /// The policy [default: trustlock.toml at the root of the repository].
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,

    /// A policy from outside the checkout that can only tighten; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,

    /// The Cargo.toml of the project to look at, as in every cargo command.
    #[arg(long, value_name = "PATH")]
    pub manifest_path: Option<PathBuf>,

    /// Read files up to this size, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = trustlock::tree::DEFAULT_LIMIT)]
    pub max_file_size: u64,

    /// The day on which waivers are judged, in UTC [default: today].
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub now: Option<jiff::civil::Date>,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            policy: None,
            overlay: Vec::new(),
            manifest_path: None,
            max_file_size: trustlock::tree::DEFAULT_LIMIT,
            now: None,
        }
    }
}

/// How to print.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Printing {
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// When to use colours.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Color,

    /// Print findings only; nothing on a clean run.
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Print waived findings, skipped folders and other details too.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal that shows them; NO_COLOR and CLICOLOR_FORCE are honoured.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct CheckArgs {
    /// Lockfiles or folders to look at [default: everything that the policy governs].
    pub(crate) paths: Vec<PathBuf>,

    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,

    #[command(flatten)]
    pub(crate) scope: Scope,

    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people; in GitHub Actions with annotations.
    #[default]
    Human,
    /// Versioned JSON: `trustlock schema report`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands.
    Github,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct InitArgs {
    /// Write the exceptions of today as one waiver a rule and lockfile, with a count that can only
    /// fall, into trustlock.waivers.toml.
    #[arg(long)]
    pub(crate) baseline: bool,

    /// Who answers for the waivers that are written.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,

    #[command(flatten)]
    pub(crate) scope: Scope,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct ListArgs {
    /// Lockfiles or folders to look at [default: everything that the policy governs].
    pub(crate) paths: Vec<PathBuf>,

    /// The form of the list.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) scope: Scope,

    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// An aligned table.
    #[default]
    Human,
    /// Versioned JSON: `trustlock schema list`.
    Json,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct PolicyArgs {
    #[command(flatten)]
    pub(crate) scope: Scope,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct RulesArgs {
    #[command(flatten)]
    pub(crate) scope: Scope,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct BanArgs {
    /// The packages, such as `cargo:arrayref@0.3.10` or `cargo:time@>=0.1,<0.2.23`.
    pub(crate) selector: String,

    /// Why; shown with every finding.
    #[arg(long)]
    pub(crate) reason: String,

    /// Where to read more.
    #[arg(long)]
    pub(crate) url: Option<String>,

    #[command(flatten)]
    pub(crate) scope: Scope,
}
