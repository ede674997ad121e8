//! What ends a node: it says so once, to whoever waits for it.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use futures::FutureExt as _;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinHandle};

use crate::Error;

/// To be rung by each part of a node. Only what comes first is kept: the rest follows from it.
#[derive(Clone, Debug)]
pub(super) struct Alarm {
    first: mpsc::Sender<Error>,
}

impl Alarm {
    pub(super) fn new() -> (Self, mpsc::Receiver<Error>) {
        let (first, rung) = mpsc::channel(1);
        (Self { first }, rung)
    }

    /// Whether a node cannot go on after this. What is not fatal is the fault of a block or a transaction.
    pub(super) fn is_fatal(error: &Error) -> bool {
        matches!(error, Error::MapFull { .. } | Error::Ledger { .. } | Error::Damaged { .. })
    }

    pub(super) fn ring(&self, error: Error) {
        let said = error.to_string();
        match self.first.try_send(error) {
            Ok(()) => tracing::error!(error = said, "the node cannot go on"),
            Err(_) => tracing::debug!(error = said, "and this, too"),
        }
    }

    /// Starts a part of the node, which is to end when it is told to, and neither before nor by a panic.
    pub(super) fn watch(
        &self,
        part: &'static str,
        told: watch::Receiver<bool>,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> JoinHandle<()> {
        let alarm = self.clone();
        tokio::spawn(async move {
            match AssertUnwindSafe(task).catch_unwind().await {
                Err(panic) => alarm.ring(Error::stopped(part, words(&*panic))),
                Ok(()) if !*told.borrow() => alarm.ring(Error::stopped(part, "it ended by itself")),
                Ok(()) => {}
            }
        })
    }
}

/// Panics as a thread of this part did, so that whoever watches the part hears of it.
pub(super) fn go_on(done: Result<(), JoinError>) {
    if let Err(error) = done
        && error.is_panic()
    {
        panic::resume_unwind(error.into_panic());
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("it panicked: {}", words.as_deref().unwrap_or("without words"))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn rung_by(
        told: bool,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> Option<String> {
        let (alarm, mut rung) = Alarm::new();
        let (_tell, told) = watch::channel(told);
        assert!(alarm.watch("part", told, task).await.is_ok());
        drop(alarm);
        rung.recv().await.map(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_part_that_panics_or_ends_by_itself_is_told() {
        let panicked = rung_by(true, async { panic!("so {}", 1) }).await;
        let said = "the part of the node has stopped (it panicked: so 1)";
        assert_eq!(panicked.as_deref(), Some(said));
        let ended = rung_by(false, async {}).await;
        let said = "the part of the node has stopped (it ended by itself)";
        assert_eq!(ended.as_deref(), Some(said));
        assert_eq!(rung_by(true, async {}).await, None);
    }

    #[tokio::test]
    async fn what_comes_first_is_kept() {
        let (alarm, mut rung) = Alarm::new();
        alarm.ring(Error::MapFull { limit: 1 });
        alarm.ring(Error::MapFull { limit: 2 });
        drop(alarm);
        assert!(matches!(rung.recv().await, Some(Error::MapFull { limit: 1 })));
        assert!(rung.recv().await.is_none());
    }
}
