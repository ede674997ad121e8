//! The test binaries of the budgets, as cargo builds them for the whole workspace: with fewer packages
//! their dependencies could have other features, and would be built once more.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde::Deserialize;

use crate::metadata::cargo;

/// A test binary, and the package that it is of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Binary {
    /// The package's `Cargo.toml`.
    pub(crate) manifest: PathBuf,
    pub(crate) executable: PathBuf,
}

/// Builds the target `budgets` of every package that has one.
pub(crate) fn budgets(root: &Path) -> anyhow::Result<Vec<Binary>> {
    let output = Command::new(cargo())
        .current_dir(root)
        .args(["test", "--no-run", "--quiet", "--workspace", "--test", "budgets"])
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started: is it in PATH?")?;
    anyhow::ensure!(
        output.status.success(),
        "the budgets could not be built; see cargo's output above"
    );
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(binary).collect())
}

/// The binary of one of cargo's messages, if it has one of that target.
fn binary(message: &str) -> Option<Binary> {
    let MessageWire { reason, manifest_path, target, executable } =
        serde_json::from_str(message).ok()?;
    let is_budgets = reason == "compiler-artifact" && target.name == "budgets";
    Some(Binary { manifest: manifest_path, executable: executable.filter(|_| is_budgets)? })
}

/// The fields that are read of a message, of which there are more; others lack these.
#[derive(Deserialize)]
struct MessageWire {
    reason: String,
    manifest_path: PathBuf,
    target: TargetWire,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct TargetWire {
    name: String,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Binary, binary};

    fn artifact(name: &str, executable: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","package_id":"p","manifest_path":"/w/a/Cargo.toml",
            "target":{{"kind":["test"],"name":"{name}"}},"executable":{executable},"fresh":true}}"#
        )
    }

    #[test]
    fn only_executables_of_the_target_budgets_are_found() {
        let found = binary(&artifact("budgets", r#""/t/budgets-1""#));
        let (manifest, executable) = (Path::new("/w/a/Cargo.toml"), Path::new("/t/budgets-1"));
        let expected = Binary { manifest: manifest.into(), executable: executable.into() };
        assert_eq!(found, Some(expected));
        for other in [
            artifact("budgets", "null"),
            artifact("store", r#""/t/store-1""#),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
            "not json".to_owned(),
        ] {
            assert_eq!(binary(&other), None, "{other}");
        }
    }
}
