//! The primitives of the running program.

use crate::bias::SharedBias;
use crate::primitives::{Primitives, SharedWord, SpinLock};

/// The primitives that may lie in memory which processes share.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Shared;

impl Primitives for Shared {
    type Word = SharedWord;
    type Lock = SpinLock;
    type Bias = SharedBias;
}
