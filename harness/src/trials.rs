//! The trials: one for each budget, and one for the profile of each case.

mod sites;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use libtest_mimic::{Failed, Trial};
use plimsoll_format::{Budget, Case, System};

use crate::judge::case_runs::{Evidence, Sample};
use crate::judge::verdict::{self, judge};
use crate::measure::embedded::Embedded;
use crate::measure::measurement::{Outcome, Sites};
use crate::measure::probe::Mode;
use crate::report::failure::{self, Subject};
use crate::report::provenance::Provenance;
use crate::report::quiet::quietly;
use crate::report::record::Record;
use crate::report::runner::{self, Runner};
use crate::report::snapshot::{self, Page};
use crate::session::Run;
use crate::sites::oracle;
use crate::sites::own::is_owned;
use crate::sites::profile::Profile;
use crate::sites::repeats::Repeats;
use crate::startup;

/// What every trial needs to know.
pub(crate) struct Shared {
    pub(crate) system: System,
    pub(crate) embedded: Embedded,
    pub(crate) run: Run,
    pub(crate) runner: Runner,
    /// Found out when the first result is written.
    pub(crate) provenance: OnceLock<Provenance>,
}

impl Shared {
    /// What the trials of `system` share, with the session's folder below cargo's target folder.
    pub(crate) fn new(system: System, embedded: Embedded) -> anyhow::Result<Arc<Self>> {
        let base = startup::target_folder(Path::new(embedded.root))?.join("plimsoll");
        let (run, runner) = (Run::current(&base)?, Runner::current());
        Ok(Arc::new(Self { system, embedded, run, runner, provenance: OnceLock::new() }))
    }
}

/// All trials of the system, in the order of `budgets.toml`.
pub(crate) fn trials(shared: &Arc<Shared>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (at, case) in shared.system.cases.iter().enumerate() {
        for (budget_at, budget) in case.budgets.iter().enumerate() {
            let test = format!("{}::{}::{}", shared.system.name, case.name, budget.name);
            let shared = Arc::clone(shared);
            let trial = Trial::test(test, move || {
                let case = &shared.system.cases[at];
                shared.judge(case, &case.budgets[budget_at])
            });
            trials.push(trial.with_ignored_flag(case.heavy));
        }
        trials.push(profile_trial(shared, at));
    }
    trials
}

fn profile_trial(shared: &Arc<Shared>, at: usize) -> Trial {
    let case = &shared.system.cases[at];
    let case_name = format!("{}::{}", shared.system.name, case.name);
    let test = format!("{case_name}::profile");
    let foreign = shared.accepted(case).and_then(|page| page.foreign_target(&case_name));
    let reason = foreign.map(|target| failure::other_target(&test, &target, &snapshot::target()));
    let shared = Arc::clone(shared);
    let ignored = reason.is_some() || case.heavy;
    Trial::ignorable_test(test, move || match &reason {
        Some(reason) => Ok(libtest_mimic::Completion::ignored_with(reason)),
        None => {
            shared.compare(&shared.system.cases[at]).map(|()| libtest_mimic::Completion::Completed)
        }
    })
    .with_ignored_flag(ignored)
}

impl Shared {
    fn judge(&self, case: &Case, budget: &Budget) -> Result<(), Failed> {
        let case_name = format!("{}::{}", self.system.name, case.name);
        let test = format!("{case_name}::{}", budget.name);
        self.try_judge(&test, &case_name, case, budget)
            .unwrap_or_else(|error| Err(failure::tool_failed(&test, &error).into()))
    }

    fn try_judge(
        &self,
        test: &str,
        case_name: &str,
        case: &Case,
        budget: &Budget,
    ) -> anyhow::Result<Result<(), Failed>> {
        let run = &self.run;
        let evidence = self.evidence(case, budget)?;
        let other = budget.other().and_then(|name| self.case(name));
        // By now the first case's locks are gone: crossed ratios do not wait for each other.
        let theirs = other.map(|other| self.evidence(other, budget)).transpose()?;
        let judgement = judge(budget, &evidence, theirs.as_ref());
        let record = Record::new(test, run.id(), budget, &judgement, &evidence, self.provenance());
        record.write(run.results(), run.build(), &self.system.name, &case.name, &budget.name)?;
        if judgement.verdict.passes() {
            return Ok(Ok(()));
        }
        // The call sites are looked up only where they can explain something.
        let sample = evidence.sample(judgement.size).context("nothing was run")?;
        let (sites, accepted) = match budget.at.is_empty() && budget.phase.is_none() {
            // The page is of the largest size; another run is not to be held to it.
            true => {
                let accepted = self.accepted(case).filter(|_| sample.size == case.largest());
                (self.sites(case, sample), accepted)
            }
            // Its page speaks of the whole program and of all of its time.
            false => (self.sites_of_part(budget, &sample.outcome), None),
        };
        let refused_at = self.refused_at(&sample.outcome);
        let subject = Subject {
            test,
            case_name,
            case,
            budget,
            other,
            size: sample.size,
            profile: sites.profile.as_ref(),
            not_recorded: sites.not_recorded.as_deref(),
            refused_at: refused_at.as_ref(),
            accepted: accepted.as_ref(),
            runner: &self.runner,
        };
        Ok(Err(failure::failure(&subject, &judgement, &sample.outcome).into()))
    }

