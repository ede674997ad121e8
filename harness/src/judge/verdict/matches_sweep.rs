//! A run beyond a sweep against what the sweep predicts of it: the check of an extrapolation.

use plimsoll_format::{Budget, Case, Quantity};

use super::{Judgement, Point, Verdict, pairs};
use crate::judge::fit::{self, Estimate};
use crate::judge::precision::Precision;

/// Almost any figure lies within bounds that are farther apart than this factor. A limit with two
/// ends needs a `why` beyond the same factor.
const WIDEST_FACTOR: f64 = 1.5;

/// So much may be lost where an exact line is continued in floating point.
const ROUNDING: f64 = 1e-12;

/// Compares the figure of the one run of `case` with the bounds that the sweep predicts for its
/// size, each farther away by a `tolerance`.
pub(super) fn matches_sweep(
    budget: &Budget,
    case: &Case,
    run: &[Point],
    (swept, points): (&Case, Vec<Point>),
    tolerance: f64,
) -> Result<Judgement, Verdict> {
    let not_measured = |what: &str| Verdict::NotMeasured(what.to_owned());
    let figure =
        run.first().map(|point| point.figure).ok_or_else(|| not_measured("nothing was run"))?;
    let parameter = swept.sweep.as_ref().map(|sweep| &sweep.parameter);
    let size = parameter.and_then(|parameter| case.params.get(parameter)?.as_u64());
    let size =
        size.ok_or_else(|| not_measured("the case has no parameter with the size of the sweep"))?;
    let sizes = pairs(&points);
    let Some(expected) = fit::at(&sizes, size as f64, Precision::of(swept, budget)) else {
        let why = format!("no fit exists for the runs of {}", swept.name);
        return Err(Verdict::Inconclusive(fit::would_decide(&why, &sizes)));
    };
    let (low, high) = (expected.low * (1.0 - tolerance), expected.high * (1.0 + tolerance));
    let outside =
        figure.value() < low * (1.0 - ROUNDING) || figure.value() > high * (1.0 + ROUNDING);
    let verdict = if outside {
        Verdict::Over
    } else if high > low * WIDEST_FACTOR && budget.why.is_none() {
        Verdict::Inconclusive(too_wide_reason(budget, Estimate { low, high, ..expected }, &sizes))
    } else {
        Verdict::Within
    };
    Ok(Judgement {
        measured: Some(figure),
        bounds: Some([low, high].map(|end| Quantity::new(end, budget.metric.unit()))),
        points,
        ..Judgement::of(verdict)
    })
}

fn too_wide_reason(budget: &Budget, expected: Estimate, sizes: &[(f64, f64)]) -> String {
    let show = |value| Quantity::new(value, budget.metric.unit());
    let (low, high) = (show(expected.low), show(expected.high));
    let why = format!("the sweep gives {low} to {high}, a range in which almost any figure lies");
    fit::would_decide(&why, sizes)
}
