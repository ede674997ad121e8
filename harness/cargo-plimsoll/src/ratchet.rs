//! `cargo plimsoll ratchet`: proposes a `ratchet` for each budget, ready to paste.

use anyhow::ensure;
use plimsoll::format::Quantity;
use plimsoll::history;

use crate::arguments::RatchetArguments;
use crate::console;
use crate::project::Project;
use crate::proposal::{Proposal, propose};
use crate::row::{self, Row};
use crate::run::resolve_filter;
use crate::status::Status;
use crate::test_filter::run_command;

/// Prints a proposal for each budget that has a `max` or a `min`.
pub(crate) fn ratchet(arguments: &RatchetArguments) -> anyhow::Result<Status> {
    let project = Project::here()?;
    let filter = resolve_filter(&project, arguments.filter.as_deref(), "ratchet")?;
    let is_wanted = |test: &str| filter.as_deref().is_none_or(|part| test.contains(part));
    let rows = row::rows(&project, is_wanted)?;
    let proposals: Vec<String> =
        rows.iter().filter_map(|row| proposal_text(&project, row)).collect();
    ensure!(
        !proposals.is_empty(),
        "none of these budgets has a `max` or a `min`; other limits need no ratchet\n   \
         example: peak_rss = {{ max = \"200 MB\", ratchet = \"24 MB\", quote = \"stays under 200 MB\" }}"
    );
    console::print(&proposals.join("\n"))?;
    Ok(Status::Passed)
}

/// The place, the test and its limit; below them the key to paste, or why there is none.
fn proposal_text(project: &Project, row: &Row<'_>) -> Option<String> {
    let (system, case) = (&row.system.name, &row.case.name);
    // A history without a current record belongs to another limit, and maybe to another promise.
    let past = match &row.record {
        Some(_) => history::read(&project.results, system, case, &row.budget.name),
        None => Vec::new(),
    };
    let figures: Vec<Quantity> = past.iter().map(|past| past.figure).collect();
    let proposal = match propose(row.budget, row.is_exact(), &figures)? {
        Proposal::Ratchet(ratchet, reason) => {
            let now = row.budget.ratchet.as_ref().map(|now| format!(" (now \"{now}\")"));
            format!("    ratchet = \"{ratchet}\"{}\n    {reason}\n", now.unwrap_or_default())
        }
        Proposal::AlreadySet(ratchet) => format!("    ratchet = \"{ratchet}\" is set already\n"),
        Proposal::None { reason, more_runs: false } => format!("    no ratchet: {reason}\n"),
        Proposal::None { reason, more_runs: true } => {
            let command = run_command(&format!("{system}::{case}"), row.case.heavy);
            format!("    no ratchet yet: {reason}\n    {command}\n")
        }
    };
    let head = format!("{}  {}  {}", row.budget.place, row.test(), row.budget.limit);
    Some(format!("{head}\n{proposal}"))
}
