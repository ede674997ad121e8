//! The class of growth, told by which class's curve lies nearest to the figures.
//!
//! Every curve is `a + b · shape(size)` with `b > 0`. Its distance is the sum of the deviations,
//! each as a share of its figure, so that a small run counts as much as a large one; the nearest
//! curve of a class passes through two of the points, and all pairs are tried (least absolute
//! deviations; Bloomfield and Steiger 1983). A class is told where each other lies at least twice
//! as far; else the answer is that the sizes do not tell.

use plimsoll_format::Growth;

use super::{Estimate, median};
use crate::judge::precision::Precision;

/// The largest size must be so many times the smallest: over a shorter way all classes look alike.
const SPAN: f64 = 4.0;

/// What doubles its room does so at least once where the size doubles, and so does a logarithm
/// step: over less, equal figures are no proof that nothing grows.
const DOUBLED: f64 = 2.0;

/// Each other class must lie so many times as far.
const FARTHER: f64 = 2.0;

/// A distance that is no fit, as a share of the figures. A container that doubles lies some 0.2
/// from its straight line.
const NO_FIT: f64 = 0.3;

/// Noisy figures are not taken for nearer to any curve than this.
const NOISE: f64 = 0.02;

/// The same of exact ones: the rounding of the arithmetic.
const ROUNDING: f64 = 1e-9;

/// Two exact figures, each rounded to a whole one, differ by so much more or less.
const WHOLE: f64 = 1.0;

/// Noisy figures that deviate from their median by this much at most, on average, do not grow.
const LEVEL: f64 = 0.04;

/// Figures below this share of the largest are weighed as if they were this large.
const LEAST_WEIGHED: f64 = 1e-3;

/// What the size is bent to so that the class is a straight line.
pub(super) fn shape(class: Growth) -> fn(f64) -> f64 {
    match class {
        Growth::Constant => |_| 0.0,
        Growth::Log => f64::log2,
        Growth::Linear => |size| size,
        Growth::Quadratic => |size| size * size,
    }
}

const GROWING: [Growth; 3] = [Growth::Log, Growth::Linear, Growth::Quadratic];

/// The class of growth, or why it cannot be told and which sizes would tell.
///
/// Exact figures are constant where all are equal but that of the smallest size, which is the
/// warm-up. `n · log n` lies between two classes and nearer to *linear*: a logarithm does not
/// double within the sizes of a sweep while the square grows a thousandfold. What lies amid two
/// classes (`n` to the power of 1.5) is told as neither.
pub(crate) fn growth(points: &[(f64, f64)], precision: Precision) -> Result<Growth, String> {
    let mut points = points.to_vec();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let [smallest, second, .., largest] = points.as_slice() else {
        return Err(would_decide("fewer than three sizes say nothing of growth", &points));
    };
    let most = points.iter().map(|point| point.1.abs()).fold(0.0, f64::max);
    if smallest.0 <= 0.0 || !largest.0.is_finite() || !most.is_finite() {
        return Err("sizes begin at one, and figures are finite".to_owned());
    }
    if largest.0 < smallest.0 * SPAN {
        let close = format!("{} to {} is too short a way", smallest.0, largest.0);
        return Err(would_decide(&close, &points));
    }
    if is_level(&points) {
        if largest.0 < second.0 * DOUBLED {
            let close = format!(
                "the figures are equal from {} to {}, where what doubles need not have doubled",
                second.0, largest.0
            );
            return Err(would_decide(&close, &points));
        }
        return Ok(Growth::Constant);
    }
    told(&points, most, precision)
}

/// Whether all figures are equal but that of the smallest size, the first, which is the warm-up.
pub(crate) fn is_level(points: &[(f64, f64)]) -> bool {
    points.iter().skip(2).all(|point| point.1 == points[1].1)
}

/// Whether the figures rise ever faster: no slope between neighbours is less than the one before,
/// and the last is more than the first. Bytes and blocks are whole: a slope is known to one of them.
pub(super) fn steepens(points: &[(f64, f64)]) -> bool {
    let mut points = points.to_vec();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let between = |pair: &[(f64, f64)]| {
        let (run, rise) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let slope = rise / run;
        Estimate { low: (rise - WHOLE) / run, value: slope, high: (rise + WHOLE) / run }
    };
    let slopes: Vec<Estimate> = points.windows(2).map(between).collect();
    let ends = slopes.first().zip(slopes.last());
    slopes.is_sorted_by(|before, next| next.high >= before.low)
        && ends.is_some_and(|(first, last)| last.low > first.high)
}

