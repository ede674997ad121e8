//! Verifying many transactions: one after the other, or on all threads of a pool.

use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::verified::check;
use crate::{Result, Rules, Transaction};

/// Verifies one after the other, up to the first that does not hold.
///
/// # Errors
/// As [`Verified::check`](super::Verified::check).
pub fn verify_all(transactions: &[Arc<Transaction>], rules: &Rules) -> Result<()> {
    let _span = tracing::info_span!("verify_batch").entered();
    transactions.iter().try_for_each(|transaction| check(transaction, rules))
}

/// Verifies on the threads of the rayon pool in which it is called; each needs the stack of one
/// verification.
///
/// # Errors
/// As [`Verified::check`](super::Verified::check), of any that does not hold.
pub fn verify_parallel(transactions: &[Arc<Transaction>], rules: &Rules) -> Result<()> {
    let _span = tracing::info_span!("verify_batch").entered();
    transactions.par_iter().try_for_each(|transaction| check(transaction, rules))
}
