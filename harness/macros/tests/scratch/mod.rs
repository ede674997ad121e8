//! A small workspace in a folder of its own, built by cargo as a user would.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) struct Scratch {
    folder: tempfile::TempDir,
}

/// What cargo made of it: whether it succeeded, and all that it printed.
pub(crate) struct Run {
    pub(crate) passed: bool,
    pub(crate) text: String,
}

const FILES: [(&str, &str); 8] = [
    ("Cargo.toml", include_str!("workspace.toml")),
    ("budgets.toml", include_str!("budgets.toml")),
    ("docs/storage.md", include_str!("storage.md")),
    ("plimsoll/src/lib.rs", include_str!("plimsoll.rs")),
    ("plimsoll/Cargo.toml", include_str!("plimsoll.toml")),
    ("storage/Cargo.toml", include_str!("storage.toml")),
    ("storage/src/lib.rs", include_str!("storage.rs")),
    ("storage/tests/budgets.rs", "plimsoll::main!(storage::read, storage::put,);\n"),
];

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = Scratch { folder: tempfile::tempdir().expect("a folder for a workspace") };
        let macros = env!("CARGO_MANIFEST_DIR");
        for (file, text) in FILES {
            scratch.edit(file, |_| text.replace("MACROS", macros));
        }
        // The versions of this workspace are at hand, so that nothing is fetched.
        let lock = Path::new(macros).join("../../Cargo.lock");
        let lock = fs::read_to_string(lock).expect("the workspace has a lock file");
        scratch.edit("Cargo.lock", |_| lock);
        scratch
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("the folder is there")
    }

    /// Writes a file anew; `change` gets what it said, if it was there.
    pub(crate) fn edit(&self, file: &str, change: impl FnOnce(Option<String>) -> String) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().expect("below the root")).expect("folders can be made");
        fs::write(&path, change(fs::read_to_string(&path).ok())).expect("files can be written");
    }

    /// Runs cargo in the workspace; what was built once is shared by all of them.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--quiet", "--offline", "--package", "storage"])
            .current_dir(self.root())
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("scratch"))
            .output()
            .expect("cargo runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        Run { passed: output.status.success(), text }
    }

    pub(crate) fn accepted(&self) {
        let run = self.cargo(&["check", "--tests"]);
        assert!(run.passed, "{}", run.text);
    }

    /// The check fails, our line is the first of it, and there is no other error but cargo's last.
    pub(crate) fn refused(&self, first: &str) {
        let run = self.cargo(&["check", "--tests"]);
        assert!(!run.passed && run.text.starts_with(first), "not `{first}` but:\n{}", run.text);
        let others = run.text.lines().filter(|line| line.starts_with("error")).count();
        assert!(others <= 2, "{}", run.text);
    }
}
