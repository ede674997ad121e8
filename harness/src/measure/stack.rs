//! Threads whose stacks are measured too.
//!
//! A budget on `peak_stack` sees the stack on which the work was called. A work that spreads over
//! threads is measured whole where its threads are started by [`spawn`]. The workload itself need
//! not know of that: it takes the function that starts a thread as an argument, and the line in
//! `tests/budgets.rs` names a module that passes this one.

use std::io;

/// Starts a thread with a stack of `bytes` and lets it run; nobody waits for it. Its stack counts
/// in `peak_stack` of the case that runs, from the thread's start to its end; where no budget asks
/// for that, it is a thread as any other. A panic ends it and nothing else.
///
/// ```
/// mod verify {
///     //! What `plimsoll::main!(verify)` would name: the workload with its threads' stacks measured.
///
///     type Start = fn(usize, Box<dyn FnOnce() + Send>) -> std::io::Result<()>;
///
///     // This would be in the crate of the workload, which knows nothing of plimsoll.
///     fn prepare_with(threads: usize, start: Start) -> std::io::Result<usize> {
///         for _ in 0..threads {
///             start(1 << 20, Box::new(|| ()))?;
///         }
///         Ok(threads)
///     }
///
///     pub fn prepare(threads: usize) -> std::io::Result<usize> {
///         prepare_with(threads, |bytes, run| plimsoll::stack::spawn(bytes, run))
///     }
/// }
/// assert_eq!(verify::prepare(2)?, 2);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// For a pool of rayon's, hand its threads over:
///
/// ```
/// let spawn = |thread: rayon::ThreadBuilder| plimsoll::stack::spawn(1 << 20, || thread.run());
/// let pool = rayon::ThreadPoolBuilder::new().num_threads(10).spawn_handler(spawn).build()?;
/// assert_eq!(pool.broadcast(|worker| worker.index()).len(), 10);
/// # Ok::<(), rayon::ThreadPoolBuildError>(())
/// ```
///
/// # Errors
/// When there is no memory for the stack, no thread, or there have been 256 of them before.
pub fn spawn<F: FnOnce() + Send + 'static>(bytes: usize, run: F) -> io::Result<()> {
    crate::measure::probe::stack::spawn(bytes, run)
}
