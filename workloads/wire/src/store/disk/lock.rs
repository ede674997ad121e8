//! The owner of a folder: one process at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;

use crate::{Error, Result};

const LOCK: &str = "owner.lock";

/// The right to use a folder. The system takes it back if the process dies.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Makes the folder if there is none.
    ///
    /// # Errors
    /// [`Error::Locked`] if the folder has an owner.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(LOCK);
        fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path }),
            Err(TryLockError::Error(source)) => Err(Error::Io { doing: "lock", path, source }),
        }
    }
}

impl Drop for Lock {
    /// Unlocks at once: a process that is just being started may hold a copy of the file.
    fn drop(&mut self) {
        let _unlocked_when_closed_anyway = self.0.unlock();
    }
}
