//! What cargo knows of the workspace: its packages and its target folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

/// The part of `cargo metadata` that is used here. Cargo adds fields as it pleases.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) target_directory: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// A package of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    #[serde(rename = "manifest_path")]
    pub(crate) manifest: PathBuf,
}

impl Package {
    /// The name as Rust code writes it, which is also that of its system.
    pub(crate) fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }
}

impl Metadata {
    /// Asks cargo about the workspace that `root` lies in.
    pub(crate) fn of(root: &Path) -> anyhow::Result<Self> {
        let asked = "cargo metadata --no-deps --format-version 1";
        let output = Command::new(cargo())
            .args(asked.split(' ').skip(1))
            .current_dir(root)
            .output()
            .context("cargo cannot be started: is it in PATH?")?;
        ensure!(
            output.status.success(),
            "`{asked}` failed in {}:\n{}",
            root.display(),
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
        serde_json::from_slice(&output.stdout).with_context(|| format!("`{asked}` is not readable"))
    }
}

/// The cargo that started this subcommand, else the one in `PATH`.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
