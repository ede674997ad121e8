//! The test targets: no test judges the table of a crate that has no target `budgets`.

use std::path::{Path, PathBuf};

use plimsoll::format::System;

/// A fault for each system whose crate lacks the target that runs its budgets.
pub(crate) fn missing(root: &Path, systems: &[System]) -> Vec<String> {
    let folder = |system: &System| {
        let member = system.members.iter().find(|member| member.name == system.name);
        member.map(|member| member.folder.clone()).unwrap_or_default()
    };
    let folders = systems.iter().map(|system| (system, PathBuf::from(folder(system))));
    let has_target =
        |folder: &Path| TARGETS.iter().any(|target| root.join(folder).join(target).is_file());
    let missing = folders.filter(|(_, folder)| !has_target(folder));
    missing.map(|(system, folder)| fault(&system.name, &folder.join(TARGETS[0]))).collect()
}

/// Where cargo finds a test target of that name.
const TARGETS: [&str; 2] = ["tests/budgets.rs", "tests/budgets/main.rs"];

fn fault(system: &str, file: &Path) -> String {
    format!(
        "{}: this file is missing, so no test judges the budgets of `{system}`\n   \
         example: plimsoll::main!({system}); and in Cargo.toml: [[test]] name = \"budgets\", \
         harness = false",
        file.display()
    )
}
