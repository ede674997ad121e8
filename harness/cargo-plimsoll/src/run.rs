//! `cargo plimsoll run`: builds and judges the budgets, and prints the table of this run.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail, ensure};
use cargo_metadata::Package;
use plimsoll::format::{Case, System};
use plimsoll::measure::Mode;
use plimsoll::results::read_outcome;

use crate::arguments::RunArguments;
use crate::cargo::crate_name;
use crate::nearest::nearest;
use crate::project::Project;
use crate::row::{self, Row};
use crate::runner::{self, Ended, Plan};
use crate::status::Status;
use crate::test_filter::{TestFilter, run_command};
use crate::{console, outcome, text};

/// Runs the tests of the budgets and prints their results.
pub(crate) fn run(arguments: &RunArguments) -> anyhow::Result<Status> {
    let project = Project::here()?;
    let filter = resolve_filter(&project, arguments.filter.as_deref(), "run")?;
    let is_wanted = |test: &str| filter.as_deref().is_none_or(|part| test.contains(part));
    let tests = TestFilter::from_arguments(&arguments.rest);
    if !tests.includes_heavy {
        ensure_some_are_light(&project, is_wanted, arguments.filter.as_deref())?;
    }
    let runner = runner::choose(arguments.runner)?;
    let plan = Plan {
        root: &project.root,
        packages: selected(&project, is_wanted)?,
        filter: filter.as_deref(),
        rest: &arguments.rest,
        session: fresh_id(),
    };
    // nextest names its sessions itself: this session is the one that was not there before.
    let before = row::sessions(&project);
    let ended = runner::run(runner, &plan)?;
    let mut rows = row::rows(&project, is_wanted)?;
    for row in &mut rows {
        row.record.take_if(|record| before.contains(&record.run));
        row.older = false;
    }
    if rows.iter().any(|row| row.record.is_some()) {
        console::print(&format!("\n{}", text::page(&rows)))?;
    }
    if let Some(reason) = not_recorded(&project, &rows)? {
        console::note(&format!(
            "dhat recorded the allocation sites, in a second run of each case: {reason}"
        ));
    }
    status(&rows, ended, tests)
}

/// Why the recorder has no allocation sites of a case of this session.
fn not_recorded(project: &Project, rows: &[Row<'_>]) -> anyhow::Result<Option<String>> {
    for row in rows.iter().filter(|row| row.record.is_some() && !row.case.heavy) {
        let (system, case) = (&row.system.name, &row.case.name);
        let size = row.case.largest();
        let outcome = read_outcome(&project.results, system, case, size, Mode::Counting)?;
        if let Some(reason) = outcome.as_ref().and_then(outcome::not_recorded) {
            return Ok(Some(reason.to_owned()));
        }
    }
    Ok(None)
}

/// The part that the names of the wanted tests contain. The name of a case becomes `case::`, so that
/// it does not match other cases whose names begin with it.
pub(crate) fn resolve_filter(
    project: &Project,
    filter: Option<&str>,
    verb: &str,
) -> anyhow::Result<Option<String>> {
    let Some(filter) = filter else { return Ok(None) };
    let cases = project.case_names();
    let part = match cases.iter().find(|case| *case == filter) {
        Some(case) => format!("{case}::"),
        None => filter.to_owned(),
    };
    let nearest = nearest(filter, &cases);
    ensure!(
        tests(project).iter().any(|(_, _, test)| test.contains(&part)),
        "no test has `{filter}` in its name\n   nearest: {}\n   example: cargo plimsoll {verb} {}",
        nearest.join(", "),
        nearest.first().copied().unwrap_or_default()
    );
    Ok(Some(part))
}

/// Fails before the build where every wanted test belongs to a heavy case and would be skipped.
fn ensure_some_are_light(
    project: &Project,
    is_wanted: impl Fn(&str) -> bool,
    filter: Option<&str>,
) -> anyhow::Result<()> {
    let tests = tests(project);
    let light = tests.iter().any(|(_, case, test)| !case.heavy && is_wanted(test));
    ensure!(
        light,
        "every test{} belongs to a heavy case, and heavy cases are skipped by default\n   example: {}",
        filter.map(|filter| format!(" with `{filter}` in its name")).unwrap_or_default(),
        run_command(filter.unwrap_or_default(), true)
    );
    Ok(())
}

/// Every test of the project with its system and case: one for each budget, and the profile of
/// each case.
fn tests(project: &Project) -> Vec<(&System, &Case, String)> {
    let mut tests = Vec::new();
    for (system, case) in project.cases() {
        let budgets = case.budgets.iter().map(|budget| budget.name.as_str());
        for name in budgets.chain(["profile"]) {
            tests.push((system, case, format!("{}::{}::{name}", system.name, case.name)));
        }
    }
    tests
}

/// The names of the packages to build; empty where each system has a wanted test: then the runner
/// builds the whole workspace.
fn selected(project: &Project, is_wanted: impl Fn(&str) -> bool) -> anyhow::Result<Vec<&str>> {
    let packages = packages(project, is_wanted)?;
    let all = packages.len() == project.systems.len();
    let names = packages.into_iter().filter(|_| !all).map(|package| package.name.as_str());
    Ok(names.collect())
}

/// The packages of the systems that have a wanted test.
pub(crate) fn packages(
    project: &Project,
    is_wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<Vec<&Package>> {
    let tests = tests(project);
    let wanted = tests.iter().filter(|(_, _, test)| is_wanted(test));
    let systems: BTreeSet<&str> = wanted.map(|(system, _, _)| &*system.name).collect();
    let package = |system: &str| {
        let found = project.packages.iter().find(|package| crate_name(package) == system);
        found.with_context(|| format!("the workspace has no package `{system}`"))
    };
    systems.into_iter().map(package).collect()
}

fn fresh_id() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", std::process::id(), now.as_nanos())
}

const SEE_RUNNER: &str = "see the runner's output above; each package in budgets.toml needs\n   \
                    a test target: [[test]] name = \"budgets\", harness = false";

/// Nothing passes by accident: a wanted budget without a result is an error, unless the user's own
/// arguments for the runner may have left it out, or it is heavy and they do not include it.
fn status(rows: &[Row<'_>], ended: Ended, tests: TestFilter) -> anyhow::Result<Status> {
    let due: Vec<&Row<'_>> =
        rows.iter().filter(|row| tests.includes_heavy || !row.case.heavy).collect();
    let unjudged: Vec<String> =
        due.iter().filter(|row| row.record.is_none()).map(|row| row.test()).collect();
    if !due.is_empty() && unjudged.len() == due.len() {
        bail!("no budget was judged; {SEE_RUNNER}");
    }
    if !tests.is_partial && !unjudged.is_empty() {
        bail!(
            "{} of {} budgets were not judged: {}\n   {SEE_RUNNER}",
            unjudged.len(),
            due.len(),
            unjudged.join(", ")
        );
    }
    let fails = rows.iter().any(Row::fails);
    if ended == Ended::Failed && !fails {
        console::note("a profile differs from its snapshot; see the runner's output above");
    }
    Ok(if fails || ended == Ended::Failed { Status::Failed } else { Status::Passed })
}
