//! What the tests share: a small chain, whose transactions are signed once for all of them.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use node::fixture::Spec;
use node::{Fixture, Genesis, Rules, Transaction};

/// Rings of 4, so that a debugging session is short; the default is 20.
pub const RULES: Rules = Rules { ring: 4, difficulty_bits: 8, reward: 1_000_000 };

pub const SPEC: Spec =
    Spec { seed: 7, count: 64, ring: 4, inputs: 1, outputs: 2, memo: true, quantum: false };

pub static GENESIS: LazyLock<Genesis> = LazyLock::new(|| SPEC.genesis());

static SIGNED: LazyLock<Vec<Arc<Transaction>>> = LazyLock::new(|| signed(SPEC));

/// Transactions that no two tests can make conflict: each has a pool of its own.
pub fn transactions() -> &'static [Arc<Transaction>] {
    &SIGNED
}

pub fn signed(spec: Spec) -> Vec<Arc<Transaction>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    let fixture = Fixture::open_in(spec, &folder).unwrap();
    fixture.transactions().unwrap().map(|read| Arc::new(read.unwrap())).collect()
}
