//! The few calls that the store makes to a file system, so that a test can record or refuse them.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// A file system as the store sees it. [`Disk`] is the real one.
pub trait Files: Send + Sync + 'static {
    /// An open file.
    type File: Read + Write + Send + 'static;

    /// Opens an existing file for reading.
    fn open(&self, path: &Path) -> io::Result<Self::File>;
    /// Creates a file that must not exist yet.
    fn create(&self, path: &Path) -> io::Result<Self::File>;
    /// The length of an open file, in bytes.
    fn bytes(&self, file: &Self::File) -> io::Result<u64>;
    /// Forces a file's content and length to the disk.
    fn sync(&self, file: &Self::File) -> io::Result<()>;
    /// Renames, replacing what stands there, in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Creates a folder; that it stands already is no error.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Forces the names in a folder to the disk.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// The file system of the machine, through `std::fs`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    type File = File;

    fn open(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        File::create_new(path)
    }

    fn bytes(&self, file: &File) -> io::Result<u64> {
        Ok(file.metadata()?.len())
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            created => created,
        }
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }
}
