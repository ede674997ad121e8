//! A whole node: full, and then under load.

use std::time::{Duration, Instant};

use clap::Args;
use node::config::{Blocks, Config, Genesis};
use node::mempool::Limits;
use node::net::Buffers;
use node::{Node, ledger, process};
use testkit::cpu_time;
use testkit::heap::live_bytes;

use crate::fixture::{Fixture, Spec};
use crate::order::Order;
use crate::peer_swarm::PeerSwarm;
use crate::show;

#[derive(Args)]
pub(crate) struct Load {
    #[arg(long, default_value_t = 1000)]
    count: u32,
    #[arg(long, default_value_t = 10)]
    peers: usize,
    /// Blocks below so many others lose their rings and signatures.
    #[arg(long)]
    finality_depth: Option<u64>,
    /// Only fills the pool, and makes no blocks.
    #[arg(long)]
    full: bool,
}

impl Load {
    pub(crate) fn measure(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.run())
    }

    async fn run(self) -> anyhow::Result<()> {
        let spec = Spec { count: self.count, ..Spec::default() };
        let folder = tempfile::tempdir()?;
        let made = Fixture::open(spec)?;
        let node = Node::start(self.config(&spec, folder.path())).await?;
        let address = node.address().cloned().unwrap_or_else(node::net::Multiaddr::empty);
        let mut swarm = PeerSwarm::start()?;
        let mut order = |order: Order| swarm.order_from_task(&order);
        let (peers, count) = (self.peers, self.count as usize);
        order(Order::Dial { address, peers, buffers: Buffers::Bounded })?;
        node.network().wait_for(|status| status.subscribed == peers).await?;
        show(
            "peers are there: heap, resident",
            format!("{} {:?}", live_bytes(), process::resident()),
        );
        let (from, cpu) = (Instant::now(), cpu_time()?);
        if self.full {
            // By the front door, without the noise of gossip.
            for transaction in made.transactions()? {
                node.state().submit(transaction?)?;
            }
        } else {
            order(Order::Send { spec, first: 0, count, per_second: None })?;
            let mut last = (0, Instant::now());
            while mined(&node)? < count {
                let mined = mined(&node)?;
                if mined != last.0 {
                    last = (mined, Instant::now());
                }
                if last.1.elapsed() > Duration::from_secs(20) {
                    show("lost", count - mined);
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        let (wall, cpu) = (from.elapsed().as_secs_f64(), (cpu_time()? - cpu).as_secs_f64());
        let pool = node.state().pool().len();
        show("in the pool; mined", format!("{pool} {}", mined(&node)?));
        show("a second of wall", format!("{:.0}", count as f64 / wall));
        show("a second of this process's CPU", format!("{:.0}", count as f64 / cpu));
        show(
            "heap; of that the pool",
            format!("{} {}", live_bytes(), node.state().pool().heap_size()),
        );
        show("resident, bytes", format!("{:?}", process::resident()));
        show("ledger", format!("{:?}", node.state().ledger().size()?));
        node.stop().await?;
        Ok(())
    }

    fn config(&self, spec: &Spec, data: &std::path::Path) -> Config {
        let mut config = Config { data: data.join("chain"), ..Config::default() };
        config.genesis = Genesis { seed: spec.seed, outputs: spec.genesis().outputs().len() };
        config.network.max_peers = self.peers.max(1) as u32;
        config.ledger = ledger::Options {
            durable: false,
            finality_depth: self.finality_depth,
            ..config.ledger
        };
        let limits = Limits { transactions: 100, ..Limits::default() };
        let blocks = Blocks { interval: Duration::from_millis(250), limits };
        config.blocks = (!self.full).then_some(blocks);
        config
    }
}

fn mined(node: &Node) -> anyhow::Result<usize> {
    Ok(node.state().ledger().size()?.key_images.records)
}
