//! The gate of a run beyond a sweep: first the sweep is taken by ballasts, then the run, where the
//! sweep says that it lies and on either side.

use plimsoll_format::{Budget, Case};

use super::demand::{self, Demand};
use super::{Trial, counting, probe};
use crate::judge::verdict::{Judgement, judge};

/// The run's size, in largest sizes of the sweep: as near as that, noise of a percent stays one.
const BEYOND: u64 = 2;

impl Trial<'_> {
    pub(super) fn inside(
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
        let said = self.evidence(&swept, budget, demand)?;
        let mut weigh = |takes: &str, amount, verdict| -> anyhow::Result<Judgement> {
            let own = self.evidence(&case, budget, Demand::Flat(amount))?;
            let judgement = judge(budget, &own, Some(&said));
            let test = self.test(&case, budget);
            self.expect(test, &format!("took {takes}"), verdict, &judgement.verdict);
            Ok(judgement)
        };
        let inside = weigh("what the sweep says", demand.at(Some(size)), None)?;
        let Some(bounds) = inside.bounds else { return Ok(()) };
        for (takes, amount) in probe::outside(budget.metric, bounds.map(|end| end.value())) {
            weigh(takes, amount, Some("over"))?;
        }
        Ok(())
    }
}