    fn provenance(&self) -> &Provenance {
        let root = Path::new(self.embedded.root);
        self.provenance.get_or_init(|| Provenance::here(&self.embedded.build, root))
    }

    pub(crate) fn case(&self, name: &str) -> Option<&Case> {
        self.system.cases.iter().find(|case| case.name == name)
    }

    /// The runs of a case, each measured unless this run has it already.
    fn evidence<'a>(&self, case: &'a Case, budget: &Budget) -> anyhow::Result<Evidence<'a>> {
        let sample = |size| {
            let outcome = self.run.outcome(&self.system, case, size, Mode::Counting)?;
            let component = match (&outcome, budget.at.is_empty()) {
                (Outcome::Measured(run), false) => Some(self.component(budget, run)),
                _ => None,
            };
            Ok(Sample { size, outcome, component })
        };
        let samples = case.sizes().into_iter().map(sample).collect::<anyhow::Result<_>>()?;
        Ok(Evidence { case, samples })
    }

    fn compare(&self, case: &Case) -> Result<(), Failed> {
        let case_name = format!("{}::{}", self.system.name, case.name);
        let test = format!("{case_name}::profile");
        if let Some(variable) = runner::accepts_pages_in_ci() {
            return Err(failure::accepts_in_ci(&test, variable).into());
        }
        // A heavy case is run once: its page tells what the recorder saw of the judged run.
        let lens = if case.heavy { Mode::Counting } else { Mode::Dhat };
        let tool_failed = |error| failure::tool_failed(&test, &error);
        // Of a sweep the largest run is shown: there the sites that grow are the largest.
        let size = case.largest();
        let outcome = self.run.outcome(&self.system, case, size, lens).map_err(tool_failed)?;
        let measurement = verdict::sound(case, size, &outcome)
            .map_err(|verdict| failure::no_profile(&test, case, &verdict, &self.runner))?;
        let profile = self
            .profile(&measurement.sites)
            .map_err(|reason| failure::no_sites(&test, case, &reason, &self.runner))?;
        let accepted = self.accepted(case);
        let page = Page::new(&case_name, Repeats::of(case), &profile, accepted.as_ref());
        let name = self.snapshot_name(case);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(self.snapshots());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let held =
            quietly(|| settings.bind(|| (self.embedded.assert_snapshot)(&name, &page.to_string())));
        held.map_err(|message| match message.starts_with("snapshot assertion") {
            true => failure::page_differs(&test, case, accepted.is_some(), &self.runner),
            false => failure::tool_failed(&test, &anyhow::Error::msg(message)),
        })?;
        if case.heavy {
            return Ok(());
        }
        self.hold_the_recorder(&test, case, size, &profile)
            .unwrap_or_else(|error| Err(failure::tool_failed(&test, &error).into()))
    }

    /// Holds what the recorder saw of the gated run to what dhat saw.
    fn hold_the_recorder(
        &self,
        test: &str,
        case: &Case,
        size: Option<u64>,
        under_dhat: &Profile,
    ) -> anyhow::Result<Result<(), Failed>> {
        let outcome = self.run.outcome(&self.system, case, size, Mode::Counting)?;
        // A run that came to grief is what the case's budgets report.
        let Outcome::Measured(run) = &outcome else { return Ok(Ok(())) };
        let Sites::Recorded(recorded) = &run.sites else { return Ok(Ok(())) };
        let stacks = match self.named(recorded) {
            Ok(stacks) => stacks,
            Err(reason) => {
                return Ok(Err(failure::no_sites(test, case, &reason, &self.runner).into()));
            }
        };
        let mut traces = recorded.traces.iter().zip(&stacks);
        let owners_known = traces
            .all(|(trace, stack)| !recorded.is_cut(trace) || is_owned(stack, &self.system.members));
        let recorded = self.profile_of(&stacks);
        let repeats = Repeats::of(case);
        let differences = match owners_known {
            true => oracle::by_site(&recorded, under_dhat, repeats),
            false => oracle::in_sum(&recorded, under_dhat, repeats),
        };
        Ok(match differences.is_empty() {
            true => Ok(()),
            false => Err(failure::recorders_differ(test, case, &differences, &self.runner).into()),
        })
    }

    fn snapshots(&self) -> PathBuf {
        PathBuf::from(self.embedded.root).join("snapshots")
    }

    fn snapshot_name(&self, case: &Case) -> String {
        format!("{}.{}", self.system.name, case.name)
    }

    fn accepted(&self, case: &Case) -> Option<Page> {
        let file = self.snapshots().join(format!("{}.snap", self.snapshot_name(case)));
        fs::read_to_string(file).ok().map(|text| Page::read(&text))
    }
}
