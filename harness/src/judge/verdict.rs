//! Verdicts, and the pure decision that reaches them.

mod judgement;
mod matches_sweep;
mod ratio;

use plimsoll_format::{Basis, Budget, Case, Growth, Limit, Quantity, Unit};
use serde::{Deserialize, Serialize};

use crate::judge::case_runs::{CaseRuns, SizedRun};
use crate::judge::figure;
use crate::judge::fit::{self, Estimate};
use crate::judge::output::differences;
use crate::judge::precision::Precision;
use crate::measure::measurement::{Crash, Measurement, Outcome};
use crate::measure::runaway::limit_hit::LimitHit;
pub(crate) use judgement::Judgement;
pub use judgement::Point;
use matches_sweep::matches_sweep;
use ratio::ratio;

/// Above this share of the limit a passing measurement is *near*.
const NEAR: f64 = 0.9;

/// The verdict on one budget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The figure is within the limit. Passes.
    Within,
    /// The figure is within the limit, with less than a tenth of it to spare. Passes.
    Near,
    /// The figure is within the limit, but beyond the ratchet.
    Regressed,
    /// The figure is beyond the limit.
    Over,
    /// The figures do not decide, for this reason.
    Inconclusive(String),
    /// The work ended with an error, or computed something else than the case expects.
    UnexpectedResult(String),
    /// The work panicked, aborted, overflowed its stack or was killed.
    Crashed(Crash),
    /// The work did not end in time.
    TimedOut {
        /// The case's time-out in seconds.
        after_seconds: f64,
        /// The end of what it had printed.
        output: String,
    },
    /// The work went over its cap and was stopped, or continued without a block that was refused.
    OverCap(Box<LimitHit>),
    /// There is no figure to judge.
    NotMeasured(String),
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
            Self::Regressed => "regressed",
            Self::Over => "over",
            Self::Inconclusive(_) => "inconclusive",
            Self::UnexpectedResult(_) => "unexpected result",
            Self::Crashed(_) => "crashed",
            Self::TimedOut { .. } => "timed out",
            Self::OverCap(_) => "over cap",
            Self::NotMeasured(_) => "not measured",
        }
    }
}

/// Why there is no figure, and in the run of which size.
struct Obstacle {
    verdict: Verdict,
    size: Option<u64>,
}

/// Judges one budget by the runs of its case, and, where it names another one, by those of that
/// too. Decides on its arguments alone.
pub(crate) fn judge(
    budget: &Budget,
    case_runs: &CaseRuns<'_>,
    other: Option<&CaseRuns<'_>>,
) -> Judgement {
    try_judge(budget, case_runs, other)
        .unwrap_or_else(|Obstacle { verdict, size }| Judgement { size, ..Judgement::of(verdict) })
}

fn try_judge(
    budget: &Budget,
    case_runs: &CaseRuns<'_>,
    other: Option<&CaseRuns<'_>>,
) -> Result<Judgement, Obstacle> {
    let points = points(budget, case_runs)?;
    if let Limit::Grows(allowed) = budget.limit {
        return Ok(judge_growth(allowed, points, Precision::of(case_runs.case, budget)));
    }
    let unsized_obstacle = |verdict| Obstacle { verdict, size: None };
    if let (Limit::MatchesSweep { tolerance, .. }, Some(other)) = (&budget.limit, other) {
        let swept = self::points(budget, other)?;
        let judged =
            matches_sweep(budget, case_runs.case, &points, (other.case, swept), *tolerance);
        return judged.map_err(unsized_obstacle);
    }
    let (judged, sides) = match (budget.other(), other) {
        (None, _) => {
            let own = estimate(budget, case_runs.case, &points).map_err(unsized_obstacle)?;
            (own, None)
        }
        (Some(_), Some(other)) => {
            let theirs = self::points(budget, other)?;
            let ratio = ratio(budget, (case_runs.case, &points), (other.case, &theirs));
            let (ratio, sides) = ratio.map_err(unsized_obstacle)?;
            (ratio, Some(sides))
        }
        (Some(other), None) => {
            return Err(unsized_obstacle(Verdict::NotMeasured(format!("`{other}` was not run"))));
        }
    };
    let unit = if sides.is_some() { Unit::Times } else { budget.metric.unit() };
    let judgement = compare_to_limit(budget, case_runs.case, &points, judged, unit);
    let of_a_run = budget.basis == Basis::Run && sides.is_none();
    let size = judgement.measured.filter(|_| of_a_run).and_then(|measured| {
        points.iter().find(|point| point.figure == measured).and_then(|point| point.size)
    });
    Ok(Judgement { points, sides, size, ..judgement })
}

