//! How the way in which memory is allocated shows in throughput, at 1 KiB, 64 KiB and 1 MiB.
//!
//! `cargo bench -p storage --bench memory -- --warm-up-time 0.5 --measurement-time 1`

#[expect(dead_code, reason = "what seeds large content is not timed here")]
#[path = "../tests/budgets/content.rs"]
mod content;
#[expect(dead_code, reason = "the functions that it measures are timed here, not the workload")]
#[path = "../tests/budgets/read.rs"]
mod read;
#[path = "../tests/budgets/reader.rs"]
mod reader;
#[expect(dead_code, reason = "only the workloads need a store of their own")]
#[path = "../tests/budgets/setup.rs"]
mod setup;
#[expect(dead_code, reason = "the functions that it measures are timed here, not the workload")]
#[path = "../tests/budgets/write.rs"]
mod write;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group};
use storage::{Digest, Options, Pool, Store};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

const SIZES: [u64; 3] = [1 << 10, 64 << 10, 1 << 20];

struct Bench {
    runtime: Runtime,
    store: Store,
    folder: TempDir,
}

impl Bench {
    fn new(choose: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut options = Options::new(folder.path().join("hot"), folder.path().join("cold"));
        options.durable = false;
        choose(&mut options);
        let runtime = Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        let store = runtime.block_on(Store::open(options)).expect("a store");
        Self { runtime, store, folder }
    }

    fn hot(&self) -> PathBuf {
        self.folder.path().join("hot")
    }

    fn put(&self, content: Vec<u8>) -> Digest {
        self.runtime.block_on(self.store.put_bytes(content)).expect("a blob").digest
    }

    /// The time of `rounds` puts; the blobs are deleted between them, which is not timed.
    fn time_puts(&self, rounds: u64, mut put: impl AsyncFnMut(&Store) -> Digest) -> Duration {
        self.runtime.block_on(async {
            let mut time = Duration::ZERO;
            for _ in 0..rounds {
                let start = Instant::now();
                let digest = put(&self.store).await;
                time += start.elapsed();
                self.store.delete(&digest).await.expect("a blob to delete");
            }
            time
        })
    }
}

fn allocation_patterns(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("allocation_patterns");
    let bench = Bench::new(|_| {});
    for bytes in SIZES {
        group.throughput(Throughput::Bytes(bytes));
        let mut template = vec![7; bytes as usize];
        group.bench_function(BenchmarkId::new("preallocated", bytes), |bencher| {
            bencher.iter_custom(|rounds| {
                bench.time_puts(rounds, async |store| {
                    write::preallocated(store, &mut template, 1).await.expect("a put").digest
                })
            });
        });
        group.bench_function(BenchmarkId::new("new", bytes), |bencher| {
            bencher.iter_custom(|rounds| {
                bench.time_puts(rounds, async |store| {
                    write::new(store, bytes, 2).await.expect("a put").digest
                })
            });
        });
    }
}

/// Without verifying: the hash costs the same whatever the buffer, and hides what is compared.
fn read_allocation_patterns(criterion: &mut Criterion) {
    reads(criterion.benchmark_group("read_allocation_patterns"), false);
}

/// With verifying, as a store reads by default.
fn verified_reads(criterion: &mut Criterion) {
    reads(criterion.benchmark_group("verified_reads"), true);
}

fn reads(mut group: BenchmarkGroup<'_, WallTime>, verify: bool) {
    let bench = Bench::new(|options| options.verify = verify);
    for bytes in SIZES {
        group.throughput(Throughput::Bytes(bytes));
        let digest = bench.put((0..bytes).map(|index| index as u8).collect());
        let path = setup::blob_path(&bench.hot(), &digest);
        let (store, pool) = (&bench.store, Pool::new(1));
        macro_rules! case {
            ($name:literal, $read:expr) => {
                group.bench_function(BenchmarkId::new($name, bytes), |bencher| {
                    bencher.iter(|| black_box(bench.runtime.block_on($read).expect("a read")).len())
                });
            };
        }
        case!("reader_with_capacity", read::reader_presized(&path, &digest, verify));
        case!("reader_new", read::reader_growing(&path, &digest, verify));
        case!("one_hop_with_capacity", read::presized(store, &digest));
        case!("one_hop_new", read::growing(store, &digest));
        case!("pooled", read::pooled(store, &digest, &pool));
        case!("mapped", read::mapped(store, &digest));
    }
}

/// Text of a million small numbers: about 6.9 MB, of which zstd makes a good third.
fn cold_reads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cold_reads");
    let text: String = (0..1_000_000_u32)
        .map(|n| format!("{} ", n.wrapping_mul(2_654_435_761) % 1_000_000))
        .collect();
    for (name, compress) in [("plain", false), ("zstd", true)] {
        let bench = Bench::new(|options| options.compress = compress);
        let digest = bench.put(text.clone().into_bytes());
        bench.runtime.block_on(bench.store.cool(&digest)).expect("a cold blob");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher
                .iter(|| bench.runtime.block_on(bench.store.read(&digest)).expect("a read").len())
        });
    }
}

criterion_group!(
    benches,
    allocation_patterns,
    read_allocation_patterns,
    verified_reads,
    cold_reads
);
criterion::criterion_main!(benches);
