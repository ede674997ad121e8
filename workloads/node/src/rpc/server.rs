//! The server: so many connections at once, each with small buffers.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::Options;
use super::budget::Budget;
use super::call::Served;
use super::methods::Methods;
use super::slow_clients::SlowClient;
use crate::state::State;
use crate::{Error, Network, Result};

/// The longest head of a request: the least that hyper takes.
const BUFFER_BYTES: usize = 8 << 10;
/// How long connections may go on after [`Server::stop`]. A transaction takes less to verify.
const LONGEST_FAREWELL: Duration = Duration::from_secs(5);

/// A running server. Dropped, it ends; [`stop`](Self::stop) also waits until it has.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    end: watch::Sender<()>,
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
        let (end, ends) = watch::channel(());
        let budget = Budget::new(&options);
        let served = Served { methods: Methods { state, network, budget }, options };
        let task = tokio::spawn(run(listener, served, ends));
        Ok(Self { address, end, task })
    }

    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends, and waits until every connection is closed and no verification runs. Open requests are answered if
    /// that takes no longer than five seconds.
    pub async fn stop(self) {
        drop(self.end);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the server ended badly");
        }
    }
}

/// Serves until the sender of `end` is dropped.
async fn run(listener: TcpListener, served: Served, mut end: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(served.options.connections.max(1)));
    loop {
        while let Some(ended) = connections.try_join_next() {
            note(ended);
        }
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            _ = end.changed() => break,
        };
        if let Some((stream, place)) = accepted {
            connections.spawn(connection(stream, place, served.clone(), end.clone()));
        }
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        note(ended);
    }
    // A client that gave up on an answer may have left a transaction that is still verified.
    served.methods.budget.idle().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            // The process may be out of files, which passes when connections end.
            tracing::warn!(%error, "a connection was not accepted");
            tokio::time::sleep(Duration::from_millis(10)).await;
            None
        }
    }
}

async fn connection(
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
    served: Served,
    mut end: watch::Receiver<()>,
) {
    let patience = served.options.patience;
    let service = service_fn(move |request| served.clone().answer(request));
    let mut serving = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience)
            .max_buf_size(BUFFER_BYTES)
            .serve_connection(TokioIo::new(SlowClient::new(stream, patience)), service)
    );
    let served = tokio::select! {
        served = serving.as_mut() => served,
        _ = end.changed() => {
            serving.as_mut().graceful_shutdown();
            match timeout(LONGEST_FAREWELL, serving).await {
                Ok(served) => served,
                Err(_) => return tracing::warn!("a connection did not end, and is cut off"),
            }
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection ended badly");
    }
}
