//! What a budget can be held at: a decision on its line and its last figures alone.

use plimsoll::format::{Budget, Limit, Quantity, Written};

use crate::rounded::{Way, rounded};
use crate::tally::counted;

/// So many runs say something of a spread, at the least.
pub(crate) const FEWEST: usize = 3;

/// How many standard deviations beyond the worst figure a hold lies.
const BEYOND: f64 = 2.0;

/// What can be said of a budget's hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Proposal {
    /// It can be held at this, for this reason.
    Hold(Written, String),
    /// It is held at that already, or a rounding better.
    Held(Written),
    /// There is no hold, for this reason; more runs would help where it says so.
    None { why: String, more_runs: bool },
}

/// What the figures of `budget`, all of one build and the oldest first, allow; `None` where its
/// line is not of the kind that is held.
pub(crate) fn propose(budget: &Budget, exact: bool, figures: &[Quantity]) -> Option<Proposal> {
    let (line, way) = match &budget.limit {
        Limit::Max(line) => (line, Way::Up),
        Limit::Min(line) => (line, Way::Down),
        Limit::Between(..) | Limit::About { .. } | Limit::Grows(_) | Limit::MatchesSweep { .. } => {
            return None;
        }
    };
    let none = |why: String, more_runs| Some(Proposal::None { why, more_runs });
    let (Some(newest), Some([least, most])) = (figures.last(), ends(figures)) else {
        return none("it was not judged by this build".to_owned(), true);
    };
    let family = line.family();
    let (figure, why) = if exact && least == most {
        (*newest, format!("exact: {}", newest.exact()))
    } else if figures.len() < FEWEST {
        let runs = counted(figures.len(), "run");
        return none(format!("{runs} of this build, and {FEWEST} are the least"), true);
    } else {
        let spread = spread(figures);
        let beyond = match way {
            Way::Up => most.value() + BEYOND * spread,
            Way::Down => (least.value() - BEYOND * spread).max(0.0),
        };
        let show = |quantity: Quantity| quantity.in_family(family);
        let why = format!(
            "{}: {} to {}, and twice their spread of {}",
            counted(figures.len(), "run"),
            show(least),
            show(most),
            show(Quantity::new(spread, newest.unit()))
        );
        (Quantity::new(beyond, newest.unit()), why)
    };
    let Some(hold) = rounded(figure, family, way) else {
        return none(format!("{} cannot be written as a hold", figure.exact()), false);
    };
    let room = match way {
        Way::Up => hold.quantity < line.quantity,
        Way::Down => hold.quantity > line.quantity,
    };
    if !room {
        return none(format!("{why}: there is nothing between that and the line"), false);
    }
    match &budget.ratchet {
        Some(held) if held.quantity.equals(hold.quantity) => Some(Proposal::Held(held.clone())),
        _ => Some(Proposal::Hold(hold, why)),
    }
}

/// The least figure and the largest.
fn ends(figures: &[Quantity]) -> Option<[Quantity; 2]> {
    let by_size = |a: &&Quantity, b: &&Quantity| a.value().total_cmp(&b.value());
    Some([*figures.iter().min_by(by_size)?, *figures.iter().max_by(by_size)?])
}

/// The standard deviation of a sample.
fn spread(figures: &[Quantity]) -> f64 {
    let count = figures.len() as f64;
    let mean = figures.iter().map(|figure| figure.value()).sum::<f64>() / count;
    let squares: f64 = figures.iter().map(|figure| (figure.value() - mean).powi(2)).sum();
    (squares / (count - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use plimsoll::format::{Metric, Place};

    use super::*;

    fn budget(line: Limit, hold: Option<&str>) -> Budget {
        let place = Place { file: "budgets.toml".to_owned(), line: 1, column: 1 };
        let hold = hold.map(|hold| hold.parse().unwrap());
        Budget { ratchet: hold, ..Budget::new(Metric::PeakRss, line, place) }
    }

    fn megabytes(figures: &[f64]) -> Vec<Quantity> {
        figures.iter().map(|figure| Quantity::bytes(figure * 1e6)).collect()
    }

    fn most(line: &str) -> Limit {
        Limit::Max(line.parse().unwrap())
    }

    /// The hold, or why there is none.
    fn said(line: Limit, exact: bool, figures: &[f64]) -> String {
        match propose(&budget(line, None), exact, &megabytes(figures)) {
            Some(Proposal::Hold(hold, why)) => format!("{hold} · {why}"),
            Some(Proposal::None { why, more_runs }) => format!("{why} {more_runs}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn an_exact_figure_is_held_after_one_run() {
        assert_eq!(said(most("200 MB"), true, &[23.4]), "23.4 MB · exact: 23,400,000 B");
        // Not as exact as its lens: it is treated like any other that varies.
        assert_eq!(
            said(most("200 MB"), true, &[23.4, 23.5]),
            "2 runs of this build, and 3 are the least true"
        );
    }

    #[test]
    fn a_noisy_figure_is_held_at_the_worst_and_twice_the_spread() {
        // The mean is 11, the deviations −1, 0 and 1: √(2 ÷ 2) = 1, and 12 + 2 × 1 = 14.
        assert_eq!(
            said(most("200 MB"), false, &[10.0, 12.0, 11.0]),
            "14 MB · 3 runs: 10.0 MB to 12.0 MB, and twice their spread of 1.00 MB"
        );
        let least = Limit::Min("2 MB".parse().unwrap());
        // 10 − 2 × 1 = 8.
        assert!(said(least, false, &[10.0, 12.0, 11.0]).starts_with("8.0 MB · 3 runs"));
        assert_eq!(
            said(most("200 MB"), false, &[10.0, 12.0]),
            "2 runs of this build, and 3 are the least true"
        );
    }

    #[test]
    fn there_is_no_hold_where_it_would_hold_nothing() {
        let none = "3 runs: 10.0 MB to 12.0 MB, and twice their spread of 1.00 MB: there is nothing \
                    between that and the line false";
        assert_eq!(said(most("14 MB"), false, &[10.0, 12.0, 11.0]), none);
        assert_eq!(said(most("14 MB"), true, &[]), "it was not judged by this build true");
        let held = budget(most("200 MB"), Some("23.4 MB"));
        let kept = propose(&held, true, &megabytes(&[23.4]));
        assert_eq!(kept, Some(Proposal::Held("23.4 MB".parse().unwrap())));
        let range = Limit::Between("1 MB".parse().unwrap(), "2 MB".parse().unwrap());
        assert_eq!(propose(&budget(range, None), true, &megabytes(&[1.5])), None);
    }
}
