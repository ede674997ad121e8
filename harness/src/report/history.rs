//! The last figures of a budget, so that a hold rests on more than one run.

use std::path::Path;

use plimsoll_format::Quantity;
use serde::{Deserialize, Serialize};

use crate::os::files::write_whole;
use crate::report::results::{history_file, read_json};

/// How many figures are kept of a budget, the newest.
pub const KEPT: usize = 30;

/// The figure of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Past {
    /// The run that judged it.
    pub run: String,
    /// When, in seconds since 1970.
    pub unix_seconds: u64,
    /// Tells this build of the test binary from every other: an edit of `budgets.toml` or of the
    /// program makes another, whose figures say nothing of this one's spread.
    pub build: String,
    /// The figure that was judged.
    pub figure: Quantity,
}

/// The figures of the newest build under `results` (`target/plimsoll/results`), the oldest first;
/// none where the budget was never judged, or the file is not readable.
///
/// ```
/// # let folder = std::env::temp_dir().join("plimsoll-doc-none");
/// assert!(plimsoll::history::read(&folder, "storage", "read_1mb", "peak_heap").is_empty());
/// ```
pub fn read(results: &Path, system: &str, case: &str, budget: &str) -> Vec<Past> {
    let all = all(&history_file(results, system, case, budget));
    let Some(newest) = all.last().map(|past| past.build.clone()) else { return Vec::new() };
    all.into_iter().filter(|past| past.build == newest).collect()
}

/// Adds a figure; a run that judges again replaces its own.
pub(crate) fn add(
    results: &Path,
    system: &str,
    case: &str,
    budget: &str,
    past: Past,
) -> anyhow::Result<()> {
    let file = history_file(results, system, case, budget);
    let mut all = all(&file);
    all.retain(|before| before.run != past.run);
    all.push(past);
    let newest = &all[all.len().saturating_sub(KEPT)..];
    write_whole(&file, &serde_json::to_vec(newest)?)
}

/// What cannot be read is forgotten: nothing is judged by it.
fn all(file: &Path) -> Vec<Past> {
    read_json(file).ok().flatten().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use plimsoll_format::Unit;

    use super::*;

    fn past(build: &str, run: u32, figure: f64) -> Past {
        Past {
            run: run.to_string(),
            unix_seconds: 0,
            build: build.to_owned(),
            figure: Quantity::new(figure, Unit::Bytes),
        }
    }

    #[test]
    fn the_newest_figures_of_the_newest_build_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let add = |build: &str, run: u32, figure| {
            add(folder.path(), "a", "case", "b", past(build, run, figure)).unwrap();
        };
        let figures = || {
            let past = read(folder.path(), "a", "case", "b");
            past.iter().map(|past| past.figure.value()).collect::<Vec<_>>()
        };
        add("old", 0, 7.0);
        assert_eq!(figures(), [7.0]);
        for run in 1..=40 {
            add("new", run, f64::from(run));
        }
        // 40 and the 29 before it.
        assert_eq!(figures(), (11..=40).map(f64::from).collect::<Vec<_>>());
        // The same run again replaces its figure.
        add("new", 40, 41.0);
        assert_eq!(figures().len(), KEPT);
        assert_eq!(figures().last(), Some(&41.0));
        add("newer", 42, 5.0);
        assert_eq!(figures(), [5.0]);
        fs::write(history_file(folder.path(), "a", "case", "b"), "{").unwrap();
        assert_eq!(figures(), [0.0; 0]);
    }
}
