//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

/// Runs, reports and explains the tests of memory budgets: one test for each promise of a document.
#[derive(Debug, Parser)]
#[command(name = "cargo plimsoll", bin_name = "cargo plimsoll", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is as promised
  1  something is not: a budget or a profile fails (run), a limit cannot fail (selftest),
     a page is stale (report --check), the files disagree (check)
  2  the work could not be done: no budgets.toml, a build that fails, an unknown case

Budgets are ordinary tests: `cargo nextest run` and `cargo test` judge them too.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Build and judge the budgets, then print them as a table
    Run(RunArguments),
    /// Print promise, figure, limit and headroom of every budget, from its newest result
    Report(ReportArguments),
    /// Print all results of one case: figures, output, budgets, allocation sites
    Show(ShowArguments),
    /// Propose a `ratchet` for each budget, from the figures of the last runs; changes nothing
    Ratchet(RatchetArguments),
    /// Compare budgets.toml, the documents and the snapshots, without building anything
    #[command(after_help = CHECK_HELP)]
    Check,
    /// Check that every limit can fail, with synthetic loads just below and just above it
    #[command(after_help = SELFTEST_HELP)]
    Selftest,
}

const SELFTEST_HELP: &str = "\
For every budget, a synthetic load replaces the workload, in a process of its own. It uses 99 % of the
limit, which must pass, and 101 %, which must fail (95 % and 105 % for wall time). For every case, one
synthetic load returns a different output and one exits without a measurement; both must fail. Limits
above a gigabyte, 64 MiB of resident memory or a second are scaled down first. A component or a phase
is tested under another name; the ordinary run shows whether the name in the budget exists.

Exit codes: 0 every limit can fail, 1 one cannot (its name is printed), 2 they could not be checked.";

/// The arguments of `ratchet`.
#[derive(Debug, Args)]
#[command(after_help = RATCHET_HELP)]
pub(crate) struct RatchetArguments {
    /// A case, a test, or a part of their names [default: all budgets]
    pub(crate) filter: Option<String>,
}

const RATCHET_HELP: &str = "\
A budget whose figure is worse than its `ratchet` has *regressed*: the promise still stands, and the
test fails.

For an exact figure (heap, one thread, no `varies`) the proposal is the figure of today, rounded away
from it to two digits, or to three where two would give away more than 2 %. For a figure that varies
from run to run (resident memory, times) the proposal is the worst of the last runs (30 at most) plus
twice their standard deviation; it needs at least 3 runs of this build. The limits `between`, `about`
and `grows` need no ratchet.

Exit codes: 0 the proposals were printed; 2 no such test, or none of them has a `max` or a `min`.";

const CHECK_HELP: &str = "\
Workload names, parameters, outputs and figures are not checked: they need the built workloads.
`cargo plimsoll run` checks them.

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
    /// Arguments for the runner
    #[arg(last = true, value_name = "RUNNER ARGS")]
    pub(crate) rest: Vec<OsString>,
}

const RUN_HELP: &str = "\
Examples:
  cargo plimsoll run                          every budget and every profile
  cargo plimsoll run storage::read_1mb        those of one case
  cargo plimsoll run -- --no-capture          with an argument for the runner
  cargo plimsoll run -- -- --include-ignored  heavy cases too; under nextest also -- --run-ignored all

This runs the test target `budgets` of each package that budgets.toml names. A failed budget does not
stop the others. Heavy cases (`heavy = true`) run only with `--include-ignored` or `--run-ignored`.

Exit codes: 0 all pass, 1 a budget or a profile fails, 2 they could not all be judged (a build that
fails, a fault in budgets.toml, a budget without a test).";

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
    /// Write the results between the markers in FILE
    #[arg(long, value_name = "FILE")]
    pub(crate) splice: Option<PathBuf>,
    /// Check whether FILE is up to date, and leave it alone
    #[arg(long, requires = "splice")]
    pub(crate) check: bool,
}

const REPORT_HELP: &str = "\
The report has the newest result of each budget; `*` marks a result from an earlier session than the
newest one. A result is dropped when the limit of its budget has changed.

  markdown   for a pull request: cargo plimsoll report --format markdown >> \"$GITHUB_STEP_SUMMARY\"
  json       an array with one object for each budget; `record` is null when the budget was not run

--splice replaces the text between two markers of a committed page, each on a line of its own:

  <!-- plimsoll:report --> … <!-- /plimsoll:report -->    every budget, one section for each system
  <!-- plimsoll:systems --> … <!-- /plimsoll:systems -->  one row for each system, linked to RESULTS.md

This text changes only when the program does. Heap figures are exact and are printed. Times, resident
memory, the peaks of several threads and all figures of a case that `varies` differ from run to run;
the page says `kept` for them. Heap figures belong to a target: write and check the page on the same
one. A heavy budget without a result keeps its row in FILE while its promise and its limit are the
same; otherwise the row says that it was not run.

Exit codes: 0 the report was written, 1 --check found the page stale, 2 there is no report (a fault in
budgets.toml, a budget without a result for --splice, no markers in FILE).";

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
Allocation sites are the functions of your own crates that allocated, the largest at the peak first.
The recorder finds them during the judged run; where it cannot work, dhat does in a second run.

--format dhat > case.json opens in Valgrind's viewer (dh_view.html). --format folded is the input of
flame graph tools: for each call stack, the bytes that were live at the peak.

Exit codes: 0 the case was printed, 2 there is no such case, or no result of that kind.")]
pub(crate) struct ShowArguments {
    /// The case, or one of its tests: storage::read_1mb, storage::read_1mb::peak_heap
    pub(crate) case: String,
    /// Print the whole call stacks of the largest allocation sites too
    #[arg(long)]
    pub(crate) stacks: bool,
    /// The shape of the output
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
    /// Reads the command line. A wrong one ends the process with 2, help with 0.
    pub(crate) fn read() -> Self {
        let words = without_own_name(std::env::args_os().collect());
        if words.get(1).is_some_and(|verb| verb == "hold") {
            Self::command().error(ErrorKind::InvalidSubcommand, HOLD_RENAMED).exit();
        }
        Self::parse_from(words)
    }
}

const HOLD_RENAMED: &str =
    "the subcommand `hold` is now `ratchet`\n   example: cargo plimsoll ratchet";

/// Cargo passes the subcommand's name as the first argument; started directly, it is not there.
fn without_own_name(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|first| first == "plimsoll") {
        arguments.remove(1);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_accepts_the_definition() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn own_name_is_optional_and_runner_arguments_are_kept() {
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
