//! What signing, verifying, admitting, evicting, building a block and committing one cost.
//!
//! `cargo bench -p node --bench node -- --warm-up-time 0.5 --measurement-time 2`

use std::collections::HashSet;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group};
use node::crypto::{ParameterSet, Signed, Verified, verify_all, verify_parallel};
use node::mempool::{Bloom, ImageIndex, Limits, Options, Sharing};
use node::transaction::Output;
use node::{Block, Genesis, Ledger, Mempool, Rules, Spend, Transaction, ledger};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

#[expect(dead_code, reason = "a bench keeps its fixtures below the target folder")]
#[path = "../tests/budgets/fixture/mod.rs"]
mod fixture;

use crate::fixture::{Fixture, Spec};

const SPEC: Spec =
    Spec { seed: 7, count: 256, ring: 20, inputs: 1, outputs: 2, memo: false, quantum: false };

struct Chain {
    genesis: Genesis,
    transactions: Vec<Verified>,
}

impl Chain {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
        let fixture = Fixture::open_in(SPEC, &folder).expect("a fixture");
        let transactions = fixture
            .transactions()
            .expect("a file")
            .map(|read| Verified::check(Arc::new(read.expect("a transaction")), &Rules::default()));
        let transactions = transactions.collect::<node::Result<_>>().expect("valid ones");
        Self { genesis: SPEC.genesis(), transactions }
    }

    /// A pool of all but the last.
    fn pool(&self, images: ImageIndex) -> Mempool {
        let capacity = self.transactions.len() - 1;
        let mut pool = Mempool::new(Options { capacity, images, ..Options::default() });
        for transaction in &self.transactions[..capacity] {
            pool.admit(transaction.clone(), &self.genesis, 0).expect("room");
        }
        pool
    }
}

fn shared(chain: &Chain, count: usize) -> Vec<Arc<Transaction>> {
    chain.transactions[..count].iter().map(|one| one.transaction().clone()).collect()
}

/// Output `index` of the genesis in a ring of its neighbours, as its owner spends it.
fn spend(genesis: &Genesis, index: usize) -> Spend {
    let ring = usize::from(SPEC.ring);
    let first = index.saturating_sub(ring / 2).min(genesis.members().len() - ring);
    Spend {
        owned: genesis.wallet().recognise(&genesis.outputs()[index]).expect("an owner"),
        ring: genesis.members()[first..first + ring].to_vec(),
        position: (index - first) as u8,
    }
}

/// One transaction of one input and two outputs, which are there already: those of another transaction.
fn sign(criterion: &mut Criterion) {
    let Chain { genesis, transactions } = Chain::new();
    let fee = 100_000;
    let amount = spend(&genesis, 100).owned.amount - fee;
    let amounts = [amount / 2, amount - amount / 2];
    let outputs = transactions[0].outputs().iter().zip(amounts);
    let outputs = outputs.map(|(output, amount)| Output { amount, ..output.clone() });
    let outputs: Vec<Output> = outputs.collect();
    let mut source = ChaCha20Rng::seed_from_u64(1);
    let mut sign = |spend| node::sign(vec![spend], outputs.clone(), fee, &mut source);
    let one = sign(spend(&genesis, 100)).expect("signed");
    Verified::check(Arc::new(one.into()), &Rules::default()).expect("what is timed is valid");
    criterion.bench_function("sign/CLSAG of 20", |bencher| {
        bencher.iter_batched(|| spend(&genesis, 100), &mut sign, BatchSize::SmallInput);
    });
}

fn verify(criterion: &mut Criterion) {
    let chain = Chain::new();
    let rules = Rules::default();
    let ten = shared(&chain, 10);
    criterion.bench_function("verify/CLSAG of 20", |bencher| {
        bencher.iter(|| verify_all(black_box(&ten[..1]), &rules));
    });
    for set in [ParameterSet::MlDsa44, ParameterSet::MlDsa65, ParameterSet::MlDsa87] {
        let signed = Signed::new(set, 1, b"a message of 32 bytes, or so it is").expect("signed");
        criterion.bench_function(&format!("verify/{set:?}"), |bencher| {
            bencher.iter(|| black_box(&signed).verify());
        });
    }
    let mut group = criterion.benchmark_group("batch of 10");
    group.throughput(Throughput::Elements(10));
    group.bench_function("sequential", |bencher| bencher.iter(|| verify_all(&ten, &rules)));
    group.bench_function("rayon", |bencher| bencher.iter(|| verify_parallel(&ten, &rules)));
    group.finish();
}

