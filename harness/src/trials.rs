//! The trials: one for each budget, and one for the profile of each case.

mod budget;
mod profile;
mod sites;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Completion, Trial};
use plimsoll_format::{Case, System};

use crate::measure::embedded::Embedded;
use crate::report::failure;
use crate::report::provenance::Provenance;
use crate::report::runner::Runner;
use crate::report::snapshot::{self, Snapshot};
use crate::session::Session;
use crate::startup;

/// What the trials share.
pub(crate) struct Shared {
    pub(crate) system: System,
    pub(crate) embedded: Embedded,
    pub(crate) session: Session,
    pub(crate) runner: Runner,
    /// Read when the first result is written.
    pub(crate) provenance: OnceLock<Provenance>,
}

/// All trials of the system, in the order of `budgets.toml`.
pub(crate) fn trials(shared: &Arc<Shared>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (at, case) in shared.system.cases.iter().enumerate() {
        for (budget_at, budget) in case.budgets.iter().enumerate() {
            let test = format!("{}::{}", shared.case_name(case), budget.name);
            let shared = Arc::clone(shared);
            let trial = Trial::test(test, move || {
                let case = &shared.system.cases[at];
                shared.budget_trial(case, &case.budgets[budget_at])
            });
            trials.push(trial.with_ignored_flag(case.heavy));
        }
        trials.push(profile_trial(shared, at));
    }
    trials
}

/// Ignored where the snapshot was accepted on another target.
fn profile_trial(shared: &Arc<Shared>, at: usize) -> Trial {
    let case = &shared.system.cases[at];
    let case_name = shared.case_name(case);
    let test = format!("{case_name}::profile");
    let foreign = shared.accepted(case).and_then(|accepted| accepted.foreign_target(&case_name));
    let reason = foreign.map(|target| failure::other_target(&test, &target, &snapshot::target()));
    let shared = Arc::clone(shared);
    let ignored = reason.is_some() || case.heavy;
    Trial::ignorable_test(test, move || match &reason {
        Some(reason) => Ok(Completion::ignored_with(reason)),
        None => shared.profile_trial(&shared.system.cases[at]).map(|()| Completion::Completed),
    })
    .with_ignored_flag(ignored)
}

impl Shared {
    /// What the trials of `system` share, with the session's folder below cargo's target folder.
    pub(crate) fn new(system: System, embedded: Embedded) -> anyhow::Result<Arc<Self>> {
        let base = startup::target_folder(Path::new(embedded.root))?.join("plimsoll");
        let (session, runner) = (Session::current(&base)?, Runner::current());
        Ok(Arc::new(Self { system, embedded, session, runner, provenance: OnceLock::new() }))
    }

    pub(crate) fn case(&self, name: &str) -> Option<&Case> {
        self.system.cases.iter().find(|case| case.name == name)
    }

    /// `storage::read_1mb`.
    fn case_name(&self, case: &Case) -> String {
        format!("{}::{}", self.system.name, case.name)
    }

    fn provenance(&self) -> &Provenance {
        let root = Path::new(self.embedded.root);
        self.provenance.get_or_init(|| Provenance::here(&self.embedded.build, root))
    }

    fn snapshots(&self) -> PathBuf {
        PathBuf::from(self.embedded.root).join("snapshots")
    }

    fn snapshot_name(&self, case: &Case) -> String {
        format!("{}.{}", self.system.name, case.name)
    }

    fn accepted(&self, case: &Case) -> Option<Snapshot> {
        let file = self.snapshots().join(format!("{}.snap", self.snapshot_name(case)));
        fs::read_to_string(file).ok().map(|text| Snapshot::read(&text))
    }
}
