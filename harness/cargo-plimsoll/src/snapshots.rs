//! The accepted profiles against the cases: each has one, and there are no others.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context as _;

use crate::asked;

/// A case, which has a profile in `snapshots/`.
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

    /// The command that accepts the profile.
    fn accept(&self) -> String {
        let run = asked::command(&format!("{}::profile", self.name()), self.heavy);
        format!("INSTA_UPDATE=always {run}")
    }
}

/// What is in `snapshots/` that should not be, and what should be and is not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshots<'a> {
    /// Cases without an accepted profile.
    pub(crate) missing: Vec<Owner<'a>>,
    /// File names of accepted profiles that belong to no case.
    pub(crate) orphans: Vec<String>,
    /// File names of profiles that wait to be accepted.
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

    /// Each thing that is wrong, with its remedy.
    pub(crate) fn faults(&self) -> Vec<String> {
        let missing = self.missing.iter().map(|case| {
            format!(
                "snapshots/{}: there is no accepted profile of {}\n   remedy: {}",
                case.file(),
                case.name(),
                case.accept()
            )
        });
        let orphans = self.orphans.iter().map(|file| {
            format!(
                "snapshots/{file}: no case of budgets.toml has that profile\n   \
                 remedy: git rm snapshots/{file}"
            )
        });
        missing.chain(orphans).collect()
    }

    /// What is not wrong, but waits for somebody.
    pub(crate) fn notes(&self) -> Vec<String> {
        let note = |file: &String| {
            format!(
                "note: snapshots/{file} waits to be accepted or removed\n   \
                 remedy: cargo insta review, or git clean -f snapshots"
            )
        };
        self.leftovers.iter().map(note).collect()
    }
}

/// A fault for each accepted profile that does not say which case and target it is of: nothing
/// could be compared with it.
pub(crate) fn damaged(root: &Path, cases: &[Owner<'_>]) -> Vec<String> {
    let fault = |case: &Owner<'_>| {
        let (name, file) = (case.name(), format!("snapshots/{}", case.file()));
        let text = fs::read_to_string(root.join(&file)).ok()?;
        let named = text.lines().any(|line| line == format!("case    {name}"));
        let placed = text.lines().any(|line| line.starts_with("target  "));
        (!named || !placed).then(|| {
            format!(
                "{file}: it is not a profile of {name}\n   remedy: git checkout {file}, or {}",
                case.accept()
            )
        })
    };
    cases.iter().filter_map(fault).collect()
}

/// The names of the files in `snapshots/`; none when there is no such folder.
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
    fn each_case_has_one_file_and_each_file_a_case() {
        let files = ["lib.rs", "a.x.snap", "a.gone.snap", "b.y.snap.new"].map(str::to_owned);
        let owner = |system, case| Owner { system, case, heavy: false };
        let found = Snapshots::compare(&[owner("a", "x"), owner("b", "y")], &files.into());
        assert_eq!(found.missing, [owner("b", "y")]);
        assert_eq!(found.orphans, ["a.gone.snap"]);
        assert_eq!(found.leftovers, ["b.y.snap.new"]);
    }
}
