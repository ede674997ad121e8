//! The folder around the map: one process at a time, and no file that is not what was written.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::pages;
use crate::{Error, Result};

pub(super) const DATA: &str = "data.mdb";
pub(super) const PAGE_BYTES: usize = 4096;
const LOCK: &str = "owner.lock";
const SEAL: &str = "seal";

/// Where a meta page of LMDB 0.9 holds its magic, the page size and the last page in use.
const MAGIC_AT: usize = 16;
const PAGE_SIZE_AT: usize = 40;
const LAST_PAGE_AT: usize = 136;
const META_END: usize = 152;
const MAGIC_AND_VERSION: [u8; 8] = [0xde, 0xc0, 0xef, 0xbe, 1, 0, 0, 0];

/// The right to use a folder. The system takes it back if the process dies.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    /// Unlocks at once: a process that is just being started may hold a copy of the file.
    fn drop(&mut self) {
        let _unlocked_when_closed_anyway = self.0.unlock();
    }
}

pub(super) fn lock(folder: &Path) -> Result<Lock> {
    let path = folder.join(LOCK);
    fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(Error::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(Error::Locked { path }),
        Err(TryLockError::Error(source)) => Err(Error::Io { doing: "lock", path, source }),
    }
}

/// The length of the map's file; 0 if there is none.
pub(super) fn bytes(folder: &Path) -> usize {
    fs::metadata(folder.join(DATA)).map_or(0, |data| data.len() as usize)
}

/// Refuses a file whose header is none of LMDB's, and a sealed one that has changed. A file without
/// a seal, which a killed process left, is made as long as its header says, since reading beyond its
/// end would kill the process, and its pages are looked at one by one. Whether it needs no such look:
/// whether it is sealed, or new.
pub(super) fn check(folder: &Path) -> Result<bool> {
    let path = folder.join(DATA);
    let damaged = |found: String| Error::Damaged { path: path.clone(), found };
    let sealed = match fs::read(folder.join(SEAL)) {
        Ok(seal) => Some(seal),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::io("read", &folder.join(SEAL))(error)),
    };
    if bytes(folder) == 0 {
        return match sealed {
            Some(_) => Err(damaged("it is sealed, and gone or empty".into())),
            None => Ok(true),
        };
    }
    let least_bytes = header(&path)?;
    if let Some(seal) = sealed {
        return match seal == hash(&path)? {
            true => Ok(true),
            false => Err(damaged("its hash is not its seal's".into())),
        };
    }
    let file = OpenOptions::new().read(true).write(true).open(&path);
    let file = file.map_err(Error::io("open", &path))?;
    if least_bytes > bytes(folder) as u64 {
        file.set_len(least_bytes).map_err(Error::io("extend", &path))?;
    }
    pages::check(&file).map_err(damaged)?;
    Ok(false)
}

/// Checks both meta pages; how many bytes the file must have.
fn header(path: &Path) -> Result<u64> {
    let mut pages = [0; 2 * PAGE_BYTES];
    let damaged = |found: String| Error::Damaged { path: path.to_owned(), found };
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut pages))
        .map_err(|error| damaged(format!("its header cannot be read ({error})")))?;
    let mut least_bytes = 0;
    for (number, page) in pages.chunks(PAGE_BYTES).enumerate() {
        if page[MAGIC_AT..MAGIC_AT + 8] != MAGIC_AND_VERSION {
            return Err(damaged(format!("meta page {number} is none of LMDB's, version 1")));
        }
        let page_bytes = number_at(page, PAGE_SIZE_AT) & 0xffff_ffff;
        if page_bytes != PAGE_BYTES as u64 {
            return Err(damaged(format!("its pages are of {page_bytes} bytes, not {PAGE_BYTES}")));
        }
        let last = number_at(&page[..META_END], LAST_PAGE_AT);
        if last > 1 << 40 {
            return Err(damaged(format!("meta page {number} speaks of {last} pages")));
        }
        least_bytes = least_bytes.max((last + 1) * PAGE_BYTES as u64);
    }
    Ok(least_bytes)
}

fn number_at(page: &[u8], at: usize) -> u64 {
    page[at..at + 8].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Writes the hash of the closed file beside it.
pub(super) fn seal(folder: &Path) -> Result<()> {
    let (path, new) = (folder.join(SEAL), folder.join("seal.new"));
    fs::write(&new, hash(&folder.join(DATA))?).map_err(Error::io("write", &new))?;
    fs::rename(&new, &path).map_err(Error::io("write", &path))
}

/// From now on the file changes.
pub(super) fn unseal(folder: &Path) -> Result<()> {
    match fs::remove_file(folder.join(SEAL)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("remove", &folder.join(SEAL))(error))
        }
        _ => Ok(()),
    }
}

fn hash(path: &Path) -> Result<Vec<u8>> {
    let mut file = File::open(path).map_err(Error::io("open", path))?;
    let mut buffer = vec![0; 64 << 10];
    let mut hasher = Sha256::new();
    loop {
        match file.read(&mut buffer).map_err(Error::io("read", path))? {
            0 => return Ok(hasher.finalize().to_vec()),
            read => hasher.update(&buffer[..read]),
        }
    }
}
