//! The output of a guest, up to a limit.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use crate::error::Stream;

/// One of the streams of a guest. A clone is the same stream.
#[derive(Clone, Debug)]
pub(crate) struct Capture {
    stream: Stream,
    allowed: usize,
    written: Arc<Mutex<Vec<u8>>>,
}

/// The guest wrote more than is allowed.
#[derive(Debug, thiserror::Error)]
#[error("more than {allowed} bytes were written to {stream}")]
pub(crate) struct Overflow {
    pub(crate) stream: Stream,
    pub(crate) allowed: usize,
}

impl Capture {
    pub(crate) fn new(stream: Stream, allowed: usize) -> Self {
        Self { stream, allowed, written: Arc::default() }
    }

    /// The output since the last call.
    pub(crate) fn take(&self) -> String {
        let written = std::mem::take(&mut *self.lock());
        String::from_utf8(written)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl IsTerminal for Capture {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Capture {
    /// Unused: WASI 0.1 writes to the other stream.
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        Box::new(MemoryOutputPipe::new(0))
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Pollable for Capture {
    async fn ready(&mut self) {}
}

impl OutputStream for Capture {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut written = self.lock();
        if bytes.len() > self.allowed - written.len() {
            let overflow = Overflow { stream: self.stream, allowed: self.allowed };
            return Err(StreamError::Trap(wasmtime::Error::new(overflow)));
        }
        written.extend_from_slice(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    /// One byte more than the limit allows, so that a write beyond it reaches `write`.
    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(self.allowed - self.lock().len() + 1)
    }
}
