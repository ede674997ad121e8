//! A mempool of real transactions.

use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use node::crypto::Verified;
use node::mempool::{ImageIndex, Limits, Options, Sharing};
use node::{Mempool, Rules};
use testkit::cpu_time;
use testkit::heap::{blocks, live_bytes};

use crate::fixture::{Fixture, Spec};
use crate::show;

#[derive(Args)]
pub(crate) struct Pool {
    #[arg(long, default_value_t = 1000)]
    count: u32,
    #[arg(long, default_value_t = 1)]
    inputs: u8,
    #[arg(long)]
    memo: bool,
    #[arg(long)]
    quantum: bool,
}

impl Pool {
    pub(crate) fn measure(self) -> anyhow::Result<()> {
        let Self { count, inputs, memo, quantum } = self;
        let spec = Spec { count, inputs, memo, quantum, ..Spec::default() };
        let (from, cpu) = (Instant::now(), cpu_time()?);
        let fixture = Fixture::open(spec)?;
        show(
            "fixture opened: wall, CPU seconds",
            format!("{:.1} {:.1}", from.elapsed().as_secs_f64(), (cpu_time()? - cpu).as_secs_f64()),
        );
        let (from, genesis) = (Instant::now(), spec.genesis());
        show("genesis: seconds", format!("{:.2}", from.elapsed().as_secs_f64()));
        let (cpu, rules) = (cpu_time()?, Rules::default());
        let transactions = fixture
            .transactions()?
            .map(|transaction| Ok(Verified::check(Arc::new(transaction?), &rules)?));
        let mut verified = transactions.collect::<anyhow::Result<Vec<_>>>()?;
        let milliseconds = (cpu_time()? - cpu).as_secs_f64() * 1e3 / f64::from(count);
        show("verify: CPU ms each", format!("{milliseconds:.2}"));
        verified.sort_unstable_by_key(|transaction| transaction.fee_rate());
        for (images, filter_bits, expand) in [
            (ImageIndex::Compact, 0, false),
            (ImageIndex::Plain, 0, false),
            (ImageIndex::Compact, 10, false),
            (ImageIndex::Compact, 0, true),
        ] {
            // All minting pays the same, so that none would go for another.
            let evicting = if inputs == 0 { 0 } else { count / 10 };
            let capacity = (count - evicting) as usize;
            let options = Options { capacity, images, filter_bits, expand, ..Options::default() };
            fill(options, &verified, &genesis)?;
        }
        Ok(())
    }
}

/// Fills the pool from the lowest fee to the highest, so that the last tenth evicts a tenth.
fn fill(options: Options, verified: &[Verified], genesis: &node::Genesis) -> anyhow::Result<()> {
    show("---", format!("{options:?}"));
    let before = live_bytes();
    let mut pool = Mempool::new(options);
    for transaction in &verified[..options.capacity] {
        pool.admit(transaction.deep_clone(), genesis, 0)?;
    }
    let rest = &verified[options.capacity..];
    let from = Instant::now();
    for transaction in rest {
        pool.admit(transaction.deep_clone(), genesis, 0)?;
    }
    let micros = from.elapsed().as_secs_f64() * 1e6 / rest.len().max(1) as f64;
    show("admit into the full pool: microseconds each", format!("{micros:.2}"));
    let (live, usage, count) = (live_bytes() - before, pool.usage(), pool.len());
    show("live heap; by its own account", format!("{live} {}", usage.total()));
    show(
        "bytes a transaction; encoded",
        format!("{} {}", live / count, pool.encoded_bytes() / count),
    );
    show("of that", format!("{usage:?}"));
    let images = pool.key_images().max(1);
    show("key images: bytes each", format!("{:.1}", usage.images as f64 / images as f64));
    for sharing in [Sharing::Shared, Sharing::Cloned] {
        let before = live_bytes();
        let limits = Limits { transactions: usize::MAX, bytes: usize::MAX };
        let parent = genesis.id();
        let template = pool.template(1, &parent, limits, sharing);
        let (transactions, bytes) = (template.len(), live_bytes() - before);
        show("template of all: transactions, bytes", format!("{transactions} {bytes} {sharing:?}"));
    }
    let (from, blocks_before) = (Instant::now(), blocks());
    pool.expire(u64::MAX);
    let micros = from.elapsed().as_secs_f64() * 1e6 / count as f64;
    show("emptied: microseconds each, blocks", format!("{micros:.2} {}", blocks() - blocks_before));
    show("left, bytes", live_bytes() as isize - before as isize);
    Ok(())
}
