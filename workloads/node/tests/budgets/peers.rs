//! Workload: peers connect, send messages, and leave.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Result, anyhow};
use node::net::{Buffers, Judgement, Multiaddr, Network, Options, Received, Topic};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::Receiver;

use crate::order::{Order, Report};
use crate::peer_swarm::PeerSwarm;
use crate::runtime;

/// The peers and their messages.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Peers that dial.
    pub(crate) peers: usize,
    /// The most peers that the network lets in.
    #[serde(default = "default_max_peers")]
    pub(crate) max_peers: u32,
    /// The buffers of a connection.
    pub(crate) buffers: Buffers,
    /// The messages that they send.
    #[serde(default)]
    pub(crate) messages: usize,
    /// The length of each message, in bytes.
    #[serde(default = "default_bytes")]
    pub(crate) bytes: usize,
    /// The rate of all peers together; without it, they send as fast as they can.
    #[serde(default)]
    pub(crate) per_second: Option<NonZeroU32>,
    /// Whether they leave at the end.
    #[serde(default)]
    pub(crate) leave: bool,
}

fn default_max_peers() -> u32 {
    100
}

fn default_bytes() -> usize {
    4096
}

/// The peers and messages at the end.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Peers that are connected, identified and subscribed, and have delivered a message of the network's.
    pub(crate) connected: usize,
    /// Messages that were received and relayed.
    pub(crate) messages: u64,
    #[serde(skip)]
    _kept: (Hub, Runtime),
}

/// A network with its peers.
#[derive(Debug)]
struct Hub {
    network: Network,
    received: Receiver<Received>,
    swarm: PeerSwarm,
    buffers: Buffers,
    greeted: u8,
}

/// Starts the network and the process of the peers. One peer comes and goes, so that everything that is made
/// once exists; in the work, the peers come.
///
/// # Errors
/// If the network or the process does not start.
pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output>> {
    let runtime = runtime::two_threads()?;
    let Params { buffers, max_peers, .. } = params;
    let mut hub = runtime.block_on(async {
        let (network, received) =
            Network::start(Options { buffers, max_peers, ..Options::default() }).await?;
        let mut hub = Hub { network, received, swarm: PeerSwarm::start()?, buffers, greeted: 0 };
        hub.arrive(1).await?;
        hub.leave(1).await?;
        anyhow::Ok(hub)
    })?;
    Ok(move || {
        let connected = runtime.block_on(hub.run(params))?;
        let messages = params.messages as u64;
        Ok(Output { connected, messages, _kept: (hub, runtime) })
    })
}

impl Hub {
    async fn run(&mut self, params: Params) -> Result<usize> {
        let expected = params.peers.min(params.max_peers as usize);
        self.dial(params.peers, expected).await?;
        let mut connected = self.greet().await?.connected;
        if params.messages > 0 {
            let _span = tracing::info_span!("traffic").entered();
            self.exchange(params)?;
            connected = self.settle().await?.connected;
        }
        if params.leave {
            self.leave(params.peers).await?;
            connected = self.network.status().connected;
        }
        Ok(connected)
    }

    async fn arrive(&mut self, peers: usize) -> Result<()> {
        self.dial(peers, peers).await?;
        self.greet().await.map(drop)
    }

    async fn dial(&mut self, peers: usize, expected: usize) -> Result<()> {
        let address = self.network.address().cloned().unwrap_or_else(Multiaddr::empty);
        let dial = Order::Dial { address, peers, buffers: self.buffers };
        self.swarm.order_from_task(&dial)?;
        let there = self
            .network
            .wait_for(|status| status.identified == expected && status.subscribed == expected);
        there.await?;
        Ok(())
    }

    /// Publishes a message and waits until every peer has delivered it.
    async fn greet(&mut self) -> Result<Report> {
        self.greeted += 1;
        self.network.publish(Topic::Transactions, vec![self.greeted; 64]).await?;
        self.swarm.order_from_task(&Order::Deliver { messages: 1 })
    }

    /// Has all peers publish messages in turn, and relays each message.
    fn exchange(&mut self, params: Params) -> Result<()> {
        let Self { network, received, swarm, .. } = self;
        let Params { messages, bytes, per_second, .. } = params;
        let relayed = async {
            for _ in 0..messages {
                let Some(message) = received.recv().await else { break };
                network.judge(message.ticket, Judgement::Relay)?;
            }
            anyhow::Ok(())
        };
        tokio::task::block_in_place(|| {
            std::thread::scope(|scope| {
                let sending =
                    scope.spawn(|| swarm.order(&Order::Publish { messages, bytes, per_second }));
                tokio::runtime::Handle::current().block_on(relayed)?;
                let sent = sending.join();
                sent.map_err(|_| anyhow!("the thread that sends panicked"))?.map(drop)
            })
        })
    }

    /// Waits until no peer has delivered a message for seven heartbeats. A peer outside the mesh requests a message
    /// with the heartbeat after its announcement, and messages are kept for up to five heartbeats.
    async fn settle(&mut self) -> Result<Report> {
        let (mut last, mut alike) = (Report::default(), 0);
        while alike < 7 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let now = self.swarm.order_from_task(&Order::Count)?;
            alike = if now == last { alike + 1 } else { 0 };
            last = now;
        }
        Ok(last)
    }

    async fn leave(&mut self, peers: usize) -> Result<()> {
        self.swarm.order_from_task(&Order::Leave { peers })?;
        self.network.wait_for(|status| status.connected == 0).await?;
        Ok(())
    }
}
