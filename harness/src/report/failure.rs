//! The failure reports: the texts that a person reads when a test fails, remedy last. The files below
//! this one word a verdict each.

mod ending;
mod mappings;
mod over;
mod over_cap;
mod profile;
mod range;
mod ratio;
mod regressed;
mod sites;
mod sweep;
mod threads;

pub(crate) use profile::{
    accepts_in_ci, no_component, no_profile, no_sites, other_target, recorders_differ,
    snapshot_differs,
};

use std::fmt::Write as _;

use plimsoll_format::{Basis, Budget, Case, Limit};

use crate::judge::verdict::{Judgement, Verdict};
use crate::measure::measurement::{Cause, Outcome};
use crate::report::runner::Runner;
use crate::report::snapshot::Snapshot;
use crate::sites::profile::Profile;
use ending::{crashed, timed_out, unexpected_result};
use mappings::mappings;
use over::over;
use ratio::sides;
use regressed::regressed;
use sites::{remains, sites};
use sweep::sweep;

/// How many sites a failure names.
pub(crate) const SITES_SHOWN: usize = 5;

/// What a failure is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) test: &'a str,
    pub(crate) case_name: &'a str,
    pub(crate) case: &'a Case,
    pub(crate) budget: &'a Budget,
    /// The case that the budget names besides its own.
    pub(crate) other: Option<&'a Case>,
    /// The size of the run whose sites are shown, where there is a sweep.
    pub(crate) size: Option<u64>,
    /// The case's profile in this run, where it could be taken, and the accepted snapshot.
    pub(crate) profile: Option<&'a Profile>,
    /// Why the profile, if there is one, is dhat's and not the recorder's.
    pub(crate) not_recorded: Option<&'a str>,
    /// Where the refused block of a run that was stopped was requested.
    pub(crate) refused_at: Option<&'a Profile>,
    pub(crate) accepted: Option<&'a Snapshot>,
    pub(crate) runner: &'a Runner,
}

/// The report of a budget that fails.
pub(crate) fn failure(subject: &Subject<'_>, judgement: &Judgement, outcome: &Outcome) -> String {
    let mut out = String::new();
    let Subject { test, budget, case, .. } = *subject;
    let _ = match &judgement.verdict {
        Verdict::Within | Verdict::Near => writeln!(out, "{test} is within its limit"),
        Verdict::Over => over(&mut out, subject, judgement, outcome)
            .and_then(|()| mappings(&mut out, subject, outcome)),
        Verdict::Regressed => regressed(&mut out, subject, judgement, outcome)
            .and_then(|()| sides(&mut out, subject, judgement))
            .and_then(|()| sweep(&mut out, subject, judgement))
            .and_then(|()| sites(&mut out, subject))
            .and_then(|()| mappings(&mut out, subject, outcome)),
        Verdict::Inconclusive(reason) => writeln!(
            out,
            "{test}: the runs do not decide whether the figure is within its limit\n\n  {reason}\n"
        )
        .and_then(|()| sides(&mut out, subject, judgement))
        .and_then(|()| sweep(&mut out, subject, judgement)),
        Verdict::UnexpectedResult(what) => unexpected_result(&mut out, test, what),
        Verdict::Crashed(crash) => crashed(&mut out, test, crash),
        Verdict::TimedOut { after_seconds, output } => {
            timed_out(&mut out, test, *after_seconds, output)
        }
        Verdict::OverCap(stop) => {
            over_cap::over_cap(&mut out, test, stop, subject.refused_at, subject.profile)
        }
        Verdict::NotMeasured(reason) => {
            writeln!(out, "{test} could not be measured\n\n  {reason}\n")
        }
    };
    let _ = match &judgement.verdict {
        // A panic has unwound, and taken most with it.
        Verdict::Crashed(crash) if !matches!(crash.cause, Cause::Panic(_)) => {
            remains(&mut out, subject)
        }
        Verdict::TimedOut { .. } => remains(&mut out, subject),
        _ => Ok(()),
    };
    if !matches!(judgement.verdict, Verdict::Over | Verdict::Regressed) {
        let place = if matches!(judgement.verdict, Verdict::NotMeasured(_)) {
            &budget.place
        } else {
            &case.place
        };
        let _ = writeln!(out, "  case       {:<46} {place}", subject.case_name);
        let _ = writeln!(out, "  promised   {:<46} {}\n", quoted(&budget.quote), budget.cited);
    }
    let _ = remedies(&mut out, subject, &judgement.verdict);
    out
}

fn remedies(out: &mut String, subject: &Subject<'_>, verdict: &Verdict) -> std::fmt::Result {
    let Subject { test, case_name, budget, .. } = *subject;
    if matches!(verdict, Verdict::Over | Verdict::Regressed | Verdict::OverCap(_)) {
        writeln!(out, "  look      cargo plimsoll show {case_name}")?;
    }
    writeln!(out, "  rerun     {}", subject.runner.command(test, subject.case))?;
    match verdict {
        Verdict::Over => {
            if is_extrapolated(subject) {
                writeln!(out, "  or        measure that size itself, in a heavy case")?;
            }
            if let (Limit::MatchesSweep { sweep, .. }, Some(other)) = (&budget.limit, subject.other)
            {
                let parameter = other.sweep.as_ref().map_or("size", |sweep| &sweep.parameter);
                return writeln!(
                    out,
                    "  remedy    the runs of {sweep} do not predict this size: extend its sweep over \
                     {parameter}\n            up to where the growth changes, or promise this size with `max`"
                );
            }
            writeln!(out, "  if right  change the promise and its budget together, and say why")
        }
        Verdict::Regressed => {
            writeln!(out, "  if right  move the ratchet, and say what the difference buys:")?;
            writeln!(out, "            cargo plimsoll ratchet {test}")
        }
        Verdict::Inconclusive(_) => {
            writeln!(out, "  remedy    give the case's `sweep` more sizes, larger or farther apart")
        }
        Verdict::UnexpectedResult(_) => {
            writeln!(out, "  if right  change the case's `expect`, and say why")
        }
        Verdict::TimedOut { .. } => {
            writeln!(out, "  if right  give the case more time: timeout = \"120 s\"")
        }
        Verdict::OverCap(stop) => over_cap::remedy(out, stop),
        _ => Ok(()),
    }
}

/// Whether the figure is of a size that no run had.
fn is_extrapolated(subject: &Subject<'_>) -> bool {
    let largest = subject.case.largest();
    matches!((subject.budget.basis, largest), (Basis::AtSize(size), Some(largest)) if size > largest)
}

/// The report where the tool itself fails.
pub(crate) fn tool_failed(test: &str, error: &anyhow::Error) -> String {
    format!("{test}: plimsoll itself failed: {error:#}")
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
