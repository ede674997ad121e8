//! The two test runners, and what their exit codes mean.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};

use crate::arguments::RunnerName;
use crate::cargo::program;

/// The tests that a runner runs.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// The folder of `budgets.toml`.
    pub(crate) root: &'a Path,
    /// The packages whose test target `budgets` is built. Where none is named, the whole workspace is:
    /// its dependencies then have the features that every build of the workspace gives them.
    pub(crate) packages: Vec<&'a str>,
    /// The part that the name of a test contains.
    pub(crate) filter: Option<&'a str>,
    /// The user's own arguments.
    pub(crate) rest: &'a [OsString],
    /// The id that makes all test binaries one session.
    pub(crate) session: String,
}

/// How the tests ended. An error means that they could not be built or run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Every test passed.
    Passed,
    /// At least one failed.
    Failed,
}

/// nextest's own exit codes (`nextest_metadata::NextestExitCode`): some tests failed.
const NEXTEST_FAILED: i32 = 100;
/// No test was found.
const NEXTEST_EMPTY: i32 = 4;
/// The build failed.
const NEXTEST_BUILD: i32 = 101;

/// The variables that nextest sets for its tests; a runner inside a runner starts a new session.
const OUTER_SESSION: [&str; 3] = ["NEXTEST", "NEXTEST_RUN_ID", "NEXTEST_STRESS_CURRENT"];

/// The named runner; else nextest where it is installed.
pub(crate) fn choose(name: Option<RunnerName>) -> anyhow::Result<RunnerName> {
    match name {
        Some(RunnerName::Cargo) => Ok(RunnerName::Cargo),
        Some(RunnerName::Nextest) => {
            ensure!(
                has_nextest(),
                "`cargo nextest` is not installed\n   allowed: --runner cargo\n   \
                 remedy: cargo install --locked cargo-nextest"
            );
            Ok(RunnerName::Nextest)
        }
        None if has_nextest() => Ok(RunnerName::Nextest),
        None => Ok(RunnerName::Cargo),
    }
}

fn has_nextest() -> bool {
    let mut version = Command::new(program());
    version.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Builds and runs the tests. The runner prints to the terminal as usual.
pub(crate) fn run(runner: RunnerName, plan: &Plan<'_>) -> anyhow::Result<Ended> {
    match runner {
        RunnerName::Nextest => nextest_ended(code(plan.command(&["nextest", "run"], true))?),
        RunnerName::Cargo => {
            // `cargo test` gives 101 for a build that fails and for a test that fails: build first.
            let built = code(plan.command(&["test", "--no-run"], false))?;
            ensure!(built == 0, BUILD_FAILED);
            let ended = code(plan.command(&["test"], true))?;
            Ok(if ended == 0 { Ended::Passed } else { Ended::Failed })
        }
    }
}

const BUILD_FAILED: &str = "the budgets could not be built; see cargo's output above";

fn nextest_ended(code: i32) -> anyhow::Result<Ended> {
    match code {
        0 => Ok(Ended::Passed),
        NEXTEST_FAILED => Ok(Ended::Failed),
        NEXTEST_BUILD => bail!(BUILD_FAILED),
        NEXTEST_EMPTY => bail!("nextest found no test to run"),
        other => bail!("nextest ended with exit code {other}; see its output above"),
    }
}

fn code(mut command: Command) -> anyhow::Result<i32> {
    let status = command.status().context("cargo cannot be started: is it in PATH?")?;
    status.code().with_context(|| format!("the test runner was killed ({status})"))
}

impl Plan<'_> {
    /// The command. The filter and the arguments for the test binaries are left out when it only
    /// builds them.
    fn command(&self, verb: &[&str], runs: bool) -> Command {
        let mut command = Command::new(program());
        command.current_dir(self.root).env("PLIMSOLL_RUN_ID", &self.session);
        for name in OUTER_SESSION {
            command.env_remove(name);
        }
        command.args(verb).args(["--test", "budgets", "--no-fail-fast"]);
        if self.packages.is_empty() {
            command.arg("--workspace");
        }
        for package in &self.packages {
            command.args(["--package", package]);
        }
        if runs {
            command.args(self.filter).args(self.rest);
        } else {
            command.args(self.rest.iter().take_while(|argument| *argument != "--"));
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(command: &Command) -> String {
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }

    #[test]
    fn build_command_has_no_arguments_for_the_test_binaries() {
        let rest = ["--release", "--", "--nocapture"].map(OsString::from);
        let plan = Plan {
            root: Path::new("."),
            packages: vec!["storage", "my-wire"],
            filter: Some("peak"),
            rest: &rest,
            session: "1".to_owned(),
        };
        let all = "--test budgets --no-fail-fast --package storage --package my-wire";
        assert_eq!(
            line(&plan.command(&["test", "--no-run"], false)),
            format!("test --no-run {all} --release")
        );
        assert_eq!(
            line(&plan.command(&["nextest", "run"], true)),
            format!("nextest run {all} peak --release -- --nocapture")
        );
        let plan = Plan { packages: Vec::new(), ..plan };
        let all = "nextest run --test budgets --no-fail-fast --workspace";
        let command = line(&plan.command(&["nextest", "run"], true));
        assert!(command.starts_with(all), "{command}");
    }

    #[test]
    fn nextest_exit_code_100_means_failed_tests() {
        assert_eq!(nextest_ended(0).unwrap(), Ended::Passed);
        assert_eq!(nextest_ended(100).unwrap(), Ended::Failed);
        for code in [1, 2, 4, 94, 96, 101, 102, 104, 105] {
            assert!(nextest_ended(code).is_err(), "{code}");
        }
    }
}
