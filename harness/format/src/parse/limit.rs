//! The limit of a budget: one of six shapes, and its ratchet.

use std::ops::Range;

use toml::Spanned;

use super::{Key, Reading, budget::case_of_this_system, value};
use crate::{
    Growth, Limit, Metric, Unit, Written, digits,
    wire::{BudgetWire, ScalarWire},
    words,
};

/// The widest limit that needs no reason: 10 % on either side, or a factor of 1.5.
const WIDEST_SHARE: f64 = 0.10;
const WIDEST_FACTOR: f64 = 1.5;

/// The figure that a limit is compared with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    metric: Metric,
    unit: Unit,
}

impl Measured {
    pub(super) fn new(metric: Metric, as_ratio: bool) -> Self {
        Self { metric, unit: if as_ratio { Unit::Times } else { metric.unit() } }
    }

    fn read(self, reading: &mut Reading, scalar: Spanned<ScalarWire>) -> Option<Written> {
        let what = match self.unit {
            Unit::Times => format!("a ratio of `{}`", self.metric),
            _ => format!("`{}`", self.metric),
        };
        value::quantity(reading, scalar, self.unit, &what)
    }
}

pub(super) fn parse_limit(
    reading: &mut Reading,
    key: &Key<'_>,
    measured: Measured,
    wire: &mut BudgetWire,
    explained: bool,
) -> Option<Limit> {
    if !stated_once(reading, key, wire) {
        return None;
    }
    if let Some(grows) = wire.grows.take() {
        return growth(reading, grows);
    }
    let mut read = |scalar| measured.read(reading, scalar);
    if let Some(max) = wire.max.take() {
        return read(max).map(Limit::Max);
    }
    if let Some(min) = wire.min.take() {
        return read(min).map(Limit::Min);
    }
    if let Some(ends) = wire.between.take() {
        return between(reading, measured, ends, explained);
    }
    if let Some(sweep) = wire.matches_sweep.take() {
        let tolerance = match wire.tolerance.take() {
            Some(tolerance) => distance(reading, tolerance, explained)?,
            None => 0.0,
        };
        let sweep = case_of_this_system(sweep.get_ref());
        return Some(Limit::MatchesSweep { sweep, tolerance });
    }
    let value = read(wire.about.take()?);
    let tolerance = distance(reading, wire.tolerance.take()?, explained)?;
    value.map(|value| Limit::About { value, tolerance })
}

/// The share that `tolerance` states; a fault where it is wide and nothing explains it.
fn distance(reading: &mut Reading, tolerance: Spanned<ScalarWire>, explained: bool) -> Option<f64> {
    let span = tolerance.span();
    let tolerance = value::share(reading, tolerance, |share| share < 1.0, words::not_a_share)?;
    if tolerance > WIDEST_SHARE && !explained {
        let limit = format!("± {} %", digits::whole_or_exact(tolerance * 100.0, 4));
        reading.fault(span, words::wide(&limit, "up to 10 %"));
    }
    Some(tolerance)
}

/// Whether exactly one shape is there, and whole.
fn stated_once(reading: &mut Reading, key: &Key<'_>, wire: &BudgetWire) -> bool {
    let span = |scalar: &Option<Spanned<ScalarWire>>| scalar.as_ref().map(Spanned::span);
    let shapes = [
        ("max", span(&wire.max)),
        ("min", span(&wire.min)),
        ("between", wire.between.as_ref().map(Spanned::span)),
        ("about", span(&wire.about)),
        ("grows", wire.grows.as_ref().map(Spanned::span)),
        ("matches_sweep", wire.matches_sweep.as_ref().map(Spanned::span)),
    ];
    let stated: Vec<(&str, Range<usize>)> =
        shapes.into_iter().filter_map(|(name, span)| Some((name, span?))).collect();
    let tolerance = span(&wire.tolerance);
    let (span, words) = match (stated.as_slice(), tolerance) {
        ([(first, _), (second, span), ..], _) => (span.clone(), words::two_limits(first, second)),
        ([], Some(span)) => (span, words::tolerance_alone()),
        ([], None) => {
            reading.lacks(key.span(), words::no_limit(key.get_ref()));
            return false;
        }
        ([("about", span)], None) => {
            reading.lacks(span.clone(), words::no_tolerance());
            return false;
        }
        ([("about" | "matches_sweep", _)], Some(_)) | ([_], None) => return true,
        ([_], Some(span)) => (span, words::tolerance_alone()),
    };
    reading.fault(span, words);
    false
}

/// The class that a figure may grow with.
fn growth(reading: &mut Reading, name: Spanned<String>) -> Option<Limit> {
    let growth = Growth::named(name.get_ref());
    if growth.is_none() {
        reading.fault(name.span(), words::unknown_growth(name.get_ref()));
    }
    growth.map(Limit::Grows)
}

/// The figure that is reached today, on the good side of a limit with one side; `None` after a fault.
pub(super) fn parse_ratchet(
    reading: &mut Reading,
    measured: Measured,
    limit: Option<&Limit>,
    ratchet: Spanned<ScalarWire>,
) -> Option<Written> {
    let span = ratchet.span();
    let ratchet = measured.read(reading, ratchet)?;
    let words = match limit? {
        Limit::Max(most) if ratchet.quantity <= most.quantity => return Some(ratchet),
        Limit::Min(least) if ratchet.quantity >= least.quantity => return Some(ratchet),
        Limit::Max(end) | Limit::Min(end) => words::ratchet_beyond(&ratchet.text, &end.text),
        Limit::Between(..) | Limit::About { .. } | Limit::Grows(_) | Limit::MatchesSweep { .. } => {
            words::ratchet_of_two_sides()
        }
    };
    reading.fault(span, words);
    None
}

fn between(
    reading: &mut Reading,
    measured: Measured,
    ends: Spanned<Vec<Spanned<ScalarWire>>>,
    explained: bool,
) -> Option<Limit> {
    let span = ends.span();
    let ends = ends.into_inner();
    let count = ends.len();
    let Ok([low, high]) = <[_; 2]>::try_from(ends) else {
        reading.fault(span, words::not_two_ends(count));
        return None;
    };
    let low = measured.read(reading, low);
    let high = measured.read(reading, high);
    let (low, high): (Written, Written) = (low?, high?);
    let (least, most) = (low.quantity.value(), high.quantity.value());
    if least >= most {
        reading.fault(span, words::ends_crossed(&low.text, &high.text));
        return None;
    }
    // A hair of room, so that exactly 1.5 times as much passes after rounding.
    if most > least * WIDEST_FACTOR * (1.0 + 1e-9) && !explained {
        let limit = format!("{low} to {high}");
        reading.fault(span, words::wide(&limit, "up to 1.5 times the smaller end"));
    }
    Some(Limit::Between(low, high))
}
