//! A blob in the making: a temporary file that either gets its name or goes.

use std::io::{self, Write};
use std::path::PathBuf;

use super::root::Root;
use crate::{Digest, Error, Files, Result};

pub(super) struct Temporary<'a, F: Files> {
    files: &'a F,
    root: &'a Root,
    file: F::File,
    path: PathBuf,
    bytes: u64,
    named: bool,
}

impl<'a, F: Files> Temporary<'a, F> {
    pub(super) fn create(files: &'a F, root: &'a Root) -> Result<Self> {
        loop {
            let path = root.temporary();
            match files.create(&path) {
                Ok(file) => return Ok(Self { files, root, file, path, bytes: 0, named: false }),
                // Another store, or another machine's process of the same number, has this name.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::at("create", &path)(error)),
            }
        }
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_all(bytes).map_err(Error::at("write", &self.path))
    }

    /// Gives the file its name: length checked, content forced, renamed, name forced.
    pub(super) fn publish(mut self, digest: &Digest, packed: bool, durable: bool) -> Result<()> {
        let found = self.files.bytes(&self.file).map_err(Error::at("measure", &self.path))?;
        if found != self.bytes {
            return Err(Error::Truncated { expected: self.bytes, found });
        }
        if durable {
            self.files.sync(&self.file).map_err(Error::at("sync", &self.path))?;
        }
        let name = self.root.blob(digest, packed);
        let folder = name.parent().expect("a blob lies in a folder");
        self.files.create_folder(folder).map_err(Error::at("create", folder))?;
        if durable {
            self.root.force_folder(self.files, digest)?;
        }
        self.files.rename(&self.path, &name).map_err(Error::at("name", &name))?;
        self.named = true;
        if durable {
            self.files.sync_folder(folder).map_err(Error::at("sync", folder))?;
        }
        Ok(())
    }
}

impl<F: Files> Write for Temporary<'_, F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl<F: Files> Drop for Temporary<'_, F> {
    fn drop(&mut self) {
        if !self.named {
            // The error that brought us here is the one to report; what stays is swept at open.
            let _ = self.files.remove(&self.path);
        }
    }
}
