//! The server: so many connections at once, each with small buffers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use super::Options;
use super::call::serve;
use super::methods::Asked;
use crate::state::State;
use crate::{Error, Network, Result};

/// What is read of a connection before its head must have ended.
const BUFFER_BYTES: usize = 16 << 10;
/// How long a client may take for a head, and be idle between two requests.
const LONGEST_HEAD: Duration = Duration::from_secs(10);

/// A running server. Dropped, it ends at once.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server in the tokio runtime in which it is called; it listens when this returns.
    ///
    /// # Errors
    /// [`Error::Stopped`] if it cannot listen where it should.
    pub async fn start(options: Options, state: Arc<State>, network: Arc<Network>) -> Result<Self> {
        let failed =
            |error| Error::stopped("RPC", format!("cannot listen at {}: {error}", options.listen));
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let task = tokio::spawn(accept(listener, options, Asked { state, network }));
        Ok(Self { address, task })
    }

    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends, and waits until every connection is closed.
    pub async fn stop(self) {
        self.task.abort();
        let _aborted = self.task.await;
    }
}

/// Connections end with the task that owns their set.
async fn accept(listener: TcpListener, options: Options, asked: Asked) {
    let places = Arc::new(Semaphore::new(options.connections.max(1)));
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of files, say: it passes when connections end.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
        };
        while connections.try_join_next().is_some() {}
        let asked = asked.clone();
        connections.spawn(async move {
            if let Err(error) = connection(stream, options.longest_body_bytes, asked).await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}

async fn connection(
    stream: TcpStream,
    longest_body_bytes: usize,
    asked: Asked,
) -> hyper::Result<()> {
    let service = service_fn(move |request| serve(asked.clone(), longest_body_bytes, request));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST_HEAD)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .await
}
