//! Places in source files, as paths that an editor can open.

use std::path::Path;

use plimsoll_format::Member;

/// dhat keeps the last three parts of a path: `storage/src/read.rs` of
/// `workloads/storage/src/read.rs`, or of `crates/storage/src/read.rs`.
pub(super) fn from_root(place: String, members: &[Member], root: &Path) -> String {
    let Some((file, line)) = place.rsplit_once(':') else { return place };
    let candidates = members.iter().flat_map(|member| joined(&member.folder, file));
    let found = candidates.into_iter().find(|candidate| root.join(candidate).is_file());
    found.map_or_else(|| place.clone(), |path| format!("{path}:{line}"))
}

/// The ways in which the start of `file` can be the end of `folder`. What a package at the root
/// lies in has no name here, so that any start may be cut off.
fn joined(folder: &str, file: &str) -> Vec<String> {
    let cuts = file.match_indices('/').map(|(at, _)| (&file[..at], &file[at + 1..]));
    if folder.is_empty() {
        return std::iter::once(file)
            .chain(cuts.map(|(_, rest)| rest))
            .map(str::to_owned)
            .collect();
    }
    let overlaps = |shared: &str| folder == shared || folder.ends_with(&format!("/{shared}"));
    let overlapping = cuts.filter(|(shared, _)| overlaps(shared)).map(|(_, rest)| rest);
    let whole = ["", "tests/", "src/"].map(|below| format!("{folder}/{below}{file}"));
    overlapping.map(|rest| format!("{folder}/{rest}")).chain(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_cut_path_is_joined_where_it_overlaps() {
        assert_eq!(
            joined("workloads/storage", "storage/src/read.rs"),
            [
                "workloads/storage/src/read.rs",
                "workloads/storage/storage/src/read.rs",
                "workloads/storage/tests/storage/src/read.rs",
                "workloads/storage/src/storage/src/read.rs",
            ]
        );
        assert_eq!(joined("", "words/src/lib.rs"), ["words/src/lib.rs", "src/lib.rs", "lib.rs"]);
        assert_eq!(joined("storage", "storage/src/read.rs")[0], "storage/src/read.rs");
        assert_eq!(
            joined("workloads/storage", "budgets/workload/content.rs")[1],
            "workloads/storage/tests/budgets/workload/content.rs"
        );
    }
}
