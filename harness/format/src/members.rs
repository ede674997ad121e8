//! The crates of the workspace, which claim the systems.

use serde::{Deserialize, Serialize};

use crate::{Fault, Faults, pattern, tree::Tree, words};

/// A crate of the workspace that `budgets.toml` belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The package's name in snake case, as it stands in paths and symbols.
    pub name: String,
    /// Its folder relative to the root; empty for a package at the root.
    pub folder: String,
    /// The crates of its test targets that have a `main` of their own (`harness = false`): workloads
    /// may live there.
    pub test_crates: Vec<String>,
}

impl Member {
    fn new(package: &PackageWire, test: &[TestWire], folder: String) -> Self {
        let own_main = test.iter().filter(|target| target.harness == Some(false));
        let test_crates = own_main.filter_map(|target| target.name.as_deref()).map(snake).collect();
        Member { name: snake(&package.name), folder, test_crates }
    }

    /// The crates whose functions are this package's: its library and its test targets.
    pub fn crates(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.test_crates).map(String::as_str)
    }
}

fn snake(name: &str) -> String {
    name.replace('-', "_")
}

/// The part of a `Cargo.toml` that names crates; cargo knows the rest.
#[derive(Deserialize)]
struct ManifestWire {
    workspace: Option<WorkspaceWire>,
    package: Option<PackageWire>,
    #[serde(default)]
    test: Vec<TestWire>,
}

#[derive(Deserialize)]
struct WorkspaceWire {
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
}

#[derive(Deserialize)]
struct PackageWire {
    name: String,
}

/// A `[[test]]` target.
#[derive(Deserialize)]
struct TestWire {
    name: Option<String>,
    harness: Option<bool>,
}

/// The members: those listed beside `budgets.toml`, and the package
/// there, if any.
pub(crate) fn of(tree: &mut Tree<'_>) -> Result<Vec<Member>, Faults> {
    let Some(root) = manifest(tree, "Cargo.toml")? else {
        return Err(Fault::of_file(crate::tree::BUDGETS, words::no_manifest()).into());
    };
    let mut members: Vec<Member> = Vec::new();
    members.extend(root.package.map(|package| Member::new(&package, &root.test, String::new())));
    if let Some(workspace) = root.workspace {
        let folders = workspace.members.iter().flat_map(|pattern| expand(tree, pattern));
        let folders: Vec<String> =
            folders.filter(|folder| !workspace.exclude.contains(folder)).collect();
        for folder in folders {
            if let Some(member) = manifest(tree, &format!("{folder}/Cargo.toml"))? {
                let package = member.package;
                members.extend(package.map(|package| Member::new(&package, &member.test, folder)));
            }
        }
    }
    Ok(members)
}

fn manifest(tree: &mut Tree<'_>, file: &str) -> Result<Option<ManifestWire>, Faults> {
    let Some(source) = tree.read(file).map_err(|fault| Faults::from(*fault))? else {
        return Ok(None);
    };
    toml::from_str(&source.text).map(Some).map_err(|error| {
        let words = words::manifest_syntax(error.message());
        source.fault(error.span().unwrap_or(0..0), words).into()
    })
}

/// The folders that a pattern of `members` names: `workloads/*` is each folder with a manifest.
fn expand(tree: &Tree<'_>, pattern: &str) -> Vec<String> {
    let folders = pattern::expand(tree, pattern).into_iter();
    folders.filter(|folder| tree.has(&format!("{folder}/Cargo.toml"))).collect()
}
