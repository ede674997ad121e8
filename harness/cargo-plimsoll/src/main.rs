//! `cargo plimsoll`: judges the memory budgets of a project, reports and explains them.
//!
//! | subcommand | what it does | exit code |
//! |---|---|---|
//! | `run` | builds and judges the budgets, then prints them as a table | 0 all pass, 1 one fails |
//! | `report` | prints the newest results, or writes them into a page | 1: `--check` found the page stale |
//! | `show` | prints all results of one case | 0 |
//! | `selftest` | checks that every limit can fail | 1 one cannot |
//! | `ratchet` | proposes a `ratchet` for each budget | 0 |
//! | `check` | compares `budgets.toml`, documents and snapshots | 1 they disagree |
//!
//! Every subcommand exits with 2 when it could not do its work. Start it as `cargo plimsoll run`, as
//! `cargo-plimsoll run` or, inside Plimsoll's own workspace, as `cargo gate run`.

mod arguments;
mod build;
mod cargo;
mod check;
mod console;
mod figure;
mod json;
mod markdown;
mod nearest;
mod outcome;
mod probes;
mod project;
mod proposal;
mod provenance;
mod ratchet;
mod report;
mod results;
mod rounded;
mod row;
mod run;
mod runner;
mod runs;
mod selftest;
mod show;
mod sites;
mod snapshots;
mod splice;
mod status;
mod systems;
mod table;
mod tally;
mod targets;
mod test_filter;
mod text;
mod unchecked;

use std::process::ExitCode;

use arguments::{Arguments, Verb};

fn main() -> ExitCode {
    let status = match Arguments::read().verb {
        Verb::Run(arguments) => run::run(&arguments),
        Verb::Report(arguments) => report::report(&arguments),
        Verb::Show(arguments) => show::show(&arguments),
        Verb::Ratchet(arguments) => ratchet::ratchet(&arguments),
        Verb::Check => check::check(),
        Verb::Selftest => selftest::selftest(),
    };
    match status {
        Ok(status) => status.into(),
        Err(error) => {
            console::print_error(&error);
            ExitCode::from(2)
        }
    }
}
