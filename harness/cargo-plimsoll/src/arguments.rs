//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Every memory budget that a document promises is a test. This runs, reports and explains them.
#[derive(Debug, Parser)]
#[command(name = "cargo plimsoll", bin_name = "cargo plimsoll", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is as promised
  1  something is not: a budget or a profile fails (run), a page is stale (report --check),
     the files disagree (check)
  2  the work could not be done: no budgets.toml, a build that fails, an unknown case

Budgets are ordinary tests: `cargo nextest run` and `cargo test` judge them just as well.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Build and judge the budgets, then print them as a table
    Run(RunArguments),
    /// Print promise, figure, line and headroom of every budget, from its newest result
    Report(ReportArguments),
    /// Print everything that is known of one case: figures, answer, budgets, call sites
    Show(ShowArguments),
    /// Propose what budgets can be held at, from the figures of the last runs; changes nothing
    Hold(HoldArguments),
    /// Hold budgets.toml, the documents and the snapshots to each other, building nothing
    #[command(after_help = CHECK_HELP)]
    Check,
    /// Try whether each gate bites: with a ballast just before and just behind its line
    #[command(after_help = SELFTEST_HELP)]
    Selftest,
}

const SELFTEST_HELP: &str = "\
For every budget a ballast stands in the work's place, in a process of its own, and really takes 99 %
of the line, which must pass, and 101 %, which must not (95 % and 105 % of what a clock on the wall
tells); for every case it answers something else, and leaves without a measurement. Lines beyond a
gigabyte, 64 MiB of resident memory or a second are taken down first. A component or a phase is tried
under another name: whether the budget's own exists, its run tells.

Exit codes: 0 every gate bites, 1 one does not (it is named), 2 they could not be tried.";

/// The arguments of `hold`.
#[derive(Debug, Args)]
#[command(after_help = HOLD_HELP)]
pub(crate) struct HoldArguments {
    /// A case, a test, or a part of their names; all budgets where it is left out
    pub(crate) filter: Option<String>,
}

const HOLD_HELP: &str = "\
A budget whose figure is worse than its `hold` has *slipped*: the promise is kept, and the test fails.

Exact figures (heap, one thread, no `varies`) are held at what they are, rounded away from today's
figure to two digits, or three where two would give away more than 2 %. Figures that vary from run
to run (resident memory, times) are held at the worst of the last runs (30 at most) and twice their
standard deviation beyond it; fewer than 3 runs of this build of the tests say too little. Lines
`between`, `about` and `grows` hold by themselves.

Exit codes: 0 it was said, whatever it is; 2 no such test, or none of them has a `max` or a `min`.";

const CHECK_HELP: &str = "\
Not checked, since it needs the built workloads: workload names, parameters against their types,
answers and figures. `cargo plimsoll run` does that.

Exit codes: 0 they agree, 1 they do not (the faults are on stderr), 2 there is nothing to check.";

/// The arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = RUN_HELP)]
pub(crate) struct RunArguments {
    /// A case, a test, or a part of their names: storage::read_1mb, peak_heap
    pub(crate) filter: Option<String>,
    /// Which test runner to use [default: nextest where it is installed]
    #[arg(long, value_enum)]
    pub(crate) runner: Option<RunnerName>,
    /// Handed on to the runner as they are
    #[arg(last = true, value_name = "RUNNER ARGS")]
    pub(crate) rest: Vec<OsString>,
}

const RUN_HELP: &str = "\
Examples:
  cargo plimsoll run                          every budget and every profile
  cargo plimsoll run storage::read_1mb        those of one case
  cargo plimsoll run -- --no-capture          with an argument for the runner
  cargo plimsoll run -- -- --include-ignored  heavy cases too; under nextest also -- --run-ignored all

What runs is the test target `budgets` of each package that budgets.toml names. All of it is judged
before the command ends, whatever fails first. Heavy cases (`heavy = true`) are left out unless they
are asked for.

Exit codes: 0 all pass, 1 a budget or a profile fails, 2 they could not all be judged (a build that
fails, a fault of budgets.toml, a budget without a test).";