/// The figure of each run.
fn points(budget: &Budget, case_runs: &CaseRuns<'_>) -> Result<Vec<Point>, Obstacle> {
    let point = |sized_run: &SizedRun| {
        let size = sized_run.size;
        let obstacle = |verdict| Obstacle { verdict, size };
        let run = valid_measurement(case_runs.case, size, &sized_run.outcome).map_err(obstacle)?;
        let figure = figure::of(budget, run, sized_run)
            .map_err(|reason| Obstacle { verdict: Verdict::NotMeasured(reason), size })?;
        Ok(Point { size, figure })
    };
    case_runs.runs.iter().map(point).collect()
}

/// The measurement of a run that ended well and computed what the case expects.
pub(crate) fn valid_measurement<'a>(
    case: &Case,
    size: Option<u64>,
    outcome: &'a Outcome,
) -> Result<&'a Measurement, Verdict> {
    match outcome {
        Outcome::Measured(measurement) => {
            let expected = case.expected_at(size);
            let differences =
                expected.map_or_else(String::new, |one| differences(one, &measurement.output));
            if differences.is_empty() {
                Ok(measurement)
            } else {
                Err(Verdict::UnexpectedResult(differences))
            }
        }
        Outcome::Failed(error) => {
            Err(Verdict::UnexpectedResult(format!("the work failed: {error}")))
        }
        Outcome::Crashed { crash, .. } => Err(Verdict::Crashed(crash.clone())),
        Outcome::TimedOut { after_seconds, output, .. } => {
            Err(Verdict::TimedOut { after_seconds: *after_seconds, output: output.clone() })
        }
        Outcome::OverCap { stop, .. } => Err(Verdict::OverCap(stop.clone())),
        Outcome::NotMeasured(reason) => Err(Verdict::NotMeasured(reason.clone())),
    }
}

/// How far a figure lies on the good side of the limit.
fn headroom(budget: &Budget, figure: f64) -> f64 {
    let above = budget.limit.least().map(|least| figure - least.value());
    let below = budget.limit.most().map(|most| most.value() - figure);
    above.into_iter().chain(below).reduce(f64::min).unwrap_or(0.0)
}

/// The one figure that is made of those of all runs.
fn estimate(budget: &Budget, case: &Case, points: &[Point]) -> Result<Estimate, Verdict> {
    let pairs = pairs(points);
    let too_few =
        || Verdict::NotMeasured("a fit needs figures of two different sizes at least".to_owned());
    match budget.basis {
        Basis::Run => {
            worst(budget, points).ok_or(Verdict::NotMeasured("nothing was run".to_owned()))
        }
        Basis::PerItem => fit::slope(&pairs).ok_or_else(too_few),
        Basis::AtSize(size) => {
            let precision = Precision::of(case, budget);
            fit::at(&pairs, size as f64, precision).ok_or_else(too_few)
        }
    }
}

/// The figure that is nearest to the limit, or the farthest beyond it.
fn worst(budget: &Budget, points: &[Point]) -> Option<Estimate> {
    let figures = points.iter().map(|point| point.figure.value());
    let nearest = figures.min_by(|a, b| headroom(budget, *a).total_cmp(&headroom(budget, *b)));
    nearest.map(Estimate::exactly)
}

