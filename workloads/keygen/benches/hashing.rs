//! What a key costs, from one permutation to a lifetime of 2^10, for every backend of the machine.
//!
//! `cargo bench -p keygen --bench hashing -- --warm-up-time 0.5 --measurement-time 2`

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use keygen::{
    Digest, Epoch, FieldElement, KeyGeneration, Lifetime, Parameter, Seed, SimdBackend,
    TreeRetention, primitives, simd_backend,
};

#[path = "../tests/budgets/chains.rs"]
mod chains;
#[path = "../tests/budgets/tree.rs"]
mod tree;
#[expect(dead_code, reason = "only a workload starts threads in a way of its own")]
#[path = "../tests/budgets/workers.rs"]
mod workers;

use workers::Workers;

const MESSAGE: [u8; 32] = [0x5a; 32];

fn backends() -> impl Iterator<Item = SimdBackend> {
    SimdBackend::ALL.into_iter().filter(|backend| backend.is_available())
}

fn seed() -> Seed {
    Seed::new([7; 32])
}

fn parameter() -> Parameter {
    Parameter::new([1, 2, 3, 4, 5].map(FieldElement::reduced))
}

fn generation(log2: u8) -> KeyGeneration {
    KeyGeneration::new(Lifetime::new(log2).expect("an even logarithm"))
}

/// Sixteen states, a hundred permutations each, one after the other.
fn permutation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("permutation");
    group.throughput(Throughput::Elements(16 * 100));
    for backend in backends() {
        let mut narrow = [[FieldElement::ZERO; 16]; 16];
        group.bench_function(BenchmarkId::new("width_16", backend), |bencher| {
            bencher.iter(|| primitives::permute_16(backend, black_box(&mut narrow), 100));
        });
        let mut broad = [[FieldElement::ZERO; 24]; 16];
        group.bench_function(BenchmarkId::new("width_24", backend), |bencher| {
            bencher.iter(|| primitives::permute_24(backend, black_box(&mut broad), 100));
        });
    }
}

/// One chain of 255 steps in every lane.
fn chain(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("chain");
    for backend in backends() {
        group.throughput(Throughput::Elements(backend.lanes() as u64));
        group.bench_function(backend.to_string(), |bencher| {
            bencher.iter(|| primitives::chain_ends(backend, &seed(), &parameter(), 0, 0));
        });
    }
}

/// One leaf in every lane, of known chain ends.
fn leaf(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("leaf");
    let ends = [[Digest::default(); primitives::MOST_LANES]; primitives::CHAINS];
    for backend in backends() {
        group.throughput(Throughput::Elements(backend.lanes() as u64));
        group.bench_function(backend.to_string(), |bencher| {
            bencher.iter(|| primitives::leaves(backend, &parameter(), 0, &ends));
        });
    }
}

/// A key of 2^10 epochs, on one thread and on all.
fn keygen(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("keygen_2_10");
    group.sample_size(10).throughput(Throughput::Elements(1 << 10));
    for backend in backends() {
        let generation = KeyGeneration { backend, ..generation(10) };
        group.bench_function(BenchmarkId::new("all_threads", backend), |bencher| {
            bencher.iter(|| generation.run(seed(), parameter()).expect("a key"));
        });
    }
    let one = Workers::start(1).expect("a thread");
    group.bench_function(BenchmarkId::new("one_thread", simd_backend()), |bencher| {
        bencher.iter(|| one.run(|| generation(10).run(seed(), parameter()).expect("a key")));
    });
}

/// Whether it pays to share out the chains of one group of epochs as well as the bottom trees.
fn chain_level_parallelism(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("chain_level_parallelism");
    group.sample_size(10).throughput(Throughput::Elements(1 << 8));
    let (backend, lifetime) = (simd_backend(), generation(8).lifetime);
    let root_only = generation(8).retaining(TreeRetention::RootOnly);
    group.bench_function("trees", |bencher| {
        bencher.iter(|| root_only.run(seed(), parameter()).expect("a key"));
    });
    group.bench_function("trees_and_chains", |bencher| {
        bencher.iter(|| chains::root(backend, &seed(), &parameter(), lifetime));
    });
}

/// Signing uses an epoch up, so each round has a fresh key of the smallest lifetime, not timed.
fn sign_and_verify(criterion: &mut Criterion) {
    let generation = generation(4).retaining(TreeRetention::WholeTree);
    let key = || generation.run(seed(), parameter()).expect("a key");
    let mut group = criterion.benchmark_group("signature");
    group.sample_size(20);
    group.bench_function("sign", |bencher| {
        bencher.iter_batched_ref(
            || key().1,
            |secret| secret.sign(Epoch(3), &MESSAGE).expect("a signature"),
            criterion::BatchSize::SmallInput,
        );
    });
    let (public, mut secret) = key();
    let signature = secret.sign(Epoch(3), &MESSAGE).expect("a signature");
    group.bench_function("verify", |bencher| {
        bencher.iter(|| public.verify(Epoch(3), &MESSAGE, black_box(&signature)));
    });
}

criterion_group!(
    benches,
    permutation,
    chain,
    leaf,
    keygen,
    chain_level_parallelism,
    sign_and_verify
);
criterion::criterion_main!(benches);
