//! `cargo plimsoll show`: all results of one case.

use anyhow::{Context as _, bail};
use plimsoll::export::{Figure, dhat_json, folded};
use plimsoll::format::{Case, System};
use plimsoll::measure::{Measurement, Mode, Outcome, Sites};
use plimsoll::results::read_outcome;
use plimsoll::sites::{Profile, Stack, profile_of};
use serde_json::json;

use crate::arguments::{Shape, ShowArguments};
use crate::figure::seconds;
use crate::nearest::nearest;
use crate::project::Project;
use crate::row::{self, Row};
use crate::status::Status;
use crate::table::{Side, Table};
use crate::test_filter::run_command;
use crate::{console, outcome, probes, provenance, runs, sites, text};

/// Prints the results of a case.
pub(crate) fn show(arguments: &ShowArguments) -> anyhow::Result<Status> {
    let project = Project::here()?;
    let (system, case) = find_case(&project, &arguments.case)?;
    let name = format!("{}::{}", system.name, case.name);
    let size = case.largest();
    let outcome = |mode| read_outcome(&project.results, &system.name, &case.name, size, mode);
    let (counting, dhat) = (outcome(Mode::Counting)?, outcome(Mode::Dhat)?);
    let stacks = || stacks(&project, &name, case, counting.as_ref(), dhat.as_ref());
    let text = match arguments.format {
        Shape::Json => {
            let all = json!({ "case": case, "counting": counting, "dhat": dhat });
            format!("{}\n", serde_json::to_string_pretty(&all)?)
        }
        Shape::Dhat => dhat_json(&stacks()?, &name, Figure::Peak),
        Shape::Folded => folded(&stacks()?, Figure::Peak),
        Shape::Text => page(arguments, &project, system, case, counting.as_ref(), &stacks())?,
    };
    console::print(&text)?;
    Ok(Status::Passed)
}

/// All results of a case.
fn page(
    arguments: &ShowArguments,
    project: &Project,
    system: &System,
    case: &Case,
    counting: Option<&Outcome>,
    stacks: &anyhow::Result<Vec<Stack>>,
) -> anyhow::Result<String> {
    let name = format!("{}::{}", system.name, case.name);
    let rows = row::rows(project, |test| test.starts_with(&format!("{name}::")))?;
    let mut page = head(&name, case, counting);
    page += &format!("\n{}", budgets(&rows));
    page += &runs::tables(&rows);
    if let Some(Outcome::Measured(measurement)) = counting {
        page += &format!("\n{}", probes::tables(measurement));
    }
    if let Some(table) = provenance::table(&rows) {
        page += &format!("\n{table}");
    }
    match stacks {
        Err(error) => page += &format!("\n  {error:#}\n"),
        Ok(stacks) => {
            let profile = profile_of(stacks, &system.members, &project.root);
            page += &format!("\n{}", by_site(case, &profile));
            if let Some(reason) = counting.and_then(outcome::not_recorded) {
                page += &format!("  recorded by dhat in a second run: {reason}\n");
            }
            if arguments.stacks {
                page += &format!("\n{}", sites::stacks(stacks));
            }
        }
    }
    Ok(page)
}

/// The call stacks of the case: from the recorder, or from dhat where the recorder could not work.
fn stacks(
    project: &Project,
    name: &str,
    case: &Case,
    counting: Option<&Outcome>,
    dhat: Option<&Outcome>,
) -> anyhow::Result<Vec<Stack>> {
    let run = run_command(name, case.heavy);
    match (counting.and_then(Outcome::sites), dhat.and_then(Outcome::sites)) {
        (Some(Sites::Recorded(recorded)), _) => {
            recorded.stacks(&project.symbols).with_context(|| format!("no allocation sites; {run}"))
        }
        (_, Some(Sites::Named(stacks))) => Ok(stacks.clone()),
        // A heavy case does not run under dhat.
        (Some(Sites::Missing(reason)), _) if case.heavy => bail!("no allocation sites: {reason}"),
        _ => match dhat.and_then(outcome::failure_reason) {
            Some(reason) => bail!("no allocation sites: under dhat the case {reason}"),
            None => bail!("no allocation sites yet: {run}"),
        },
    }
}

/// The case of that name, or of one of its tests.
fn find_case<'a>(project: &'a Project, wanted: &str) -> anyhow::Result<(&'a System, &'a Case)> {
    let found = project.cases().find(|(system, case)| {
        let name = format!("{}::{}", system.name, case.name);
        let test = wanted.strip_prefix(&name).and_then(|rest| rest.strip_prefix("::"));
        let is_test =
            |test| test == "profile" || case.budgets.iter().any(|budget| budget.name == test);
        wanted == name || test.is_some_and(is_test)
    });
    found.with_context(|| {
        let cases = project.case_names();
        let nearest = nearest(wanted, &cases);
        format!(
            "there is no case `{wanted}`\n   nearest: {}\n   example: cargo plimsoll show {}",
            nearest.join(", "),
            nearest.first().copied().unwrap_or_default()
        )
    })
}

fn head(name: &str, case: &Case, counting: Option<&Outcome>) -> String {
    let mut out = format!("{name}  {}\n", case.place);
    let mut line = |label: &str, text: &str| out += &format!("  {label:<9}  {text}\n");
    if !case.workload.is_empty() {
        line("workload", &case.workload);
    }
    line("params", &serde_json::Value::from(case.params_at(case.largest())).to_string());
    if let Some(sweep) = &case.sweep {
        let sizes: Vec<String> = sweep.sizes.iter().map(u64::to_string).collect();
        line(
            "sweep",
            &format!("{} = {}; the figures are of the largest", sweep.parameter, sizes.join(", ")),
        );
    }
    if case.threads > 1 {
        line("threads", &case.threads.to_string());
    }
    if let Some(share) = case.varies {
        line("varies", &format!("two runs differ by {share} at most"));
    }
    match counting {
        None => line("status", &format!("not measured yet: {}", run_command(name, case.heavy))),
        Some(Outcome::Measured(measurement)) => {
            line("output", &measurement.output.to_string());
            line("cost", &cost(measurement));
        }
        Some(failed) => line("status", &outcome::failure_reason(failed).unwrap_or_default()),
    }
    out
}

fn cost(measurement: &Measurement) -> String {
    let cpu = measurement
        .cost_cpu_seconds
        .map(|cpu| format!(", {} of processor time", seconds(Some(cpu))));
    format!("{}{}", seconds(Some(measurement.cost_wall_seconds)), cpu.unwrap_or_default())
}

fn budgets(rows: &[Row<'_>]) -> String {
    let mut table = Table::new([
        ("verdict", Side::Left),
        ("budget", Side::Left),
        ("measured", Side::Right),
        ("limit", Side::Left),
        ("headroom", Side::Right),
        ("promise", Side::Left),
        ("", Side::Left),
    ]);
    for row in rows {
        table.push([
            text::verdict(row),
            row.budget.name.as_str().into(),
            row.measured().into(),
            row.budget.limit.to_string().into(),
            row.headroom().into(),
            format!("\"{}\"", row.budget.quote).into(),
            row.budget.cited.to_string().into(),
        ]);
    }
    table.render("  ")
}

fn by_site(case: &Case, profile: &Profile) -> String {
    let table = sites::table(profile);
    match (case.varies, case.threads) {
        (Some(share), _) => format!("{table}  figures of one run; another may differ by {share}\n"),
        (None, 1) => table,
        (None, _) => {
            format!(
                "{table}  with several threads, the peak of a single allocation site varies from run to run\n"
            )
        }
    }
}
