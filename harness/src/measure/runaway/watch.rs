//! What the parent does while it waits for a child: it looks at its memory now and then.
//!
//! Samples only report: the allocator and the kernel stop a runaway. The last resort is for what
//! neither of them bounds, shared memory above all.

use std::time::Duration;

use crate::measure::probe::Mode;
use crate::measure::runaway::cap::Cap;
use crate::measure::runaway::reclassify::Seen;
use crate::os::machine;

/// The first look comes soon, since a runaway is quick; later ones need not disturb, unless the
/// child comes close to its cap. Without a cap of its own, one that keeps its line is at half of it.
const FIRST: Duration = Duration::from_millis(2);
const CLOSE: Duration = Duration::from_millis(5);
const LAST: Duration = Duration::from_millis(50);

/// The watch over one child.
#[derive(Debug)]
pub(crate) struct Watch {
    child: u32,
    cap: u64,
    slack: u64,
    available: Option<u64>,
    period: Duration,
    seen: Seen,
}

/// What the watch saw in one look.
#[derive(Debug, Clone, Copy)]
struct Sample {
    resident: u64,
    available: u64,
}

impl Watch {
    pub(crate) fn over(child: u32, cap: &Cap, lens: Mode) -> Self {
        let (slack, available) = (cap.slack(lens), cap.available);
        let seen = Seen::default();
        Self { child, cap: cap.bytes, slack, available, period: FIRST, seen }
    }

    /// How long to wait for the child before the next look.
    pub(crate) fn period(&self) -> Duration {
        self.period
    }

    /// Looks once; whether the child has to be killed.
    pub(crate) fn look(&mut self) -> bool {
        self.period = (self.period * 2).min(LAST);
        let quarter = self.cap / 4;
        let Some(memory) = machine::memory_of(self.child) else { return false };
        self.seen.resident = self.seen.resident.max(Some(memory.resident));
        if let Some(limit) = machine::data_limit_of(self.child) {
            self.seen.near_the_limit |= is_near(memory.data, limit, self.slack);
            if is_near(memory.data, limit, self.slack.saturating_add(quarter)) {
                self.period = CLOSE;
            }
        }
        if memory.resident > self.cap - quarter {
            self.period = CLOSE;
        }
        if let (Some(before), Some(available)) = (self.available, machine::available()) {
            let sample = Sample { resident: memory.resident, available };
            self.seen.killed |= is_last_resort(sample, self.cap, before);
        }
        self.seen.killed
    }

    /// What was seen in all looks.
    pub(crate) fn seen(&self) -> Seen {
        self.seen
    }
}

/// Whether the data are within the slack of their limit, hence above the cap.
fn is_near(data: u64, limit: u64, slack: u64) -> bool {
    data.saturating_add(slack) >= limit
}

/// Whether to kill: less than half of the memory is left that was free before, and it is not this
/// child that is within its rights.
fn is_last_resort(sample: Sample, cap: u64, available_before: u64) -> bool {
    sample.available < available_before / 2 && sample.resident > cap
}

#[cfg(test)]
mod tests {
    use super::{Sample, is_last_resort, is_near};

    /// Of 1,000 bytes half is 500; the cap is 200.
    #[test]
    fn only_a_child_above_its_cap_is_killed_and_only_for_the_machine() {
        let table = [
            ((201, 499), true),
            ((201, 500), false),
            ((200, 499), false),
            ((200, 0), false),
            ((900, 900), false),
        ];
        for ((resident, available), expected) in table {
            let sample = Sample { resident, available };
            assert_eq!(is_last_resort(sample, 200, 1_000), expected, "{sample:?}");
        }
    }

    /// 700 + 300 reach the limit of 1,000.
    #[test]
    fn near_is_within_the_slack() {
        assert!(is_near(700, 1_000, 300) && is_near(1_000, 1_000, 0));
        assert!(!is_near(699, 1_000, 300));
    }
}
