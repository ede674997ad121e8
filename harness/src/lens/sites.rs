//! The `sites` lens: dhat, which sees every allocation together with its call stack.

use crate::allocator;
use crate::profile::{Stack, stacks};

/// A profiler that is running. There is one in the life of a process.
pub(crate) struct Running(dhat::Profiler);

/// Starts recording. All frames are kept: a stack that is cut loses its innermost user function
/// in one build and keeps it in the next.
pub(crate) fn open() -> Running {
    let profiler = dhat::Profiler::builder().trim_backtraces(Some(usize::MAX)).build();
    allocator::latch_recorder();
    Running(profiler)
}

/// Stops recording and symbolises, which takes tens of megabytes: every other figure of the
/// process has to be read before.
pub(crate) fn close(running: Running) -> Result<Vec<Stack>, serde_json::Error> {
    let Running(mut profiler) = running;
    let text = profiler.drop_and_get_memory_output();
    // Dropped a second time, the profiler would panic.
    std::mem::forget(profiler);
    stacks(&text)
}
