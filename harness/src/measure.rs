//! One run of one case: the parent, the child, and what the child reads of itself.

pub(crate) mod allocator;
pub(crate) mod child;
pub(crate) mod embedded;
pub(crate) mod measurement;
pub(crate) mod needs;
pub(crate) mod poll;
pub(crate) mod probe;
pub(crate) mod recorded;
pub(crate) mod runaway;
pub(crate) mod spawn;
pub mod stack;
pub(crate) mod synthetic;
pub(crate) mod window;
pub(crate) mod workload;