/// A test runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunnerName {
    /// `cargo nextest run`
    Nextest,
    /// `cargo test`
    Cargo,
}

/// The arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = REPORT_HELP)]
pub(crate) struct ReportArguments {
    /// The shape of the report
    #[arg(long, value_enum, default_value = "text", conflicts_with = "splice")]
    pub(crate) format: Format,
    /// Replace the table between `<!-- plimsoll:report -->` and `<!-- /plimsoll:report -->` in FILE
    #[arg(long, value_name = "FILE")]
    pub(crate) splice: Option<PathBuf>,
    /// Only say whether FILE is up to date
    #[arg(long, requires = "splice")]
    pub(crate) check: bool,
}

const REPORT_HELP: &str = "\
The newest result of each budget is shown, whatever run it is of; `*` marks one of an earlier run
than the newest. A result is forgotten when its budget's line has changed.

  markdown   for a pull request: cargo plimsoll report --format markdown >> \"$GITHUB_STEP_SUMMARY\"
  json       an array with one object for each budget; its `record` is null when it was not run

--splice writes a table for a committed page, whose text changes only when the program does: heap
figures, which are exact, are printed; times, resident memory, the peaks of several threads and all of
a case that `varies` differ from run to run, and of them the table says only that the line is `kept`. Heap figures belong to a
target: write and check the page on the same one. A heavy budget without a result keeps the row that
FILE has of it, as long as promise and line are the same; else the row says that it was not run.

Exit codes: 0 the report was written, whatever it says; 1 --check found the page stale; 2 there is
no report (a fault of budgets.toml, a budget without a result for --splice, no markers in FILE).";

/// The shape of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for a terminal
    Text,
    /// A table for a pull request
    Markdown,
    /// The records
    Json,
}

/// The arguments of `show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Sites are the functions of your own crates that allocated, largest at the peak first: as the
recorder saw them in the gated run, or dhat where the recorder cannot work.

--format dhat > case.json opens in Valgrind's viewer (dh_view.html); --format folded is what flame
graphs are drawn from: for each call stack the bytes that it held at the peak.

Exit codes: 0 it was shown, 2 there is no such case, or nothing of that kind is known of it.")]
pub(crate) struct ShowArguments {
    /// The case, or one of its tests: storage::read_1mb, storage::read_1mb::peak_heap
    pub(crate) case: String,
    /// Print the whole call stacks of the largest sites too
    #[arg(long)]
    pub(crate) stacks: bool,
    /// A page for a person, the measurements as they were written, or the call stacks in a format
    /// of other tools
    #[arg(long, value_enum, default_value = "text", conflicts_with = "stacks")]
    pub(crate) format: Shape,
}

/// The shape in which a case is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// A page for a person
    Text,
    /// The measurements
    Json,
    /// The call stacks in DHAT's format, version 2
    Dhat,
    /// The call stacks as folded lines, weighed by the bytes at the peak
    Folded,
}

impl Arguments {
    /// Reads the command line; a wrong one ends the process with 2, help with 0.
    pub(crate) fn read() -> Self {
        Self::parse_from(without_own_name(std::env::args_os().collect()))
    }
}

/// Cargo passes the subcommand's name as the first argument; started directly, it is not there.
fn without_own_name(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|first| first == "plimsoll") {
        arguments.remove(1);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_name_is_optional_and_the_rest_is_handed_on() {
        for line in [
            "x run read --runner cargo -- --release -- -q",
            "x plimsoll run read --runner cargo -- --release -- -q",
        ] {
            let words = line.split(' ').map(OsString::from).collect();
            let read = Arguments::parse_from(without_own_name(words));
            let Verb::Run(run) = read.verb else { panic!("{read:?}") };
            assert_eq!(run.filter.as_deref(), Some("read"));
            assert_eq!(run.runner, Some(RunnerName::Cargo));
            assert_eq!(run.rest, ["--release", "--", "-q"]);
        }
    }
}