fn pairs(points: &[Point]) -> Vec<(f64, f64)> {
    let pair = |point: &Point| Some((point.size? as f64, point.figure.value()));
    points.iter().filter_map(pair).collect()
}

/// Exact figures that differ are not constant, even where their class is not decided. Figures that
/// may be of either of two classes are over the limit where both grow faster than it allows.
fn judge_growth(allowed: Growth, points: Vec<Point>, precision: Precision) -> Judgement {
    let pairs = pairs(&points);
    let growth = fit::growth(&pairs, precision);
    let differ = precision == Precision::Exact && !fit::is_level(&pairs);
    let verdict = match &growth {
        Ok(growth) if *growth <= allowed => Verdict::Within,
        Ok(_) => Verdict::Over,
        Err(_) if allowed == Growth::Constant && differ => Verdict::Over,
        Err(_) if fit::outgrows(&pairs, allowed, precision) => Verdict::Over,
        Err(reason) => Verdict::Inconclusive(reason.clone()),
    };
    Judgement { points, growth: growth.ok(), ..Judgement::of(verdict) }
}

fn compare_to_limit(
    budget: &Budget,
    case: &Case,
    points: &[Point],
    estimate: Estimate,
    unit: Unit,
) -> Judgement {
    let quantity = |value| Quantity::new(value, unit);
    let Estimate { low, value, high } = estimate;
    let (least, most) = (budget.limit.least(), budget.limit.most());
    let beyond = |figure: f64, other_end: f64| {
        most.is_some_and(|most| figure > most.value())
            || least.is_some_and(|least| other_end < least.value())
    };
    let share =
        |limit: Quantity, headroom: f64| (limit.value() != 0.0).then(|| headroom / limit.value());
    let above = least.and_then(|least| share(least, value - least.value()));
    let below = most.and_then(|most| share(most, most.value() - value));
    let one_sided = least.is_none() || most.is_none();
    let headroom = above.into_iter().chain(below).reduce(f64::min);
    // Counts are judged exactly, and stand at their limit by intent, where every run has the same.
    let counted = matches!(unit, Unit::Blocks | Unit::Reallocations) && case.varies.is_none();
    let near = one_sided && !counted && headroom.is_some_and(|headroom| headroom < 1.0 - NEAR);
    let verdict = if beyond(low, high) {
        // Beyond the limit wherever between its bounds the figure lies, or nowhere.
        Verdict::Over
    } else if beyond(high, low) {
        Verdict::Inconclusive(inconclusive_reason(budget, points, estimate, unit))
    } else if has_regressed(budget, value) {
        Verdict::Regressed
    } else if near {
        Verdict::Near
    } else {
        Verdict::Within
    };
    Judgement {
        measured: Some(quantity(value)),
        headroom,
        bounds: (low < high).then(|| [quantity(low), quantity(high)]),
        ..Judgement::of(verdict)
    }
}

/// Whether the figure is beyond the ratchet.
fn has_regressed(budget: &Budget, value: f64) -> bool {
    let Some(ratchet) = &budget.ratchet else { return false };
    match budget.limit {
        Limit::Max(_) => value > ratchet.quantity.value(),
        Limit::Min(_) => value < ratchet.quantity.value(),
        Limit::Between(..) | Limit::About { .. } | Limit::Grows(_) | Limit::MatchesSweep { .. } => {
            false
        }
    }
}

fn inconclusive_reason(
    budget: &Budget,
    points: &[Point],
    estimate: Estimate,
    unit: Unit,
) -> String {
    let family = budget.limit.family();
    let show = |value| Quantity::new(value, unit).in_family(family);
    let (low, high) = (show(estimate.low), show(estimate.high));
    let why = format!("the fit gives {low} to {high}, and the limit lies between");
    fit::would_decide(&why, &pairs(points))
}

#[cfg(test)]
mod tests;
