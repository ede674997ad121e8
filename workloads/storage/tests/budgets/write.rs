//! Workload: putting blobs that are in memory, from the buffers that `docs/storage.md` compares.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use storage::{Result, Store, Stored};

use crate::content::{bytes, stamp};
use crate::setup::{Finished, Setup};

/// What to write, and from where.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The length of each blob.
    pub(crate) bytes: u64,
    /// How many blobs, all different.
    #[serde(default = "default_writes")]
    pub(crate) writes: u32,
    /// Where their bytes come from.
    pub(crate) source: Source,
    /// Whether each is forced to the disk.
    #[serde(default)]
    pub(crate) durable: bool,
}

fn default_writes() -> u32 {
    1
}

/// Where the bytes of a put come from.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// One buffer, filled before, cloned for each put.
    Preallocated,
    /// A new buffer for each put.
    New,
    /// Buffers filled before and shared with the store: nothing is cloned.
    Shared,
}

/// What was written.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// How many blobs were new.
    pub(crate) new: u32,
    /// Their bytes together.
    pub(crate) bytes: u64,
    /// What the last put returned.
    pub(crate) last: Option<Stored>,
    #[serde(skip)]
    _kept: (Finished, Writing),
}

/// Fills the buffers and puts one blob; the work puts `writes` others.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let setup = Setup::new(1, |options| options.durable = params.durable)?;
    let mut template = bytes(2, params.bytes);
    let shared = match params.source {
        Source::Shared => share(&mut template, params.writes),
        Source::Preallocated | Source::New => Vec::new(),
    };
    let mut writing = Writing { params, template, shared };
    setup.block_on(setup.store.put_bytes(bytes(3, params.bytes)))?;
    Ok(move || {
        let (mut new, mut bytes, mut last) = (0, 0, None);
        for number in 0..params.writes {
            let stored = setup.block_on(writing.once(&setup.store, number))?;
            new += u32::from(stored.new);
            bytes += stored.bytes;
            last = Some(stored);
        }
        Ok(Output { new, bytes, last, _kept: (setup.finished(), writing) })
    })
}

#[derive(Debug)]
struct Writing {
    params: Params,
    template: Vec<u8>,
    shared: Vec<Arc<[u8]>>,
}

impl Writing {
    async fn once(&mut self, store: &Store, number: u32) -> Result<Stored> {
        match self.params.source {
            Source::Preallocated => preallocated(store, &mut self.template, number).await,
            Source::New => new(store, self.params.bytes, number).await,
            Source::Shared => store.put_bytes(Arc::clone(&self.shared[number as usize])).await,
        }
    }
}

fn share(template: &mut [u8], writes: u32) -> Vec<Arc<[u8]>> {
    let stamped = |number| {
        stamp(template, number);
        Arc::from(&*template)
    };
    (0..writes).map(stamped).collect()
}

/// Puts a clone of `template` under its `number`: the clone is what a put that owns its bytes costs.
pub(crate) async fn preallocated(
    store: &Store,
    template: &mut [u8],
    number: u32,
) -> Result<Stored> {
    stamp(template, number);
    store.put_bytes(cloned(template)).await
}

/// Puts a new buffer of `bytes` under its `number`.
pub(crate) async fn new(store: &Store, bytes: u64, number: u32) -> Result<Stored> {
    let mut content = fresh(bytes);
    stamp(&mut content, number);
    store.put_bytes(content).await
}

fn cloned(template: &[u8]) -> Vec<u8> {
    template.to_vec()
}

fn fresh(bytes: u64) -> Vec<u8> {
    vec![0x5a; bytes as usize]
}
