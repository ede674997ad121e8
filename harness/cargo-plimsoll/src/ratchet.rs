//! `cargo plimsoll ratchet`: proposes a `ratchet` for each budget, ready to paste. A budget of a system's
//! defaults is one line for many cases, and gets one proposal.

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
    let rows = row::rows(&project, |_| true)?;
    let mut lines = lines(&rows);
    lines.retain(|line| line.iter().any(|row| is_wanted(&row.test())));
    let proposals: Vec<String> =
        lines.iter().filter_map(|line| proposal_text(&project, line)).collect();
    ensure!(
        !proposals.is_empty(),
        "none of these budgets has a `max` or a `min`; other limits need no ratchet\n   \
         example: peak_rss = {{ max = \"200 MB\", ratchet = \"24 MB\", quote = \"stays under 200 MB\" }}"
    );
    console::print(&proposals.join("\n"))?;
    Ok(Status::Passed)
}

/// The budgets by the line that states them, in the order of the lines.
fn lines<'a>(rows: &'a [Row<'a>]) -> Vec<Vec<&'a Row<'a>>> {
    let mut lines: Vec<Vec<&Row<'_>>> = Vec::new();
    for row in rows {
        match lines.iter_mut().find(|line| line[0].budget.place == row.budget.place) {
            Some(line) => line.push(row),
            None => lines.push(vec![row]),
        }
    }
    lines
}

/// The place, the test and its limit; below them the key to paste, or why there is none. Of several
/// tests, the one whose proposal is the loosest.
fn proposal_text(project: &Project, line: &[&Row<'_>]) -> Option<String> {
    let proposals = line.iter().filter_map(|row| Some((*row, proposal(project, row)?)));
    let (row, proposal) = proposals.reduce(|first, next| {
        let looseness =
            |(row, proposal): &(&Row<'_>, Proposal)| proposal.looseness(&row.budget.limit);
        if looseness(&next) > looseness(&first) { next } else { first }
    })?;
    let shared = match line.len() - 1 {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    let head = format!("{}  {}{shared}  {}", row.budget.place, row.test(), row.budget.limit);
    let text = match proposal {
        Proposal::Ratchet(ratchet, reason) => {
            let now = row.budget.ratchet.as_ref().map(|now| format!(" (now \"{now}\")"));
            format!("    ratchet = \"{ratchet}\"{}\n    {reason}\n", now.unwrap_or_default())
        }
        Proposal::AlreadySet(ratchet) => format!("    ratchet = \"{ratchet}\" is set already\n"),
        Proposal::None { reason, more_runs: false } => format!("    no ratchet: {reason}\n"),
        Proposal::None { reason, more_runs: true } => {
            let case = format!("{}::{}", row.system.name, row.case.name);
            let command = run_command(&case, row.case.heavy);
            format!("    no ratchet yet: {reason}\n    {command}\n")
        }
    };
    Some(format!("{head}\n{text}"))
}

fn proposal(project: &Project, row: &Row<'_>) -> Option<Proposal> {
    let (system, case) = (&row.system.name, &row.case.name);
    // A history without a current record belongs to another limit, and maybe to another promise.
    let past = match &row.record {
        Some(_) => history::read(&project.results, system, case, &row.budget.name),
        None => Vec::new(),
    };
    let figures: Vec<Quantity> = past.iter().map(|past| past.figure).collect();
    propose(row.budget, row.is_exact(), &figures)
}
