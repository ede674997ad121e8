//! The real file system with a recorder before it, and a fault on request.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use storage::{Disk, Files};

#[derive(Clone, Default)]
pub(crate) struct Faulty {
    log: Arc<Mutex<Vec<String>>>,
    /// The step, as the log has it, and the error that it returns instead.
    fault: Option<(&'static str, io::ErrorKind)>,
    /// From this write on, a write succeeds and writes nothing.
    loses: Option<usize>,
    /// From this read on, a file has ended.
    ends: Option<usize>,
}

impl Faulty {
    pub(crate) fn failing(step: &'static str, kind: io::ErrorKind) -> Self {
        Self { fault: Some((step, kind)), ..Self::default() }
    }

    pub(crate) fn losing(write: usize) -> Self {
        Self { loses: Some(write), ..Self::default() }
    }

    pub(crate) fn ending(read: usize) -> Self {
        Self { ends: Some(read), ..Self::default() }
    }

    /// Takes the log: `create tmp`, `write 1`, `sync tmp`, `folder ab`, `rename ab`, `sync ab/`, …
    pub(crate) fn log(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }

    fn step(&self, step: String) -> io::Result<()> {
        let refused = self.fault.filter(|(at, _)| *at == step);
        self.log.lock().unwrap().push(step);
        refused.map_or(Ok(()), |(_, kind)| Err(kind.into()))
    }
}

/// `tmp` for a temporary file, `blob` for a named one.
fn kind(path: &Path) -> &'static str {
    if path.parent().unwrap().ends_with("tmp") { "tmp" } else { "blob" }
}

/// `root` for a root, `prefix` for a folder of blobs.
fn folder(path: &Path) -> &'static str {
    if path.file_name().unwrap().len() == 2 { "prefix/" } else { "root/" }
}

pub(crate) struct Watched {
    file: File,
    kind: &'static str,
    writes: usize,
    reads: usize,
    files: Faulty,
}

impl Files for Faulty {
    type File = Watched;

    fn open(&self, path: &Path) -> io::Result<Watched> {
        let file = Disk.open(path)?;
        self.step(format!("open {}", kind(path)))?;
        Ok(Watched { file, kind: kind(path), writes: 0, reads: 0, files: self.clone() })
    }

    fn create(&self, path: &Path) -> io::Result<Watched> {
        self.step(format!("create {}", kind(path)))?;
        let file = Disk.create(path)?;
        Ok(Watched { file, kind: kind(path), writes: 0, reads: 0, files: self.clone() })
    }

    fn bytes(&self, file: &Watched) -> io::Result<u64> {
        Disk.bytes(&file.file)
    }

    fn sync(&self, file: &Watched) -> io::Result<()> {
        self.step(format!("sync {}", file.kind))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(format!("rename {} {}", kind(from), kind(to)))?;
        Disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Disk.remove(path)?;
        self.step(format!("remove {}", kind(path)))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step(format!("folder {}", folder(path)))?;
        Disk.create_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step(format!("sync {}", folder(path)))
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        if self.files.ends.is_some_and(|read| self.reads >= read) {
            return Ok(0);
        }
        self.file.read(buffer)
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        self.files.step(format!("write {}", self.writes))?;
        match self.files.loses {
            Some(write) if self.writes >= write => Ok(bytes.len()),
            _ => self.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
