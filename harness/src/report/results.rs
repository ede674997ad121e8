//! The files of results, by name: below `target/plimsoll/results`, a folder for each system.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::de::DeserializeOwned;

use crate::measure::measurement::Outcome;
use crate::measure::probe::Mode;

/// The newest record of a budget.
pub(crate) fn record_file(results: &Path, system: &str, case: &str, budget: &str) -> PathBuf {
    results.join(system).join(case).join(format!("{budget}.json"))
}

/// The last figures of a budget. Names of budgets hold no dot: no record has this name.
pub(crate) fn history_file(results: &Path, system: &str, case: &str, budget: &str) -> PathBuf {
    results.join(system).join(case).join(format!("{budget}.history.json"))
}

/// The newest measurement of that name; see [`measurement_name`].
pub(crate) fn measurement_file(results: &Path, system: &str, name: &str) -> PathBuf {
    results.join(system).join(format!("{name}.json"))
}

/// The name of a measurement, one for each case, size and mode.
pub(crate) fn measurement_name(case: &str, size: Option<u64>, mode: Mode) -> String {
    let size = size.map(|size| format!("-{size}")).unwrap_or_default();
    format!("{case}{size}-{}", mode.name())
}

/// What the newest run of a case at one size left behind in one mode.
///
/// # Errors
/// When the file is there but cannot be read.
pub fn read_outcome(
    results: &Path,
    system: &str,
    case: &str,
    size: Option<u64>,
    mode: Mode,
) -> anyhow::Result<Option<Outcome>> {
    read_json(&measurement_file(results, system, &measurement_name(case, size, mode)))
}

/// The value in a file of results; `None` where there is no such file.
pub(crate) fn read_json<T: DeserializeOwned>(file: &Path) -> anyhow::Result<Option<T>> {
    match fs::read(file) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .with_context(|| format!("{} is not readable: run the tests again", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}
