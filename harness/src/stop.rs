//! A runaway that was stopped: what is known of it, and by which signs it is told from others.

use serde::{Deserialize, Serialize};

use crate::cap::Cap;
use crate::guard;
use crate::measurement::{Cause, Crash, Outcome, Recorded, Sites, Trace};
use crate::profile::{Amount, Held};

/// What stopped a run, and at what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitHit {
    /// What the run might have held.
    pub cap: Cap,
    /// What stopped it.
    pub by: StopCause,
    /// The block that was refused, where it was one.
    pub refused: Option<RefusedAllocation>,
    /// The most that was seen resident while it ran: a sample, not a peak.
    pub resident: Option<u64>,
    /// Whether the work went on without what it had asked for: its figures are not those of a run
    /// that gets it.
    pub went_on: bool,
    /// Its error or panic, and the end of what it had printed.
    pub output: String,
}

/// What stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopCause {
    /// The allocator, at the cap.
    Allocator,
    /// The kernel, at the limit on data somewhat above it.
    DataLimit,
    /// The kernel, at three quarters of what was free, before the work had begun.
    PreparationLimit,
    /// The parent, when less than half of the machine's free memory was left.
    Watch,
}

/// A block that the work asked for in vain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedAllocation {
    /// Its size.
    pub bytes: u64,
    /// How much was live on the heap then.
    pub held: u64,
    /// Where the calls that led to it return to, as in a [`Trace`]; empty where nothing was
    /// recorded.
    pub returns: Vec<u64>,
}

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

impl StopCause {
    /// Its number in the recorder's tables.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Allocator => 1,
            Self::DataLimit => 2,
            Self::PreparationLimit => 3,
            Self::Watch => 4,
        }
    }

    pub(crate) fn of_number(number: u32) -> Option<Self> {
        let all = [Self::Allocator, Self::DataLimit, Self::PreparationLimit, Self::Watch];
        all.into_iter().find(|by| by.number() == number)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Allocator => "at the cap",
            Self::DataLimit => "at the limit on data",
            Self::PreparationLimit => "at the limit of the preparation",
            Self::Watch => "by the parent",
        }
    }
}

impl LimitHit {
    fn new(cap: &Cap, by: StopCause, output: String) -> Self {
        let cap = cap.clone();
        Self { cap, by, refused: None, resident: None, went_on: false, output }
    }

    /// Puts what the work printed below what it said in the end.
    pub(crate) fn add(&mut self, printed: &str) {
        let parts = [self.output.as_str(), printed];
        self.output =
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    }

    /// The call stack of the refused block alone, with the refused bytes as what is held there.
    pub(crate) fn refused_at(&self, sites: &Sites) -> Option<Sites> {
        let refused = self.refused.as_ref().filter(|refused| !refused.returns.is_empty())?;
        let Sites::Recorded(recorded) = sites else { return None };
        let amount = Amount { bytes: refused.bytes, blocks: 1 };
        let held = Held { peak: amount, total: amount, end: amount };
        let traces = vec![Trace { number: 0, held, returns: refused.returns.clone() }];
        Some(Sites::Recorded(Recorded { traces, ..recorded.clone() }))
    }
}

/// The outcome of a run under `cap` in the light of what the parent saw. Not every failure beside
/// a limit is its doing; but a run that died above its cap was running away, whatever it died of.
pub(crate) fn in_the_light_of(seen: &Seen, cap: &Cap, outcome: Outcome, output: &str) -> Outcome {
    let by = match &outcome {
        Outcome::Measured(_) => None,
        _ if seen.killed => Some(StopCause::Watch),
        Outcome::TimedOut { .. } => noted_by(output),
        // Its work had not begun.
        Outcome::NotMeasured(_) if seen.near_the_limit => Some(StopCause::PreparationLimit),
        _ => noted_by(output).or(seen.near_the_limit.then_some(StopCause::DataLimit)),
    };
    match by {
        Some(by) => stopped(cap, by, outcome),
        None => outcome,
    }
}

/// Says of a run that was stopped how much of it was seen resident.
pub(crate) fn with_samples(seen: &Seen, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::OverCap { stop, sites } => {
            let stop = Box::new(LimitHit { resident: seen.resident, ..*stop });
            Outcome::OverCap { stop, sites }
        }
        other => other,
    }
}

