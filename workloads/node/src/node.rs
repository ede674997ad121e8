//! A node: what peers and clients send goes to the pool, from the pool into blocks, from blocks to the
//! ledger.
//!
//! A node whose ledger is full or cannot be written, or a part of which has panicked, cannot follow the
//! chain any more. It makes no further block, logs one error, and [`Node::failed`] returns it: the binary then
//! ends with exit code 1, since an operator has to act (a larger `map_size`, say), and a supervisor sees an
//! exit code sooner than anybody reads a log.

mod alarm;
mod gossip;
mod housekeeping;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use self::alarm::Alarm;
use crate::config::Config;
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
        let state = Arc::new(State::new(config.rules, Mempool::new(config.mempool), ledger));
        let (network, received) = Network::start(config.network).await?;
        let network = Arc::new(network);
        let rpc = match config.rpc {
            Some(options) => Some(Server::start(options, state.clone(), network.clone()).await?),
            None => None,
        };
        let (end, ends) = watch::channel(false);
        let (alarm, rung) = Alarm::new();
        let gossip = gossip::Gossip::new(state.clone(), network.clone());
        let gossip = gossip.run(received, ends.clone());
        let (node, peers, by) = (state.clone(), network.clone(), alarm.clone());
        let housekeeping = housekeeping::run(node, peers, config.blocks, by, ends.clone());
        let tasks = vec![
            alarm.watch("gossip", ends.clone(), gossip),
            alarm.watch("housekeeping", ends, housekeeping),
        ];
        Ok(Self { state, network, rpc, end, tasks, rung })
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

    /// Waits until the node cannot go on, and says why: for ever, if all goes well. It is to be
    /// [stopped](Self::stop) then.
    pub async fn failed(&mut self) -> Error {
        match self.rung.recv().await {
            Some(error) => error,
            None => std::future::pending().await,
        }
    }

    /// Ends everything, and waits until it has: nobody is connected, no port is taken, nothing is written
    /// any more, and what was committed is on disk.
    ///
    /// # Errors
    /// If the ledger cannot be written, or why the node could not go on, unless
    /// [`failed`](Self::failed) has said so.
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
        // Whoever else had it has ended by now.
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
