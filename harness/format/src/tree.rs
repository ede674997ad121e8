//! The files below the root: the only place of this crate that touches the world.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{Fault, Source, include, words};

/// The name of the file that makes a folder the root.
pub(crate) const BUDGETS: &str = "budgets.toml";

/// The nearest folder, from `start` upwards, with a `budgets.toml` that no folder above it
/// includes.
pub fn find_root(start: &Path) -> Option<PathBuf> {
    let mut folders = start.ancestors().filter(|folder| folder.join(BUDGETS).is_file());
    let nearest = folders.next()?;
    let including = folders.find(|folder| include::includes(folder, &nearest.join(BUDGETS)));
    Some(including.unwrap_or(nearest).to_path_buf())
}

/// A folder, and which of its files were read.
pub(crate) struct Tree<'a> {
    root: &'a Path,
    read: BTreeSet<PathBuf>,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(root: &'a Path) -> Self {
        Tree { root, read: BTreeSet::new() }
    }

    /// The files that were read so far, absolute when the root is.
    pub(crate) fn files(self) -> Vec<PathBuf> {
        self.read.into_iter().collect()
    }

    /// A file by its name relative to the root; `None` when there is no such file.
    pub(crate) fn read(&mut self, file: &str) -> Result<Option<Source>, Box<Fault>> {
        let path = self.root.join(file);
        match fs::read_to_string(&path) {
            Ok(text) => {
                self.read.insert(path);
                Ok(Some(Source::new(file, text)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Box::new(Fault::of_file(file, words::unreadable(file, &error)))),
        }
    }

    /// The Markdown pages below `docs/`, sorted; links to folders are not followed.
    pub(crate) fn pages(&self) -> Vec<String> {
        let mut pages = Vec::new();
        let mut folders = vec!["docs".to_owned()];
        while let Some(folder) = folders.pop() {
            for (name, kind) in self.entries(&folder) {
                let path = format!("{folder}/{name}");
                if kind.is_dir() {
                    folders.push(path);
                } else if name.ends_with(".md") {
                    pages.push(path);
                }
            }
        }
        pages.sort();
        pages
    }

    /// The names in a folder, sorted; none when it cannot be listed.
    pub(crate) fn entries(&self, folder: &str) -> Vec<(String, fs::FileType)> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .filter_map(|entry| {
                Some((entry.file_name().into_string().ok()?, entry.file_type().ok()?))
            })
            .collect();
        names.sort_by(|a, b| a.0.cmp(&b.0));
        names
    }

    /// Whether there is a file of that name.
    pub(crate) fn has(&self, file: &str) -> bool {
        self.root.join(file).is_file()
    }
}
