//! `policy`: the policy in force and where each value comes from.

use crate::args::PolicyArgs;
use crate::output;
use crate::session::Session;

pub(super) fn run(args: &PolicyArgs) -> u8 {
    let policy = Session::open(&args.scope, &[]).and_then(|session| session.policy(&args.scope));
    match policy {
        Ok(policy) => output::print(&trustlock::policy::effective(&policy)),
        Err(problems) => output::fail(problems),
    }
}
