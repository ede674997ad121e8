//! Every word that a person reads when a test fails: one screen, remedy last.

mod breach;
mod ending;
mod hold;
mod mappings;
mod page;
mod range;
mod ratio;
mod sites;
mod stopped;
mod sweep;

pub(crate) use page::{
    accepts_in_ci, no_component, no_profile, no_sites, other_target, page_differs, recorders_differ,
};

use std::fmt::Write as _;

use plimsoll_format::{Basis, Budget, Case, Limit};

use crate::judge::verdict::{Judgement, Verdict};
use crate::measure::measurement::{Cause, Outcome};
use crate::report::runner::Runner;
use crate::report::snapshot::Page;
use crate::sites::profile::Profile;
use breach::over;
use ending::{crashed, hung, wrong};
use hold::slipped;
use mappings::mappings;
use ratio::sides;
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
    /// The case's profile in this run, where it could be taken, and the accepted page.
    pub(crate) profile: Option<&'a Profile>,
    /// Why the profile, if there is one, is dhat's and not the recorder's.
    pub(crate) not_recorded: Option<&'a str>,
    /// Where the refused block of a run that was stopped was asked for.
    pub(crate) refused_at: Option<&'a Profile>,
    pub(crate) accepted: Option<&'a Page>,
    pub(crate) runner: &'a Runner,
}

/// The screen of a budget that fails.
pub(crate) fn failure(subject: &Subject<'_>, judgement: &Judgement, outcome: &Outcome) -> String {
    let mut out = String::new();
    let Subject { test, budget, case, .. } = *subject;
    let _ = match &judgement.verdict {
        Verdict::Within | Verdict::Near => writeln!(out, "{test} keeps its line"),
        Verdict::Over => over(&mut out, subject, judgement, outcome)
            .and_then(|()| mappings(&mut out, subject, outcome)),
        Verdict::Regressed => slipped(&mut out, subject, judgement)
            .and_then(|()| sides(&mut out, subject, judgement))
            .and_then(|()| sweep(&mut out, subject, judgement))
            .and_then(|()| sites(&mut out, subject))
            .and_then(|()| mappings(&mut out, subject, outcome)),
        Verdict::Inconclusive(reason) => {
            writeln!(out, "{test}: the runs do not say whether it keeps its line\n\n  {reason}\n")
                .and_then(|()| sides(&mut out, subject, judgement))
                .and_then(|()| sweep(&mut out, subject, judgement))
        }
        Verdict::UnexpectedResult(what) => wrong(&mut out, test, what),
        Verdict::Crashed(crash) => crashed(&mut out, test, crash),
        Verdict::TimedOut { after_seconds, output } => hung(&mut out, test, *after_seconds, output),
        Verdict::OverCap(stop) => {
            let (at, held) = (subject.refused_at, subject.profile);
            stopped::stopped(&mut out, test, stop, at, held)
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
                writeln!(out, "  or        measure it there: a heavy case of that size")?;
            }
            if let (Limit::MatchesSweep { sweep, .. }, Some(other)) = (&budget.limit, subject.other)
            {
                let parameter = other.sweep.as_ref().map_or("size", |sweep| &sweep.parameter);
                return writeln!(
                    out,
                    "  remedy    what {sweep} is said to take beyond its runs does not hold: sweep it over \
                     {parameter}\n            up to where the growth changes, or promise that size from this \
                     case, with `max`"
                );
            }
            writeln!(out, "  if right  change the promise and its budget together, and say why")
        }
        Verdict::Regressed => {
            writeln!(
                out,
                "  if right  move the hold, and say what was bought with the difference:"
            )?;
            writeln!(out, "            cargo plimsoll hold {test}")
        }
        Verdict::Inconclusive(_) => {
            writeln!(out, "  remedy    give the case's `sweep` more sizes, larger or farther apart")
        }
        Verdict::UnexpectedResult(_) => {
            writeln!(out, "  if right  change the case's answer, and say why")
        }
        Verdict::TimedOut { .. } => {
            writeln!(out, "  if right  give the case more time: timeout = \"120 s\"")
        }
        Verdict::OverCap(stop) => stopped::remedy(out, stop),
        _ => Ok(()),
    }
}

/// Whether the figure is of a size that no run had.
fn is_extrapolated(subject: &Subject<'_>) -> bool {
    let largest = subject.case.largest();
    matches!((subject.budget.basis, largest), (Basis::AtSize(size), Some(largest)) if size > largest)
}

/// What is said when the tool itself fails.
pub(crate) fn tool_failed(test: &str, error: &anyhow::Error) -> String {
    format!("{test}: plimsoll itself failed: {error:#}")
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
