//! Kendall's distribution: how many pairs of points in no order at all are out of order.

/// How often the true slope may lie beyond one of the two bounds: 95 % lie within.
const BEYOND: f64 = 0.025;

/// How many of the sorted slopes of `points` points are left off at each end, so that the true
/// slope lies between the rest 95 times of 100.
///
/// Were the true slope below all but `k` slopes, at most `k` pairs of the points would be out of
/// order once it is taken off; in a random order that many inversions have the probability that
/// is summed up here (Sen 1968; Kendall 1938). It needs no normal noise, only one that does not
/// depend on the size's rank.
pub(super) fn left_off(points: usize) -> usize {
    let mut beyond = 0.0;
    for (inversions, probability) in inversions(points).into_iter().enumerate() {
        beyond += probability;
        if beyond > BEYOND {
            // So many already miss too often; with none left off nothing can be done about it.
            return inversions.saturating_sub(1);
        }
    }
    0
}

/// The probability of each number of inversions in a random order, up to half of all pairs.
fn inversions(points: usize) -> Vec<f64> {
    let half = points * points.saturating_sub(1) / 4;
    let mut probabilities = vec![0.0; half + 1];
    probabilities[0] = 1.0;
    for placed in 2..=points {
        // The next one overtakes none, one, … or all of those before it.
        let mut sums = 0.0;
        let before = probabilities.clone();
        for at in 0..=half {
            sums += before[at];
            if at >= placed {
                sums -= before[at - placed];
            }
            probabilities[at] = sums / placed as f64;
        }
    }
    probabilities
}

#[cfg(test)]
mod tests {
    use super::{inversions, left_off};

    #[test]
    fn orders_of_four_have_as_many_inversions_as_can_be_counted() {
        // Of the 24 orders 1 has none, 3 have one, 5 two, 6 three (and as many above).
        let expected = [1.0, 3.0, 5.0, 6.0].map(|orders| orders / 24.0);
        for (found, expected) in inversions(4).into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn slopes_are_left_off_as_far_as_the_level_allows() {
        // Of 720 orders of six 1 has no inversion, 5 have one, 14 two: 1 + 5 = 6 of 720 are
        // 0.8 %, 20 are 2.8 %. Of 40,320 of eight at most five inversions have
        // 1 + 7 + 27 + 76 + 174 + 343 = 628, which is 1.6 %, and at most six 1,230, 3.1 %.
        for (points, expected) in [(0, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 1), (8, 5)] {
            assert_eq!(left_off(points), expected, "{points}");
        }
        // 30 points: 435 pairs, a normal spread of √(30 × 29 × 65 ÷ 72) = 28.0 around 217.5, and
        // 217.5 − 1.96 × 28.0 − 0.5 = 162.
        assert!(left_off(30).abs_diff(162) <= 1, "{}", left_off(30));
    }
}
