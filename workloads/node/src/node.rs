//! A node: what peers and clients send goes to the pool, from the pool into blocks, from blocks to the
//! ledger.
//!
//! Deliberately absent are consensus and the fetching of blocks. A valid block that continues
//! the chain, of transactions that are in the pool, is added from any peer: it needs no permission and no
//! work, and no block is ever taken back. A block that was missed, since it was announced before the node
//! was there or while too many others waited, does not come again, and nothing can be added after it. One
//! node of a test network makes blocks, and the others, which were there from the beginning, follow it.
//!
//! A node whose ledger is full or cannot be written, or a part of which has panicked, cannot follow the
//! chain any more. It makes no further block, logs one error, and [`Node::failed`] returns it: the binary then
//! ends with exit code 1, since an operator has to act (a larger `map_size`, say), and a supervisor sees an
//! exit code before a person reads a log.

mod alarm;
mod announced;
mod candidates;
mod gossip;
mod housekeeping;

use std::sync::Arc;

use futures::FutureExt as _;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use self::alarm::Alarm;
use crate::config::{Blocks, Config};
use crate::net::{Multiaddr, Network};
use crate::rpc::Server;
use crate::state::State;
use crate::{Error, Genesis, Ledger, Mempool, Result};

/// A running node.
#[derive(Debug)]
pub struct Node {
    state: Arc<State>,
    network: Arc<Network>,
    rpc: Option<Server>,
    end: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    alarm: Alarm,
    rung: mpsc::Receiver<Error>,
}

impl Node {
    /// Opens the ledger and starts everything, in the tokio runtime in which it is called. When this
    /// returns, the node listens.
    ///
    /// # Errors
    /// If the ledger cannot be opened, or an address cannot be listened at.
    pub async fn start(config: Config) -> Result<Self> {
        let genesis = Genesis::new(config.genesis.seed, config.genesis.outputs);
        let ledger = Ledger::open(&config.data, &genesis, config.ledger)?;
        drop(genesis);
        let pool = Mempool::new(config.mempool);
        let state = Arc::new(State::new(config.rules, pool, ledger));
        let (network, received) = Network::start(config.network).await?;
        let network = Arc::new(network);
        let rpc = match config.rpc {
            Some(options) => Some(Server::start(options, state.clone(), network.clone()).await?),
            None => None,
        };
        let (end, ends) = watch::channel(false);
        let (alarm, rung) = Alarm::new();
        let (blocks, messages) = mpsc::channel(candidates::MOST);
        let gossip = gossip::Gossip::new(state.clone(), network.clone(), blocks);
        let announced = announced::Announced::new(state.clone(), network.clone(), alarm.clone());
        let announced = Arc::new(announced);
        let parts = [
            ("gossip", gossip.run(received, ends.clone()).boxed()),
            ("follower", announced.clone().run(messages, ends.clone()).boxed()),
            ("housekeeping", housekeeping::expire(state.clone(), announced, ends.clone()).boxed()),
        ];
        let tasks = parts.map(|(part, task)| alarm.watch(part, ends.clone(), task)).into();
        let mut node = Self { state, network, rpc, end, tasks, alarm, rung };
        config.blocks.into_iter().for_each(|blocks| node.make_blocks(blocks));
        Ok(node)
    }

    /// Makes blocks from now on, as it does from the start with [`Config::blocks`].
    pub fn make_blocks(&mut self, blocks: Blocks) {
        let (state, network, ends) =
            (self.state.clone(), self.network.clone(), self.end.subscribe());
        let maker =
            housekeeping::make_blocks(state, network, blocks, self.alarm.clone(), ends.clone());
        self.tasks.push(self.alarm.watch("block maker", ends, maker));
    }

    /// The pool and the chain.
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// The peers.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Where peers can dial, if it listens.
    pub fn address(&self) -> Option<&Multiaddr> {
        self.network.address()
    }

    /// Where the server listens, if there is one.
    pub fn rpc_address(&self) -> Option<std::net::SocketAddr> {
        self.rpc.as_ref().map(Server::address)
    }

    /// Waits until the node cannot go on, and returns the reason; if all goes well, it waits for ever. The caller
    /// [stops](Self::stop) the node then.
    pub async fn failed(&mut self) -> Error {
        match self.rung.recv().await {
            Some(error) => error,
            None => std::future::pending().await,
        }
    }

    /// Ends every part and waits until it has ended: no peer is connected, no port is taken, nothing is written
    /// any more, and every committed block is on disk.
    ///
    /// # Errors
    /// If the ledger cannot be written, or the reason why the node could not go on, unless
    /// [`failed`](Self::failed) has returned it.
    pub async fn stop(mut self) -> Result<()> {
        let _its_tasks_may_have_ended = self.end.send(true);
        if let Some(rpc) = self.rpc {
            rpc.stop().await;
        }
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the node ended badly");
            }
        }
        // Every other owner has ended by now.
        let network = Arc::try_unwrap(self.network).ok();
        let left = network.is_none();
        if let Some(network) = network {
            network.stop().await;
        }
        self.state.ledger().sync()?;
        match self.rung.try_recv() {
            Ok(error) => Err(error),
            Err(_) if left => {
                Err(Error::stopped("network", "a task that should have ended has it"))
            }
            Err(_) => Ok(()),
        }
    }
}
