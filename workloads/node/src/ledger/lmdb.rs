//! The calls to LMDB that the compiler cannot check.
#![expect(unsafe_code, reason = "a memory map is as safe as those who share its file")]

use std::path::Path;

use heed::{Env, EnvFlags, EnvOpenOptions, MdbError, RoTxn, WithoutTls};

use super::{Options, Table, TableSize};
use crate::{Error, Result};

pub(super) const PAGE_BYTES: usize = 4096;

pub(super) fn open(folder: &Path, options: &Options) -> Result<Env<WithoutTls>> {
    let mut open = EnvOpenOptions::new().read_txn_without_tls();
    let map_bytes = options.map_bytes.next_multiple_of(PAGE_BYTES);
    open.map_size(map_bytes).max_dbs(5).max_readers(256);
    if !options.durable {
        // SAFETY: without a sync only a loss of power can damage the file, as `Options` documents; the
        // kernel keeps what a killed process has written.
        unsafe { open.flags(EnvFlags::NO_SYNC) };
    }
    // SAFETY: the `Ledger` has `file::lock` for as long as this environment lives, so that no other process
    // that respects the lock maps or writes the file.
    unsafe { open.open(folder) }.map_err(failed("open"))
}

/// Takes `&mut` so that no transaction reads.
pub(super) fn resize(env: &mut Env<WithoutTls>, map_bytes: usize) -> Result<()> {
    // SAFETY: no transaction is open: those that read borrow the `Ledger` that is borrowed mutably
    // here, and the only one that writes was aborted before.
    unsafe { env.resize(map_bytes) }.map_err(failed("grow"))
}

pub(super) fn tables(env: &Env<WithoutTls>) -> Result<[Table; 5]> {
    let mut writing = env.write_txn().map_err(failed("write"))?;
    let mut table = |name| env.create_database(&mut writing, Some(name)).map_err(failed("open"));
    let tables =
        [table("blocks")?, table("outputs")?, table("images")?, table("clusters")?, table("meta")?];
    writing.commit().map_err(failed("write"))?;
    Ok(tables)
}

pub(super) fn size(table: Table, reading: &RoTxn<'_, WithoutTls>) -> Result<TableSize> {
    let stat = table.stat(reading).map_err(failed("count"))?;
    let pages = stat.branch_pages + stat.leaf_pages + stat.overflow_pages;
    Ok(TableSize { records: stat.entries, bytes: pages * stat.page_size as usize })
}

pub(super) fn used_bytes(env: &Env<WithoutTls>) -> usize {
    (env.info().last_page_number + 1) * PAGE_BYTES
}

pub(super) fn full(error: &heed::Error) -> bool {
    matches!(error, heed::Error::Mdb(MdbError::MapFull))
}

pub(super) fn failed(doing: &'static str) -> impl FnOnce(heed::Error) -> Error {
    move |source| Error::Ledger { doing, source }
}
