//! The trial of one budget, in three steps: judge it; where it fails, explain that by allocation
//! sites; render the failure report.

use anyhow::Context as _;
use libtest_mimic::Failed;
use plimsoll_format::{Budget, Case};

use super::Shared;
use super::sites::SitesOf;
use crate::judge::case_runs::{CaseRuns, SizedRun};
use crate::judge::verdict::{Judgement, judge};
use crate::measure::measurement::Outcome;
use crate::measure::probe::Mode;
use crate::report::failure::{self, Subject};
use crate::report::record::Record;
use crate::report::snapshot::Snapshot;
use crate::sites::profile::Profile;

/// A budget with the runs of its case and the judgement on them.
struct Judged<'a> {
    case: &'a Case,
    budget: &'a Budget,
    /// The case that the budget names besides its own.
    other: Option<&'a Case>,
    case_runs: CaseRuns<'a>,
    judgement: Judgement,
}

/// What explains a failure: the run that decided, and where its memory was allocated.
struct Explanation<'a> {
    run: &'a SizedRun,
    sites: SitesOf,
    refused_at: Option<Profile>,
    accepted: Option<Snapshot>,
}

impl Shared {
    pub(super) fn budget_trial(&self, case: &Case, budget: &Budget) -> Result<(), Failed> {
        let test = format!("{}::{}", self.case_name(case), budget.name);
        self.try_budget(&test, case, budget)
            .unwrap_or_else(|error| Err(failure::tool_failed(&test, &error).into()))
    }

    fn try_budget(
        &self,
        test: &str,
        case: &Case,
        budget: &Budget,
    ) -> anyhow::Result<Result<(), Failed>> {
        let judged = self.judge_budget(case, budget)?;
        self.record(test, &judged)?;
        if judged.judgement.verdict.passes() {
            return Ok(Ok(()));
        }
        let explanation = self.explain(&judged)?;
        Ok(Err(self.render(test, &judged, &explanation).into()))
    }

    fn judge_budget<'a>(
        &'a self,
        case: &'a Case,
        budget: &'a Budget,
    ) -> anyhow::Result<Judged<'a>> {
        let case_runs = self.case_runs(case, budget)?;
        let other = budget.other().and_then(|name| self.case(name));
        // By now the first case's locks are gone: crossed ratios do not wait for each other.
        let other_runs = other.map(|other| self.case_runs(other, budget)).transpose()?;
        let judgement = judge(budget, &case_runs, other_runs.as_ref());
        Ok(Judged { case, budget, other, case_runs, judgement })
    }

    /// The runs of a case, each measured unless this session has it already.
    fn case_runs<'a>(&self, case: &'a Case, budget: &Budget) -> anyhow::Result<CaseRuns<'a>> {
        let sized_run = |size| {
            let outcome = self.session.outcome(&self.system, case, size, Mode::Counting)?;
            let component = match (&outcome, budget.at.is_empty()) {
                (Outcome::Measured(run), false) => Some(self.component(budget, run)),
                _ => None,
            };
            Ok(SizedRun { size, outcome, component })
        };
        let runs = case.sizes().into_iter().map(sized_run).collect::<anyhow::Result<_>>()?;
        Ok(CaseRuns { case, runs })
    }

    fn record(&self, test: &str, judged: &Judged<'_>) -> anyhow::Result<()> {
        let Judged { case, budget, case_runs, judgement, .. } = judged;
        let (session, origin) = (&self.session, self.provenance());
        let record = Record::new(test, session.id(), budget, judgement, case_runs, origin);
        let (results, build) = (session.results(), session.build());
        record.write(results, build, &self.system.name, &case.name, &budget.name)
    }

    /// Looks allocation sites up, which is worth its time only where they explain a failure.
    fn explain<'a>(&self, judged: &'a Judged<'_>) -> anyhow::Result<Explanation<'a>> {
        let Judged { case, budget, case_runs, judgement, .. } = judged;
        let run = case_runs.sized_run(judgement.size).context("nothing was run")?;
        let (sites, accepted) = if budget.at.is_empty() && budget.phase.is_none() {
            // The snapshot is of the largest size, and is not compared with another.
            let accepted = self.accepted(case).filter(|_| run.size == case.largest());
            (self.sites(case, run), accepted)
        } else {
            // The snapshot is of the whole program and of all of its time.
            (self.sites_of_part(budget, &run.outcome), None)
        };
        Ok(Explanation { run, sites, refused_at: self.refused_at(&run.outcome), accepted })
    }

    fn render(&self, test: &str, judged: &Judged<'_>, explanation: &Explanation<'_>) -> String {
        let Judged { case, budget, other, judgement, .. } = judged;
        let Explanation { run, sites, refused_at, accepted } = explanation;
        let subject = Subject {
            test,
            case_name: &self.case_name(case),
            case,
            budget,
            other: *other,
            size: run.size,
            profile: sites.profile.as_ref(),
            not_recorded: sites.not_recorded.as_deref(),
            refused_at: refused_at.as_ref(),
            accepted: accepted.as_ref(),
            runner: &self.runner,
        };
        failure::failure(&subject, judgement, &run.outcome)
    }
}
