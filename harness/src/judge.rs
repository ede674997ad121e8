//! Verdicts: figures, fits and limits. Nothing here touches a file, the clock, the environment or a
//! process.

pub(crate) mod case_runs;
pub(crate) mod figure;
pub(crate) mod fit;
pub(crate) mod output;
pub(crate) mod precision;
pub(crate) mod verdict;

pub use precision::is_exact;
pub use verdict::{Point, Verdict};
