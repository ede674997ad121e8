//! The results as they are written: one JSON file a budget, the newest result in it,
//! and the last figures beside it.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use plimsoll_format::{Budget, Growth, Quantity};
use serde::{Deserialize, Serialize};

use crate::judge::case_runs::Evidence;
use crate::judge::verdict::{Judgement, Point, Verdict};
use crate::measure::measurement::{Measurement, Outcome};
use crate::os::files::write_whole;
use crate::report::history::{self, Past};
pub use crate::report::provenance::Provenance;
use crate::report::results::{read_json, record_file};

/// The version of [`Record`]; a reader refuses any other.
pub const SCHEMA: u32 = 2;

/// One judged budget.
///
/// ```
/// # let folder = std::env::temp_dir().join("plimsoll-doc-none");
/// // Nothing was judged here yet:
/// assert!(plimsoll::record::read(&folder, "storage", "read_1mb", "peak_heap")?.is_none());
/// # anyhow::Ok(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this schema: 2.
    pub schema: u32,
    /// The test's name, `storage::read_1mb::peak_heap`.
    pub test: String,
    /// The promise's id in the document, where it has one.
    pub id: Option<String>,
    /// The run that judged it.
    pub run: String,
    /// When, in seconds since 1970.
    pub unix_seconds: u64,
    /// What was said.
    pub verdict: Verdict,
    /// The metric's name.
    pub metric: String,
    /// The figure that was judged.
    pub measured: Option<Quantity>,
    /// The line in words: `at most 200 MB`.
    pub limit: String,
    /// How far the figure lies on the good side, as a share of the line.
    pub headroom: Option<f64>,
    /// The bounds between which the figure lies, where it comes from a fit, or has to lie, where a
    /// sweep says so.
    pub bounds: Option<[Quantity; 2]>,
    /// The figures of the single runs, of which a sweep has several; where the figure has to lie
    /// inside a sweep, those of the sweep.
    pub points: Vec<Point>,
    /// The two sides of a ratio.
    pub sides: Option<[Quantity; 2]>,
    /// How the figures grow with the size, where that is what was judged.
    pub growth: Option<Growth>,
    /// The sentence of the document.
    pub quote: String,
    /// File and line of the sentence.
    pub cited: String,
    /// Wall seconds that measuring the case took.
    pub cost_wall_seconds: Option<f64>,
    /// CPU seconds that measuring the case took.
    pub cost_cpu_seconds: Option<f64>,
    /// The machine, the build and the commit.
    pub provenance: Provenance,
}

impl Record {
    /// The record of one judgement.
    pub(crate) fn new(
        test: &str,
        run: &str,
        budget: &Budget,
        judgement: &Judgement,
        evidence: &Evidence<'_>,
        provenance: &Provenance,
    ) -> Self {
        let outcomes = evidence.samples.iter().map(|sample| &sample.outcome);
        let runs: Vec<&Measurement> = outcomes
            .filter_map(|outcome| match outcome {
                Outcome::Measured(measurement) => Some(measurement.as_ref()),
                _ => None,
            })
            .collect();
        let all_ran = runs.len() == evidence.samples.len();
        let sum = |cost: fn(&Measurement) -> Option<f64>| {
            runs.iter().map(|run| cost(run)).sum::<Option<f64>>().filter(|_| all_ran)
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            schema: SCHEMA,
            test: test.to_owned(),
            id: budget.id.clone(),
            run: run.to_owned(),
            unix_seconds: now.as_secs(),
            verdict: judgement.verdict.clone(),
            metric: budget.metric.name().to_owned(),
            measured: judgement.measured,
            limit: budget.limit.to_string(),
            headroom: judgement.headroom,
            bounds: judgement.bounds,
            points: judgement.points.clone(),
            sides: judgement.sides,
            growth: judgement.growth,
            quote: budget.quote.clone(),
            cited: budget.cited.to_string(),
            cost_wall_seconds: sum(|run| Some(run.cost_wall_seconds)),
            cost_cpu_seconds: sum(|run| run.cost_cpu_seconds),
            provenance: provenance.clone(),
        }
    }

    /// Writes the record over the last one of its budget, and its figure, if it has one, into the
    /// history of this `build`.
    pub(crate) fn write(
        &self,
        results: &Path,
        build: &str,
        system: &str,
        case: &str,
        budget: &str,
    ) -> anyhow::Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        write_whole(&record_file(results, system, case, budget), &text)?;
        match self.past(build) {
            Some(past) => history::add(results, system, case, budget, past),
            None => Ok(()),
        }
    }

    fn past(&self, build: &str) -> Option<Past> {
        let (run, build) = (self.run.clone(), build.to_owned());
        Some(Past { run, unix_seconds: self.unix_seconds, build, figure: self.measured? })
    }
}

/// The newest record of a budget under `results` (`target/plimsoll/results`), if it was ever
/// judged.
///
/// # Errors
/// When the file is there but cannot be read, or is of another schema.
pub fn read(
    results: &Path,
    system: &str,
    case: &str,
    budget: &str,
) -> anyhow::Result<Option<Record>> {
    let file = record_file(results, system, case, budget);
    let Some(record) = read_json::<Record>(&file)? else { return Ok(None) };
    anyhow::ensure!(
        record.schema == SCHEMA,
        "{} is of schema {}, this is schema {SCHEMA}: run the tests again",
        file.display(),
        record.schema
    );
    Ok(Some(record))
}

#[cfg(test)]
mod tests {
    use plimsoll_format::{Case, Limit, Metric, Place, Unit};

    use super::*;
    use crate::judge::verdict::judge;

    fn record(figure: Option<f64>) -> Record {
        let place = Place { file: "budgets.toml".to_owned(), line: 1, column: 1 };
        let limit = Limit::Max("1 MB".parse().unwrap());
        let budget = Budget::new(Metric::PeakHeap, limit, place.clone());
        let case = Case::new("case", "work", place);
        let evidence = Evidence { case: &case, samples: Vec::new() };
        let judgement = judge(&budget, &evidence, None);
        let origin = Provenance::default();
        let record = Record::new("a::case::b", "7", &budget, &judgement, &evidence, &origin);
        let measured = figure.map(|figure| Quantity::new(figure, Unit::Bytes));
        Record { measured, ..record }
    }

    #[test]
    fn a_record_is_read_back_and_only_a_figure_enters_the_history() {
        let folder = tempfile::tempdir().unwrap();
        for (figure, figures) in [(None, 0), (Some(9.0), 1), (None, 1)] {
            let record = record(figure);
            record.write(folder.path(), "build", "a", "case", "b").unwrap();
            assert_eq!(read(folder.path(), "a", "case", "b").unwrap(), Some(record));
            assert_eq!(history::read(folder.path(), "a", "case", "b").len(), figures);
        }
    }
}
