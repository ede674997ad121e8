//! Where the memory of a run was allocated: by its call stacks, with their names.

use std::path::Path;

use plimsoll_format::{Budget, Case};

use super::Shared;
use crate::judge::case_runs::Sample;
use crate::judge::figure;
use crate::measure::measurement::{Measurement, Outcome, Recorded, Sites};
use crate::measure::probe::{Mode, stack};
use crate::measure::window;
use crate::report::failure;
use crate::sites::component::{self, Component};
use crate::sites::own::profile_of;
use crate::sites::profile::{Profile, Stack};
use crate::sites::symbols;

/// Where the work is called, and where a thread with a painted stack begins.
const ROOTS: [&str; 2] = [window::ROOT, stack::ROOT];

/// Where what a run held was allocated.
#[derive(Debug, Default)]
pub(super) struct SitesOf {
    pub(super) profile: Option<Profile>,
    /// Why it is not the recorder that says so.
    pub(super) not_recorded: Option<String>,
}

impl Shared {
    /// What the component that the budget names held.
    pub(crate) fn component(
        &self,
        budget: &Budget,
        run: &Measurement,
    ) -> Result<Component, String> {
        let Sites::Recorded(recorded) = &run.sites else {
            let Err(reason) = self.stacks(&run.sites) else {
                return Err("only the recorder tells components apart".to_owned());
            };
            return Err(format!("no component is known: {reason}"));
        };
        let stacks = self.stacks_in_phase(budget, run, recorded)?;
        let (component, found) = component::attribute(&budget.at, &stacks, &ROOTS);
        if found {
            return Ok(component);
        }
        // Nothing was allocated there: what a line of zero promises, if there is such a function.
        let promised = budget.limit.most().is_some_and(|most| most.value() == 0.0);
        let named = |name: &str| component::names(&budget.at, name);
        if promised && symbols::has_function(&recorded.executable, named).map_err(told)? {
            return Ok(component);
        }
        let alike = component::alike(&budget.at, &stacks, 3);
        let largest = component::largest(&stacks, 3);
        Err(failure::no_component(&budget.at, promised, &alike, &largest))
    }

    /// Where what the run held was allocated: by the recorder, and where that cannot be had, of a
    /// run that ended well, by dhat; a heavy case is not run a second time. Nothing here fails: a
    /// verdict is told, with sites or without.
    pub(super) fn sites(&self, case: &Case, sample: &Sample) -> SitesOf {
        let Some(sites) = sample.outcome.sites() else { return SitesOf::default() };
        let missing = match self.profile(sites) {
            Ok(profile) => return SitesOf { profile: Some(profile), not_recorded: None },
            Err(reason) => reason,
        };
        let again = matches!(sample.outcome, Outcome::Measured(_)) && !case.heavy;
        let under_dhat = || self.run.outcome(&self.system, case, sample.size, Mode::Dhat).ok();
        let profile = again.then(under_dhat).flatten();
        let profile = profile.and_then(|outcome| self.profile(outcome.sites()?).ok());
        SitesOf { profile, not_recorded: Some(missing) }
    }

    /// The same of a component or a phase alone, which only the recorder tells from the rest.
    pub(super) fn sites_of_part(&self, budget: &Budget, outcome: &Outcome) -> SitesOf {
        let Outcome::Measured(run) = outcome else { return SitesOf::default() };
        let Sites::Recorded(recorded) = &run.sites else { return SitesOf::default() };
        let stacks =
            self.stacks_in_phase(budget, run, recorded).map(|stacks| match budget.at.is_empty() {
                true => stacks,
                false => component::below(&budget.at, stacks),
            });
        let profile = stacks.ok().map(|stacks| self.profile_of(&stacks));
        SitesOf { profile, not_recorded: None }
    }

    /// The call stacks with what they held in the phase that the budget speaks of, or in all.
    fn stacks_in_phase(
        &self,
        budget: &Budget,
        run: &Measurement,
        recorded: &Recorded,
    ) -> Result<Vec<Stack>, String> {
        let mut stacks = self.named(recorded)?;
        if let Some(phase) = &budget.phase {
            let phase = figure::entered(phase.span(), run)?;
            let traces = recorded.traces.iter().zip(&mut stacks);
            traces.for_each(|(trace, stack)| stack.usage = phase.usage_of(trace.number));
        }
        Ok(stacks)
    }

    /// Where the block was asked for that a stopped run did not get, if that is known.
    pub(super) fn refused_at(&self, outcome: &Outcome) -> Option<Profile> {
        let Outcome::OverCap { stop, sites } = outcome else { return None };
        self.profile(&sites.of_refused(stop.refused.as_ref()?)?).ok()
    }

    /// The profile of these call sites, or the reason for which there is none.
    pub(super) fn profile(&self, sites: &Sites) -> Result<Profile, String> {
        self.stacks(sites).map(|stacks| self.profile_of(&stacks))
    }

    fn stacks(&self, sites: &Sites) -> Result<Vec<Stack>, String> {
        match sites {
            Sites::Named(stacks) => Ok(stacks.clone()),
            Sites::Recorded(recorded) => self.named(recorded),
            Sites::Missing(reason) => Err(reason.clone()),
        }
    }

    pub(super) fn named(&self, recorded: &Recorded) -> Result<Vec<Stack>, String> {
        recorded.stacks(self.run.symbols()).map_err(told)
    }

    pub(super) fn profile_of(&self, stacks: &[Stack]) -> Profile {
        profile_of(stacks, &self.system.members, Path::new(self.embedded.root))
    }
}

fn told(error: anyhow::Error) -> String {
    format!("{error:#}")
}
