//! Verdicts, and the pure decision that reaches them.

mod inside;
mod judgement;
mod ratio;

use plimsoll_format::{Basis, Budget, Case, Growth, Limit, Quantity, Unit};
use serde::{Deserialize, Serialize};

use crate::judge::case_runs::{Evidence, Sample};
use crate::judge::figure;
use crate::judge::fit::{self, Estimate};
use crate::judge::output::differences;
use crate::judge::precision::Precision;
use crate::measure::measurement::{Crash, Measurement, Outcome};
use crate::measure::runaway::limit_hit::LimitHit;
use inside::inside;
pub(crate) use judgement::Judgement;
pub use judgement::Point;
use ratio::ratio;

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
    /// The line is kept, but what was held is lost.
    Regressed,
    /// The line is not kept.
    Over,
    /// The figures do not say whether the line is kept, for this reason.
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
    /// The work held more than its cap and was stopped, or refused a block and went on without.
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

/// What stood in the way of a figure, and in the run of which size.
struct Obstacle {
    verdict: Verdict,
    size: Option<u64>,
}

/// Judges one budget by the runs of its case, and, where it names another one, by those of that too.
/// Decides on its arguments alone.
pub(crate) fn judge(
    budget: &Budget,
    evidence: &Evidence<'_>,
    other: Option<&Evidence<'_>>,
) -> Judgement {
    try_judge(budget, evidence, other)
        .unwrap_or_else(|Obstacle { verdict, size }| Judgement { size, ..Judgement::of(verdict) })
}

fn try_judge(
    budget: &Budget,
    evidence: &Evidence<'_>,
    other: Option<&Evidence<'_>>,
) -> Result<Judgement, Obstacle> {
    let points = points(budget, evidence)?;
    if let Limit::Grows(allowed) = budget.limit {
        return Ok(grown(allowed, points, Precision::of(evidence.case, budget)));
    }
    let unsized_obstacle = |verdict| Obstacle { verdict, size: None };
    if let (Limit::MatchesSweep { tolerance, .. }, Some(other)) = (&budget.limit, other) {
        let swept = self::points(budget, other)?;
        let judged = inside(budget, evidence.case, &points, (other.case, swept), *tolerance);
        return judged.map_err(unsized_obstacle);
    }
    let (judged, sides) = match (budget.other(), other) {
        (None, _) => {
            let own = estimate(budget, evidence.case, &points).map_err(unsized_obstacle)?;
            (own, None)
        }
        (Some(_), Some(other)) => {
            let theirs = self::points(budget, other)?;
            let ratio = ratio(budget, (evidence.case, &points), (other.case, &theirs));
            let (ratio, sides) = ratio.map_err(unsized_obstacle)?;
            (ratio, Some(sides))
        }
        (Some(other), None) => {
            return Err(unsized_obstacle(Verdict::NotMeasured(format!("`{other}` was not run"))));
        }
    };
    let unit = if sides.is_some() { Unit::Times } else { budget.metric.unit() };
    let judgement = against_line(budget, evidence.case, &points, judged, unit);
    let of_a_run = budget.basis == Basis::Run && sides.is_none();
    let size = judgement.measured.filter(|_| of_a_run).and_then(|measured| {
        points.iter().find(|point| point.figure == measured).and_then(|point| point.size)
    });
    Ok(Judgement { points, sides, size, ..judgement })
}

/// The figure of each run.
fn points(budget: &Budget, evidence: &Evidence<'_>) -> Result<Vec<Point>, Obstacle> {
    let point = |sample: &Sample| {
        let size = sample.size;
        let obstacle = |verdict| Obstacle { verdict, size };
        let run = sound(evidence.case, size, &sample.outcome).map_err(obstacle)?;
        let figure = figure::of(budget, run, sample)
            .map_err(|reason| Obstacle { verdict: Verdict::NotMeasured(reason), size })?;
        Ok(Point { size, figure })
    };
    evidence.samples.iter().map(point).collect()
}

/// The measurement of a run that ended well and computed what the case expects.
pub(crate) fn sound<'a>(
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

