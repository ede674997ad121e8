//! A store in a folder of its own, and a look at what lies there.

use std::fs;
use std::path::{Path, PathBuf};

use storage::{Digest, Disk, Files, Options, Store};
use tempfile::TempDir;

pub(crate) struct Scratch<F: Files = Disk> {
    pub(crate) store: Store<F>,
    pub(crate) folder: TempDir,
}

pub(crate) async fn scratch() -> Scratch {
    on(Disk, |_| {}).await
}

pub(crate) async fn on<F: Files>(files: F, choose: impl FnOnce(&mut Options)) -> Scratch<F> {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    options.durable = false;
    choose(&mut options);
    Scratch { store: Store::open_on(files, options).await.unwrap(), folder }
}

pub(crate) fn options(folder: &Path) -> Options {
    Options::new(folder.join("hot"), folder.join("cold"))
}

impl<F: Files> Scratch<F> {
    pub(crate) fn hot(&self) -> PathBuf {
        self.folder.path().join("hot")
    }

    pub(crate) fn blob(&self, root: &str, digest: &Digest) -> PathBuf {
        let hex = digest.to_string();
        self.folder.path().join(root).join(&hex[..2]).join(&hex[2..])
    }

    /// The files below both roots, but for the locks.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files(self.folder.path())
    }
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().unwrap() != "lock" {
            found.push(path);
        }
    }
    found
}

/// `bytes` that repeat only after 251: no two 256 KiB chunks are alike.
pub(crate) fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| (index % 251) as u8).collect()
}
