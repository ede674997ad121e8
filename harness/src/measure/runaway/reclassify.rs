//! Which runs ran away: by the block that was refused, and by what the parent saw.

use crate::measure::measurement::{Cause, Crash, Outcome, Sites};
use crate::measure::runaway::cap::Cap;
use crate::measure::runaway::limit_hit::{LimitHit, NOTE, RefusedAllocation, StopCause};

/// What the parent saw while it waited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The most that was resident.
    pub(crate) resident: Option<u64>,
    /// Whether the data came within the slack of their limit.
    pub(crate) near_the_limit: bool,
    /// Whether the parent had to kill it.
    pub(crate) killed: bool,
}

/// The outcome of a run under `cap` in the light of what the parent saw. Not every failure beside
/// a limit is its doing; but a run that died above its cap was running away, whatever it died of.
pub(crate) fn reclassify(seen: &Seen, cap: &Cap, outcome: Outcome, output: &str) -> Outcome {
    let by = match &outcome {
        Outcome::Measured(_) => None,
        _ if seen.killed => Some(StopCause::Watch),
        Outcome::TimedOut { .. } => noted_cause(output),
        // Its work had not begun.
        Outcome::NotMeasured(_) if seen.near_the_limit => Some(StopCause::PreparationLimit),
        _ => noted_cause(output).or(seen.near_the_limit.then_some(StopCause::DataLimit)),
    };
    match by {
        Some(by) => over_cap(cap, by, outcome),
        None => outcome,
    }
}

/// Adds to a run that was stopped the most resident memory that the parent saw.
pub(crate) fn with_peak_seen(seen: &Seen, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::OverCap { stop, sites } => {
            let stop = Box::new(LimitHit { resident: seen.resident, ..*stop });
            Outcome::OverCap { stop, sites }
        }
        other => other,
    }
}

/// The outcome of a run that was refused a block; what it computed without that is no measurement.
pub(crate) fn mark_refused(
    cap: &Cap,
    by: StopCause,
    refused: RefusedAllocation,
    outcome: Outcome,
) -> Outcome {
    match over_cap(cap, by, outcome) {
        Outcome::OverCap { stop, sites } => {
            let stop = Box::new(LimitHit { by, refused: Some(refused), ..*stop });
            Outcome::OverCap { stop, sites }
        }
        other => other,
    }
}

/// One that was stopped stays so.
fn over_cap(cap: &Cap, by: StopCause, ended: Outcome) -> Outcome {
    let (went_on, output, sites) = match ended {
        Outcome::OverCap { .. } => return ended,
        Outcome::Measured(measurement) => (true, String::new(), measurement.sites),
        Outcome::Failed(text) => (true, text, Sites::default()),
        Outcome::NotMeasured(text) => (false, text, Sites::default()),
        Outcome::TimedOut { output, sites, .. } => (true, output, sites),
        Outcome::Crashed { crash, sites } => {
            (matches!(crash.cause, Cause::Panic(_)), crash_text(crash), sites)
        }
    };
    let stop = Box::new(LimitHit { went_on, ..LimitHit::new(cap, by, output) });
    Outcome::OverCap { stop, sites }
}

fn crash_text(crash: Crash) -> String {
    match crash.cause {
        Cause::Panic(message) if crash.output.is_empty() => format!("panicked: {message}"),
        _ => crash.output,
    }
}

/// The guard's own line, which it writes where it has no other place.
fn noted_cause(output: &str) -> Option<StopCause> {
    let line = output.lines().find(|line| line.starts_with(NOTE))?;
    let all = [StopCause::Allocator, StopCause::DataLimit, StopCause::PreparationLimit];
    all.into_iter().find(|by| line.ends_with(by.name()))
}

#[cfg(test)]
mod tests {
    use super::{Seen, mark_refused, reclassify};
    use crate::measure::measurement::{Cause, Crash, Measurement, Outcome, Sites};
    use crate::measure::runaway::cap::{Cap, Origin};
    use crate::measure::runaway::limit_hit::{RefusedAllocation, StopCause};

    fn cap() -> Cap {
        Cap { bytes: 1_000, origin: Origin::FreeMemory, uncut: None, available: Some(4_000) }
    }

    fn measured() -> Outcome {
        Outcome::Measured(Box::new(Measurement::without_figures()))
    }

    fn crashed(cause: Cause) -> Outcome {
        let crash = Crash { cause, output: "last words".to_owned() };
        Outcome::Crashed { crash, sites: Sites::default() }
    }

    fn timed_out() -> Outcome {
        let (output, sites) = (String::new(), Sites::default());
        Outcome::TimedOut { after_seconds: 1.0, output, sites }
    }

    /// By what a run was stopped, and whether it went on.
    fn verdict(seen: Seen, outcome: Outcome, output: &str) -> Option<(StopCause, bool)> {
        match reclassify(&seen, &cap(), outcome, output) {
            Outcome::OverCap { stop, .. } => Some((stop.by, stop.went_on)),
            _ => None,
        }
    }

    #[test]
    fn readings_of_the_parent_reclassify_an_outcome() {
        let far = Seen::default();
        let near = Seen { near_the_limit: true, ..far };
        let killed = Seen { killed: true, ..far };
        let failed = || Outcome::Failed("no map".to_owned());
        let table = [
            (far, crashed(Cause::Signal(9)), "", None),
            (far, crashed(Cause::OutOfMemory), "memory allocation of 9 bytes failed", None),
            (far, failed(), "", None),
            (near, failed(), "", Some((StopCause::DataLimit, true))),
            (near, crashed(Cause::Abort), "", Some((StopCause::DataLimit, false))),
            (near, crashed(Cause::Panic("no".to_owned())), "", Some((StopCause::DataLimit, true))),
            (
                near,
                Outcome::NotMeasured("no room".to_owned()),
                "",
                Some((StopCause::PreparationLimit, false)),
            ),
            // It did not die of it.
            (near, timed_out(), "", None),
            (near, measured(), "", None),
            (killed, crashed(Cause::Signal(9)), "", Some((StopCause::Watch, false))),
            // Where nothing is recorded the guard prints it.
            (
                far,
                crashed(Cause::OutOfMemory),
                "a line\nplimsoll refused a block: 9 B, at the cap\nanother",
                Some((StopCause::Allocator, false)),
            ),
        ];
        for (seen, outcome, output, expected) in table {
            assert_eq!(verdict(seen, outcome.clone(), output), expected, "{seen:?} {outcome:?}");
        }
    }

    #[test]
    fn refused_block_makes_any_outcome_over_cap() {
        let refused = RefusedAllocation { bytes: 64, live: 990, returns: vec![7] };
        let ends =
            [measured(), Outcome::Failed("no".to_owned()), timed_out(), crashed(Cause::Abort)];
        for (outcome, went_on) in ends.into_iter().zip([true, true, true, false]) {
            let outcome = mark_refused(&cap(), StopCause::Allocator, refused.clone(), outcome);
            let Outcome::OverCap { stop, .. } = outcome else { panic!("{outcome:?}") };
            assert_eq!((stop.by, stop.refused.as_ref()), (StopCause::Allocator, Some(&refused)));
            assert_eq!(stop.went_on, went_on);
        }
    }
}
