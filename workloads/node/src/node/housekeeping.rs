//! The tasks of a node that run by the clock: it expires old transactions, and makes blocks if it is configured to.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::alarm::Alarm;
use super::announced::Announced;
use crate::announcement::Announcement;
use crate::config::Blocks;
use crate::net::{Network, Topic};
use crate::state::State;
use crate::{Error, Result};

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

/// Until there can be no other one.
pub(super) async fn make_blocks(
    state: Arc<State>,
    network: Arc<Network>,
    blocks: Blocks,
    alarm: Alarm,
    mut end: watch::Receiver<bool>,
) {
    let mut next = interval(blocks.interval);
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = next.tick() => {
                if let Err(error) = produce(&state, &network, blocks).await {
                    return alarm.ring(error);
                }
            }
            _ = end.changed() => return,
        }
    }
}

/// Makes one block, off the threads that serve the network. An error is one after which there can be no
/// other.
async fn produce(state: &Arc<State>, network: &Network, blocks: Blocks) -> Result<()> {
    let state = state.clone();
    let made = tokio::task::spawn_blocking(move || state.produce(blocks.limits)).await;
    let block = match made.map_err(|panicked| Error::stopped("block maker", panicked))? {
        Ok(Some(block)) => block,
        Ok(None) => return Ok(()),
        Err(error) if Alarm::is_fatal(&error) => return Err(error),
        Err(error) => {
            tracing::warn!(%error, "no block was made");
            return Ok(());
        }
    };
    let (height, transactions) = (block.header().height, block.transactions().len());
    tracing::info!(height, transactions, "block");
    let announced = network.publish(Topic::Blocks, Announcement::of(&block).encode()).await;
    if let Err(error) = announced {
        tracing::warn!(%error, height, "a block was not announced");
    }
    Ok(())
}
