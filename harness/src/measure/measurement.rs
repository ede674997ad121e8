//! The outcome of a run: its figures, or how it ended.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::measure::probe::c_heap::CHeap;
use crate::measure::probe::clock::Clock;
use crate::measure::probe::heap::Heap;
use crate::measure::probe::mappings::Mapping;
use crate::measure::probe::phases::Phase;
use crate::measure::probe::process::Process;
use crate::measure::probe::stack::StackUse;
use crate::measure::runaway::limit_hit::{LimitHit, RefusedAllocation};
use crate::sites::profile::{Amount, Stack, Usage};

/// The figures of a case that ran to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// The output of the work.
    pub output: serde_json::Value,
    /// The counting allocator's figures; none in dhat's mode.
    pub heap: Option<Heap>,
    /// The kernel's figures, or why there are none.
    pub process: Result<Process, String>,
    /// Resident memory by mapping, the most grown first; empty where no budget needs the kernel's
    /// figures.
    pub mappings: Vec<Mapping>,
    /// What C libraries have taken from malloc, or why that is not known; none where no budget
    /// needs it.
    pub c_heap: Option<Result<CHeap, String>>,
    /// How deep the work's stack became, or why that is not known; none where no budget needs it.
    pub stack: Option<Result<StackUse, String>>,
    /// Wall and CPU time of the work.
    pub clock: Clock,
    /// The usage in the phases that budgets name.
    pub phases: Vec<Phase>,
    /// The call stacks.
    pub sites: Sites,
    /// The names of the threads that the work started and that were still there at its end.
    pub threads_left: Vec<String>,
    /// Wall seconds of the whole child, its preparation included.
    pub cost_wall_seconds: f64,
    /// CPU seconds of the whole child.
    pub cost_cpu_seconds: Option<f64>,
}

#[cfg(test)]
impl Measurement {
    /// One without figures: a test states those that it is about.
    pub(crate) fn without_figures() -> Self {
        Self {
            output: serde_json::Value::Null,
            heap: None,
            process: Err("not needed".to_owned()),
            mappings: Vec::new(),
            c_heap: None,
            stack: None,
            clock: Clock { wall_seconds: 0.0, cpu_seconds: None },
            phases: Vec::new(),
            sites: Sites::default(),
            threads_left: Vec::new(),
            cost_wall_seconds: 0.0,
            cost_cpu_seconds: None,
        }
    }
}

/// The call stacks of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sites {
    /// There are none, for this reason.
    Missing(String),
    /// As our recorder leaves them: addresses, which [`Recorded::stacks`] turns into names.
    Recorded(Recorded),
    /// As dhat gives them.
    Named(Vec<Stack>),
}

impl Default for Sites {
    fn default() -> Self {
        Self::Missing("nothing was recorded".to_owned())
    }
}

impl Sites {
    /// The call stack of a refused block alone, with the refused bytes as its usage.
    pub(crate) fn of_refused(&self, refused: &RefusedAllocation) -> Option<Self> {
        let Self::Recorded(recorded) = self else { return None };
        if refused.returns.is_empty() {
            return None;
        }
        let amount = Amount { bytes: refused.bytes, blocks: 1 };
        let usage = Usage { peak: amount, total: amount, end: amount };
        let traces = vec![Trace { number: 0, usage, returns: refused.returns.clone() }];
        Some(Self::Recorded(Recorded { traces, ..recorded.clone() }))
    }
}

/// What our recorder saw of a process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The program that ran.
    pub executable: PathBuf,
    /// Identifies this build of it.
    pub identity: String,
    /// Calls that are kept of a stack, at the most.
    pub depth: usize,
    /// Its call stacks.
    pub traces: Vec<Trace>,
}

/// One call stack without names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// The recorder's number for it.
    pub number: u32,
    /// The memory that was allocated there.
    pub usage: Usage,
    /// Where its calls return to, innermost first, as addresses in the executable's file; 0 for
    /// those that lie in a library.
    pub returns: Vec<u64>,
}

/// How a run ended. Everything but `Measured` makes each budget of the case fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The work returned.
    Measured(Box<Measurement>),
    /// The work returned an error, given here with its causes.
    Failed(String),
    /// The child died before it wrote an outcome.
    Crashed {
        /// How it died.
        crash: Crash,
        /// Where its live memory was allocated.
        sites: Sites,
    },
    /// The child was killed at its time-out.
    TimedOut {
        /// The case's time-out in seconds.
        after_seconds: f64,
        /// The end of what it had printed.
        output: String,
        /// Where its live memory was allocated.
        sites: Sites,
    },
    /// It went over its cap and was stopped.
    OverCap {
        /// The cause, and the cap.
        stop: Box<LimitHit>,
        /// Where its live memory was allocated.
        sites: Sites,
    },
    /// The run could not be measured, for this reason.
    NotMeasured(String),
}

impl Outcome {
    /// The call stacks of a run that was measured or cut short.
    pub fn sites(&self) -> Option<&Sites> {
        match self {
            Self::Measured(measurement) => Some(&measurement.sites),
            Self::Crashed { sites, .. }
            | Self::TimedOut { sites, .. }
            | Self::OverCap { sites, .. } => Some(sites),
            Self::Failed(_) | Self::NotMeasured(_) => None,
        }
    }
}

/// In which way a child died.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crash {
    /// What ended it.
    pub cause: Cause,
    /// The end of what it had printed, the panic's message among it.
    pub output: String,
}

/// What ended a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The work panicked, with this message.
    Panic(String),
    /// The process aborted itself.
    Abort,
    /// A thread ran over the end of its stack.
    StackOverflow,
    /// The allocator could not give a block.
    OutOfMemory,
    /// This signal ended it.
    Signal(i32),
    /// It exited with this code before the work was done.
    Exit(i32),
}
