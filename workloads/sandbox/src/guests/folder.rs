//! A folder that several processes fill: one at a time, and each file at once.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use crate::{Error, Result};

/// While it lives, no other process holds the folder's lock.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until the folder is free.
    pub(crate) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join("lock");
        let file = File::create(&path).map_err(Error::io("make", &path))?;
        file.lock().map_err(Error::io("lock", &path))?;
        Ok(Self { _file: file })
    }
}

/// Writes a file under another name, and renames it when it is whole and on the disk: the kernel
/// counts a page that is not on the disk yet as private to the process that maps it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let fails = |doing| Error::io(doing, path);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(fails("write beside"))?;
    file.write_all(bytes).map_err(fails("write"))?;
    file.as_file().sync_all().map_err(fails("write"))?;
    file.persist(path).map_err(|error| fails("rename to")(error.error))?;
    sync(folder)
}

/// Writes a folder's entries to the disk, so that a rename in it survives a crash.
pub(crate) fn sync(folder: &Path) -> Result<()> {
    let file = File::open(folder).map_err(Error::io("open", folder))?;
    file.sync_all().map_err(Error::io("write", folder))
}

/// Renames a folder to `to`, and removes the folder that was there before.
pub(crate) fn replace(from: &Path, to: &Path) -> Result<()> {
    match fs::remove_dir_all(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::io("remove", to)(error));
        }
        _ => {}
    }
    fs::rename(from, to).map_err(Error::io("rename to", to))?;
    to.parent().map_or(Ok(()), sync)
}
