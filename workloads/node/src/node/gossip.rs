//! What peers send: it is decoded, verified and let in before it is relayed.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use crate::announcement::Announcement;
use crate::net::{Judgement, Network, Received, Topic};
use crate::state::State;
use crate::{Error, Result, Transaction};

#[derive(Clone, Debug)]
pub(super) struct Gossip {
    state: Arc<State>,
    network: Arc<Network>,
    /// A block of which not all transactions have come yet.
    pending: Arc<Mutex<Option<Announcement>>>,
}

impl Gossip {
    pub(super) fn new(state: Arc<State>, network: Arc<Network>) -> Self {
        Self { state, network, pending: Arc::default() }
    }

    /// As many messages are worked on at once as there are cores; the others wait where they are.
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
            let Ok(place) = places.clone().acquire_owned().await else { break };
            while working.try_join_next().is_some() {}
            let gossip = self.clone();
            working.spawn_blocking(move || {
                gossip.take(message);
                drop(place);
            });
        }
        while working.join_next().await.is_some() {}
    }

    fn take(&self, message: Received) {
        let taken = match message.topic {
            Topic::Transactions => self.transaction(&message.bytes),
            Topic::Blocks => self.block(&message.bytes),
        };
        let judgement = match &taken {
            Ok(judgement) => *judgement,
            Err(error) => judgement(error),
        };
        if let Err(error) = &taken {
            tracing::debug!(%error, ?judgement, "not relayed");
        }
        if let Err(error) = self.network.judge(message.ticket, judgement) {
            tracing::debug!(%error, "judged too late");
        }
        if let Err(error) = self.apply_pending() {
            tracing::warn!(%error, "a block does not fit");
        }
    }

    fn transaction(&self, bytes: &[u8]) -> Result<Judgement> {
        self.state.submit(Transaction::decode(bytes)?)?;
        Ok(Judgement::Relay)
    }

    /// Only the next block is of use, and is passed on once its transactions are there.
    fn block(&self, bytes: &[u8]) -> Result<Judgement> {
        let announced = Announcement::decode(bytes)?;
        let (height, hash) = self.state.ledger().tip();
        if announced.header.height <= height {
            return Ok(Judgement::Ignore);
        }
        if announced.header.parent != hash {
            let (read, expected) = (announced.header.parent.to_string(), hash.to_string());
            return Err(Error::Discontinuous { what: "parent", read, expected });
        }
        *self.pending() = Some(announced);
        Ok(Judgement::Relay)
    }

    fn apply_pending(&self) -> Result<()> {
        let mut pending = self.pending();
        let Some(announced) = pending.as_ref() else { return Ok(()) };
        let block = announced.block(&self.state.pool());
        let applied = match block {
            Ok(None) => return Ok(()),
            Ok(Some(block)) => self.state.apply(&block),
            Err(error) => Err(error),
        };
        *pending = None;
        applied
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, Option<Announcement>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a refusal is the sender's fault.
fn judgement(error: &Error) -> Judgement {
    match error {
        Error::Encoding { .. }
        | Error::Size { .. }
        | Error::Invalid { .. }
        | Error::Signature { .. } => Judgement::Reject,
        _ => Judgement::Ignore,
    }
}
