//! The project around the working folder: its systems, checked, and the folders of its results.

use std::path::PathBuf;

use anyhow::Context as _;
use cargo_metadata::Package;
use plimsoll::format::{Case, System, check_all, find_root};

use crate::cargo;

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
        let systems = check_all(&root).outcome?.systems;
        let workspace = cargo::workspace(&root)?;
        let base = workspace.target_directory.into_std_path_buf().join("plimsoll");
        let (results, symbols) = (base.join("results"), base.join("symbols"));
        Ok(Self { root, systems, packages: workspace.packages, results, symbols })
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

/// The nearest folder with a `budgets.toml`, from the working folder upwards.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir().context("the working folder does not exist")?;
    find_root(&here).with_context(|| {
        format!(
            "there is no budgets.toml in {} or in a folder above it\n\
             \x20  allowed: any folder of a project with a budgets.toml beside its Cargo.toml\n\
             \x20  example: [storage.read.budgets]\n\
             \x20           peak_heap = {{ max = \"1 MiB\", quote = \"at most 1 MiB\" }}",
            here.display()
        )
    })
}
