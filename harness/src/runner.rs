//! Who runs the tests, and the command by which one of them is run again.

use std::env;

/// The runner of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Runner {
    /// cargo-nextest, which says so in the environment.
    Nextest,
    /// `cargo test`, or the binary by hand, with the name of the test target.
    Cargo { target: String },
}

impl Runner {
    pub(crate) fn current() -> Self {
        if env::var_os("NEXTEST").is_some() {
            return Self::Nextest;
        }
        let binary = env::current_exe().unwrap_or_default();
        let stem = binary.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // Cargo names the file `budgets-0123456789abcdef`.
        let target = stem.rsplit_once('-').map_or(stem.as_str(), |(target, _)| target);
        Self::Cargo { target: target.to_owned() }
    }

    /// The command that runs `test` and no other.
    pub(crate) fn command(&self, test: &str) -> String {
        match self {
            Self::Nextest => format!("cargo nextest run -E 'test(={test})'"),
            Self::Cargo { target } => format!("cargo test --test {target} -- --exact {test}"),
        }
    }
}
