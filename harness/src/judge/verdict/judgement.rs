//! A verdict with the figures that it rests on.

use plimsoll_format::{Growth, Quantity};
use serde::{Deserialize, Serialize};

use super::Verdict;

/// A figure of one run of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The size; `None` where there is no sweep.
    pub size: Option<u64>,
    /// The figure.
    pub figure: Quantity,
}

/// A verdict with the figures that it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judgement {
    /// What is said of the budget.
    pub(crate) verdict: Verdict,
    /// The figure that was judged, where there is one.
    pub(crate) measured: Option<Quantity>,
    /// How far the figure lies on the good side of the nearest line, as a share of that line;
    /// negative on the other side, none for a line of zero.
    pub(crate) headroom: Option<f64>,
    /// The bounds between which the figure lies, where it comes from a fit, or has to lie, where a
    /// sweep says so.
    pub(crate) bounds: Option<[Quantity; 2]>,
    /// The figures of the single runs: of the sweep that is compared with, where there is one.
    pub(crate) points: Vec<Point>,
    /// The two sides of a ratio.
    pub(crate) sides: Option<[Quantity; 2]>,
    /// How the figures grow with the size, where that is what is judged.
    pub(crate) growth: Option<Growth>,
    /// The size of the run that decided, where one did.
    pub(crate) size: Option<u64>,
}

impl Judgement {
    pub(super) fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            measured: None,
            headroom: None,
            bounds: None,
            points: Vec::new(),
            sides: None,
            growth: None,
            size: None,
        }
    }
}
