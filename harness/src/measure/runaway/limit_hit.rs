//! A runaway that was stopped, and what is known of it.

use serde::{Deserialize, Serialize};

use crate::measure::runaway::cap::Cap;

/// What starts the line on stderr that stands for the note of a refused block where no recorder
/// keeps it.
pub(crate) const NOTE: &str = "plimsoll refused a block: ";

/// What stopped a run, and at what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitHit {
    /// The cap of the run.
    pub cap: Cap,
    /// What stopped it.
    pub by: StopCause,
    /// The block that was refused, where it was one.
    pub refused: Option<RefusedAllocation>,
    /// The most that was seen resident while it ran: a sample, not a peak.
    pub resident: Option<u64>,
    /// Whether the work continued without the refused memory: its figures are not those of a run
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

/// A block that the work requested and did not get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedAllocation {
    /// Its size.
    pub bytes: u64,
    /// How much was live on the heap then.
    pub live: u64,
    /// Where the calls that led to it return to, as in a [`Trace`](crate::measure::Trace); empty where nothing was
    /// recorded.
    pub returns: Vec<u64>,
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
    pub(crate) fn new(cap: &Cap, by: StopCause, output: String) -> Self {
        let cap = cap.clone();
        Self { cap, by, refused: None, resident: None, went_on: false, output }
    }

    /// Adds what the work printed below its last message.
    pub(crate) fn add(&mut self, printed: &str) {
        let parts = [self.output.as_str(), printed];
        self.output =
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    }
}
