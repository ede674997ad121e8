//! The figure of a ratio, and its two sides.

use plimsoll_format::{Basis, Budget, Case, Quantity};

use super::{Point, Verdict, estimate, room};
use crate::judge::fit::Estimate;

/// The figures of one case divided by those of the other, and both sides. Without a fit it is the
/// ratio at the size where it is nearest to the line, or farthest beyond it.
pub(super) fn ratio(
    budget: &Budget,
    (own_case, own): (&Case, &[Point]),
    (other_case, theirs): (&Case, &[Point]),
) -> Result<(Estimate, [Quantity; 2]), Verdict> {
    let pairs: Vec<(Estimate, Estimate)> = match budget.basis {
        Basis::Run => {
            let exactly = |point: &Point| Estimate::exactly(point.figure.value());
            own.iter().map(exactly).zip(theirs.iter().map(exactly)).collect()
        }
        Basis::PerItem | Basis::AtSize(_) => {
            let own = estimate(budget, own_case, own)?;
            vec![(own, estimate(budget, other_case, theirs)?)]
        }
    };
    let ratios = pairs.iter().map(|(own, theirs)| own.divided_by(*theirs));
    let ratios = ratios.collect::<Option<Vec<Estimate>>>().ok_or_else(|| {
        let nothing = format!("{} of the other case may be nothing to divide by", budget.metric);
        match pairs.iter().all(|(_, theirs)| theirs.value > 0.0) {
            true => Verdict::Inconclusive(format!(
                "{nothing}: more sizes, or larger ones, would decide"
            )),
            false => Verdict::NotMeasured(nothing),
        }
    })?;
    let sides = |(own, theirs): &(Estimate, Estimate)| {
        [own, theirs].map(|side| Quantity::new(side.value, budget.metric.unit()))
    };
    let nearest = ratios
        .iter()
        .zip(&pairs)
        .min_by(|a, b| room(budget, a.0.value).total_cmp(&room(budget, b.0.value)));
    let (ratio, pair) = nearest.ok_or(Verdict::NotMeasured("nothing was run".to_owned()))?;
    Ok((*ratio, sides(pair)))
}
