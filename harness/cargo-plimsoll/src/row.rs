//! One budget with its newest result: a row of every report.

use std::collections::BTreeSet;

use plimsoll::format::{Budget, Case, Limit, System};
use plimsoll::record::{self, Record};

use crate::figure;
use crate::project::Project;

/// The verdict of a budget that was not run.
pub(crate) const NOT_RUN: &str = "not run";

/// The same in a heavy case, which an ordinary run leaves out.
pub(crate) const HEAVY: &str = "heavy, not run";

/// A budget and its newest result.
#[derive(Debug, Clone)]
pub(crate) struct Row<'a> {
    pub(crate) system: &'a System,
    pub(crate) case: &'a Case,
    pub(crate) budget: &'a Budget,
    /// The newest result; none when the budget was not run since its limit changed.
    pub(crate) record: Option<Record>,
    /// Whether the result is from an earlier session than the newest of all.
    pub(crate) older: bool,
}

impl Row<'_> {
    /// The test's name: `storage::read_1mb::peak_heap`.
    pub(crate) fn test(&self) -> String {
        format!("{}::{}::{}", self.system.name, self.case.name, self.budget.name)
    }

    /// The verdict's word, or why there is none.
    pub(crate) fn word(&self) -> &'static str {
        match &self.record {
            Some(record) => record.verdict.name(),
            None if self.case.heavy => HEAVY,
            None => NOT_RUN,
        }
    }

    /// Whether the verdict is one that fails. A budget that was not run has none.
    pub(crate) fn fails(&self) -> bool {
        self.record.as_ref().is_some_and(|record| !record.verdict.passes())
    }

    /// The judged figure, or a dash.
    pub(crate) fn measured(&self) -> String {
        let judged = |record| figure::judged(record, self.case, self.budget);
        self.record.as_ref().map_or_else(|| figure::NONE.to_owned(), judged)
    }

    /// The other case that the budget names.
    pub(crate) fn other(&self) -> Option<&Case> {
        let name = self.budget.other()?;
        self.system.cases.iter().find(|case| case.name == name)
    }

    /// The case whose runs the record has: of a budget with `matches_sweep`, the case of the sweep.
    pub(crate) fn swept(&self) -> &Case {
        match (&self.budget.limit, self.other()) {
            (Limit::MatchesSweep { .. }, Some(other)) => other,
            _ => self.case,
        }
    }

    /// Whether every run gives the same figure; where the budget names another case, in both.
    pub(crate) fn is_exact(&self) -> bool {
        let mut cases = [Some(self.case), self.other()].into_iter().flatten();
        cases.all(|case| plimsoll::judge::is_exact(case, self.budget))
    }

    /// The headroom, or a dash.
    pub(crate) fn headroom(&self) -> String {
        figure::headroom(self.record.as_ref().and_then(|record| record.headroom))
    }

    /// The wall time that measuring the case took, or a dash.
    pub(crate) fn cost(&self) -> String {
        figure::seconds(self.record.as_ref().and_then(|record| record.cost_wall_seconds))
    }
}

/// A row for every budget whose test `is_wanted`, in the order of `budgets.toml`.
pub(crate) fn rows<'a>(
    project: &'a Project,
    is_wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<Vec<Row<'a>>> {
    let mut rows = Vec::new();
    for (system, case) in project.cases() {
        for budget in &case.budgets {
            let mut row = Row { system, case, budget, record: None, older: false };
            if is_wanted(&row.test()) {
                row.record =
                    record::read(&project.results, &system.name, &case.name, &budget.name)?
                        .filter(|record| belongs_to(record, budget));
                rows.push(row);
            }
        }
    }
    mark_older(&mut rows);
    Ok(rows)
}

/// The ids of all sessions that have a result. An unreadable result counts as none.
pub(crate) fn sessions(project: &Project) -> BTreeSet<String> {
    let mut sessions = BTreeSet::new();
    for (system, case) in project.cases() {
        for budget in &case.budgets {
            let record = record::read(&project.results, &system.name, &case.name, &budget.name);
            sessions.extend(record.ok().flatten().map(|record| record.run));
        }
    }
    sessions
}

/// A record belongs to the limit that it was judged by, not to a later one.
fn belongs_to(record: &Record, budget: &Budget) -> bool {
    record.metric == budget.metric.name() && record.limit == budget.limit.to_string()
}

fn mark_older(rows: &mut [Row<'_>]) {
    let records = rows.iter().filter_map(|row| row.record.as_ref());
    let Some(newest) = records.max_by_key(|record| record.unix_seconds) else { return };
    let newest = newest.run.clone();
    for row in rows {
        row.older = row.record.as_ref().is_some_and(|record| record.run != newest);
    }
}

/// The same rows, the failed ones first.
pub(crate) fn failures_first<'r, 'a>(rows: &'r [Row<'a>]) -> Vec<&'r Row<'a>> {
    let mut rows: Vec<&Row<'_>> = rows.iter().collect();
    rows.sort_by_key(|row| !row.fails());
    rows
}
