//! The reason why a node cannot go on: the first one is kept for `Node::failed`.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use futures::FutureExt as _;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinHandle};

use crate::Error;

/// Each part of a node rings it. Only the first error is kept, since the others follow from it.
#[derive(Clone, Debug)]
pub(super) struct Alarm {
    first: mpsc::Sender<Error>,
}

impl Alarm {
    pub(super) fn new() -> (Self, mpsc::Receiver<Error>) {
        let (first, rung) = mpsc::channel(1);
        (Self { first }, rung)
    }

    /// Whether a node cannot go on after this error. The others are the fault of a block or a transaction.
    pub(super) fn is_fatal(error: &Error) -> bool {
        matches!(error, Error::MapFull { .. } | Error::Ledger { .. } | Error::Damaged { .. })
    }

    pub(super) fn ring(&self, error: Error) {
        let text = error.to_string();
        match self.first.try_send(error) {
            Ok(()) => tracing::error!(error = text, "the node cannot go on"),
            Err(_) => tracing::debug!(error = text, "another error after the first"),
        }
    }

    /// Starts a part of the node. It rings if the part panics, or ends before `stopping` is true.
    pub(super) fn watch(
        &self,
        part: &'static str,
        stopping: watch::Receiver<bool>,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> JoinHandle<()> {
        let alarm = self.clone();
        tokio::spawn(async move {
            match AssertUnwindSafe(task).catch_unwind().await {
                Err(panic) => alarm.ring(Error::stopped(part, words(&*panic))),
                Ok(()) if !*stopping.borrow() => {
                    alarm.ring(Error::stopped(part, "it ended by itself"))
                }
                Ok(()) => {}
            }
        })
    }
}

/// Panics as a thread of this part did, so that [`Alarm::watch`] sees the panic.
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
        stopping: bool,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> Option<String> {
        let (alarm, mut rung) = Alarm::new();
        let (_sender, stopping) = watch::channel(stopping);
        assert!(alarm.watch("part", stopping, task).await.is_ok());
        drop(alarm);
        rung.recv().await.map(|error| error.to_string())
    }

    #[tokio::test]
    async fn part_that_panics_or_ends_by_itself_rings() {
        let panicked = rung_by(true, async { panic!("so {}", 1) }).await;
        let expected = "the part of the node has stopped (it panicked: so 1)";
        assert_eq!(panicked.as_deref(), Some(expected));
        let ended = rung_by(false, async {}).await;
        let expected = "the part of the node has stopped (it ended by itself)";
        assert_eq!(ended.as_deref(), Some(expected));
        assert_eq!(rung_by(true, async {}).await, None);
    }

    #[tokio::test]
    async fn alarm_keeps_the_first_error() {
        let (alarm, mut rung) = Alarm::new();
        alarm.ring(Error::MapFull { limit: 1 });
        alarm.ring(Error::MapFull { limit: 2 });
        drop(alarm);
        assert!(matches!(rung.recv().await, Some(Error::MapFull { limit: 1 })));
        assert!(rung.recv().await.is_none());
    }
}
