//! The calls to LMDB that the compiler cannot check.
#![expect(unsafe_code, reason = "a memory map is as safe as those who share its file")]

use std::path::Path;

use heed::{Env, EnvFlags, EnvOpenOptions, MdbError, WithoutTls};

use super::Table;
use crate::{Error, Result};

pub(super) fn open(folder: &Path, map_bytes: usize, durable: bool) -> Result<Env<WithoutTls>> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options.map_size(map_bytes).max_dbs(3).max_readers(256);
    if !durable {
        // SAFETY: without a sync only a loss of power can damage the file, as `Options` says; the
        // kernel keeps what a killed process has written.
        unsafe { options.flags(EnvFlags::NO_SYNC) };
    }
    // SAFETY: `file::lock` is held for as long as this environment lives, so that nobody else who
    // keeps to it maps or writes the file.
    unsafe { options.open(folder) }.map_err(failed("open"))
}

/// Takes `&mut` so that no snapshot is alive.
pub(super) fn resize(env: &mut Env<WithoutTls>, map_bytes: usize) -> Result<()> {
    // SAFETY: no transaction is open: snapshots borrow the `Disk` that is borrowed mutably here,
    // and the only write transaction was aborted before.
    unsafe { env.resize(map_bytes) }.map_err(failed("grow"))
}

pub(super) fn tables(env: &Env<WithoutTls>) -> Result<[Table; 3]> {
    let mut writing = env.write_txn().map_err(failed("write"))?;
    let mut table = |name| env.create_database(&mut writing, Some(name));
    let tables = [table("nodes"), table("values"), table("last")];
    let [nodes, values, last] = tables.map(|table| table.map_err(failed("open its tables")));
    let tables = [nodes?, values?, last?];
    writing.commit().map_err(failed("write"))?;
    Ok(tables)
}

pub(super) fn full(error: &heed::Error) -> bool {
    matches!(error, heed::Error::Mdb(MdbError::MapFull))
}

pub(super) fn failed(doing: &'static str) -> impl FnOnce(heed::Error) -> Error {
    move |source| Error::Store { doing, source }
}
