//! Workload: peers come, say something, and leave.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::Receiver;

use super::order;
use crate::net::crowd::{Crowd, Order, Report};
use crate::net::{Buffers, Judgement, Multiaddr, Network, Options, Received, Topic};
use crate::{Error, Result};

/// Who comes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Peers that dial.
    pub peers: usize,
    /// The most that are let in.
    #[serde(default = "hundred")]
    pub max_peers: u32,
    /// What a connection may hold.
    pub buffers: Buffers,
    /// Messages that they send.
    #[serde(default)]
    pub messages: usize,
    /// How long each is.
    #[serde(default = "four_kib")]
    pub bytes: usize,
    /// How many in a second; without it, as many as they can send.
    #[serde(default)]
    pub per_second: Option<NonZeroU32>,
    /// Whether they leave again.
    #[serde(default)]
    pub leave: bool,
}

fn hundred() -> u32 {
    100
}

fn four_kib() -> usize {
    4096
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Peers that are connected, identified and subscribed, and have delivered a message of ours.
    pub connected: usize,
    /// Messages that came, and were relayed.
    pub messages: u64,
    #[serde(skip)]
    _kept: (Party, Runtime),
}

/// A network with its peers.
#[derive(Debug)]
struct Party {
    network: Network,
    received: Receiver<Received>,
    crowd: Crowd,
    buffers: Buffers,
    greeted: u8,
}

/// Starts the network, and the process of the peers, one of which comes and goes, so that what is only
/// made once is there. In the work the others come.
///
/// # Errors
/// If the network or the process does not start.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let runtime = super::runtime()?;
    let Params { buffers, max_peers, .. } = params;
    let mut party = runtime.block_on(async {
        let (network, received) =
            Network::start(Options { buffers, max_peers, ..Options::default() }).await?;
        let mut party = Party { network, received, crowd: Crowd::start()?, buffers, greeted: 0 };
        party.arrive(1).await?;
        party.leave(1).await?;
        anyhow::Ok(party)
    })?;
    Ok(move || {
        let connected = runtime.block_on(party.run(params))?;
        let messages = params.messages as u64;
        Ok(Answer { connected, messages, _kept: (party, runtime) })
    })
}

impl Party {
    async fn run(&mut self, params: Params) -> Result<usize> {
        let expected = params.peers.min(params.max_peers as usize);
        self.dial(params.peers, expected).await?;
        let mut connected = self.greet().await?.connected;
        if params.messages > 0 {
            let _span = tracing::info_span!("traffic").entered();
            self.talk(params)?;
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
        order(&mut self.crowd, &dial)?;
        let there = self
            .network
            .wait_for(|status| status.identified == expected && status.subscribed == expected);
        there.await.map(drop)
    }

    /// Every peer gets a message of ours.
    async fn greet(&mut self) -> Result<Report> {
        self.greeted += 1;
        self.network.publish(Topic::Transactions, vec![self.greeted; 64]).await?;
        order(&mut self.crowd, &Order::Deliver { messages: 1 })
    }

    /// Messages come from all peers in turn, and are relayed as they come.
    fn talk(&mut self, params: Params) -> Result<()> {
        let Self { network, received, crowd, .. } = self;
        let Params { messages, bytes, per_second, .. } = params;
        let relayed = async {
            for _ in 0..messages {
                let Some(message) = received.recv().await else { break };
                network.judge(message.ticket, Judgement::Relay)?;
            }
            Result::Ok(())
        };
        tokio::task::block_in_place(|| {
            std::thread::scope(|scope| {
                let sending =
                    scope.spawn(|| crowd.order(&Order::Publish { messages, bytes, per_second }));
                tokio::runtime::Handle::current().block_on(relayed)?;
                let sent = sending.join();
                sent.map_err(|_| Error::stopped("crowd", "its thread panicked"))?.map(drop)
            })
        })
    }

    /// Until nothing has been delivered for seven heartbeats: who is not in the mesh asks for what it
    /// hears of with the next one, and messages are kept for up to five.
    async fn settle(&mut self) -> Result<Report> {
        let (mut last, mut alike) = (Report::default(), 0);
        while alike < 7 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let now = order(&mut self.crowd, &Order::Count)?;
            alike = if now == last { alike + 1 } else { 0 };
            last = now;
        }
        Ok(last)
    }

    async fn leave(&mut self, peers: usize) -> Result<()> {
        order(&mut self.crowd, &Order::Leave { peers })?;
        self.network.wait_for(|status| status.connected == 0).await.map(drop)
    }
}
