//! Who runs the tests, and the command by which one of them is run again.

use std::env;

use plimsoll_format::Case;

/// The variable, if any, by which insta would let a page pass that nobody has read: in CI there
/// is nobody to read it.
pub(crate) fn accepts_pages_in_ci() -> Option<&'static str> {
    let value = |name: &str| env::var(name).unwrap_or_default();
    let is_set = |name: &str| !matches!(value(name).as_str(), "" | "0" | "false");
    let forced = is_set("INSTA_FORCE_PASS").then_some("INSTA_FORCE_PASS");
    let updating = !matches!(value("INSTA_UPDATE").as_str(), "" | "no" | "auto");
    is_set("CI").then(|| forced.or(updating.then_some("INSTA_UPDATE"))).flatten()
}

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
        let target = match stem.rsplit_once('-') {
            Some((target, hash)) if hash.len() == 16 => target,
            _ => stem.as_str(),
        };
        Self::Cargo { target: target.to_owned() }
    }

    /// The command that runs `test`, one of `case`, and no other.
    pub(crate) fn command(&self, test: &str, case: &Case) -> String {
        match self {
            Self::Nextest => {
                let ignored = if case.heavy { "--run-ignored all " } else { "" };
                format!("cargo nextest run {ignored}-E 'test(={test})'")
            }
            Self::Cargo { target } => {
                let ignored = if case.heavy { "--include-ignored " } else { "" };
                format!("cargo test --test {target} -- {ignored}--exact {test}")
            }
        }
    }
}
