//! Which folder is the root of a project.

use std::{fs, path::Path};

use plimsoll_format::find_root;

/// A file that a folder above includes belongs to that folder; any other is a root of its own.
#[test]
fn an_included_file_is_not_a_root() {
    let root = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("budgets.toml", "include = [\"workloads/*/budgets.toml\"]\n");
    write("workloads/storage/budgets.toml", "");
    write("workloads/storage/fuzz/budgets.toml", "");
    write("tool/budgets.toml", "[");
    write("other/src/lib.rs", "");
    for (start, expected) in [
        ("", ""),
        ("workloads/storage", ""),
        ("workloads/storage/src", ""),
        ("workloads/storage/fuzz", "workloads/storage/fuzz"),
        ("tool", "tool"),
        ("other/src", ""),
    ] {
        let found = find_root(&root.path().join(start)).unwrap();
        assert_eq!(found.strip_prefix(root.path()).unwrap(), Path::new(expected), "{start}");
    }
}

/// A top-level file that is not TOML still names the files that it includes.
#[test]
fn a_broken_file_includes_what_it_names() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("storage")).unwrap();
    fs::write(root.path().join("storage/budgets.toml"), "").unwrap();
    let text = "include = [\"storage/budgets.toml\"]\n\n[storage.get\n";
    fs::write(root.path().join("budgets.toml"), text).unwrap();
    assert_eq!(find_root(&root.path().join("storage")).unwrap(), root.path());
}
