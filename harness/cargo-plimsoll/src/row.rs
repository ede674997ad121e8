//! One budget with its newest result: a row of every report.

use std::collections::BTreeSet;

use plimsoll::format::{Budget, Case, Limit, System};
use plimsoll::record::{self, Record};

use crate::figure;
use crate::project::Project;

/// What is said of a budget that was not run.
pub(crate) const NOT_RUN: &str = "not run";

/// The same of a heavy case, which is left out of every run that does not ask for it.
pub(crate) const HEAVY: &str = "heavy, not run";

/// A budget, and what was last said of it.
#[derive(Debug, Clone)]
pub(crate) struct Row<'a> {
    pub(crate) system: &'a System,
    pub(crate) case: &'a Case,
    pub(crate) budget: &'a Budget,
    /// The newest result of this very line; none when it was not run since the line is as it is.
    pub(crate) record: Option<Record>,
    /// Whether the result is of an earlier run than the newest of all.
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

    /// What was measured, or a dash.
    pub(crate) fn measured(&self) -> String {
        let judged = |record| figure::judged(record, self.case, self.budget);
        self.record.as_ref().map_or_else(|| figure::NONE.to_owned(), judged)
    }

    /// The other case that the budget names.
    pub(crate) fn other(&self) -> Option<&Case> {
        let name = self.budget.other()?;
        self.system.cases.iter().find(|case| case.name == name)
    }

    /// The case whose runs the record has: that of the sweep inside which a figure has to lie.
    pub(crate) fn swept(&self) -> &Case {
        match (&self.budget.limit, self.other()) {
            (Limit::MatchesSweep { .. }, Some(other)) => other,
            _ => self.case,
        }
    }

    /// Whether the same program gives the same figure in every run; of two cases, in both.
    pub(crate) fn is_exact(&self) -> bool {
        let mut cases = [Some(self.case), self.other()].into_iter().flatten();
        cases.all(|case| plimsoll::judge::is_exact(case, self.budget))
    }

    /// How far below the line, or a dash.
    pub(crate) fn headroom(&self) -> String {
        figure::headroom(self.record.as_ref().and_then(|record| record.headroom))
    }

    /// The wall time that measuring the case took, or a dash.
    pub(crate) fn cost(&self) -> String {
        figure::seconds(self.record.as_ref().and_then(|record| record.cost_wall_seconds))
    }
}

/// A row for every budget whose test is `wanted`, in the order of `budgets.toml`.
pub(crate) fn rows<'a>(
    project: &'a Project,
    wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<Vec<Row<'a>>> {
    let mut rows = Vec::new();
    for (system, case) in project.cases() {
        for budget in &case.budgets {
            let mut row = Row { system, case, budget, record: None, older: false };
            if wanted(&row.test()) {
                row.record =
                    record::read(&project.results, &system.name, &case.name, &budget.name)?
                        .filter(|record| is_of(record, budget));
                rows.push(row);
            }
        }
    }
    mark_older(&mut rows);
    Ok(rows)
}

/// The ids of all runs of which there is a result. What is not readable is of no run.
pub(crate) fn runs(project: &Project) -> BTreeSet<String> {
    let mut runs = BTreeSet::new();
    for (system, case) in project.cases() {
        for budget in &case.budgets {
            let record = record::read(&project.results, &system.name, &case.name, &budget.name);
            runs.extend(record.ok().flatten().map(|record| record.run));
        }
    }
    runs
}

/// A result belongs to the line that it was held to, not to one that came later.
fn is_of(record: &Record, budget: &Budget) -> bool {
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

/// The same rows with those that fail first.
pub(crate) fn failures_first<'r, 'a>(rows: &'r [Row<'a>]) -> Vec<&'r Row<'a>> {
    let mut rows: Vec<&Row<'_>> = rows.iter().collect();
    rows.sort_by_key(|row| !row.fails());
    rows
}
