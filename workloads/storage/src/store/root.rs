//! One root folder: where a blob lies in it, and what is swept when it is opened.
//!
//! ```text
//! <root>/ab/cdef…          a blob, plain          (2 + 62 hex digits of its SHA-256)
//! <root>/ab/cdef….zst      a blob, compressed
//! <root>/tmp/<pid>-<n>     a blob in the making
//! <root>/lock              locked, shared, by every process that has the root open
//! ```

use std::fmt::Write as _;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::{Digest, Disk, Error, Files, Result};

/// A path of the store claims this much at once, so that the length of the root's own path does not
/// show in byte counts and `push` never reallocates.
const PATH_BYTES: usize = 512;

pub(super) const PACKED: &str = ".zst";

pub(super) struct Root {
    path: PathBuf,
    /// Prefix folders whose name this process has forced to the disk.
    forced: [AtomicBool; 256],
    serial: AtomicU64,
    _lock: File,
}

impl Root {
    pub(super) fn open(path: &Path, durable: bool) -> Result<Self> {
        let temporaries = path.join("tmp");
        fs::create_dir_all(&temporaries).map_err(Error::at("create", &temporaries))?;
        let path = path.canonicalize().map_err(Error::at("find", path))?;
        let lock = lock(&path.join("lock"), || sweep(&path.join("tmp")))?;
        if durable {
            let above = path.parent().unwrap_or(&path);
            Disk.sync_folder(above).map_err(Error::at("sync", above))?;
            Disk.sync_folder(&path).map_err(Error::at("sync", &path))?;
        }
        let forced = [const { AtomicBool::new(false) }; 256];
        Ok(Self { path, forced, serial: AtomicU64::new(0), _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn blob(&self, digest: &Digest, packed: bool) -> PathBuf {
        let hex = digest.hex();
        let hex = str::from_utf8(&hex).expect("hex digits are ASCII");
        let mut path = self.room();
        path.push(&hex[..2]);
        path.push(&hex[2..]);
        if packed {
            path.as_mut_os_string().push(PACKED);
        }
        path
    }

    /// A name for the next temporary file: the same length whatever the process and the count.
    pub(super) fn temporary(&self) -> PathBuf {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let mut path = self.room();
        path.push("tmp");
        path.push("");
        let name = format_args!("{:08x}-{serial:016x}", std::process::id());
        path.as_mut_os_string().write_fmt(name).expect("a name has no error");
        path
    }

    /// Makes the name of a blob's folder durable, once for each folder in the life of the store: a
    /// folder that stands already may have been made by a process that died before it forced it.
    pub(super) fn force_folder<F: Files>(&self, files: &F, digest: &Digest) -> Result<()> {
        let forced = &self.forced[usize::from(digest.prefix())];
        if !forced.load(Ordering::Acquire) {
            files.sync_folder(&self.path).map_err(Error::at("sync", &self.path))?;
            forced.store(true, Ordering::Release);
        }
        Ok(())
    }

    fn room(&self) -> PathBuf {
        let mut path = PathBuf::with_capacity(PATH_BYTES);
        path.push(&self.path);
        path
    }
}

/// Takes the root's lock, shared. Runs `alone` first if no other store has the lock.
fn lock(path: &Path, alone: impl FnOnce() -> Result<()>) -> Result<File> {
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(Error::at("open", path))?;
    match file.try_lock() {
        Ok(()) => alone()?,
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(source)) => return Err(Error::at("lock", path)(source)),
    }
    file.lock_shared().map_err(Error::at("lock", path))?;
    Ok(file)
}

/// Removes what killed writers left behind. None of it was ever a blob.
fn sweep(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::at("list", folder))? {
        let path = entry.map_err(Error::at("list", folder))?.path();
        fs::remove_file(&path).map_err(Error::at("sweep", &path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blob_path_splits_the_digest_after_two_digits() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path(), false).unwrap();
        let digest = Digest::of(b"abc");
        let below = |path: PathBuf| path.strip_prefix(&root.path).unwrap().to_owned();
        let name = "ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(below(root.blob(&digest, false)), Path::new(name));
        assert_eq!(below(root.blob(&digest, true)), Path::new(&format!("{name}.zst")));
    }

    #[test]
    fn temporary_names_differ_and_have_one_length() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path(), false).unwrap();
        let (one, two) = (root.temporary(), root.temporary());
        assert_ne!(one, two);
        // 8 digits of the process, a dash, 16 digits of the count.
        assert_eq!(one.file_name().unwrap().len(), 8 + 1 + 16);
        assert_eq!(one.parent().unwrap(), root.path.join("tmp"));
    }
}