/// Into a full pool: the lowest goes, and a verified one comes.
fn pool(criterion: &mut Criterion) {
    let chain = Chain::new();
    let mut ranked = chain.transactions.clone();
    ranked.sort_unstable_by_key(|one| one.fee_rate());
    let best = ranked.last().expect("some").clone();
    for images in [ImageIndex::Compact, ImageIndex::Plain] {
        criterion.bench_function(&format!("admit and evict/{images:?}"), |bencher| {
            let full = || {
                let mut pool = chain.pool(images);
                pool.confirm(1, std::slice::from_ref(&best));
                let missing = ranked.iter().filter(|one| !pool.contains(&one.id())).cloned();
                for one in missing.collect::<Vec<_>>() {
                    if one.id() != best.id() {
                        drop(pool.admit(one, &chain.genesis, 0));
                    }
                }
                pool
            };
            bencher.iter_batched_ref(
                full,
                |pool| pool.admit(best.clone(), &chain.genesis, 0).expect("the best"),
                BatchSize::LargeInput,
            );
        });
    }
    let pool = chain.pool(ImageIndex::Compact);
    for sharing in [Sharing::Shared, Sharing::Cloned] {
        let parent = chain.genesis.id();
        criterion.bench_function(&format!("template of 200/{sharing:?}"), |bencher| {
            bencher.iter(|| pool.template(1, &parent, Limits::default(), sharing));
        });
    }
    criterion.bench_function("estimate_size", |bencher| {
        bencher.iter(|| black_box(&best).estimate_size());
    });
    criterion.bench_function("encode, to know the size", |bencher| {
        bencher.iter(|| black_box(&best).encode().len());
    });
}

/// Out of full pools of minting transactions, which are real and quickly made, 200 private ones that pay more
/// drive as many. If an eviction takes time in the order of the logarithm, sixteen times the pool is hardly slower.
fn evict(criterion: &mut Criterion) {
    const COMING: usize = 200;
    let chain = Chain::new();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    let spec = Spec { count: 16_000, inputs: 0, ..SPEC };
    let minted = Fixture::open_in(spec, &folder).expect("a fixture");
    let minted = minted.transactions().expect("a file").map(|read| {
        Verified::check(Arc::new(read.expect("a transaction")), &Rules::default()).expect("valid")
    });
    let minted: Vec<Verified> = minted.collect();
    let mut group = criterion.benchmark_group("evict 200 of");
    group.sample_size(20).throughput(Throughput::Elements(COMING as u64));
    for capacity in [1_000, 4_000, 16_000] {
        let full = || {
            let mut pool = Mempool::new(Options { capacity, ..Options::default() });
            for transaction in &minted[..capacity] {
                pool.admit(transaction.clone(), &chain.genesis, 0).expect("room");
            }
            (pool, chain.transactions[..COMING].to_vec())
        };
        let evict = |(pool, coming): &mut (Mempool, Vec<Verified>)| {
            for one in coming.drain(..) {
                let admitted = pool.admit(one, &chain.genesis, 0).expect("it pays more");
                assert!(admitted.evicted.is_some());
            }
        };
        group.bench_function(capacity.to_string(), |bencher| {
            bencher.iter_batched_ref(full, evict, BatchSize::PerIteration);
        });
    }
    group.finish();
}

/// Whether an image is among a million, when it is not: which nearly all are not.
fn filter(criterion: &mut Criterion) {
    const IMAGES: u64 = 1_000_000;
    let image = |number: u64| -> [u8; 32] {
        let word = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
        std::array::from_fn(|at| word[at % 8] ^ at as u8)
    };
    let set: HashSet<[u8; 32]> = (0..IMAGES).map(image).collect();
    let mut bloom = Bloom::new(IMAGES as usize, 10, 1);
    (0..IMAGES).for_each(|number| bloom.insert(&image(number)));
    let mut group = criterion.benchmark_group("one of a million");
    let mut number = IMAGES;
    group.bench_function("set", |bencher| {
        bencher.iter(|| {
            number += 1;
            set.contains(&image(number))
        });
    });
    group.bench_function("filter before the set", |bencher| {
        bencher.iter(|| {
            number += 1;
            let image = image(number);
            bloom.may_contain(&image) && set.contains(&image)
        });
    });
    group.finish();
}

/// A block of 100, with and without waiting for the disk.
fn commit(criterion: &mut Criterion) {
    let chain = Chain::new();
    let mut group = criterion.benchmark_group("commit of 100");
    group.sample_size(10).throughput(Throughput::Elements(100));
    for durable in [false, true] {
        let name = if durable { "durable" } else { "not synced" };
        group.bench_function(name, |bencher| {
            let open = || {
                let folder = tempfile::tempdir().expect("a folder");
                let options =
                    ledger::Options { map_bytes: 64 << 20, durable, ..ledger::Options::default() };
                let ledger = Ledger::open(folder.path(), &chain.genesis, options).expect("open");
                let (height, parent) = ledger.tip();
                let block = Block::new(height + 1, parent, 0, chain.transactions[..100].to_vec());
                (folder, ledger, block)
            };
            bencher.iter_batched_ref(
                open,
                |(_, ledger, block)| ledger.commit(block).expect("committed"),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, sign, verify, pool, evict, filter, commit);
criterion::criterion_main!(benches);
