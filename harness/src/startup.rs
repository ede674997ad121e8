//! What has to be in order before any test is listed: the table, the parameters, the folders.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use plimsoll_format::System;

use crate::measure::child;
use crate::measure::embedded::Embedded;
use crate::measure::workload::Workload;

/// The system that the macros put into the test binary.
pub(crate) fn table(embedded: &Embedded) -> anyhow::Result<System> {
    serde_json::from_str(embedded.table).context("the embedded table is not readable")
}

/// Checks that this binary can judge the system. Where cargo or nextest started it, it ends with
/// them: when they are killed, nothing stays behind.
pub(crate) fn check(system: &System, embedded: &Embedded) -> anyhow::Result<()> {
    if std::env::var_os("CARGO").is_some() {
        child::exit_with_parent(None)?;
    }
    check_params(system, &embedded.workloads)?;
    check_root(Path::new(embedded.root))
}

/// A target folder that two checkouts share can contain the other one's binary, which cargo then
/// takes for fresh: it must not judge this one by the other's table.
fn check_root(root: &Path) -> anyhow::Result<()> {
    let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return Ok(());
    };
    let (Ok(package), Ok(root)) = (package.canonicalize(), root.canonicalize()) else {
        return Ok(());
    };
    anyhow::ensure!(
        package.starts_with(&root),
        "this binary was built from {}, but it is to judge {}: touch the file of its `main`, and \
         give each checkout a target folder of its own",
        root.display(),
        package.display()
    );
    Ok(())
}

/// Parameters are parsed at every start, listing too: a case that cannot run is not listed.
fn check_params(system: &System, workloads: &[Workload]) -> anyhow::Result<()> {
    for case in &system.cases {
        let workload = workloads.iter().find(|workload| workload.name == case.workload);
        let workload = workload
            .with_context(|| format!("{}: no workload is named `{}`", case.place, case.workload))?;
        for size in case.sizes() {
            workload
                .check(&case.params_at(size))
                .with_context(|| format!("{}: {}::{}", case.place, system.name, case.name))?;
        }
    }
    Ok(())
}

/// Cargo's target folder, which it marks; for a binary that was moved, the one of the root.
pub(crate) fn target_folder(root: &Path) -> anyhow::Result<PathBuf> {
    let binary = std::env::current_exe().context("cannot find the test binary")?;
    let marked = binary.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    Ok(marked.map_or_else(|| root.join("target"), Path::to_path_buf))
}
