//! The time of an operation, a batch, a proof and its verification, on 1,000 accounts.
//!
//! `cargo bench -p wire --bench directory -- --warm-up-time 0.5 --measurement-time 2`

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group};
use wire::transaction_builder::{Keeping, TransactionBuilder};
use wire::{Compact, Directory, Proving, Store, Threads, Transaction, key_of};

const USERS: u32 = 1000;
const BATCH: u32 = 311;

struct Bench {
    directory: Directory<Compact>,
    builder: TransactionBuilder<Compact>,
    step: u32,
}

impl Bench {
    fn new(proving: Proving) -> Self {
        let threads = || Threads::start(0).expect("threads");
        let keeping = Keeping { dense: true, lazy: false };
        let mut builder = TransactionBuilder::new(keeping, 7, USERS);
        let mut directory = Directory::open(Store::memory(), proving, threads()).expect("a store");
        directory.enter(vec![builder.register_service(0)]).expect("a service");
        let mut users = Vec::new();
        builder.create(0..USERS, &threads(), |made| users.push(made)).expect("users");
        directory.enter(users).expect("users entered");
        Self { directory, builder, step: 0 }
    }

    /// The next `count` transactions: one after the other, the users add a key, and then revoke it,
    /// so that accounts keep their size.
    fn transactions(&mut self, count: u32) -> Vec<Transaction<Compact>> {
        let Self { directory, builder, step } = self;
        let next = |_| {
            let (user, revoke) = (*step % USERS, *step / USERS % 2 == 1);
            *step = (*step + 1) % (2 * USERS);
            let made = match revoke {
                false => builder.add_key(user, directory),
                true => builder.revoke_key(user, directory),
            };
            made.expect("a transaction")
        };
        (0..count).map(next).collect()
    }
}

const WAYS: [(&str, Proving); 2] = [("each", Proving::Each), ("together", Proving::Together)];

/// Making and signing a transaction.
fn operation(criterion: &mut Criterion) {
    let mut bench = Bench::new(Proving::Together);
    criterion.bench_function("operation", |bencher| bencher.iter(|| bench.transactions(1)));
}

/// Checking, entering and proving the transactions of an hour.
fn batch(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("batch");
    group.throughput(Throughput::Elements(u64::from(BATCH)));
    for (name, proving) in WAYS {
        let mut bench = Bench::new(proving);
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|rounds| {
                let mut time = std::time::Duration::ZERO;
                for _ in 0..rounds {
                    let transactions = bench.transactions(BATCH);
                    let from = std::time::Instant::now();
                    let entered = bench.directory.enter(transactions).expect("a batch");
                    time += from.elapsed();
                    drop(entered);
                }
                time
            });
        });
    }
}

/// Proving that an account is there.
fn proof(criterion: &mut Criterion) {
    let bench = Bench::new(Proving::Together);
    criterion.bench_function("proof", |bencher| {
        bencher.iter(|| black_box(bench.directory.prove("user-500").expect("a proof")));
    });
}

/// Verifying that proof, and the proofs of an hour.
fn verify(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    let bench = Bench::new(Proving::Together);
    let (account, proof) = bench.directory.prove("user-500").expect("a proof");
    let value = account.expect("a user").encode();
    let (root, key) = (bench.directory.root(), key_of("user-500"));
    group.bench_function("membership", |bencher| {
        bencher.iter(|| proof.verify_existence(root, key, &value).expect("a sound proof"));
    });
    group.throughput(Throughput::Elements(u64::from(BATCH)));
    for (name, proving) in WAYS {
        let mut bench = Bench::new(proving);
        let threads = Threads::start(0).expect("threads");
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || {
                    let transactions = bench.transactions(BATCH);
                    bench.directory.enter(transactions).expect("a batch")
                },
                |batch| batch.verify(&threads).expect("sound proofs"),
                BatchSize::PerIteration,
            );
        });
    }
}

criterion_group!(benches, operation, batch, proof, verify);
criterion::criterion_main!(benches);
