//! One file a command.

mod ban;
mod check;
mod init;
mod list;
mod policy;
mod rules;

use trustlock::{policy as engine_policy, report};

use crate::args::{self, Cli, Command, SchemaOf};
use crate::output;

/// Runs the command; its exit code.
pub(crate) fn run(program: &str, cli: Cli) -> u8 {
    match cli.command.unwrap_or(Command::Check(cli.check)) {
        Command::Check(args) => check::run(&args),
        Command::Init(args) => init::run(&args),
        Command::List(args) => list::run(&args),
        Command::Policy(args) => policy::run(&args),
        Command::Ban(args) => ban::run(&args),
        Command::Explain { rules: names } => rules::explain(&names),
        Command::Rules(args) => rules::list(&args),
        Command::Schema { of } => {
            let schema = match of {
                SchemaOf::Policy => engine_policy::schema::schema(),
                SchemaOf::Report => report::json::schema(),
                SchemaOf::List => report::list::schema(),
            };
            output::print(&format!("{schema:#}\n"))
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let name = program.rsplit(' ').next().unwrap_or(program);
            clap_complete::generate(shell, &mut args::command(name), name, &mut script);
            output::print(&String::from_utf8_lossy(&script))
        }
    }
}
