//! A small chain for all tests, whose transactions are signed once.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use node::crypto::Verified;
use node::transaction::{Minted, Minting, Output};
use node::{Block, Genesis, Hex, Ledger, Rules, Spend, Transaction, ledger, sign};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use crate::fixture::{Fixture, Spec};

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

/// A transaction that spends output `index` of the genesis on `outputs`, and the rest on its fee.
pub(crate) fn paying(index: usize, outputs: Vec<Output>) -> Verified {
    let position = index % usize::from(RULES.ring);
    let first = index - position;
    let owned = GENESIS.wallet().recognise(&GENESIS.outputs()[index]).unwrap();
    let fee = owned.amount - outputs.iter().map(|output| output.amount).sum::<u64>();
    let ring = GENESIS.members()[first..first + usize::from(RULES.ring)].to_vec();
    let spends = vec![Spend { owned, ring, position: position as u8 }];
    let mut source = ChaCha20Rng::seed_from_u64(index as u64);
    let signed = sign(spends, outputs, fee, &mut source).unwrap();
    Verified::check(Arc::new(signed.into()), &RULES).unwrap()
}

/// New coins for the payee of the first output of transaction `index`.
pub(crate) fn minting(height: u64, parent: Hex, index: usize) -> Verified {
    let output = Output { amount: RULES.reward, ..verified()[index].outputs()[0].clone() };
    let minted = Minted {
        height,
        parent: parent.0,
        time: 0,
        difficulty_bits: RULES.difficulty_bits,
        view_key: [0; 32],
        spend_key: [0; 32],
    };
    let minting = Minting::mine(minted, output);
    Verified::check(Arc::new(minting.into()), &RULES).unwrap()
}

/// A ledger with a map of 8 MiB, which does not wait for the disk.
pub(crate) const SMALL: ledger::Options =
    ledger::Options { map_bytes: 8 << 20, grow_to_bytes: 0, finality_depth: None, durable: false };

/// The ledger in a folder.
pub(crate) fn open(folder: &Path, options: ledger::Options) -> Ledger {
    Ledger::open(folder, &GENESIS, options).unwrap()
}

/// The next block, with these transactions.
pub(crate) fn next(ledger: &Ledger, transactions: &[Verified]) -> Block {
    let (height, parent) = ledger.tip();
    Block::new(height + 1, parent, height, transactions.to_vec())
}

/// A node of this chain, on any ports.
pub(crate) fn config(folder: &Path) -> node::config::Config {
    node::config::Config {
        data: folder.join("chain"),
        rules: RULES,
        ledger: SMALL,
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
