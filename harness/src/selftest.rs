//! The proof that each budget can fail: a synthetic load takes the place of every work, just within
//! the limit and just beyond it, through the real child, the probes and the judge.

mod demand;
mod matches_sweep;
mod probe;

use std::path::Path;

use plimsoll_format::{Budget, Case, Limit, Metric, Phase};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::judge::case_runs::{CaseRuns, SizedRun};
use crate::judge::verdict::{Verdict, judge};
use crate::measure::measurement::Outcome;
use crate::measure::synthetic::{self, SyntheticLoad};
use crate::trials::Shared;
use demand::Demand;
use probe::Probe;

/// Names the file for the report; where it is set, the binary tries its budgets.
pub const VARIABLE: &str = "PLIMSOLL_SELFTEST";

/// What was tried of one system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Budgets that were tried.
    pub budgets: usize,
    /// Synthetic loads that were judged.
    pub loads: usize,
    /// Loads with another verdict than the expected one.
    pub faults: Vec<Fault>,
}

/// A budget that cannot fail, or that cannot pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The test's name.
    pub test: String,
    /// What the synthetic load did: `took 101 %`.
    pub tried: String,
    /// The expected verdict.
    pub expected: String,
    /// The verdict.
    pub verdict: String,
}

/// The function under which every synthetic load allocates.
const MAIN: &str = "*::main";

/// Tries every budget of the system and writes the report.
pub(crate) fn run(shared: &Shared, report: &Path) -> anyhow::Result<()> {
    let mut trial = Trial { shared, report: Report::default() };
    for case in &shared.system.cases {
        for budget in &case.budgets {
            trial.try_budget(case, budget)?;
        }
        trial.try_outputs(case)?;
    }
    crate::os::files::write_whole(report, &serde_json::to_vec_pretty(&trial.report)?)
}

struct Trial<'a> {
    shared: &'a Shared,
    report: Report,
}

impl<'a> Trial<'a> {
    fn try_budget(&mut self, case: &Case, budget: &Budget) -> anyhow::Result<()> {
        let probed = probed(case, budget);
        let counting = counting(case, budget);
        let case = &counting;
        self.report.budgets += 1;
        if let (Limit::MatchesSweep { .. }, Some(swept)) = (&budget.limit, self.other(budget)) {
            return self.try_matches_sweep(case, &probed, swept);
        }
        for Probe { takes, demand, verdict } in probe::probes(&probed, &case.sizes()) {
            let own = self.case_runs(case, &probed, demand)?;
            let other = self.other(budget).map(|other| {
                let each = demand::other(budget, &case.sizes());
                let demand = match demand {
                    Demand::PerItem { fixed, .. } => Demand::PerItem { fixed, each },
                    Demand::Flat(_) | Demand::Grown { .. } => Demand::Flat(each),
                };
                self.case_runs(other, &probed, demand)
            });
            let judgement = judge(&probed, &own, other.transpose()?.as_ref());
            let test = self.test(case, budget);
            self.expect(test, &format!("took {takes}"), verdict, &judgement.verdict);
        }
        Ok(())
    }

