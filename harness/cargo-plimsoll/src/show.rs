//! `cargo plimsoll show`: everything that is known of one case.

use anyhow::{Context as _, bail};
use plimsoll::export::{Figure, dhat_json, folded};
use plimsoll::format::{Case, System};
use plimsoll::measure::{Measurement, Mode, Outcome, Sites};
use plimsoll::results::read_outcome;
use plimsoll::sites::{Profile, Stack, profile_of};
use serde_json::json;

use crate::arguments::{Shape, ShowArguments};
use crate::ending::Ending;
use crate::figure::seconds;
use crate::nearest::nearest;
use crate::project::Project;
use crate::row::{self, Row};
use crate::table::{Side, Table};
use crate::{asked, console, lenses, outcome, provenance, runs, sites, text};

/// Prints the measurement of a case.
pub(crate) fn show(arguments: &ShowArguments) -> anyhow::Result<Ending> {
    let project = Project::here()?;
    let (system, case) = find(&project, &arguments.case)?;
    let name = format!("{}::{}", system.name, case.name);
    let size = case.largest();
    let outcome = |lens| read_outcome(&project.results, &system.name, &case.name, size, lens);
    let (gate, under_dhat) = (outcome(Mode::Counting)?, outcome(Mode::Dhat)?);
    let stacks = || stacks(&project, &name, case, gate.as_ref(), under_dhat.as_ref());
    let text = match arguments.format {
        Shape::Json => {
            let all = json!({ "case": case, "gate": gate, "sites": under_dhat });
            format!("{}\n", serde_json::to_string_pretty(&all)?)
        }
        Shape::Dhat => dhat_json(&stacks()?, &name, Figure::Peak),
        Shape::Folded => folded(&stacks()?, Figure::Peak),
        Shape::Text => page(arguments, &project, system, case, gate.as_ref(), &stacks())?,
    };
    console::print(&text)?;
    Ok(Ending::Kept)
}

/// Everything that is known of a case.
fn page(
    arguments: &ShowArguments,
    project: &Project,
    system: &System,
    case: &Case,
    gate: Option<&Outcome>,
    stacks: &anyhow::Result<Vec<Stack>>,
) -> anyhow::Result<String> {
    let name = format!("{}::{}", system.name, case.name);
    let rows = row::rows(project, |test| test.starts_with(&format!("{name}::")))?;
    let colours = console::colours();
    let mut page = head(&name, case, gate);
    page += &format!("\n{}", budgets(&rows, colours));
    page += &runs::tables(&rows, colours);
    if let Some(Outcome::Measured(measurement)) = gate {
        page += &format!("\n{}", lenses::tables(measurement, colours));
    }
    if let Some(table) = provenance::table(&rows, colours) {
        page += &format!("\n{table}");
    }
    match stacks {
        Err(error) => page += &format!("\n  {error:#}\n"),
        Ok(stacks) => {
            let profile = profile_of(stacks, &system.members, &project.root);
            page += &format!("\n{}", by_site(case, &profile, colours));
            if let Some(reason) = gate.and_then(outcome::not_recorded) {
                page += &format!("  by dhat, in a run of its own: {reason}\n");
            }
            if arguments.stacks {
                page += &format!("\n{}", sites::stacks(stacks));
            }
        }
    }
    Ok(page)
}

/// The call stacks of the case: the recorder's, or dhat's where it could not work.
fn stacks(
    project: &Project,
    name: &str,
    case: &Case,
    gate: Option<&Outcome>,
    under_dhat: Option<&Outcome>,
) -> anyhow::Result<Vec<Stack>> {
    let run = asked::command(name, case.heavy);
    match (gate.and_then(Outcome::sites), under_dhat.and_then(Outcome::sites)) {
        (Some(Sites::Recorded(recorded)), _) => {
            recorded.stacks(&project.symbols).with_context(|| format!("no call sites: {run}"))
        }
        (_, Some(Sites::Named(stacks))) => Ok(stacks.clone()),
        // It is not run under dhat.
        (Some(Sites::Missing(reason)), _) if case.heavy => bail!("no call sites: {reason}"),
        _ => match under_dhat.and_then(outcome::trouble) {
            Some(trouble) => bail!("no call sites: under dhat the case {trouble}"),
            None => bail!("no call sites yet: {run}"),
        },
    }
}

/// The case of that name, or of one of its tests.
fn find<'a>(project: &'a Project, asked: &str) -> anyhow::Result<(&'a System, &'a Case)> {
    let found = project.cases().find(|(system, case)| {
        let name = format!("{}::{}", system.name, case.name);
        let test = asked.strip_prefix(&name).and_then(|rest| rest.strip_prefix("::"));
        let is_test = |test| test == "profile" || case.budgets.iter().any(|one| one.name == test);
        asked == name || test.is_some_and(is_test)
    });
    found.with_context(|| {
        let cases = project.case_names();
        let nearest = nearest(asked, &cases);
        format!(
            "there is no case `{asked}`\n   nearest: {}\n   example: cargo plimsoll show {}",
            nearest.join(", "),
            nearest.first().copied().unwrap_or_default()
        )
    })
}

fn head(name: &str, case: &Case, gate: Option<&Outcome>) -> String {
    let mut out = format!("{name}  {}\n", case.place);
    let mut line = |label: &str, text: &str| out += &format!("  {label:<9}  {text}\n");
    if !case.workload.is_empty() {
        line("workload", &case.workload);
    }
    line("params", &serde_json::Value::from(case.params_at(case.largest())).to_string());
    if let Some(sweep) = &case.sweep {
        let sizes: Vec<String> = sweep.sizes.iter().map(u64::to_string).collect();
        line("sweep", &format!("{} = {}; here the largest", sweep.parameter, sizes.join(", ")));
    }
    if case.threads > 1 {
        line("threads", &case.threads.to_string());
    }
    if let Some(share) = case.varies {
        line("varies", &format!("two runs of it lie {share} apart at the most"));
    }
    match gate {
        None => line("ended", &format!("not measured yet: {}", asked::command(name, case.heavy))),
        Some(Outcome::Measured(measurement)) => {
            line("answer", &measurement.output.to_string());
            line("cost", &cost(measurement));
        }
        Some(bad) => line("ended", &outcome::trouble(bad).unwrap_or_default()),
    }
    out
}

fn cost(measurement: &Measurement) -> String {
    let cpu = measurement
        .cost_cpu_seconds
        .map(|cpu| format!(", {} of processor time", seconds(Some(cpu))));
    format!("{}{}", seconds(Some(measurement.cost_wall_seconds)), cpu.unwrap_or_default())
}

fn budgets(rows: &[Row<'_>], colours: bool) -> String {
    let mut table = Table::new([
        ("verdict", Side::Left),
        ("budget", Side::Left),
        ("measured", Side::Right),
        ("line", Side::Left),
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
    table.render("  ", colours)
}

fn by_site(case: &Case, profile: &Profile, colours: bool) -> String {
    let table = sites::table(profile, colours);
    match (case.varies, case.threads) {
        (Some(share), _) => format!("{table}  of one run: another may differ by {share}\n"),
        (None, 1) => table,
        (None, _) => {
            format!("{table}  under threads the peak of a single site varies from run to run\n")
        }
    }
}
