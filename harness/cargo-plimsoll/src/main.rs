//! `cargo plimsoll`: judges the memory budgets of a project, reports and explains them.
//!
//! | verb | what it does | exit code |
//! |---|---|---|
//! | `run` | builds and judges the budgets, then prints them as a table | 0 all pass, 1 one fails |
//! | `report` | prints the newest results, or splices them into a page | 1: `--check` found the page stale |
//! | `show` | prints everything that is known of one case | 0 |
//! | `selftest` | tries whether each gate bites | 1 one does not |
//! | `hold` | proposes what budgets can be held at | 0 |
//! | `check` | holds `budgets.toml`, documents and snapshots to each other | 1 they disagree |
//!
//! Every verb exits with 2 when it could not do its work. Started as `cargo plimsoll run`,
//! `cargo-plimsoll run` or, inside Plimsoll's own workspace, `cargo gate run`.

mod arguments;
mod asked;
mod build;
mod check;
mod console;
mod ending;
mod figure;
mod hold;
mod json;
mod lenses;
mod markdown;
mod metadata;
mod nearest;
mod outcome;
mod project;
mod proposal;
mod provenance;
mod readme;
mod report;
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
mod table;
mod tally;
mod targets;
mod text;
mod unchecked;

use std::process::ExitCode;

use arguments::{Arguments, Verb};

fn main() -> ExitCode {
    let ending = match Arguments::read().verb {
        Verb::Run(arguments) => run::run(&arguments),
        Verb::Report(arguments) => report::report(&arguments),
        Verb::Show(arguments) => show::show(&arguments),
        Verb::Hold(arguments) => hold::hold(&arguments),
        Verb::Check => check::check(),
        Verb::Selftest => selftest::selftest(),
    };
    match ending {
        Ok(ending) => ending.into(),
        Err(error) => {
            console::complain(&error);
            ExitCode::from(2)
        }
    }
}
