//! The project that the command was started in: its systems, checked, and where its results lie.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use plimsoll::format::{Case, System, check_all, find_root};

use crate::metadata::{Metadata, Package};

/// A project whose `budgets.toml` and documents agree.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder of `budgets.toml`.
    pub(crate) root: PathBuf,
    /// The systems in the order of the file. Workloads that a case leaves out are empty.
    pub(crate) systems: Vec<System>,
    /// The packages of the workspace.
    pub(crate) packages: Vec<Package>,
    /// `target/plimsoll/results`.
    pub(crate) results: PathBuf,
    /// `target/plimsoll/symbols`: the names of addresses, by build of the test binary.
    pub(crate) symbols: PathBuf,
}

impl Project {
    /// Reads the project around the working folder.
    pub(crate) fn here() -> anyhow::Result<Self> {
        let root = root()?;
        let systems = systems(&root)?;
        let Metadata { target_directory, packages } = Metadata::of(&root)?;
        let base = target_directory.join("plimsoll");
        let (results, symbols) = (base.join("results"), base.join("symbols"));
        Ok(Self { root, systems, packages, results, symbols })
    }

    /// Every case with its system, in the order of the file.
    pub(crate) fn cases(&self) -> impl Iterator<Item = (&System, &Case)> {
        self.systems.iter().flat_map(|system| system.cases.iter().map(move |case| (system, case)))
    }

    /// The name of every case, `storage::read_1mb`, in the order of the file.
    pub(crate) fn case_names(&self) -> Vec<String> {
        self.cases().map(|(system, case)| format!("{}::{}", system.name, case.name)).collect()
    }
}

/// The nearest folder, from the working one upwards, that holds a `budgets.toml`.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir().context("the working folder is gone")?;
    find_root(&here).with_context(|| {
        format!(
            "there is no budgets.toml in {} or in a folder above it\n\
             \x20  allowed: any folder of a project that keeps one beside its Cargo.toml\n\
             \x20  example: [storage.read.budgets]\n\
             \x20           peak_heap = {{ max = \"1 MiB\", quote = \"at most 1 MiB\" }}",
            here.display()
        )
    })
}

/// The systems of the project at `root`, or every fault of its files.
pub(crate) fn systems(root: &Path) -> anyhow::Result<Vec<System>> {
    Ok(check_all(root).outcome?.systems)
}
