//! Workload: many operations at the same moment. Each waits, buffer in hand, until all have one.

use std::io::{self, Read, Write};
use std::sync::{Arc, Barrier};

use anyhow::ensure;
use serde::{Deserialize, Serialize};
use storage::{Digest, Result, Store};

use crate::content::{Seeded, bytes};
use crate::count::Count;
use crate::setup::{Finished, Setup};

/// How many operations, and of which kind.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// How many at once; each has a thread.
    pub(crate) operations: u32,
    /// The length of each blob.
    pub(crate) bytes: u64,
    /// Which way they go.
    pub(crate) direction: Direction,
}

/// Which way a crowd goes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// Each puts a blob of its own.
    Put,
    /// All get the same blob.
    Get,
}

/// What the crowd did.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// How many operations succeeded.
    pub(crate) operations: u32,
    /// Their bytes together.
    pub(crate) bytes: u64,
    #[serde(skip)]
    _kept: (Finished, Crowd),
}

/// Starts the threads and sends one crowd through; the work is the second.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    ensure!(params.bytes > 0, "a crowd meets at its first byte; give blobs of 1 byte or more");
    let threads = params.operations.max(1);
    let setup = Setup::new(threads as usize, |options| options.concurrent = threads as usize)?;
    let blob = setup.block_on(setup.store.put_bytes(bytes(6, params.bytes)))?.digest;
    let crowd = Crowd { params, blob, barrier: Arc::new(Barrier::new(threads as usize)) };
    crowd.pass(&setup, 1)?;
    Ok(move || {
        let bytes = crowd.pass(&setup, 2)?;
        let kept = (setup.finished(), crowd);
        Ok(Output { operations: params.operations, bytes, _kept: kept })
    })
}

#[derive(Debug)]
struct Crowd {
    params: Params,
    blob: Digest,
    barrier: Arc<Barrier>,
}

impl Crowd {
    /// All operations, each a task; their bytes together.
    fn pass(&self, setup: &Setup, round: u64) -> anyhow::Result<u64> {
        let start = |number| {
            let seed = round << 32 | u64::from(number);
            let (store, barrier) = (setup.store.clone(), Some(Arc::clone(&self.barrier)));
            match self.params.direction {
                Direction::Put => {
                    let inner = Seeded::new(seed, self.params.bytes);
                    setup.spawn(put(store, Meeting { inner, barrier }))
                }
                Direction::Get => {
                    setup.spawn(get(store, self.blob, Meeting { inner: Count(0), barrier }))
                }
            }
        };
        let tasks: Vec<_> = (0..self.params.operations).map(start).collect();
        setup.block_on(async {
            let mut bytes = 0;
            for task in tasks {
                bytes += task.await??;
            }
            Ok(bytes)
        })
    }
}

async fn put(store: Store, source: Meeting<Seeded>) -> Result<u64> {
    Ok(store.put(source).await?.bytes)
}

async fn get(store: Store, blob: Digest, sink: Meeting<Count>) -> Result<u64> {
    Ok(store.get(&blob, sink).await?.inner.0)
}

/// A source or sink that waits for the whole crowd before its first chunk.
struct Meeting<T> {
    inner: T,
    barrier: Option<Arc<Barrier>>,
}

impl<T> Meeting<T> {
    fn met(&mut self) -> &mut T {
        if let Some(barrier) = self.barrier.take() {
            barrier.wait();
        }
        &mut self.inner
    }
}

impl<R: Read> Read for Meeting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.met().read(buffer)
    }
}

impl<W: Write> Write for Meeting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.met().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
