//! What a node does by the clock: it forgets what is too old, and makes blocks if it is to.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::announced::Announced;
use crate::announcement::Announcement;
use crate::config::Blocks;
use crate::net::{Network, Topic};
use crate::state::State;

/// How often what waits is looked at for its age: transactions, and announced blocks.
const EXPIRY: Duration = Duration::from_secs(1);

pub(super) async fn expire(
    state: Arc<State>,
    announced: Arc<Announced>,
    mut end: watch::Receiver<bool>,
) {
    let mut expiry = interval(EXPIRY);
    loop {
        tokio::select! {
            _ = expiry.tick() => {
                state.expire();
                announced.expire();
            }
            _ = end.changed() => return,
        }
    }
}

pub(super) async fn make_blocks(
    state: Arc<State>,
    network: Arc<Network>,
    blocks: Blocks,
    mut end: watch::Receiver<bool>,
) {
    let mut next = interval(blocks.interval);
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = next.tick() => produce(&state, &network, blocks).await,
            _ = end.changed() => return,
        }
    }
}

/// Makes one block, off the threads that serve the network.
async fn produce(state: &Arc<State>, network: &Network, blocks: Blocks) {
    let state = state.clone();
    let made = tokio::task::spawn_blocking(move || state.produce(blocks.limits)).await;
    let block = match made {
        Ok(Ok(Some(block))) => block,
        Ok(Ok(None)) => return,
        Ok(Err(error)) => return tracing::error!(%error, "no block was made"),
        Err(error) => return tracing::error!(%error, "no block was made"),
    };
    let (height, transactions) = (block.header().height, block.transactions().len());
    tracing::info!(height, transactions, "block");
    let announced = network.publish(Topic::Blocks, Announcement::of(&block).encode()).await;
    if let Err(error) = announced {
        tracing::warn!(%error, height, "a block was not announced");
    }
}
