//! The package that is being compiled, checked against `budgets.toml`.

use std::path::{Path, PathBuf};

use plimsoll_format::{Faults, System, check_system, find_root};
use proc_macro2::TokenStream;

use crate::arguments::{self, Workload};

/// The system of the package, and what its expansion needs besides.
pub(crate) struct Checked {
    pub(crate) root: PathBuf,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) workloads: Vec<Workload>,
    pub(crate) outcome: Result<System, Faults>,
}

/// Checks the package that cargo names; no file is watched after an error.
pub(crate) fn check(input: TokenStream) -> Result<Checked, String> {
    let workloads = arguments::read(input)?;
    let folder = from_cargo("CARGO_MANIFEST_DIR")?;
    let system = from_cargo("CARGO_PKG_NAME")?.replace('-', "_");
    let root = find_root(Path::new(&folder)).ok_or_else(|| no_root(&folder, &system))?;
    let names: Vec<String> = workloads.iter().map(|workload| workload.name.clone()).collect();
    let checked = check_system(&root, &system, &names);
    Ok(Checked { root, files: checked.files, workloads, outcome: checked.outcome })
}

fn from_cargo(variable: &str) -> Result<String, String> {
    std::env::var(variable).map_err(|_| {
        format!("{variable} is not set, so the package is not known\n   remedy: build with cargo")
    })
}

fn no_root(folder: &str, system: &str) -> String {
    format!(
        "there is no budgets.toml in {folder} or any folder above it\n   \
         remedy: create one beside the Cargo.toml of the workspace, and docs/{system}.md\n   \
         example: [{system}.read.budgets] peak_rss = {{ max = \"200 MB\", quote = \"stays under 200 \
         MB\" }}"
    )
}
