//! A run beyond a sweep: synthetic loads take the sweep first, then the run, at the predicted
//! figure and on either side of it.

use plimsoll_format::{Budget, Case};

use super::demand::{self, Demand};
use super::{Trial, counting, probe};
use crate::judge::verdict::{Judgement, judge};

/// The run's size, in largest sizes of the sweep: as near as that, noise of a percent stays one.
const BEYOND: u64 = 2;

impl Trial<'_> {
    pub(super) fn try_matches_sweep(
        &mut self,
        case: &Case,
        budget: &Budget,
        swept: &Case,
    ) -> anyhow::Result<()> {
        let Some(sweep) = &swept.sweep else { return Ok(()) };
        let largest = sweep.sizes.last().copied().unwrap_or(1);
        let size = largest.saturating_mul(BEYOND);
        let mut case = case.clone();
        case.params.insert(sweep.parameter.clone(), size.into());
        let swept = counting(swept, budget);
        let demand = demand::swept(budget.metric, largest);
        let swept_runs = self.case_runs(&swept, budget, demand)?;
        let mut judge_load = |takes: &str, amount, verdict| -> anyhow::Result<Judgement> {
            let own = self.case_runs(&case, budget, Demand::Flat(amount))?;
            let judgement = judge(budget, &own, Some(&swept_runs));
            let test = self.test(&case, budget);
            self.expect(test, &format!("took {takes}"), verdict, &judgement.verdict);
            Ok(judgement)
        };
        let predicted = judge_load("what the sweep predicts", demand.at(Some(size)), None)?;
        let Some(bounds) = predicted.bounds else { return Ok(()) };
        for (takes, amount) in probe::outside(budget.metric, bounds.map(|end| end.value())) {
            judge_load(takes, amount, Some("over"))?;
        }
        Ok(())
    }
}
