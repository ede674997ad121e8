//! Stops a blocking operation whose future was dropped.

use std::future::{Future, poll_fn};
use std::io::{self, Read};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::{Error, Result};

#[derive(Clone, Default)]
pub(super) struct Cancel(Arc<Signal>);

#[derive(Default)]
struct Signal {
    set: AtomicBool,
    wake: Notify,
}

impl Cancel {
    /// Cancels when dropped, which happens together with the future that owns it.
    pub(super) fn guard(&self) -> Guard {
        Guard(self.clone())
    }

    /// Fails once the operation is cancelled. An operation calls this once for each chunk.
    pub(super) fn check(&self) -> Result<()> {
        if self.0.set.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Reads an asynchronous source from a blocking thread, until cancelled.
    pub(super) fn bridge<S>(&self, runtime: Handle, source: S) -> Bridge<S> {
        Bridge { runtime, source, cancel: self.clone() }
    }
}

pub(super) struct Guard(Cancel);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.set.store(true, Ordering::Relaxed);
        self.0.0.wake.notify_one();
    }
}

pub(super) struct Bridge<S> {
    runtime: Handle,
    source: S,
    cancel: Cancel,
}

impl<S: AsyncRead + Unpin> Read for Bridge<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let source = &mut self.source;
        let cancel = &self.cancel;
        self.runtime.block_on(async {
            let mut read = pin!(source.read(buffer));
            let mut cancelled = pin!(cancel.0.wake.notified());
            poll_fn(|context| match cancelled.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
                Poll::Pending => read.as_mut().poll(context),
            })
            .await
        })
    }
}
