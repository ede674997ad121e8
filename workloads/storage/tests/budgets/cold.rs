//! Workload: moving a blob of text to the cold root, and reading it back from there.

use anyhow::ensure;
use serde::{Deserialize, Serialize};
use storage::{Digest, Stat};

use crate::content::text;
use crate::setup::{Finished, Setup};

/// What to do with which blob.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The length of the text.
    pub(crate) bytes: u64,
    /// Whether it is compressed on its way.
    pub(crate) compress: bool,
    /// Which part is the work; what comes before it is prepared.
    pub(crate) step: Step,
}

/// A step in the life of a cold blob.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// From hot to cold.
    Cool,
    /// Reading it whole, cold.
    Read,
}

/// What lies in the cold root.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The blob: its name, its length, the length of its file, its tier.
    pub(crate) blob: Stat,
    /// Bytes read back; none if the step was to cool it.
    pub(crate) read: u64,
    #[serde(skip)]
    _kept: Finished,
}

/// Puts the text, and cools it if the work is to read it.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let setup = Setup::new(1, |options| options.compress = params.compress)?;
    let warm = setup.block_on(setup.store.put_bytes("warm"))?.digest;
    setup.block_on(setup.store.cool(&warm))?;
    let content = text(5, params.bytes);
    let digest = setup.block_on(setup.store.put_bytes(content.clone()))?.digest;
    if params.step == Step::Read {
        setup.block_on(setup.store.cool(&digest))?;
        ensure!(read(&setup, &digest)? == params.bytes, "the cold blob reads back otherwise");
    }
    Ok(move || {
        let read = match params.step {
            Step::Cool => 0,
            Step::Read => read(&setup, &digest)?,
        };
        let blob = match params.step {
            Step::Cool => setup.block_on(setup.store.cool(&digest))?,
            Step::Read => setup.block_on(setup.store.stat(&digest))?,
        };
        Ok(Output { blob, read, _kept: setup.finished() })
    })
}

fn read(setup: &Setup, digest: &Digest) -> anyhow::Result<u64> {
    Ok(setup.block_on(setup.store.read(digest))?.len() as u64)
}
