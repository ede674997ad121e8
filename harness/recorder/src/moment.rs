//! One moment of a recording that goes on.

use crate::account::Account;
use crate::shared::Shared;
use crate::usage::Amount;

/// What every stack holds at one moment, which is the same for all threads.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    pub(crate) accounts: &'a [Account<Shared>],
}

/// What one stack holds at that moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// Live now.
    pub live: Amount,
    /// Allocated so far; a reallocation is one more block of its whole new size.
    pub total: Amount,
}

impl<'a> Moment<'a> {
    /// The stacks' balances by their numbers, beginning with 0, which is no stack's.
    pub fn balances(&self) -> impl Iterator<Item = Balance> + use<'a> {
        let amount = |bytes: i64, blocks: i64| Amount {
            bytes: bytes.max(0).unsigned_abs(),
            blocks: blocks.max(0).unsigned_abs(),
        };
        self.accounts.iter().map(move |account| {
            let settled = account.settled();
            Balance {
                live: amount(settled.live_bytes, settled.live_blocks),
                total: amount(settled.total_bytes, settled.total_blocks),
            }
        })
    }
}