/// How far a figure lies on the good side of the line.
fn room(budget: &Budget, figure: f64) -> f64 {
    let above = budget.limit.least().map(|least| figure - least.value());
    let below = budget.limit.most().map(|most| most.value() - figure);
    above.into_iter().chain(below).reduce(f64::min).unwrap_or(0.0)
}

/// The one figure that is made of those of all runs.
fn estimate(budget: &Budget, case: &Case, points: &[Point]) -> Result<Estimate, Verdict> {
    let pairs = pairs(points);
    let too_few = || Verdict::NotMeasured("no line fits so few sizes".to_owned());
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

/// The figure that is nearest to the line, or the farthest beyond it.
fn worst(budget: &Budget, points: &[Point]) -> Option<Estimate> {
    let figures = points.iter().map(|point| point.figure.value());
    let nearest = figures.min_by(|a, b| room(budget, *a).total_cmp(&room(budget, *b)));
    nearest.map(Estimate::exactly)
}

fn pairs(points: &[Point]) -> Vec<(f64, f64)> {
    let pair = |point: &Point| Some((point.size? as f64, point.figure.value()));
    points.iter().filter_map(pair).collect()
}

/// Exact figures that differ are not constant, whether or not their class can be told; nor are
/// others within a class than which both that they may have are faster.
fn grown(allowed: Growth, points: Vec<Point>, precision: Precision) -> Judgement {
    let pairs = pairs(&points);
    let told = fit::growth(&pairs, precision);
    let differ = precision == Precision::Exact && !fit::is_level(&pairs);
    let verdict = match &told {
        Ok(growth) if *growth <= allowed => Verdict::Within,
        Ok(_) => Verdict::Over,
        Err(_) if allowed == Growth::Constant && differ => Verdict::Over,
        Err(_) if fit::outgrows(&pairs, allowed, precision) => Verdict::Over,
        Err(reason) => Verdict::Inconclusive(reason.clone()),
    };
    Judgement { points, growth: told.ok(), ..Judgement::of(verdict) }
}

fn against_line(
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
    let share = |line: Quantity, room: f64| (line.value() != 0.0).then(|| room / line.value());
    let above = least.and_then(|least| share(least, value - least.value()));
    let below = most.and_then(|most| share(most, most.value() - value));
    let one_sided = least.is_none() || most.is_none();
    let headroom = above.into_iter().chain(below).reduce(f64::min);
    // Counts are judged exactly, and stand at their line by intent: where no run has another.
    let counted = matches!(unit, Unit::Blocks | Unit::Reallocations) && case.varies.is_none();
    let near = one_sided && !counted && headroom.is_some_and(|room| room < 1.0 - NEAR);
    let verdict = match () {
        // Beyond the line wherever between its bounds the figure lies, or nowhere.
        () if beyond(low, high) => Verdict::Over,
        () if beyond(high, low) => Verdict::Inconclusive(unsure(budget, points, estimate, unit)),
        () if slipped(budget, value) => Verdict::Regressed,
        () if near => Verdict::Near,
        () => Verdict::Within,
    };
    Judgement {
        measured: Some(quantity(value)),
        headroom,
        bounds: (low < high).then(|| [quantity(low), quantity(high)]),
        ..Judgement::of(verdict)
    }
}

/// Whether what is held was reached before and is not reached any more.
fn slipped(budget: &Budget, value: f64) -> bool {
    let Some(hold) = &budget.ratchet else { return false };
    match budget.limit {
        Limit::Max(_) => value > hold.quantity.value(),
        Limit::Min(_) => value < hold.quantity.value(),
        Limit::Between(..) | Limit::About { .. } | Limit::Grows(_) | Limit::MatchesSweep { .. } => {
            false
        }
    }
}

fn unsure(budget: &Budget, points: &[Point], estimate: Estimate, unit: Unit) -> String {
    let family = budget.limit.family();
    let show = |value| Quantity::new(value, unit).in_family(family);
    let (low, high) = (show(estimate.low), show(estimate.high));
    let why = format!("the fit says {low} to {high}, and the line lies between");
    fit::would_decide(&why, &pairs(points))
}

#[cfg(test)]
mod tests;
