//! Verdicts, and the pure decision that reaches them.

use plimsoll_format::{Budget, Case, Metric, Quantity, Unit};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::measurement::{Crash, Measurement, Outcome};

/// Above this share of the line a passing measurement is *near*.
const NEAR: f64 = 0.9;

/// What is said of one budget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The line is kept. Passes.
    Within,
    /// The line is kept with less than a tenth of it to spare. Passes.
    Near,
    /// The line is not kept.
    Over,
    /// The work ended with an error, or computed something else than the case expects.
    Wrong(String),
    /// The work panicked, aborted, overflowed its stack or was killed.
    Crashed(Crash),
    /// The work did not end in time.
    Hung {
        /// The case's time-out in seconds.
        after_seconds: f64,
        /// The end of what it had printed.
        output: String,
    },
    /// There is no figure to judge.
    Broken(String),
}

impl Verdict {
    /// Whether the test passes.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Within | Self::Near)
    }

    /// The verdict's word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Near => "near",
            Self::Over => "over",
            Self::Wrong(_) => "wrong",
            Self::Crashed(_) => "crashed",
            Self::Hung { .. } => "hung",
            Self::Broken(_) => "broken",
        }
    }
}

/// A verdict with the figure that it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What is said of the budget.
    pub verdict: Verdict,
    /// The figure that was judged, where there is one.
    pub measured: Option<Quantity>,
    /// How far the figure lies on the good side of the nearest line, as a share of that line;
    /// negative on the other side, none for a line of zero.
    pub headroom: Option<f64>,
}

impl Judgement {
    fn without_figure(verdict: Verdict) -> Self {
        Self { verdict, measured: None, headroom: None }
    }
}

/// Judges one budget of `case` by what the run left behind. Decides on its arguments alone.
pub fn judge(budget: &Budget, case: &Case, outcome: &Outcome) -> Judgement {
    let measurement = match sound(case, outcome) {
        Ok(measurement) => measurement,
        Err(verdict) => return Judgement::without_figure(verdict),
    };
    match measured(budget, measurement) {
        Err(reason) => Judgement::without_figure(Verdict::Broken(reason)),
        Ok(figure) => against_line(budget, figure),
    }
}

/// The measurement of a run that ended well and computed what the case expects.
pub(crate) fn sound<'a>(case: &Case, outcome: &'a Outcome) -> Result<&'a Measurement, Verdict> {
    match outcome {
        Outcome::Measured(measurement) => {
            let differences = differences(&case.answer, &measurement.answer);
            if differences.is_empty() { Ok(measurement) } else { Err(Verdict::Wrong(differences)) }
        }
        Outcome::Failed(error) => Err(Verdict::Wrong(format!("the work failed: {error}"))),
        Outcome::Crashed { crash, .. } => Err(Verdict::Crashed(crash.clone())),
        Outcome::Hung { after_seconds, output, .. } => {
            Err(Verdict::Hung { after_seconds: *after_seconds, output: output.clone() })
        }
        Outcome::Broken(reason) => Err(Verdict::Broken(reason.clone())),
    }
}

fn against_line(budget: &Budget, figure: Quantity) -> Judgement {
    let (least, most) = (budget.line.least(), budget.line.most());
    let over = most.is_some_and(|most| figure > most) || least.is_some_and(|least| figure < least);
    let share = |line: Quantity, room: f64| (line.value() != 0.0).then(|| room / line.value());
    let above = least.and_then(|least| share(least, figure.value() - least.value()));
    let below = most.and_then(|most| share(most, most.value() - figure.value()));
    let one_sided = least.is_none() || most.is_none();
    let headroom = above.into_iter().chain(below).reduce(f64::min);
    // Counts are judged exactly, and stand at their line by intent.
    let counted = matches!(figure.unit(), Unit::Blocks | Unit::Reallocations);
    let near = one_sided && !counted && headroom.is_some_and(|room| room < 1.0 - NEAR);
    let verdict = match (over, near) {
        (true, _) => Verdict::Over,
        (false, true) => Verdict::Near,
        (false, false) => Verdict::Within,
    };
    Judgement { verdict, measured: Some(figure), headroom }
}

/// The figure that the budget's metric asks for, or why there is none.
fn measured(budget: &Budget, run: &Measurement) -> Result<Quantity, String> {
    let heap = || run.heap.ok_or("the heap lens was not on".to_owned());
    let process = || run.process.as_ref().map_err(String::clone);
    let cpu = || run.clock.cpu_seconds.ok_or("no CPU clock is read on this system".to_owned());
    let value = match budget.metric {
        Metric::PeakHeap => heap()?.peak_bytes as f64,
        Metric::TotalHeap => heap()?.total_bytes as f64,
        Metric::EndHeap => heap()?.end_bytes as f64,
        Metric::PeakBlocks => heap()?.peak_blocks as f64,
        Metric::TotalBlocks => heap()?.total_blocks as f64,
        Metric::EndBlocks => heap()?.end_blocks as f64,
        Metric::Reallocations => heap()?.reallocations as f64,
        Metric::PeakRss => process()?.peak_rss as f64,
        Metric::AnonymousRss => process()?.anonymous_rss as f64,
        Metric::FileRss => process()?.file_rss as f64,
        Metric::ShmemRss => process()?.shmem_rss as f64,
        Metric::PeakVirtual => process()?.peak_virtual as f64,
        Metric::CpuTime => cpu()?,
        Metric::WallTime => run.clock.wall_seconds,
        Metric::Throughput => count(budget, run)? / run.clock.wall_seconds,
        Metric::CpuThroughput => count(budget, run)? / cpu()?,
    };
    if !value.is_finite() {
        return Err(format!("{} is not a number here: the work took no time", budget.metric));
    }
    Ok(Quantity::new(value, budget.metric.unit()))
}

/// The answer's field that a throughput counts.
fn count(budget: &Budget, run: &Measurement) -> Result<f64, String> {
    let field = budget.rate.as_deref().ok_or("a throughput needs `rate`".to_owned())?;
    let value = run.answer.get(field).and_then(Value::as_f64);
    value.ok_or_else(|| format!("the answer has no number `{field}` to count: {}", run.answer))
}

/// Where the answer differs from the fields that the case states, one line each.
fn differences(expected: &Map<String, Value>, answer: &Value) -> String {
    let mut lines = Vec::new();
    for (field, expected) in expected {
        compare(field, expected, answer.get(field), &mut lines);
    }
    lines.join("\n")
}

fn compare(path: &str, expected: &Value, got: Option<&Value>, lines: &mut Vec<String>) {
    let Some(got) = got else {
        lines.push(format!("{path} is absent, expected {expected}"));
        return;
    };
    match (expected, got) {
        (Value::Object(fields), Value::Object(_)) => {
            for (field, expected) in fields {
                compare(&format!("{path}.{field}"), expected, got.get(field), lines);
            }
        }
        // A float compares by value; integers are compared as they are, beyond 2^53 too.
        (Value::Number(a), Value::Number(b))
            if (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64() => {}
        _ if expected == got => {}
        _ => lines.push(format!("{path} is {got}, expected {expected}")),
    }
}

#[cfg(test)]
mod tests;
