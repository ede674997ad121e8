//! How many steps a child has reported as done.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A file with one byte for each step, which a killed child leaves as it is.
#[derive(Debug, Clone)]
pub struct Reports {
    path: PathBuf,
}

impl Reports {
    /// The reports of the child that works in this folder, in a file `reported` beside what it writes.
    pub fn below(folder: &Path) -> Self {
        Self { path: folder.join("reported") }
    }

    /// Reports one more step.
    ///
    /// # Panics
    ///
    /// Panics if the file cannot be written.
    pub fn add(&self) {
        let file = OpenOptions::new().create(true).append(true).open(&self.path);
        file.and_then(|mut file| file.write_all(b"."))
            .unwrap_or_else(|error| panic!("{}: {error}", self.path.display()));
    }

    /// The steps that were reported: none without a file.
    pub fn count(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |file| file.len())
    }

    /// Makes it `count` steps, as a parent does that found one step done and not yet reported.
    ///
    /// # Panics
    ///
    /// Panics if the file cannot be written.
    pub fn set(&self, count: u64) {
        let file = OpenOptions::new().create(true).append(true).open(&self.path);
        file.and_then(|file| file.set_len(count))
            .unwrap_or_else(|error| panic!("{}: {error}", self.path.display()));
    }
}
