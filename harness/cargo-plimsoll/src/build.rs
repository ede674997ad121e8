//! Builds the test binaries of the budgets for the whole workspace: for fewer packages, their
//! dependencies could have other features, and would be built again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use cargo_metadata::Message;

use crate::cargo;

/// A test binary and its package.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Binary {
    /// The package's `Cargo.toml`.
    pub(crate) manifest: PathBuf,
    pub(crate) executable: PathBuf,
}

/// Builds the target `budgets` of every package that has one.
pub(crate) fn budgets(root: &Path) -> anyhow::Result<Vec<Binary>> {
    let output = Command::new(cargo::program())
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
    binaries(&output.stdout)
}

/// The binaries of the target `budgets` in cargo's messages.
fn binaries(messages: &[u8]) -> anyhow::Result<Vec<Binary>> {
    let mut binaries = Vec::new();
    for message in Message::parse_stream(messages) {
        let Message::CompilerArtifact(artifact) = message.context("cargo's messages")? else {
            continue;
        };
        let executable = artifact.executable.filter(|_| artifact.target.name == "budgets");
        binaries.extend(executable.map(|executable| Binary {
            manifest: artifact.manifest_path.into(),
            executable: executable.into(),
        }));
    }
    Ok(binaries)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Binary, binaries};

    fn artifact(name: &str, executable: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","package_id":"path+file:///w/a#0.1.0",
            "manifest_path":"/w/a/Cargo.toml","target":{{"kind":["test"],"crate_types":["bin"],
            "name":"{name}","src_path":"/w/a/tests/{name}.rs","edition":"2024","doc":false,
            "doctest":false,"test":true}},"profile":{{"opt_level":"3","debuginfo":1,
            "debug_assertions":true,"overflow_checks":true,"test":true}},"features":[],
            "filenames":[],"executable":{executable},"fresh":true}}"#
        )
        .replace('\n', "")
    }

    #[test]
    fn only_executables_of_the_target_budgets_are_found() {
        let messages = [
            artifact("budgets", "null"),
            artifact("store", r#""/t/store-1""#),
            artifact("budgets", r#""/t/budgets-1""#),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
            "not json".to_owned(),
        ];
        let found = binaries(messages.join("\n").as_bytes()).unwrap();
        let (manifest, executable) = (Path::new("/w/a/Cargo.toml"), Path::new("/t/budgets-1"));
        assert_eq!(found, [Binary { manifest: manifest.into(), executable: executable.into() }]);
    }
}