/// The class of figures that are not all equal, by comparing the fits.
fn told(points: &[(f64, f64)], most: f64, precision: Precision) -> Result<Growth, String> {
    let (level, fits) = distances(points, most, precision);
    let nearest = fits.first().map_or(f64::INFINITY, |fit| fit.0);
    if level <= LEVEL && level < nearest * FARTHER {
        return Ok(Growth::Constant);
    }
    match fits.as_slice() {
        [] => Err("the figures fall as the size grows, which is no class of growth".to_owned()),
        [(distance, nearest), ..] if level < distance * FARTHER => {
            Err(would_decide(&alike(Growth::Constant, *nearest), points))
        }
        [(near, first), (far, second), ..] if *far < near * FARTHER => {
            Err(would_decide(&alike(*first.min(second), *first.max(second)), points))
        }
        [(distance, _), ..] if *distance > NO_FIT => {
            Err(would_decide("no class of growth fits the figures", points))
        }
        [(_, nearest), ..] => Ok(*nearest),
    }
}

/// Whether the figures grow faster than `allowed` whatever their class is: each class up to that
/// one lies at least twice as far as the nearest, though two others may lie alike.
pub(crate) fn outgrows(points: &[(f64, f64)], allowed: Growth, precision: Precision) -> bool {
    let sizes = || points.iter().map(|point| point.0);
    let (smallest, largest) = (sizes().fold(f64::MAX, f64::min), sizes().fold(f64::MIN, f64::max));
    let most = points.iter().map(|point| point.1.abs()).fold(0.0, f64::max);
    if points.len() < 3 || smallest <= 0.0 || largest < smallest * SPAN || !most.is_finite() {
        return false;
    }
    let (level, fits) = distances(points, most, precision);
    let Some((nearest, _)) = fits.first() else { return false };
    let far = |distance: f64| distance >= nearest * FARTHER;
    let mut slower = fits.iter().filter(|(_, class)| *class <= allowed);
    *nearest <= NO_FIT && far(level) && slower.all(|(distance, _)| far(*distance))
}

/// How far the figures lie from a level, which no exact ones are that differ, and from each class
/// that grows, the nearest first.
fn distances(points: &[(f64, f64)], most: f64, precision: Precision) -> (f64, Vec<(f64, Growth)>) {
    let floor = if precision == Precision::Exact { ROUNDING } else { NOISE };
    let level = match precision {
        Precision::Exact => f64::INFINITY,
        Precision::Noisy => level(points, most).max(floor),
    };
    let mut fits: Vec<(f64, Growth)> = GROWING
        .into_iter()
        .filter_map(|class| Some((distance(points, class, most)?.max(floor), class)))
        .collect();
    fits.sort_by(|a, b| a.0.total_cmp(&b.0));
    (level, fits)
}

/// How far the figures lie from their median, as a share of each.
fn level(points: &[(f64, f64)], most: f64) -> f64 {
    let mut figures: Vec<f64> = points.iter().map(|point| point.1).collect();
    figures.sort_by(f64::total_cmp);
    let Some(median) = median(&figures) else { return 0.0 };
    let sum: f64 = points.iter().map(|point| deviation(*point, median, most)).sum();
    sum / (points.len() - 1) as f64
}

/// How far the figures lie from the nearest curve of a class; `None` where each of them falls.
fn distance(points: &[(f64, f64)], class: Growth, most: f64) -> Option<f64> {
    let shape = shape(class);
    let bent: Vec<(f64, f64)> = points.iter().map(|(x, y)| (shape(*x), *y)).collect();
    let mut nearest: Option<f64> = None;
    for (at, (x, y)) in bent.iter().enumerate() {
        for (x2, y2) in &bent[at + 1..] {
            let slope = (y2 - y) / (x2 - x);
            if slope > 0.0 && slope.is_finite() {
                let on_curve = |point: &(f64, f64)| y + slope * (point.0 - x);
                let sum: f64 =
                    bent.iter().map(|point| deviation(*point, on_curve(point), most)).sum();
                nearest = Some(nearest.map_or(sum, |nearest| nearest.min(sum)));
            }
        }
    }
    // Two points lie on the curve in any case.
    nearest.map(|sum| sum / (points.len() - 2) as f64)
}

fn deviation(point: (f64, f64), expected: f64, most: f64) -> f64 {
    (point.1 - expected).abs() / point.1.abs().max(most * LEAST_WEIGHED)
}

fn alike(one: Growth, other: Growth) -> String {
    format!("{one} and {other} growth fit the figures about as well")
}

/// Names the next two powers of ten beyond the sizes that were run.
pub(crate) fn would_decide(why: &str, points: &[(f64, f64)]) -> String {
    let largest = points.iter().map(|point| point.0).fold(1.0, f64::max);
    let next = 10_f64.powi(largest.log10().floor() as i32 + 1);
    format!("{why}: runs at {next:.0} and {:.0} would decide", next * 10.0)
}
