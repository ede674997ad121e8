//! The trial of a case's profile: it must be the accepted snapshot, and the recorder must have seen
//! the same as dhat.

use libtest_mimic::Failed;
use plimsoll_format::Case;

use super::Shared;
use crate::judge::verdict::valid_measurement;
use crate::measure::measurement::{Outcome, Recorded, Sites};
use crate::measure::probe::Mode;
use crate::report::failure;
use crate::report::quiet::catch_without_printing;
use crate::report::runner;
use crate::report::snapshot::Snapshot;
use crate::sites::oracle;
use crate::sites::own::is_owned;
use crate::sites::profile::{Profile, Stack};
use crate::sites::repeats::Repeats;

/// What the recorder saw, and its call stacks with names.
struct Named {
    recorded: Recorded,
    stacks: Vec<Stack>,
}

const NAMELESS: &str = "no allocation has the name of a function: this test binary has none. Set `debug = 1` in its \
    profile, and no `strip`";

impl Shared {
    pub(super) fn profile_trial(&self, case: &Case) -> Result<(), Failed> {
        let test = format!("{}::profile", self.case_name(case));
        if let Some(variable) = runner::accepts_snapshots_in_ci() {
            return Err(failure::accepts_in_ci(&test, variable).into());
        }
        // A heavy case is run once: its snapshot shows what the recorder saw of the judged run.
        let mode = if case.heavy { Mode::Counting } else { Mode::Dhat };
        let tool_failed = |error| failure::tool_failed(&test, &error);
        // Of a sweep the largest run is shown: there the sites that grow are the largest.
        let size = case.largest();
        let outcome = self.session.outcome(&self.system, case, size, mode).map_err(tool_failed)?;
        let measurement = valid_measurement(case, size, &outcome)
            .map_err(|verdict| failure::no_profile(&test, case, &verdict, &self.runner))?;
        let no_sites = |reason: String| failure::no_sites(&test, case, &reason, &self.runner);
        let profile = self.profile(&measurement.sites).map_err(no_sites)?;
        // Without names nothing can be compared, nor accepted: that comes before any difference.
        let recorded =
            if case.heavy { None } else { self.recorded(case, size).map_err(tool_failed)? };
        let recorded = recorded.transpose().map_err(no_sites)?;
        if profile.is_nameless() {
            return Err(no_sites(NAMELESS.to_owned()).into());
        }
        self.assert_snapshot(&test, case, &profile)?;
        match recorded {
            Some(recorded) => self.cross_check_recorder(&test, case, &recorded, &profile),
            None => Ok(()),
        }
    }

    fn assert_snapshot(&self, test: &str, case: &Case, profile: &Profile) -> Result<(), Failed> {
        let accepted = self.accepted(case);
        let case_name = self.case_name(case);
        let snapshot = Snapshot::new(&case_name, Repeats::of(case), profile, accepted.as_ref());
        let (name, text) = (self.snapshot_name(case), snapshot.to_string());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(self.snapshots());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let assert = || settings.bind(|| (self.embedded.assert_snapshot)(&name, &text));
        catch_without_printing(assert).map_err(|message| {
            if message.starts_with("snapshot assertion") {
                failure::snapshot_differs(test, case, accepted.is_some(), &self.runner).into()
            } else {
                failure::tool_failed(test, &anyhow::Error::msg(message)).into()
            }
        })
    }

    /// What the recorder saw of the judged run, with names or the reason for which there are none. None
    /// where it recorded nothing, or where the run failed, which the case's budgets report.
    fn recorded(
        &self,
        case: &Case,
        size: Option<u64>,
    ) -> anyhow::Result<Option<Result<Named, String>>> {
        let outcome = self.session.outcome(&self.system, case, size, Mode::Counting)?;
        let Outcome::Measured(run) = outcome else { return Ok(None) };
        let Sites::Recorded(recorded) = run.sites else { return Ok(None) };
        Ok(Some(self.named(&recorded).map(|stacks| Named { recorded, stacks })))
    }

    /// Compares the recorder's sites of the judged run with dhat's of another run.
    fn cross_check_recorder(
        &self,
        test: &str,
        case: &Case,
        Named { recorded, stacks }: &Named,
        under_dhat: &Profile,
    ) -> Result<(), Failed> {
        let mut traces = recorded.traces.iter().zip(stacks);
        let owners_known = traces
            .all(|(trace, stack)| !recorded.is_cut(trace) || is_owned(stack, &self.system.members));
        let recorded = self.profile_of(stacks);
        let repeats = Repeats::of(case);
        let differences = if owners_known {
            oracle::by_site(&recorded, under_dhat, repeats)
        } else {
            oracle::in_sum(&recorded, under_dhat, repeats)
        };
        if differences.is_empty() {
            return Ok(());
        }
        Err(failure::recorders_differ(test, case, &differences, &self.runner).into())
    }
}
