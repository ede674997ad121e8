//! The heap of the network of a node, and what each peer adds to it.

use clap::{Args, ValueEnum};
use node::net::{Buffers, Judgement, Network, Options, Topic};
use testkit::heap::{blocks, live_bytes};
use testkit::{Resident, cpu_time};

use crate::order::Order;
use crate::peer_swarm::PeerSwarm;
use crate::show;

#[derive(Args)]
pub(crate) struct Peers {
    #[arg(long, default_value_t = 100)]
    peers: usize,
    /// Gossip messages that the peers send.
    #[arg(long, default_value_t = 2000)]
    messages: usize,
    #[arg(long, default_value_t = 4096)]
    bytes: usize,
    #[arg(long, value_enum, default_value_t = Which::Bounded)]
    buffers: Which,
    /// How often the messages are sent.
    #[arg(long, default_value_t = 1)]
    rounds: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum Which {
    Plain,
    Bounded,
}

impl Peers {
    pub(crate) fn measure(self) -> anyhow::Result<()> {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?
            .block_on(async { self.run().await })
    }

    async fn run(self) -> anyhow::Result<()> {
        let buffers = match self.buffers {
            Which::Plain => Buffers::Plain,
            Which::Bounded => Buffers::Bounded,
        };
        let (network, mut received) =
            Network::start(Options { buffers, ..Options::default() }).await?;
        let address = network.address().cloned().unwrap_or_else(node::net::Multiaddr::empty);
        let mut swarm = PeerSwarm::start()?;
        let mut order = |order: Order| swarm.order_from_task(&order);
        // One that comes and goes, so that what is only made once is there.
        order(Order::Dial { address: address.clone(), peers: 1, buffers })?;
        network.wait_for(|status| status.identified + status.subscribed == 2).await?;
        network.publish(Topic::Transactions, vec![0; 64]).await?;
        order(Order::Deliver { messages: 1 })?;
        order(Order::Leave { peers: 1 })?;
        network.wait_for(|status| status.connected == 0).await?;
        let before = live_bytes();
        let each = |live: usize| (live.saturating_sub(before)) / self.peers;
        show("without a peer: bytes of heap", before);
        order(Order::Dial { address, peers: self.peers, buffers })?;
        let all = self.peers;
        network.wait_for(|status| status.identified.min(status.subscribed) == all).await?;
        network.publish(Topic::Transactions, vec![1; 64]).await?;
        order(Order::Deliver { messages: 1 })?;
        show("idle: bytes of heap per peer", each(live_bytes()));
        show("idle: anonymous memory, bytes", Resident::now()?.anonymous);
        for _ in 0..self.rounds {
            let (cpu, from) = (cpu_time()?, std::time::Instant::now());
            let (messages, bytes) = (self.messages, self.bytes);
            let relayed = async {
                for _ in 0..messages {
                    let Some(message) = received.recv().await else { break };
                    network.judge(message.ticket, Judgement::Relay)?;
                }
                anyhow::Ok(())
            };
            // Both at once: the peers block until the network reads their messages.
            let sent = std::thread::scope(|scope| {
                let sending =
                    scope.spawn(|| order(Order::Publish { messages, bytes, per_second: None }));
                tokio::task::block_in_place(|| {
                    tokio::runtime::Handle::current().block_on(relayed)
                })?;
                sending.join().map_err(|_| anyhow::anyhow!("the swarm's thread panicked"))?
            })?;
            show("after traffic: connected", sent.connected);
            show(
                "  seconds of wall, and of CPU",
                format!(
                    "{:.1} {:.1}",
                    from.elapsed().as_secs_f64(),
                    (cpu_time()? - cpu).as_secs_f64()
                ),
            );
            show("  bytes of heap per peer", each(live_bytes()));
            show("  anonymous memory, bytes", Resident::now()?.anonymous);
        }
        for _ in 0..8 {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            show("5 s later: bytes of heap per peer", each(live_bytes()));
        }
        order(Order::Leave { peers: self.peers })?;
        network.wait_for(|status| status.connected == 0).await?;
        show("all have left: bytes of heap, blocks ever", format!("{} {}", live_bytes(), blocks()));
        network.stop().await;
        Ok(())
    }
}
