//! The commit that is checked out, read from git's files: to start git takes longer than a test.

use std::fs;
use std::path::{Path, PathBuf};

/// The commit of the checkout that `folder` lies in.
pub(super) fn of(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let marked = folder.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    let git = folder_of(&marked)?;
    let head = read(&git.join("HEAD"))?;
    match head.strip_prefix("ref: ") {
        Some(name) => referred(&git, name),
        None => Some(head),
    }
}

/// A worktree has a file in place of the folder, which says where that is.
fn folder_of(marked: &Path) -> Option<PathBuf> {
    if marked.is_dir() {
        return Some(marked.to_owned());
    }
    let text = read(marked)?;
    Some(marked.parent()?.join(text.strip_prefix("gitdir: ")?))
}

/// What a branch is at: in a file of its own, or in the list of packed ones; those of a worktree
/// are in the folder that it shares with the others.
fn referred(git: &Path, name: &str) -> Option<String> {
    let shared = read(&git.join("commondir")).map(|common| git.join(common));
    [Some(git), shared.as_deref()].into_iter().flatten().find_map(|folder| {
        read(&folder.join(name)).or_else(|| {
            let packed = read(&folder.join("packed-refs"))?;
            let mut lines = packed.lines().filter_map(|line| line.split_once(' '));
            lines.find(|(_, packed)| *packed == name).map(|(commit, _)| commit.to_owned())
        })
    })
}

fn read(file: &Path) -> Option<String> {
    fs::read_to_string(file).ok().map(|text| text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::of;

    fn write(file: &Path, text: &str) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    #[test]
    fn a_commit_is_found_wherever_git_keeps_it() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        assert_eq!(of(&at(".")), None);
        write(&at("main/.git/HEAD"), "ref: refs/heads/main\n");
        write(
            &at("main/.git/packed-refs"),
            "# pack-refs\naaa1 refs/heads/main\nbbb2 refs/heads/b\n",
        );
        write(&at("main/src/lib.rs"), "");
        assert_eq!(of(&at("main/src")).unwrap(), "aaa1");
        write(&at("main/.git/refs/heads/main"), "ccc3\n");
        assert_eq!(of(&at("main/src")).unwrap(), "ccc3");
        write(&at("main/.git/HEAD"), "ddd4\n");
        assert_eq!(of(&at("main")).unwrap(), "ddd4");
        // A worktree beside it, on branch `b`.
        write(&at("tree/.git"), "gitdir: ../main/.git/worktrees/tree\n");
        write(&at("main/.git/worktrees/tree/HEAD"), "ref: refs/heads/b\n");
        write(&at("main/.git/worktrees/tree/commondir"), "../..\n");
        assert_eq!(of(&at("tree")).unwrap(), "bbb2");
    }
}
