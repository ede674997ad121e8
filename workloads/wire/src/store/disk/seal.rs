//! The seal of a closed map: a hash of its file, in a file beside it.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::{Error, Result};

/// LMDB's name for the file of a map.
pub(super) const DATA: &str = "data.mdb";
const SEAL: &str = "seal";

/// How a folder was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// There is no map.
    New,
    /// The map fits its seal.
    Sealed,
    /// The map was not closed.
    Unsealed,
}

/// Compares the map in `folder` with its seal.
///
/// # Errors
/// [`Error::Damaged`] if it has changed since it was closed.
pub(super) fn check(folder: &Path) -> Result<State> {
    let (data, seal) = (folder.join(DATA), folder.join(SEAL));
    let bytes = or_none(fs::metadata(&data), "find", &data)?.map_or(0, |data| data.len());
    let seal = or_none(fs::read(&seal), "read", &seal)?;
    let found = match seal {
        None if bytes == 0 => return Ok(State::New),
        None => return Ok(State::Unsealed),
        Some(_) if bytes == 0 => "it is sealed, and gone or empty",
        Some(seal) if seal == hash(&data)? => return Ok(State::Sealed),
        Some(_) => "its hash is not its seal's",
    };
    Err(Error::Damaged { path: data, found: found.into() })
}

/// Seals the map in `folder`, which is closed. A process that is killed meanwhile leaves no seal
/// rather than half of one.
pub(super) fn write(folder: &Path) -> Result<()> {
    let path = folder.join(SEAL);
    let hash = hash(&folder.join(DATA))?;
    let mut file = NamedTempFile::new_in(folder).map_err(Error::io("write", &path))?;
    file.write_all(&hash).map_err(Error::io("write", &path))?;
    file.as_file().sync_all().map_err(Error::io("write", &path))?;
    file.persist(&path).map_err(|error| Error::io("write", &path)(error.error))?;
    Ok(())
}

/// Breaks the seal: from now on the map changes.
pub(super) fn remove(folder: &Path) -> Result<()> {
    let path = folder.join(SEAL);
    or_none(fs::remove_file(&path), "remove", &path).map(|_| ())
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

fn or_none<T>(result: io::Result<T>, doing: &'static str, path: &Path) -> Result<Option<T>> {
    match result {
        Ok(there) => Ok(Some(there)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(doing, path)(error)),
    }
}
