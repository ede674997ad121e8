//! The `ratchet` that a budget could have: a decision on its limit and its last figures alone.

use plimsoll::format::{Budget, Limit, Quantity, Written};

use crate::rounded::{Way, rounded};
use crate::tally::counted;

/// A spread needs at least this many runs.
pub(crate) const FEWEST: usize = 3;

/// How many standard deviations beyond the worst figure a ratchet lies.
const BEYOND: f64 = 2.0;

/// A proposal for the ratchet of one budget.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Proposal {
    /// This ratchet, for this reason.
    Ratchet(Written, String),
    /// The budget has this ratchet already.
    AlreadySet(Written),
    /// No ratchet, for this reason; `more_runs` where more runs would help.
    None { reason: String, more_runs: bool },
}

/// The proposal for `budget` from its figures, all of one build and the oldest first; `None` where
/// its limit is neither a `max` nor a `min`.
pub(crate) fn propose(budget: &Budget, exact: bool, figures: &[Quantity]) -> Option<Proposal> {
    let (limit, way) = match &budget.limit {
        Limit::Max(limit) => (limit, Way::Up),
        Limit::Min(limit) => (limit, Way::Down),
        Limit::Between(..) | Limit::About { .. } | Limit::Grows(_) | Limit::MatchesSweep { .. } => {
            return None;
        }
    };
    let none = |reason: String, more_runs| Some(Proposal::None { reason, more_runs });
    let (Some(newest), Some([least, most])) = (figures.last(), ends(figures)) else {
        return none("this build has no result".to_owned(), true);
    };
    let family = limit.family();
    let (figure, reason) = if exact && least == most {
        (*newest, format!("exact figure: {}", newest.exact()))
    } else if figures.len() < FEWEST {
        let runs = counted(figures.len(), "run");
        return none(format!("{runs} of this build; at least {FEWEST} are needed"), true);
    } else {
        let spread = spread(figures);
        let beyond = match way {
            Way::Up => most.value() + BEYOND * spread,
            Way::Down => (least.value() - BEYOND * spread).max(0.0),
        };
        let show = |quantity: Quantity| quantity.in_family(family);
        let reason = format!(
            "{}: {} to {}, plus twice their standard deviation of {}",
            counted(figures.len(), "run"),
            show(least),
            show(most),
            show(Quantity::new(spread, newest.unit()))
        );
        (Quantity::new(beyond, newest.unit()), reason)
    };
    let Some(ratchet) = rounded(figure, family, way) else {
        return none(format!("{} cannot be written as a ratchet", figure.exact()), false);
    };
    let room = match way {
        Way::Up => ratchet.quantity < limit.quantity,
        Way::Down => ratchet.quantity > limit.quantity,
    };
    if !room {
        return none(format!("{reason}; no room between this and the limit"), false);
    }
    match &budget.ratchet {
        Some(set) if set.quantity.equals(ratchet.quantity) => {
            Some(Proposal::AlreadySet(set.clone()))
        }
        _ => Some(Proposal::Ratchet(ratchet, reason)),
    }
}

impl Proposal {
    /// How loose it is for a budget with this limit: a line that several cases take their budget from
    /// can have the loosest of their ratchets, or none if one of them has none.
    pub(crate) fn looseness(&self, limit: &Limit) -> f64 {
        match self {
            Self::None { .. } => f64::INFINITY,
            Self::Ratchet(ratchet, _) | Self::AlreadySet(ratchet) => match limit {
                Limit::Min(_) => -ratchet.quantity.value(),
                _ => ratchet.quantity.value(),
            },
        }
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

    fn budget(limit: Limit, ratchet: Option<&str>) -> Budget {
        let place = Place { file: "budgets.toml".to_owned(), line: 1, column: 1 };
        let ratchet = ratchet.map(|ratchet| ratchet.parse().unwrap());
        Budget { ratchet, ..Budget::new(Metric::PeakRss, limit, place) }
    }

    fn megabytes(figures: &[f64]) -> Vec<Quantity> {
        figures.iter().map(|figure| Quantity::bytes(figure * 1e6)).collect()
    }

    fn at_most(limit: &str) -> Limit {
        Limit::Max(limit.parse().unwrap())
    }

    /// The ratchet, or why there is none.
    fn proposal_text(limit: Limit, exact: bool, figures: &[f64]) -> String {
        match propose(&budget(limit, None), exact, &megabytes(figures)) {
            Some(Proposal::Ratchet(ratchet, reason)) => format!("{ratchet} · {reason}"),
            Some(Proposal::None { reason, more_runs }) => format!("{reason} {more_runs}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn exact_figure_gets_a_ratchet_after_one_run() {
        assert_eq!(
            proposal_text(at_most("200 MB"), true, &[23.4]),
            "23.4 MB · exact figure: 23,400,000 B"
        );
        // Two runs differ, so the figure counts as one that varies.
        assert_eq!(
            proposal_text(at_most("200 MB"), true, &[23.4, 23.5]),
            "2 runs of this build; at least 3 are needed true"
        );
    }

    #[test]
    fn noisy_ratchet_is_the_worst_figure_plus_twice_the_deviation() {
        // The mean is 11, the deviations −1, 0 and 1: √(2 ÷ 2) = 1, and 12 + 2 × 1 = 14.
        assert_eq!(
            proposal_text(at_most("200 MB"), false, &[10.0, 12.0, 11.0]),
            "14 MB · 3 runs: 10.0 MB to 12.0 MB, plus twice their standard deviation of 1.00 MB"
        );
        let least = Limit::Min("2 MB".parse().unwrap());
        // 10 − 2 × 1 = 8.
        assert!(proposal_text(least, false, &[10.0, 12.0, 11.0]).starts_with("8.0 MB · 3 runs"));
        assert_eq!(
            proposal_text(at_most("200 MB"), false, &[10.0, 12.0]),
            "2 runs of this build; at least 3 are needed true"
        );
    }

    #[test]
    fn ratchet_without_room_below_the_limit_is_not_proposed() {
        let none = "3 runs: 10.0 MB to 12.0 MB, plus twice their standard deviation of 1.00 MB; no \
                    room between this and the limit false";
        assert_eq!(proposal_text(at_most("14 MB"), false, &[10.0, 12.0, 11.0]), none);
        assert_eq!(proposal_text(at_most("14 MB"), true, &[]), "this build has no result true");
        let set = budget(at_most("200 MB"), Some("23.4 MB"));
        let proposal = propose(&set, true, &megabytes(&[23.4]));
        assert_eq!(proposal, Some(Proposal::AlreadySet("23.4 MB".parse().unwrap())));
        let range = Limit::Between("1 MB".parse().unwrap(), "2 MB".parse().unwrap());
        assert_eq!(propose(&budget(range, None), true, &megabytes(&[1.5])), None);
    }
}
