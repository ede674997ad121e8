//! `cargo plimsoll hold`: what budgets can be held at, ready to be pasted.

use anyhow::ensure;
use plimsoll::format::Quantity;
use plimsoll::history;

use crate::arguments::HoldArguments;
use crate::ending::Ending;
use crate::project::Project;
use crate::proposal::{Proposal, propose};
use crate::row::{self, Row};
use crate::run::filter;
use crate::{asked, console};

/// Prints a proposal for each budget that has a `max` or a `min`.
pub(crate) fn hold(arguments: &HoldArguments) -> anyhow::Result<Ending> {
    let project = Project::here()?;
    let filter = filter(&project, arguments.filter.as_deref(), "hold")?;
    let wanted = |test: &str| filter.as_deref().is_none_or(|part| test.contains(part));
    let rows = row::rows(&project, wanted)?;
    let said: Vec<String> = rows.iter().filter_map(|row| said(&project, row)).collect();
    ensure!(
        !said.is_empty(),
        "none of these budgets has a `max` or a `min`, and other lines hold by themselves\n   \
         example: peak_rss = {{ max = \"200 MB\", ratchet = \"24 MB\", quote = \"stays under 200 MB\" }}"
    );
    console::print(&said.join("\n"))?;
    Ok(Ending::Kept)
}

/// The place, the test and its line, and below them what to write there or what to do first.
fn said(project: &Project, row: &Row<'_>) -> Option<String> {
    let (system, case) = (&row.system.name, &row.case.name);
    // Figures that were held to another line may be of another promise.
    let past = match &row.record {
        Some(_) => history::read(&project.results, system, case, &row.budget.name),
        None => Vec::new(),
    };
    let figures: Vec<Quantity> = past.iter().map(|past| past.figure).collect();
    let proposal = propose(row.budget, row.is_exact(), &figures)?;
    let answer = match proposal {
        Proposal::Hold(hold, why) => {
            let now = row.budget.ratchet.as_ref().map(|now| format!(" (now \"{now}\")"));
            format!("    ratchet = \"{hold}\"{}\n    {why}\n", now.unwrap_or_default())
        }
        Proposal::Held(hold) => format!("    held at {hold} already\n"),
        Proposal::None { why, more_runs: false } => format!("    no hold: {why}\n"),
        Proposal::None { why, more_runs: true } => {
            let command = asked::command(&format!("{system}::{case}"), row.case.heavy);
            format!("    no hold yet: {why}\n    {command}\n")
        }
    };
    let head = format!("{}  {}  {}", row.budget.place, row.test(), row.budget.limit);
    Some(format!("{head}\n{answer}"))
}
