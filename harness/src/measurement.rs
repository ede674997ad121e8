//! What a run leaves behind.

use serde::{Deserialize, Serialize};

use crate::lens::clock::Clock;
use crate::lens::heap::Heap;
use crate::lens::process::Process;
use crate::profile::Stack;

/// The figures of a case that ran to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// What the work computed.
    pub answer: serde_json::Value,
    /// The counting allocator's figures; none under the `sites` lens.
    pub heap: Option<Heap>,
    /// The kernel's figures, or why there are none.
    pub process: Result<Process, String>,
    /// Wall and CPU time of the work.
    pub clock: Clock,
    /// The call stacks; empty unless the `sites` lens was on.
    pub stacks: Vec<Stack>,
    /// Wall seconds of the whole child, preparation and symbolising included.
    pub cost_wall_seconds: f64,
    /// CPU seconds of the whole child.
    pub cost_cpu_seconds: Option<f64>,
}

/// How a run ended. Everything but `Measured` makes each budget of the case fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The work returned.
    Measured(Box<Measurement>),
    /// The work returned an error, given here with its causes.
    Failed(String),
    /// The child died before it could say anything.
    Crashed(Crash),
    /// The child was ended at its time-out, after so many seconds.
    Hung {
        /// The case's time-out in seconds.
        after_seconds: f64,
        /// The end of what it had printed.
        output: String,
    },
    /// The run could not be measured, for this reason.
    Broken(String),
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
