//! Recovering a map that was not closed: check all of it, copy what LMDB reaches, seal the copy.
#![expect(unsafe_code, reason = "the map that it opens may be damaged")]

use std::path::Path;

use heed::CompactionOption;
use tempfile::NamedTempFile;

use super::lock::Lock;
use super::seal::{self, DATA, State};
use super::{Disk, lmdb};
use crate::{Error, Result};

impl Disk {
    /// Recovers the store in `folder`, which a killed process left without a seal: reads every
    /// record, has LMDB copy the pages that it reaches into a new file, and seals that file. Does
    /// nothing if the store is sealed, or if there is none.
    ///
    /// # Safety
    /// LMDB follows the pointers in the file without checking them. If the file is damaged, they
    /// lead to memory of other things, or to none, which kills the process. Call this in a process
    /// that has nothing else to do, as the program `wire-recover` does.
    ///
    /// # Errors
    /// [`Error::Damaged`] if a record or the root is not as it was written; [`Error::Store`] if
    /// LMDB finds the damage; [`Error::Locked`] if the store is open; [`Error::Io`] if the system
    /// refuses. The store is then as it was.
    pub unsafe fn recover(folder: &Path) -> Result<()> {
        let mut lock = Lock::take(folder)?;
        if seal::check(folder)? != State::Unsealed {
            return Ok(());
        }
        // SAFETY: the caller does this in a process that a damaged file may kill.
        let env = unsafe { lmdb::open_unsealed(folder) }?;
        if let Some([nodes, values, last]) = lmdb::existing_tables(&env)? {
            let (env, folder) = (env.clone(), folder.to_owned());
            let disk = Self { env, nodes, values, last, limit_bytes: 0, folder, lock };
            disk.check_root()?;
            disk.check_records()?;
            lock = disk.lock;
        }
        let path = folder.join(DATA);
        let mut copy = NamedTempFile::new_in(folder).map_err(Error::io("copy", &path))?;
        // LMDB counts the pages that it reaches and the free ones: a difference is an error.
        env.copy_to_file(copy.as_file_mut(), CompactionOption::Enabled)
            .map_err(lmdb::failed("copy itself"))?;
        env.prepare_for_closing().wait();
        copy.as_file().sync_all().map_err(Error::io("copy", &path))?;
        copy.persist(&path).map_err(|error| Error::io("replace", &path)(error.error))?;
        seal::write(folder)?;
        drop(lock);
        Ok(())
    }

    /// Reads every record by listing it and by looking for it.
    fn check_records(&self) -> Result<()> {
        let reading = self.env.read_txn().map_err(lmdb::failed("read"))?;
        for table in [self.nodes, self.values] {
            let expected = table.len(&reading).map_err(lmdb::failed("read"))?;
            let mut found = 0;
            for record in table.iter(&reading).map_err(lmdb::failed("read"))? {
                let (key, record) = record.map_err(lmdb::failed("read"))?;
                super::record::open(key, record, &self.folder)?;
                if table.get(&reading, key).map_err(lmdb::failed("read"))? != Some(record) {
                    return Err(self.damaged("a record is listed, and not found".into()));
                }
                found += 1;
                // A damaged tree may list the same records for ever.
                if found > expected {
                    break;
                }
            }
            if found != expected {
                return Err(self.damaged(format!("there are {found} of {expected} records")));
            }
        }
        Ok(())
    }
}
