//! The test targets: a table whose crate has no `tests/budgets.rs` is judged by nobody.

use std::path::Path;

use plimsoll::format::System;

/// A fault for each system whose crate lacks the target that runs its budgets.
pub(crate) fn missing(root: &Path, systems: &[System]) -> Vec<String> {
    let folder = |system: &System| {
        let member = system.members.iter().find(|member| member.name == system.name);
        member.map(|member| member.folder.clone()).unwrap_or_default()
    };
    let files = systems.iter().map(|system| (system, Path::new(&folder(system)).join(TARGET)));
    let missing = files.filter(|(_, file)| !root.join(file).is_file());
    missing.map(|(system, file)| fault(&system.name, &file)).collect()
}

const TARGET: &str = "tests/budgets.rs";

fn fault(system: &str, file: &Path) -> String {
    format!(
        "{}: it is not there, so that no test judges the budgets of `{system}`\n   \
         example: plimsoll::main!({system}); and in Cargo.toml: [[test]] name = \"budgets\", \
         harness = false",
        file.display()
    )
}
