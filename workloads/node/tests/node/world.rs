//! What the tests share: a small chain, whose transactions are signed once for all of them.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use node::crypto::Verified;
use node::fixture::Spec;
use node::{Fixture, Genesis, Rules, Transaction};

/// Rings of 4, so that a debugging session is short; the default is 20.
pub(crate) const RULES: Rules = Rules { ring: 4, difficulty_bits: 8, reward: 1_000_000 };

pub(crate) const SPEC: Spec =
    Spec { seed: 7, count: 64, ring: 4, inputs: 1, outputs: 2, memo: true, quantum: false };

pub(crate) static GENESIS: LazyLock<Genesis> = LazyLock::new(|| SPEC.genesis());

static SIGNED: LazyLock<Vec<Arc<Transaction>>> = LazyLock::new(|| signed(SPEC));

/// Transactions that no two tests can make conflict: each has a pool of its own.
pub(crate) fn transactions() -> &'static [Arc<Transaction>] {
    &SIGNED
}

pub(crate) fn signed(spec: Spec) -> Vec<Arc<Transaction>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    let fixture = Fixture::open_in(spec, &folder).unwrap();
    fixture.transactions().unwrap().map(|read| Arc::new(read.unwrap())).collect()
}

static VERIFIED: LazyLock<Vec<Verified>> = LazyLock::new(|| {
    let each = SIGNED.iter().map(|one| Verified::check(one.clone(), &RULES));
    each.collect::<node::Result<_>>().unwrap()
});

pub(crate) fn verified() -> &'static [Verified] {
    &VERIFIED
}

/// A node of this chain, on any ports.
pub(crate) fn config(folder: &Path) -> node::config::Config {
    node::config::Config {
        data: folder.join("chain"),
        rules: RULES,
        ledger: crate::chain::SMALL,
        genesis: node::config::Genesis { seed: SPEC.seed, outputs: GENESIS.outputs().len() },
        ..node::config::Config::default()
    }
}

/// A transaction with one bit of the signature of an input flipped: everything else of it holds.
pub(crate) fn forged(transaction: &Transaction, input: usize) -> Vec<u8> {
    let ring = transaction.inputs()[input].ring().len();
    // 12 bytes of head; for each input before, and for this one, a ring of 96 a member, an image and a
    // pseudo-output; and 32 a member and 64 of signature, of which the first is the lowest of a scalar.
    let at = 12 + input * (96 * ring + 64 + 32 * ring + 64) + 96 * ring + 64;
    let mut bytes = transaction.encode();
    bytes[at] ^= 1;
    bytes
}