/// The outcome of a run that was refused a block; what it computed without that is no measurement.
pub(crate) fn after_a_refusal(
    cap: &Cap,
    by: StopCause,
    refused: RefusedAllocation,
    outcome: Outcome,
) -> Outcome {
    match stopped(cap, by, outcome) {
        Outcome::OverCap { stop, sites } => {
            let stop = Box::new(LimitHit { by, refused: Some(refused), ..*stop });
            Outcome::OverCap { stop, sites }
        }
        other => other,
    }
}

/// One that was stopped stays so.
fn stopped(cap: &Cap, by: StopCause, ended: Outcome) -> Outcome {
    let (went_on, output, sites) = match ended {
        Outcome::OverCap { .. } => return ended,
        Outcome::Measured(measurement) => (true, String::new(), measurement.sites),
        Outcome::Failed(text) => (true, text, Sites::default()),
        Outcome::NotMeasured(text) => (false, text, Sites::default()),
        Outcome::TimedOut { output, sites, .. } => (true, output, sites),
        Outcome::Crashed { crash, sites } => {
            (matches!(crash.cause, Cause::Panic(_)), told(crash), sites)
        }
    };
    let stop = Box::new(LimitHit { went_on, ..LimitHit::new(cap, by, output) });
    Outcome::OverCap { stop, sites }
}

fn told(crash: Crash) -> String {
    match crash.cause {
        Cause::Panic(message) if crash.output.is_empty() => format!("panicked: {message}"),
        _ => crash.output,
    }
}

/// The guard's own line, which it writes where it has no other place.
fn noted_by(output: &str) -> Option<StopCause> {
    let line = output.lines().find(|line| line.starts_with(guard::WORDS))?;
    let all = [StopCause::Allocator, StopCause::DataLimit, StopCause::PreparationLimit];
    all.into_iter().find(|by| line.ends_with(by.name()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{RefusedAllocation, Seen, StopCause, after_a_refusal, in_the_light_of};
    use crate::cap::{Cap, Origin};
    use crate::lens::clock::Clock;
    use crate::measurement::{Cause, Crash, Measurement, Outcome, Sites};

    fn cap() -> Cap {
        Cap { bytes: 1_000, origin: Origin::FreeMemory, uncut: None, available: Some(4_000) }
    }

    fn measured() -> Outcome {
        Outcome::Measured(Box::new(Measurement {
            output: Value::Null,
            heap: None,
            process: Err("not asked".to_owned()),
            mappings: Vec::new(),
            c_heap: None,
            stack: None,
            clock: Clock { wall_seconds: 0.0, cpu_seconds: None },
            phases: Vec::new(),
            sites: Sites::default(),
            cost_wall_seconds: 0.0,
            cost_cpu_seconds: None,
        }))
    }

    fn crashed(cause: Cause) -> Outcome {
        let crash = Crash { cause, output: "last words".to_owned() };
        Outcome::Crashed { crash, sites: Sites::default() }
    }

    fn hung() -> Outcome {
        let (output, sites) = (String::new(), Sites::default());
        Outcome::TimedOut { after_seconds: 1.0, output, sites }
    }

    /// By what a run was stopped, and whether it went on.
    fn verdict(seen: Seen, outcome: Outcome, output: &str) -> Option<(StopCause, bool)> {
        match in_the_light_of(&seen, &cap(), outcome, output) {
            Outcome::OverCap { stop, .. } => Some((stop.by, stop.went_on)),
            _ => None,
        }
    }

    #[test]
    fn a_run_is_stopped_by_what_was_seen_of_it() {
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
            (near, hung(), "", None),
            (near, measured(), "", None),
            (killed, crashed(Cause::Signal(9)), "", Some((StopCause::Watch, false))),
            // Where nothing is recorded the guard says so itself.
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
    fn whoever_was_refused_a_block_is_stopped_however_it_ended() {
        let refused = RefusedAllocation { bytes: 64, held: 990, returns: vec![7] };
        let ends = [measured(), Outcome::Failed("no".to_owned()), hung(), crashed(Cause::Abort)];
        for (outcome, went_on) in ends.into_iter().zip([true, true, true, false]) {
            let outcome = after_a_refusal(&cap(), StopCause::Allocator, refused.clone(), outcome);
            let Outcome::OverCap { stop, .. } = outcome else { panic!("{outcome:?}") };
            assert_eq!((stop.by, stop.refused.as_ref()), (StopCause::Allocator, Some(&refused)));
            assert_eq!(stop.went_on, went_on);
        }
    }
}