    /// The case that the budget names besides its own.
    fn other(&self, budget: &Budget) -> Option<&'a Case> {
        budget.other().and_then(|name| self.shared.case(name))
    }

    /// Tries another output than the case expects, and no outcome at all.
    fn try_outputs(&mut self, case: &Case) -> anyhow::Result<()> {
        let Some(budget) = case.budgets.first() else { return Ok(()) };
        let size = case.sizes().first().copied().flatten();
        let mut load = load(case, budget, size, 0.0);
        (load.metric, load.in_span) = (Metric::PeakHeap, false);
        let altered = load.output.as_object_mut().is_some_and(alter);
        let mut tries = Vec::new();
        if altered {
            tries.push(("returned another output", load.clone(), "unexpected result"));
        }
        load.quits = true;
        tries.push(("exited without a measurement", load, "crashed"));
        for (tried, load, expected) in tries {
            let outcome =
                self.shared.session.run_synthetic(&self.shared.system, case, size, load)?;
            let runs = vec![SizedRun { size, outcome, component: None }];
            let verdict = judge(budget, &CaseRuns { case, runs }, None).verdict;
            self.expect(self.test(case, budget), tried, Some(expected), &verdict);
        }
        Ok(())
    }

    fn case_runs<'c>(
        &self,
        case: &'c Case,
        budget: &Budget,
        demand: Demand,
    ) -> anyhow::Result<CaseRuns<'c>> {
        let sized_run = |size| {
            let load = load(case, budget, size, demand.at(size));
            let outcome =
                self.shared.session.run_synthetic(&self.shared.system, case, size, load)?;
            let component = match &outcome {
                Outcome::Measured(run) if !budget.at.is_empty() => {
                    Some(self.shared.component(budget, run))
                }
                _ => None,
            };
            Ok(SizedRun { size, outcome, component })
        };
        let runs = case.sizes().into_iter().map(sized_run).collect::<anyhow::Result<_>>()?;
        Ok(CaseRuns { case, runs })
    }

    fn expect(
        &mut self,
        test: String,
        tried: &str,
        expected: Option<&'static str>,
        verdict: &Verdict,
    ) {
        self.report.loads += 1;
        let right = match expected {
            Some(word) => verdict.name() == word,
            None => verdict.passes(),
        };
        if !right {
            self.report.faults.push(Fault {
                test,
                tried: tried.to_owned(),
                expected: expected.unwrap_or("within or near").to_owned(),
                verdict: verdict_text(verdict),
            });
        }
    }

    fn test(&self, case: &Case, budget: &Budget) -> String {
        format!("{}::{}::{}", self.shared.system.name, case.name, budget.name)
    }
}

/// The budget as a synthetic load is judged by it.
fn probed(case: &Case, budget: &Budget) -> Budget {
    let mut probed = probe::scaled(budget, &case.sizes());
    if !probed.at.is_empty() {
        probed.at = vec![MAIN.to_owned()];
    }
    probed.phase = probed.phase.map(|phase| match phase {
        Phase::During(_) => Phase::During(synthetic::SPAN.to_owned()),
        Phase::After(_) => Phase::After(synthetic::SPAN.to_owned()),
    });
    probed
}

/// The case without the count that the synthetic load of a rate makes up.
fn counting(case: &Case, budget: &Budget) -> Case {
    let mut case = case.clone();
    if let Some(rate) = &budget.rate {
        case.expected.iter_mut().for_each(|answer| _ = answer.remove(rate));
    }
    case
}

fn load(case: &Case, budget: &Budget, size: Option<u64>, amount: f64) -> SyntheticLoad {
    let expected = case.expected_at(size).cloned().unwrap_or_default();
    SyntheticLoad {
        metric: budget.metric,
        amount,
        above_start: budget.above_start,
        in_span: budget.phase.is_some(),
        output: Value::Object(expected),
        rate: budget.rate.clone(),
        quits: false,
    }
}

/// Alters one field of an answer; `false` when it has none.
fn alter(fields: &mut Map<String, Value>) -> bool {
    let Some((_, field)) = fields.iter_mut().next() else { return false };
    match field {
        Value::Object(inner) if !inner.is_empty() => return alter(inner),
        Value::Bool(truth) => *truth = !*truth,
        Value::String(text) => text.push('x'),
        Value::Number(number) => *field = (number.as_f64().unwrap_or_default() + 1.0).into(),
        _ => *field = Value::from("something else"),
    }
    true
}

fn verdict_text(verdict: &Verdict) -> String {
    match verdict {
        Verdict::NotMeasured(why) | Verdict::UnexpectedResult(why) | Verdict::Inconclusive(why) => {
            format!("{}: {why}", verdict.name())
        }
        _ => verdict.name().to_owned(),
    }
}
