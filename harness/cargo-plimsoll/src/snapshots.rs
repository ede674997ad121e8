//! Compares the snapshots with the cases: each case has one, and there are no others.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context as _;

use crate::test_filter::run_command;

/// A case, which has a snapshot in `snapshots/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner<'a> {
    pub(crate) system: &'a str,
    pub(crate) case: &'a str,
    pub(crate) heavy: bool,
}

impl Owner<'_> {
    fn name(&self) -> String {
        format!("{}::{}", self.system, self.case)
    }

    fn file(&self) -> String {
        format!("{}.{}.snap", self.system, self.case)
    }

    /// The command that writes the snapshot.
    fn accept(&self) -> String {
        let run = run_command(&format!("{}::profile", self.name()), self.heavy);
        format!("INSTA_UPDATE=always {run}")
    }
}

/// The files that are missing in `snapshots/`, and those that should not be there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshots<'a> {
    /// Cases without a snapshot.
    pub(crate) missing: Vec<Owner<'a>>,
    /// File names of snapshots that belong to no case.
    pub(crate) orphans: Vec<String>,
    /// File names of new snapshots that are neither accepted nor removed.
    pub(crate) leftovers: Vec<String>,
}

impl<'a> Snapshots<'a> {
    /// Compares the cases with the names of the files in the folder.
    pub(crate) fn compare(cases: &[Owner<'a>], files: &BTreeSet<String>) -> Self {
        let expected: BTreeSet<String> = cases.iter().map(Owner::file).collect();
        let of_kind = |end: &'static str| files.iter().filter(move |name| name.ends_with(end));
        Self {
            missing: cases.iter().filter(|case| !files.contains(&case.file())).copied().collect(),
            orphans: of_kind(".snap").filter(|name| !expected.contains(*name)).cloned().collect(),
            leftovers: of_kind(".snap.new").cloned().collect(),
        }
    }

    /// The faults, each with its remedy.
    pub(crate) fn faults(&self) -> Vec<String> {
        let missing = self.missing.iter().map(|case| {
            format!(
                "snapshots/{}: {} has no snapshot\n   remedy: {}",
                case.file(),
                case.name(),
                case.accept()
            )
        });
        let orphans = self.orphans.iter().map(|file| {
            format!(
                "snapshots/{file}: no case in budgets.toml has this snapshot\n   \
                 remedy: git rm snapshots/{file}"
            )
        });
        missing.chain(orphans).collect()
    }

    /// A note for each leftover file, which is no fault.
    pub(crate) fn notes(&self) -> Vec<String> {
        let note = |file: &String| {
            format!(
                "note: snapshots/{file} is neither accepted nor removed\n   \
                 remedy: cargo insta review, or git clean -f snapshots"
            )
        };
        self.leftovers.iter().map(note).collect()
    }
}

/// A fault for each snapshot without its case and target: no profile can be compared with it.
pub(crate) fn damaged(root: &Path, cases: &[Owner<'_>]) -> Vec<String> {
    let fault = |case: &Owner<'_>| {
        let (name, file) = (case.name(), format!("snapshots/{}", case.file()));
        let text = fs::read_to_string(root.join(&file)).ok()?;
        let named = text.lines().any(|line| line == format!("case    {name}"));
        let placed = text.lines().any(|line| line.starts_with("target  "));
        (!named || !placed).then(|| {
            format!(
                "{file}: this is not a snapshot of {name}\n   remedy: git checkout {file}, or {}",
                case.accept()
            )
        })
    };
    cases.iter().filter_map(fault).collect()
}

/// The names of the files in `snapshots/`; empty where there is no such folder.
pub(crate) fn files(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    let folder = root.join("snapshots");
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.with_context(|| format!("cannot list {}", folder.display()))?,
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect::<std::io::Result<_>>().context("cannot list snapshots/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_orphaned_and_leftover_snapshots_are_found() {
        let files = ["lib.rs", "a.x.snap", "a.gone.snap", "b.y.snap.new"].map(str::to_owned);
        let owner = |system, case| Owner { system, case, heavy: false };
        let found = Snapshots::compare(&[owner("a", "x"), owner("b", "y")], &files.into());
        assert_eq!(found.missing, [owner("b", "y")]);
        assert_eq!(found.orphans, ["a.gone.snap"]);
        assert_eq!(found.leftovers, ["b.y.snap.new"]);
    }
}
