//! Runs that take more memory than they may: the cap, the guard in the child, the watch in the
//! parent, and how such a run is recognized.

pub(crate) mod cap;
pub(crate) mod guard;
pub(crate) mod limit_hit;
pub(crate) mod reclassify;
pub(crate) mod watch;
