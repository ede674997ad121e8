//! The last figures of a budget, so that a hold rests on more than one run.

use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_format::Quantity;
use serde::{Deserialize, Serialize};

use crate::record::Record;

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
    let all = all(&file(results, system, case, budget));
    let Some(newest) = all.last().map(|past| past.build.clone()) else { return Vec::new() };
    all.into_iter().filter(|past| past.build == newest).collect()
}

/// Adds the record's figure, if it has one; a run that judges again replaces its own.
pub(crate) fn add(
    results: &Path,
    system: &str,
    case: &str,
    budget: &str,
    build: &str,
    record: &Record,
) -> anyhow::Result<()> {
    let Some(figure) = record.measured else { return Ok(()) };
    let file = file(results, system, case, budget);
    let mut all = all(&file);
    all.retain(|past| past.run != record.run);
    let (run, unix_seconds) = (record.run.clone(), record.unix_seconds);
    all.push(Past { run, unix_seconds, build: build.to_owned(), figure });
    let newest = &all[all.len().saturating_sub(KEPT)..];
    crate::run::write_whole(&file, &serde_json::to_vec(newest)?)
}

/// Names of budgets hold no dot: no record has this name.
fn file(results: &Path, system: &str, case: &str, budget: &str) -> PathBuf {
    results.join(system).join(case).join(format!("{budget}.history.json"))
}

/// What cannot be read is forgotten: nothing is judged by it.
fn all(file: &Path) -> Vec<Past> {
    let text = fs::read(file).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use plimsoll_format::{Budget, Case, Limit, Metric, Place, Unit};

    use super::*;
    use crate::evidence::Evidence;
    use crate::provenance::Provenance;
    use crate::verdict::judge;

    fn record(run: u32, figure: Option<f64>) -> Record {
        let place = Place { file: "budgets.toml".to_owned(), line: 1, column: 1 };
        let line = Limit::Max("1 MB".parse().unwrap());
        let budget = Budget::new(Metric::PeakHeap, line, place.clone());
        let case = Case::new("case", "work", place);
        let evidence = Evidence { case: &case, samples: Vec::new() };
        let judgement = judge(&budget, &evidence, None);
        let record = Record::new(
            "a::case::b",
            &run.to_string(),
            &budget,
            &judgement,
            &evidence,
            &Provenance::default(),
        );
        let measured = figure.map(|figure| Quantity::new(figure, Unit::Bytes));
        Record { measured, ..record }
    }

    #[test]
    fn the_newest_figures_of_the_newest_build_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let add = |build: &str, run: u32, figure| {
            add(folder.path(), "a", "case", "b", build, &record(run, figure)).unwrap();
        };
        let figures = || {
            let past = read(folder.path(), "a", "case", "b");
            past.iter().map(|past| past.figure.value()).collect::<Vec<_>>()
        };
        add("old", 0, Some(7.0));
        assert_eq!(figures(), [7.0]);
        for run in 1..=40 {
            add("new", run, Some(f64::from(run)));
        }
        // 40 and the 29 before it.
        assert_eq!(figures(), (11..=40).map(f64::from).collect::<Vec<_>>());
        // The same run again replaces its figure, one without a figure adds none.
        add("new", 40, Some(41.0));
        add("new", 41, None);
        assert_eq!(figures().len(), KEPT);
        assert_eq!(figures().last(), Some(&41.0));
        add("newer", 42, Some(5.0));
        assert_eq!(figures(), [5.0]);
        fs::write(file(folder.path(), "a", "case", "b"), "{").unwrap();
        assert_eq!(figures(), [0.0; 0]);
    }
}
