//! A run beyond a sweep against what the sweep says of it: the check of an extrapolation.

use plimsoll_format::{Budget, Case, Quantity};

use super::{Judgement, Point, Verdict, pairs};
use crate::judge::fit::{self, Estimate};
use crate::judge::precision::Precision;

/// Within bounds that are farther apart than this factor almost anything lies; the same limit
/// holds for a line with two ends that nothing explains.
const WIDEST_FACTOR: f64 = 1.5;

/// So much may be lost where an exact line is continued in floating point.
const ROUNDING: f64 = 1e-12;

/// Holds the figure of the one run of `case` to the bounds that the runs of the sweep say of its
/// size, each `within` a share of itself farther away.
pub(super) fn inside(
    budget: &Budget,
    case: &Case,
    run: &[Point],
    (swept, points): (&Case, Vec<Point>),
    within: f64,
) -> Result<Judgement, Verdict> {
    let nothing = |what: &str| Verdict::NotMeasured(what.to_owned());
    let figure = run.first().map(|point| point.figure).ok_or_else(|| nothing("nothing was run"))?;
    let parameter = swept.sweep.as_ref().map(|sweep| &sweep.parameter);
    let size = parameter.and_then(|parameter| case.params.get(parameter)?.as_u64());
    let size = size.ok_or_else(|| nothing("the case does not state the size of the sweep"))?;
    let sizes = pairs(&points);
    let Some(said) = fit::at(&sizes, size as f64, Precision::of(swept, budget)) else {
        let why = format!("no line fits the runs of {}", swept.name);
        return Err(Verdict::Inconclusive(fit::would_decide(&why, &sizes)));
    };
    let (low, high) = (said.low * (1.0 - within), said.high * (1.0 + within));
    let outside =
        figure.value() < low * (1.0 - ROUNDING) || figure.value() > high * (1.0 + ROUNDING);
    let verdict = match () {
        () if outside => Verdict::Over,
        () if high > low * WIDEST_FACTOR && budget.why.is_none() => {
            Verdict::Inconclusive(wide(budget, Estimate { low, high, ..said }, &sizes))
        }
        () => Verdict::Within,
    };
    Ok(Judgement {
        measured: Some(figure),
        bounds: Some([low, high].map(|end| Quantity::new(end, budget.metric.unit()))),
        points,
        ..Judgement::of(verdict)
    })
}

fn wide(budget: &Budget, said: Estimate, sizes: &[(f64, f64)]) -> String {
    let show = |value| Quantity::new(value, budget.metric.unit());
    let (low, high) = (show(said.low), show(said.high));
    let why = format!("the sweep says {low} to {high}, between which almost anything would lie");
    fit::would_decide(&why, sizes)
}
