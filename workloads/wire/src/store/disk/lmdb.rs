//! The calls to LMDB that the compiler cannot check.
#![expect(unsafe_code, reason = "a memory map is as safe as those who share its file")]

use std::path::Path;

use heed::{Env, EnvFlags, EnvOpenOptions, MdbError, WithoutTls};

use super::Table;
use crate::{Error, Result};

/// The sizes of maps are multiples of this; so they are of the page size of every system.
const STEP_BYTES: usize = 64 << 10;

/// Opens a map that is new or sealed. It is larger than `map_bytes` if its data are.
pub(super) fn open(folder: &Path, map_bytes: usize, durable: bool) -> Result<Env<WithoutTls>> {
    let mut options = options(map_bytes);
    if !durable {
        // SAFETY: without a sync only a loss of power can damage the file, as `Options` says; the
        // kernel keeps the writes of a killed process.
        unsafe { options.flags(EnvFlags::NO_SYNC) };
    }
    // SAFETY: the file is as LMDB left it, and `Lock` is held for as long as this environment
    // lives, so that no other process that keeps to it maps or writes the file.
    unsafe { options.open(folder) }.map_err(failed("open"))
}

/// Opens a map to read it, although there is no seal that it could be compared with.
///
/// # Safety
/// A damaged file may kill the process.
pub(super) unsafe fn open_unsealed(folder: &Path) -> Result<Env<WithoutTls>> {
    let mut options = options(STEP_BYTES);
    // SAFETY: this flag takes away, and adds nothing.
    unsafe { options.flags(EnvFlags::READ_ONLY) };
    // SAFETY: `Lock` is held, as above; damage is up to the caller.
    unsafe { options.open(folder) }.map_err(failed("open"))
}

fn options(map_bytes: usize) -> EnvOpenOptions<WithoutTls> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options.map_size(map_bytes.next_multiple_of(STEP_BYTES)).max_dbs(3).max_readers(256);
    options
}

/// Takes `&mut` so that no snapshot is alive.
pub(super) fn resize(env: &mut Env<WithoutTls>, map_bytes: usize) -> Result<()> {
    // SAFETY: no transaction is open: snapshots borrow the `Disk` that is borrowed mutably here,
    // and the only write transaction was aborted before.
    unsafe { env.resize(map_bytes.next_multiple_of(STEP_BYTES)) }.map_err(failed("grow"))
}

const TABLES: [&str; 3] = ["nodes", "values", "last"];

/// The nodes, the values and the last version; a new map gets its tables here.
pub(super) fn tables(env: &Env<WithoutTls>) -> Result<[Table; 3]> {
    let mut writing = env.write_txn().map_err(failed("write"))?;
    let [nodes, values, last] = TABLES.map(|name| {
        env.create_database(&mut writing, Some(name)).map_err(failed("open its tables"))
    });
    let tables = [nodes?, values?, last?];
    writing.commit().map_err(failed("write"))?;
    Ok(tables)
}

/// The same tables; `None` if the map was left before it got any.
pub(super) fn existing_tables(env: &Env<WithoutTls>) -> Result<Option<[Table; 3]>> {
    let reading = env.read_txn().map_err(failed("read"))?;
    let [nodes, values, last] = TABLES
        .map(|name| env.open_database(&reading, Some(name)).map_err(failed("open its tables")));
    // Their handles outlive a transaction that is committed.
    reading.commit().map_err(failed("read"))?;
    match (nodes?, values?, last?) {
        (Some(nodes), Some(values), Some(last)) => Ok(Some([nodes, values, last])),
        (None, None, None) => Ok(None),
        _ => Err(failed("find its tables")(heed::Error::Mdb(MdbError::NotFound))),
    }
}

pub(super) fn full(error: &heed::Error) -> bool {
    matches!(error, heed::Error::Mdb(MdbError::MapFull))
}

pub(super) fn failed(doing: &'static str) -> impl FnOnce(heed::Error) -> Error {
    move |source| Error::Store { doing, source }
}
