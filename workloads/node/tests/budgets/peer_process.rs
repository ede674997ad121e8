//! The binary `peers`: many peers in one process, which obeys the orders of a `PeerSwarm`.

mod fixture;
mod order;

use std::io::Write as _;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use node::net::{Judgement, Multiaddr, Network, Options, Received, Topic};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::{mpsc, watch};

use crate::fixture::Fixture;
use crate::order::{Order, Report};

struct Peer {
    network: Arc<Network>,
    delivered: watch::Receiver<u64>,
    relay: tokio::task::JoinHandle<()>,
    refused: AtomicBool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    let mut peers = Vec::new();
    while let Some(line) = orders.next_line().await? {
        let done = obey(serde_json::from_str(&line)?, &mut peers).await;
        let mut report = count(&peers);
        report.failed = done.err().map(|error| format!("{error:#}"));
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
        out.flush()?;
    }
    Ok(())
}

async fn obey(order: Order, peers: &mut Vec<Peer>) -> Result<()> {
    match order {
        Order::Dial { address, peers: more, buffers } => {
            let first = peers.len();
            for _ in 0..more {
                let options = Options { listen: None, buffers, ..never_dropping() };
                peers.push(Peer::start(options, address.clone()).await?);
            }
            for peer in &peers[first..] {
                peer.arrive().await?;
            }
            Ok(())
        }
        Order::Publish { messages, bytes, per_second } => {
            let each = (0..messages).map(|_| Ok(random(bytes)));
            publish(peers, each, per_second).await
        }
        Order::Send { spec, first, count, per_second } => {
            let transactions = Fixture::open(spec)?.transactions()?;
            let some = transactions.skip(first).take(count);
            publish(peers, some.map(|transaction| Ok(transaction?.encode())), per_second).await
        }
        Order::Deliver { messages } => {
            for peer in peers.iter().filter(|peer| peer.is_connected()) {
                let mut delivered = peer.delivered.clone();
                let enough = delivered.wait_for(|delivered| *delivered >= messages).await;
                enough.context("a peer has ended")?;
            }
            Ok(())
        }
        Order::Leave { peers: fewer } => {
            for peer in peers.split_off(peers.len().saturating_sub(fewer)) {
                peer.leave().await;
            }
            Ok(())
        }
        Order::Count => Ok(()),
    }
}

impl Peer {
    async fn start(options: Options, node: Multiaddr) -> Result<Self> {
        let (network, received) = Network::start(options).await?;
        let network = Arc::new(network);
        let (count, delivered) = watch::channel(0);
        let relay = tokio::spawn(relay(network.clone(), received, count));
        network.dial(node)?;
        Ok(Self { network, delivered, relay, refused: AtomicBool::new(false) })
    }

    /// Waits until the node is identified, or has closed the connection.
    async fn arrive(&self) -> Result<()> {
        let status = self
            .network
            .wait_for(|status| status.ended > 0 || status.identified + status.subscribed == 2)
            .await?;
        self.refused.store(status.ended > 0, Ordering::Relaxed);
        Ok(())
    }

    fn is_connected(&self) -> bool {
        !self.refused.load(Ordering::Relaxed) && self.network.status().connected > 0
    }

    async fn leave(self) {
        self.relay.abort();
        let _aborted = self.relay.await;
        if let Ok(network) = Arc::try_unwrap(self.network) {
            network.stop().await;
        }
    }
}

/// Counts every message and passes it on.
async fn relay(
    network: Arc<Network>,
    mut received: mpsc::Receiver<Received>,
    count: watch::Sender<u64>,
) {
    while let Some(message) = received.recv().await {
        count.send_modify(|count| *count += 1);
        if network.judge(message.ticket, Judgement::Relay).is_err() {
            return;
        }
    }
}

/// Peers that drop no message, however slowly the node reads.
fn never_dropping() -> Options {
    let (queue, patience) = (Some(1_000_000), Duration::from_secs(3600));
    Options { queue, patience, ..Options::default() }
}

/// Publishes each message through the next connected peer.
async fn publish(
    peers: &[Peer],
    messages: impl Iterator<Item = Result<Vec<u8>>>,
    per_second: Option<NonZeroU32>,
) -> Result<()> {
    let apart = per_second.map(|rate| Duration::from_secs(1) / rate.get());
    let mut pace = apart.map(tokio::time::interval);
    let peers: Vec<_> = peers.iter().filter(|peer| peer.is_connected()).collect();
    if peers.is_empty() {
        bail!("no peer is connected");
    }
    for (at, message) in messages.enumerate() {
        if let Some(pace) = &mut pace {
            pace.tick().await;
        }
        peers[at % peers.len()].network.publish(Topic::Transactions, message?).await?;
    }
    Ok(())
}

fn count(peers: &[Peer]) -> Report {
    let connected: Vec<_> = peers.iter().filter(|peer| peer.is_connected()).collect();
    let delivered = connected.iter().map(|peer| *peer.delivered.borrow());
    Report {
        connected: connected.len(),
        fewest: delivered.clone().min().unwrap_or(0),
        delivered: delivered.sum(),
        failed: None,
    }
}

fn random(bytes: usize) -> Vec<u8> {
    use rand_core::RngCore as _;
    let mut message = vec![0; bytes];
    rand_core::OsRng.fill_bytes(&mut message);
    message
}
