//! The proof that each gate bites: a ballast in every work's place, just before the line and just
//! behind it, through the real child, the lenses and the judge.

mod beyond;
mod demand;
mod probe;

use std::path::Path;

use plimsoll_format::{Budget, Case, Limit, Metric, Phase};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::judge::case_runs::{Evidence, Sample};
use crate::judge::verdict::{Verdict, judge};
use crate::measure::measurement::Outcome;
use crate::measure::synthetic::{self, Ballast};
use crate::trials::Shared;
use demand::Demand;
use probe::Probe;

/// Says that the gates are to be tried, and where the report goes.
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

/// The function under which every ballast allocates.
const MAIN: &str = "*::main";

/// Tries every gate of the system and writes the report.
pub(crate) fn run(shared: &Shared, report: &Path) -> anyhow::Result<()> {
    let mut trial = Trial { shared, report: Report::default() };
    for case in &shared.system.cases {
        for budget in &case.budgets {
            trial.gate(case, budget)?;
        }
        trial.answers(case)?;
    }
    crate::os::files::write_whole(report, &serde_json::to_vec_pretty(&trial.report)?)
}

struct Trial<'a> {
    shared: &'a Shared,
    report: Report,
}

impl<'a> Trial<'a> {
    fn gate(&mut self, case: &Case, budget: &Budget) -> anyhow::Result<()> {
        let probed = probed(case, budget);
        let counting = counting(case, budget);
        let case = &counting;
        self.report.budgets += 1;
        if let (Limit::MatchesSweep { .. }, Some(swept)) = (&budget.limit, self.other(budget)) {
            return self.inside(case, &probed, swept);
        }
        for Probe { takes, demand, verdict } in probe::probes(&probed, &case.sizes()) {
            let own = self.evidence(case, &probed, demand)?;
            let other = self.other(budget).map(|other| {
                let each = demand::other(budget, &case.sizes());
                let demand = match demand {
                    Demand::PerItem { fixed, .. } => Demand::PerItem { fixed, each },
                    Demand::Flat(_) | Demand::Grown { .. } => Demand::Flat(each),
                };
                self.evidence(other, &probed, demand)
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

    /// Another answer than the case expects, and none at all.
    fn answers(&mut self, case: &Case) -> anyhow::Result<()> {
        let Some(budget) = case.budgets.first() else { return Ok(()) };
        let size = case.sizes().first().copied().flatten();
        let mut ballast = ballast(case, budget, size, 0.0);
        (ballast.metric, ballast.in_span) = (Metric::PeakHeap, false);
        let altered = ballast.output.as_object_mut().is_some_and(alter);
        let mut tries = Vec::new();
        if altered {
            tries.push(("answered something else", ballast.clone(), "unexpected result"));
        }
        ballast.quits = true;
        tries.push(("left without a measurement", ballast, "crashed"));
        for (tried, ballast, expected) in tries {
            let outcome = self.shared.run.weigh(&self.shared.system, case, size, ballast)?;
            let samples = vec![Sample { size, outcome, component: None }];
            let verdict = judge(budget, &Evidence { case, samples }, None).verdict;
            self.expect(self.test(case, budget), tried, Some(expected), &verdict);
        }
        Ok(())
    }

    fn evidence<'c>(
        &self,
        case: &'c Case,
        budget: &Budget,
        demand: Demand,
    ) -> anyhow::Result<Evidence<'c>> {
        let sample = |size| {
            let ballast = ballast(case, budget, size, demand.at(size));
            let outcome = self.shared.run.weigh(&self.shared.system, case, size, ballast)?;
            let component = match &outcome {
                Outcome::Measured(run) if !budget.at.is_empty() => {
                    Some(self.shared.component(budget, run))
                }
                _ => None,
            };
            Ok(Sample { size, outcome, component })
        };
        let samples = case.sizes().into_iter().map(sample).collect::<anyhow::Result<_>>()?;
        Ok(Evidence { case, samples })
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

/// The budget as a ballast is held to it.
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

/// The case without the count that the ballast of a rate makes up.
fn counting(case: &Case, budget: &Budget) -> Case {
    let mut case = case.clone();
    if let Some(rate) = &budget.rate {
        case.expected.iter_mut().for_each(|answer| _ = answer.remove(rate));
    }
    case
}

fn ballast(case: &Case, budget: &Budget, size: Option<u64>, amount: f64) -> Ballast {
    let expected = case.expected_at(size).cloned().unwrap_or_default();
    Ballast {
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
