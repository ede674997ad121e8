//! A sweep's figures as a line: robust estimates with their bounds, and the class of growth.

use plimsoll_format::Growth;

/// A value, and the bounds between which it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) low: f64,
    pub(crate) value: f64,
    pub(crate) high: f64,
}

impl Estimate {
    /// A value that is known.
    pub(crate) fn exactly(value: f64) -> Self {
        Self { low: value, value, high: value }
    }

    /// The ratio of two values that are not negative; `None` where the other one may be zero.
    pub(crate) fn divided_by(self, other: Self) -> Option<Self> {
        let divisible = other.low > 0.0;
        divisible.then(|| Self {
            low: self.low / other.high,
            value: self.value / other.value,
            high: self.high / other.low,
        })
    }
}

/// What one more costs: the median of the slopes between all pairs of points (Theil and Sen), and
/// the bounds of those slopes.
pub(crate) fn slope(points: &[(f64, f64)]) -> Option<Estimate> {
    let slopes = slopes(points);
    let (low, high) = (*slopes.first()?, *slopes.last()?);
    Some(Estimate { low, value: median(&slopes)?, high })
}

/// The value at a size beyond the points.
pub(crate) fn at(points: &[(f64, f64)], size: f64) -> Option<Estimate> {
    let slope = slope(points)?;
    let value_by = |slope: f64| {
        let mut offsets: Vec<f64> = points.iter().map(|(x, y)| y - slope * x).collect();
        offsets.sort_by(f64::total_cmp);
        median(&offsets).map(|offset| offset + slope * size)
    };
    Some(Estimate {
        low: value_by(slope.low)?,
        value: value_by(slope.value)?,
        high: value_by(slope.high)?,
    })
}

/// The class of growth, or why it cannot be told.
pub(crate) fn growth(points: &[(f64, f64)]) -> Result<Growth, String> {
    let slope = slope(points).ok_or("too few sizes")?;
    if slope.value == 0.0 { Ok(Growth::Constant) } else { Ok(Growth::Linear) }
}

/// Of all pairs of points, rising.
fn slopes(points: &[(f64, f64)]) -> Vec<f64> {
    let mut slopes = Vec::new();
    for (at, (x, y)) in points.iter().enumerate() {
        slopes.extend(points[at + 1..].iter().map(|(x2, y2)| (y2 - y) / (x2 - x)));
    }
    slopes.sort_by(f64::total_cmp);
    slopes
}

fn median(sorted: &[f64]) -> Option<f64> {
    let (below, above) =
        (sorted.get((sorted.len().max(1) - 1) / 2)?, sorted.get(sorted.len() / 2)?);
    Some(f64::midpoint(*below, *above))
}
