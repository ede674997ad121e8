//! The lenses: the ways in which a run is measured. Each is opened just before the work and
//! closed just after it, and none allocates in between.

pub(crate) mod c_heap;
pub(crate) mod clock;
pub(crate) mod heap;
pub(crate) mod mappings;
pub(crate) mod phases;
pub(crate) mod process;
pub(crate) mod sites;
pub(crate) mod stack;

use serde::{Deserialize, Serialize};

/// Which set of lenses a child is run under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The counting allocator, the kernel's figures and the clocks: what budgets are judged by.
    Counting,
    /// dhat: every allocation with its call site. Exact, and several times slower.
    Dhat,
}

impl Mode {
    /// The name used in file names and in the child's environment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counting => "counting",
            Self::Dhat => "dhat",
        }
    }
}
