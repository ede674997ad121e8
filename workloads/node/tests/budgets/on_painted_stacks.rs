//! Workload: [`verify`](crate::verify), on threads whose stacks count.

use anyhow::Result;

use crate::verify::{self, Output, Params};

/// The size of rayon's own threads, unless a pool sets another.
const STACK: usize = 2 << 20;

/// Starts the pool on painted stacks and prepares the verification.
///
/// # Errors
/// As [`verify::prepare_with`].
pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output>> {
    verify::prepare_with(params, |thread| plimsoll::stack::spawn(STACK, || thread.run()))
}
