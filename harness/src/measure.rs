//! One run of one case: the parent, the child, and what the child reads of itself.

pub(crate) mod allocator;
pub(crate) mod child;
pub(crate) mod embedded;
pub(crate) mod measurement;
pub(crate) mod poll;
pub(crate) mod probe;
pub(crate) mod probes;
pub(crate) mod recorded;
pub(crate) mod runaway;
pub(crate) mod settle;
pub(crate) mod spawn;
pub mod stack;
pub(crate) mod synthetic;
pub(crate) mod window;
pub(crate) mod workload;

pub use measurement::{Cause, Crash, Measurement, Outcome, Recorded, Sites, Trace};
pub use probe::Mode;
pub use probe::c_heap::CHeap;
pub use probe::clock::Clock;
pub use probe::heap::Heap;
pub use probe::mappings::Mapping;
pub use probe::phases::{Phase, PhaseSite};
pub use probe::process::{Process, Resident, Sampled, Window};
pub use probe::stack::{OtherStacks, StackUse};
pub use runaway::cap::{Cap, Origin};
pub use runaway::limit_hit::{LimitHit, RefusedAllocation, StopCause};
