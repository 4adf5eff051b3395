//! `check`: judge every governed lockfile.

use trustlock::model::Report;
use trustlock::report::{github, human, json, sarif};

use crate::args::{CheckArgs, CheckFormat};
use crate::output;
use crate::session::{Failure, Session};

pub(super) fn run(args: &CheckArgs) -> u8 {
    // A policy or a root that cannot be used still makes a report: a machine reads that one too.
    let report = judge(args).unwrap_or_else(Report::failed);
    let style = output::style(&args.printing);
    let file = args.printing.output.as_deref();
    let written = match args.format {
        CheckFormat::Human => {
            let mut text = human::render(&report, &style);
            if file.is_none() && std::env::var_os("GITHUB_ACTIONS").is_some_and(|v| v == "true") {
                text.push_str(&github::render(&report));
            }
            output::write(&text, file)
        }
        CheckFormat::Json => output::write_with(file, |out| json::write(&report, out)),
        CheckFormat::Sarif => output::write(&sarif::render(&report), file),
        CheckFormat::Github => output::write(&github::render(&report), file),
    };
    match written {
        Ok(()) => report.exit_code(),
        Err(problem) => output::fail(vec![problem]),
    }
}

fn judge(args: &CheckArgs) -> Result<Report, Failure> {
    let started = std::time::Instant::now();
    let session = Session::open(&args.scope, &args.paths)?;
    let mut report = session.judge(session.policy(&args.scope)?)?;
    report.stats.elapsed = started.elapsed();
    Ok(report)
}
