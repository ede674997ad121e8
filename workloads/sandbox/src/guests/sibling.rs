//! The program `guests`, run beside this one.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Order;

/// How many lines of its stderr an error quotes.
const LINES: usize = 12;

/// Runs it to make a guest.
pub(super) fn make(order: Order) -> Result<(), String> {
    let program = env::current_exe()
        .ok()
        .and_then(|own| find(&own))
        .ok_or("the program `guests`, which makes it, is not beside this one")?;
    let order = serde_json::to_string(&order).map_err(|error| error.to_string())?;
    let output = Command::new(&program)
        .arg(order)
        .stdin(Stdio::null())
        // A backtrace would fill all the quoted lines.
        .env("RUST_LIB_BACKTRACE", "0")
        .output()
        .map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = stderr.lines().collect();
    let tail = lines[lines.len().saturating_sub(LINES)..].join("\n");
    Err(format!("{} ended with {}:\n{tail}", program.display(), output.status))
}

/// Cargo puts tests and benches into `deps`, examples into `examples`, and programs above them.
fn find(own: &Path) -> Option<PathBuf> {
    let name = format!("guests{}", env::consts::EXE_SUFFIX);
    own.ancestors().skip(1).take(2).map(|folder| folder.join(&name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::find;

    #[test]
    fn program_is_found_from_cargos_output_folders() {
        let Ok(folder) = tempfile::tempdir() else { panic!("no temporary folder") };
        let at = |path: &str| folder.path().join(path);
        assert_eq!(find(&at("debug/deps/test-1")), None);
        fs::create_dir_all(at("debug")).and_then(|()| fs::write(at("debug/guests"), b"")).ok();
        for own in ["debug/deps/test-1", "debug/examples/python", "debug/other"] {
            assert_eq!(find(&at(own)), Some(at("debug/guests")), "{own}");
        }
        assert_eq!(find(&at("debug/deps/deeper/test-1")), None);
    }
}
