//! `list`: what was read.

use trustlock::report::list;
use trustlock::{check, lockfile};

use crate::args::{ListArgs, ListFormat};
use crate::output;
use crate::session::{Failure, Session};

pub(super) fn run(args: &ListArgs) -> u8 {
    try_run(args).unwrap_or_else(output::fail)
}

fn try_run(args: &ListArgs) -> Result<u8, Failure> {
    let session = Session::open(&args.scope, &args.paths)?;
    let evidence = session.evidence()?;
    let (lockfiles, problems) = check::read(&session.tree, &evidence.discovery.lockfiles);
    let text = match args.format {
        ListFormat::Human => list::table(&lockfiles),
        ListFormat::Json => list::json(&lockfiles),
    };
    output::write(&text, args.printing.output.as_deref()).map_err(|p| vec![p])?;
    if lockfiles.is_empty() && problems.is_empty() {
        return Err(vec![trustlock::model::Problem::new("no lockfile was found").fix(format!(
            "these are read: {}",
            lockfile::READERS.iter().map(|r| r.name).collect::<Vec<_>>().join(", ")
        ))]);
    }
    if problems.is_empty() { Ok(0) } else { Err(problems) }
}
