//! Cargo: the program, and its metadata of the workspace.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Context as _;
use cargo_metadata::{Metadata, MetadataCommand, Package};

/// The cargo that started this subcommand, else the one in `PATH`.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The packages and the target folder of the workspace around `root`.
pub(crate) fn workspace(root: &Path) -> anyhow::Result<Metadata> {
    let mut command = MetadataCommand::new();
    let metadata = command.current_dir(root).no_deps().exec();
    metadata.with_context(|| format!("cannot read the workspace of {}", root.display()))
}

/// The package's name as Rust code writes it, which is also the name of its system.
pub(crate) fn crate_name(package: &Package) -> String {
    package.name.replace('-', "_")
}
