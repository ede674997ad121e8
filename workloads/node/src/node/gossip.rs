//! Transactions from peers are decoded, verified and let in before they are relayed.

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use super::alarm;
use crate::net::{Judgement, Network, Received, Topic};
use crate::state::State;
use crate::{Error, Result, Transaction};

#[derive(Clone, Debug)]
pub(super) struct Gossip {
    state: Arc<State>,
    network: Arc<Network>,
    /// Where announcements of blocks go, whose order matters.
    blocks: mpsc::Sender<Received>,
}

impl Gossip {
    pub(super) fn new(
        state: Arc<State>,
        network: Arc<Network>,
        blocks: mpsc::Sender<Received>,
    ) -> Self {
        Self { state, network, blocks }
    }

    /// As many transactions are worked on at once as there are cores; the others wait where they are.
    pub(super) async fn run(
        self,
        mut received: mpsc::Receiver<Received>,
        mut end: watch::Receiver<bool>,
    ) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let places = Arc::new(Semaphore::new(cores));
        let mut working = JoinSet::new();
        loop {
            let message = tokio::select! {
                message = received.recv() => message,
                _ = end.changed() => None,
            };
            let Some(message) = message else { break };
            if message.topic == Topic::Blocks {
                match self.blocks.send(message).await {
                    Ok(()) => continue,
                    Err(_) => break,
                }
            }
            let Ok(place) = places.clone().acquire_owned().await else { break };
            while let Some(done) = working.try_join_next() {
                alarm::go_on(done);
            }
            let gossip = self.clone();
            working.spawn_blocking(move || {
                gossip.take(message);
                drop(place);
            });
        }
        while let Some(done) = working.join_next().await {
            alarm::go_on(done);
        }
    }

    fn take(&self, message: Received) {
        let judgement = match self.submit(&message.bytes) {
            Ok(()) => Judgement::Relay,
            Err(error) => {
                let judgement = judgement(&error);
                tracing::debug!(%error, ?judgement, "not relayed");
                judgement
            }
        };
        if let Err(error) = self.network.judge(message.ticket, judgement) {
            tracing::debug!(%error, "judged too late");
        }
    }

    fn submit(&self, bytes: &[u8]) -> Result<()> {
        self.state.submit(Transaction::decode(bytes)?).map(drop)
    }
}

/// Whether a refusal is the sender's fault.
pub(super) fn judgement(error: &Error) -> Judgement {
    match error {
        Error::Encoding { .. }
        | Error::Size { .. }
        | Error::Invalid { .. }
        | Error::Signature { .. } => Judgement::Reject,
        _ => Judgement::Ignore,
    }
}
