//! Blocks that peers announce: added to the chain one after the other, and then passed on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, watch};

use super::alarm::{self, Alarm};
use super::candidates::Candidates;
use super::gossip::judgement;
use crate::announcement::Announcement;
use crate::net::{Judgement, Network, Received, Ticket};
use crate::state::State;
use crate::{Error, clock};

#[derive(Debug)]
pub(super) struct Announced {
    state: Arc<State>,
    network: Arc<Network>,
    alarm: Alarm,
    waiting: Mutex<Candidates>,
}

impl Announced {
    pub(super) fn new(state: Arc<State>, network: Arc<Network>, alarm: Alarm) -> Self {
        Self { state, network, alarm, waiting: Mutex::default() }
    }

    /// One message at a time, in the order in which they came. What waits is looked at again when
    /// something has come that it waits for.
    pub(super) async fn run(
        self: Arc<Self>,
        mut messages: mpsc::Receiver<Received>,
        mut end: watch::Receiver<bool>,
    ) {
        loop {
            let message = tokio::select! {
                message = messages.recv() => match message {
                    Some(message) => Some(message),
                    None => return,
                },
                () = self.state.news() => None,
                _ = end.changed() => return,
            };
            let this = self.clone();
            let step = tokio::task::spawn_blocking(move || {
                message.into_iter().for_each(|message| this.keep(message));
                this.advance();
            });
            alarm::go_on(step.await);
        }
    }

    fn keep(&self, Received { bytes, ticket, .. }: Received) {
        let announced = match Announcement::decode(&bytes) {
            Ok(announced) => announced,
            Err(error) => return self.refuse(ticket, &error),
        };
        let tip = self.state.ledger().tip();
        let refused = self.waiting().insert(announced, ticket, tip, clock::now());
        refused.into_iter().for_each(|ticket| self.judge(ticket, Judgement::Ignore));
    }

    /// Adds what can be added, until nothing can.
    fn advance(&self) {
        loop {
            let tip = self.state.ledger().tip();
            let passed = self.waiting().passed(tip);
            passed.into_iter().for_each(|ticket| self.judge(ticket, Judgement::Ignore));
            let complete = {
                let mut waiting = self.waiting();
                let pool = self.state.pool();
                let complete = waiting.complete(tip, &pool);
                if complete.is_none() {
                    self.state.wait_for(&pool, waiting.missing(tip));
                }
                complete
            };
            let Some((block, ticket)) = complete else { return };
            match self.state.apply(&block) {
                Ok(()) => self.judge(ticket, Judgement::Relay),
                Err(error) if Alarm::is_fatal(&error) => {
                    self.judge(ticket, Judgement::Ignore);
                    return self.alarm.ring(error);
                }
                Err(error) => self.refuse(ticket, &error),
            }
        }
    }

    /// Forgets what has waited for too long.
    pub(super) fn expire(&self) {
        let expired = self.waiting().expired(clock::now());
        expired.into_iter().for_each(|ticket| self.judge(ticket, Judgement::Ignore));
    }

    fn refuse(&self, ticket: Ticket, error: &Error) {
        let judgement = match error {
            // A block names the block after which it is valid.
            Error::Spent { .. } => Judgement::Reject,
            other => judgement(other),
        };
        tracing::debug!(%error, ?judgement, "a block was not added");
        self.judge(ticket, judgement);
    }

    fn judge(&self, ticket: Ticket, judgement: Judgement) {
        if let Err(error) = self.network.judge(ticket, judgement) {
            tracing::debug!(%error, "judged too late");
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Candidates> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
