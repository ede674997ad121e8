//! This test binary again, as a child.

use std::path::Path;
use std::process::Command;

use crate::harness::CHILD;

/// A command that starts this test binary as the child of this name, on this folder.
///
/// Where a shell has to set a limit first, it is started with the command's program and arguments.
///
/// # Panics
///
/// Panics if the path of this binary is not known.
pub fn child(name: &str, folder: &Path) -> Command {
    let binary = std::env::current_exe();
    let mut command = Command::new(binary.unwrap_or_else(|error| panic!("this binary: {error}")));
    command.args([CHILD, name]).arg(folder);
    command
}

/// Runs a command to its end.
///
/// # Panics
///
/// Panics if the command does not start or fails, and prints its output.
pub fn assert_success(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    assert!(output.status.success(), "{command:?}: {}\n{printed}", output.status);
}
