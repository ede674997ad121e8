//! A folder that several processes fill, one after the other.

use std::fs::File;
use std::io;
use std::path::Path;

/// While it lives, no other process has the folder. The kernel releases it when the process ends.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Waits until the lock of this name in the folder is free, and takes it.
    ///
    /// # Errors
    ///
    /// Fails if the lock's file cannot be made or locked.
    pub fn wait(folder: &Path, name: &str) -> io::Result<Self> {
        let file = File::create(folder.join(name))?;
        file.lock()?;
        Ok(Self { _file: file })
    }
}
