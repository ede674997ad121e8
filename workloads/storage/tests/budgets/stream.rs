//! Workload: one blob of any size, in or out through one buffer, or mapped.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use storage::{Digest, Hasher, Result, Store, Stored};

use crate::content::Seeded;
use crate::count::Count;
use crate::setup::{Finished, Setup, blob_path};

/// What to stream, and which way.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The blob's length.
    pub(crate) bytes: u64,
    /// In, out, or mapped.
    pub(crate) direction: Direction,
}

/// Which way a blob goes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// Into the store, from a generator.
    Put,
    /// Out of the store, verified, into a sink that counts.
    Get,
    /// Not at all: the blob's file is mapped, and verified where it lies.
    Map,
}

/// What went through.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The blob's name.
    pub(crate) digest: Digest,
    /// Its length.
    pub(crate) bytes: u64,
    #[serde(skip)]
    _kept: Finished,
}

/// Opens a store, for `get` and `map` with a blob of zeros that takes no room on the disk; the work
/// streams.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let setup = Setup::new(1, |_| {})?;
    let digest = match params.direction {
        Direction::Put => setup.block_on(put(&setup.store, params.bytes.min(1)))?.digest,
        Direction::Get | Direction::Map => sparse(&setup.hot(), params.bytes)?,
    };
    let warm = setup.block_on(setup.store.put_bytes("warm"))?.digest;
    setup.block_on(get(&setup.store, &warm))?;
    setup.block_on(map(&setup.store, &warm))?;
    Ok(move || {
        let (digest, bytes) = match params.direction {
            Direction::Put => {
                let stored = setup.block_on(put(&setup.store, params.bytes))?;
                (stored.digest, stored.bytes)
            }
            Direction::Get => (digest, setup.block_on(get(&setup.store, &digest))?),
            Direction::Map => (digest, setup.block_on(map(&setup.store, &digest))?),
        };
        Ok(Output { digest, bytes, _kept: setup.finished() })
    })
}

/// Puts `bytes` pseudo-random bytes.
pub(crate) async fn put(store: &Store, bytes: u64) -> Result<Stored> {
    store.put(Seeded::new(4, bytes)).await
}

/// Gets a blob, verified; how many bytes came out.
pub(crate) async fn get(store: &Store, digest: &Digest) -> Result<u64> {
    store.get(digest, Count(0)).await.map(|count| count.0)
}

/// Maps a blob, verified; how many bytes it spans.
pub(crate) async fn map(store: &Store, digest: &Digest) -> Result<u64> {
    Ok(store.map(digest).await?.len() as u64)
}

/// Lays a sparse blob of zeros under its name: reading it costs what reading costs, writing it
/// costs nothing.
fn sparse(root: &Path, bytes: u64) -> anyhow::Result<Digest> {
    let mut hasher = Hasher::default();
    let mut zeros = io::repeat(0).take(bytes);
    let mut chunk = vec![0; 256 << 10];
    loop {
        match zeros.read(&mut chunk)? {
            0 => break,
            read => hasher.update(&chunk[..read]),
        }
    }
    let digest = hasher.finish();
    let path = blob_path(root, &digest);
    fs::create_dir_all(path.parent().unwrap_or(root))?;
    File::create_new(path)?.set_len(bytes)?;
    Ok(digest)
}
