//! `cargo plimsoll run`: builds and judges the budgets, and prints the table of this run.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail, ensure};
use plimsoll::format::{Case, System};
use plimsoll::measure::Mode;
use plimsoll::results::read_outcome;

use crate::arguments::RunArguments;
use crate::asked::{self, Asked};
use crate::ending::Ending;
use crate::metadata::Package;
use crate::nearest::nearest;
use crate::project::Project;
use crate::row::{self, Row};
use crate::runner::{self, Ended, Plan};
use crate::{console, outcome, text};

/// Runs the tests of the budgets and says how they ended.
pub(crate) fn run(arguments: &RunArguments) -> anyhow::Result<Ending> {
    let project = Project::here()?;
    let filter = filter(&project, arguments.filter.as_deref(), "run")?;
    let wanted = |test: &str| filter.as_deref().is_none_or(|part| test.contains(part));
    let asked = Asked::of(&arguments.rest);
    if !asked.heavy {
        some_are_light(&project, wanted, arguments.filter.as_deref())?;
    }
    let runner = runner::choose(arguments.runner)?;
    let plan = Plan {
        root: &project.root,
        packages: selected(&project, wanted)?,
        filter: filter.as_deref(),
        rest: &arguments.rest,
        run: fresh_id(),
    };
    // nextest names its runs itself, so this run is known by being none of those before.
    let before = row::runs(&project);
    let ended = runner::run(runner, &plan)?;
    let mut rows = row::rows(&project, wanted)?;
    for row in &mut rows {
        row.record.take_if(|record| before.contains(&record.run));
        row.older = false;
    }
    if rows.iter().any(|row| row.record.is_some()) {
        console::print(&format!("\n{}", text::page(&rows, console::colours())))?;
    }
    if let Some(reason) = not_recorded(&project, &rows)? {
        console::note(&format!(
            "call sites are dhat's, which takes a run of its own for each case: {reason}"
        ));
    }
    ending(&rows, ended, asked)
}

/// Why the call sites of a case that was judged now are not the recorder's.
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

/// What the names of the wanted tests hold: the name of a case stands for its tests alone, and
/// not for those of a case whose name only begins like it.
pub(crate) fn filter(
    project: &Project,
    asked: Option<&str>,
    verb: &str,
) -> anyhow::Result<Option<String>> {
    let Some(asked) = asked else { return Ok(None) };
    let cases = project.case_names();
    let filter = match cases.iter().find(|case| *case == asked) {
        Some(case) => format!("{case}::"),
        None => asked.to_owned(),
    };
    let nearest = nearest(asked, &cases);
    ensure!(
        tests(project).iter().any(|(_, _, test)| test.contains(&filter)),
        "no test has `{asked}` in its name\n   nearest: {}\n   example: cargo plimsoll {verb} {}",
        nearest.join(", "),
        nearest.first().copied().unwrap_or_default()
    );
    Ok(Some(filter))
}

/// Nothing is built where every wanted test is of a heavy case and would be left out.
fn some_are_light(
    project: &Project,
    wanted: impl Fn(&str) -> bool,
    filter: Option<&str>,
) -> anyhow::Result<()> {
    let tests = tests(project);
    let light = tests.iter().any(|(_, case, test)| !case.heavy && wanted(test));
    ensure!(
        light,
        "every test{} is of a heavy case, and those run only when asked for\n   example: {}",
        filter.map(|filter| format!(" with `{filter}` in its name")).unwrap_or_default(),
        asked::command(filter.unwrap_or_default(), true)
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

/// The names of the packages to build; none where each system has a wanted test, since all are
/// built then.
fn selected(project: &Project, wanted: impl Fn(&str) -> bool) -> anyhow::Result<Vec<&str>> {
    let packages = packages(project, wanted)?;
    let all = packages.len() == project.systems.len();
    let names = packages.into_iter().filter(|_| !all).map(|package| package.name.as_str());
    Ok(names.collect())
}

/// The packages of the systems that have a wanted test: nobody else's crate is built.
pub(crate) fn packages(
    project: &Project,
    wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<Vec<&Package>> {
    let tests = tests(project);
    let wanted = tests.iter().filter(|(_, _, test)| wanted(test));
    let systems: BTreeSet<&str> = wanted.map(|(system, _, _)| &*system.name).collect();
    let package = |system: &str| {
        let found = project.packages.iter().find(|package| package.crate_name() == system);
        found.with_context(|| format!("cargo knows no package of the system `{system}`"))
    };
    systems.into_iter().map(package).collect()
}

fn fresh_id() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", std::process::id(), now.as_nanos())
}

const LOOK: &str = "the runner's words stand above; each package that budgets.toml names needs\n   \
                    a test target: [[test]] name = \"budgets\", harness = false";

/// Nothing passes by accident: a wanted budget that was not judged is an error, unless the user's
/// own arguments for the runner may have left it out, or it is heavy and they do not ask for it.
fn ending(rows: &[Row<'_>], ended: Ended, asked: Asked) -> anyhow::Result<Ending> {
    let due: Vec<&Row<'_>> = rows.iter().filter(|row| asked.heavy || !row.case.heavy).collect();
    let unjudged: Vec<String> =
        due.iter().filter(|row| row.record.is_none()).map(|row| row.test()).collect();
    if !due.is_empty() && unjudged.len() == due.len() {
        bail!("no budget was judged; {LOOK}");
    }
    if !asked.fewer && !unjudged.is_empty() {
        bail!(
            "{} of {} budgets were not judged: {}\n   {LOOK}",
            unjudged.len(),
            due.len(),
            unjudged.join(", ")
        );
    }
    let fails = rows.iter().any(Row::fails);
    if ended == Ended::Failed && !fails {
        console::note("a profile is not the accepted one; the runner's words stand above");
    }
    Ok(if fails || ended == Ended::Failed { Ending::Broken } else { Ending::Kept })
}
