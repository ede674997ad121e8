//! The cap: how much memory a run may have live before it is stopped. Decided before it starts.

use plimsoll_format::{Basis, Budget, Case, Metric, Place, Quantity};
use serde::{Deserialize, Serialize};

use crate::measure::probe::Mode;

const MIB: u64 = 1 << 20;

/// No cap that comes of a limit is smaller. A smaller run harms no machine, and by how much a small
/// limit is missed is worth more than an early stop.
const LEAST: u64 = 256 * MIB;

/// How much memory a run may have live, and why so much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// In bytes.
    pub bytes: u64,
    /// Where it comes from.
    pub origin: Origin,
    /// What it would be on a machine with more memory, where three quarters of what was free are
    /// less than that.
    pub uncut: Option<u64>,
    /// Memory that was free when the run was started; `None` where the system does not report it.
    pub available: Option<u64>,
}

/// Where a cap comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The case states it.
    Stated {
        /// The quantity, as its author wrote it.
        text: String,
        /// Where.
        place: Place,
    },
    /// Twice the largest limit on live memory.
    Limit {
        /// The budget's name.
        budget: String,
        /// Its limit: `at most 200 MB`.
        limit: String,
        /// Where.
        place: Place,
    },
    /// Twice the largest limit would be less.
    Least,
    /// A quarter of the memory that was free: nothing else gives a cap.
    FreeMemory,
}

impl Cap {
    /// The cap of a case on a machine with `available` bytes of free memory; none where neither the
    /// case nor the machine gives one.
    ///
    /// # Errors
    /// When the cap that the case states would stop a run within all of its limits.
    pub(crate) fn of(case: &Case, available: Option<u64>) -> Result<Option<Self>, String> {
        let largest_live = largest(case, bounds_live_memory);
        // What is live was allocated before: a limit on the total bounds it too, if more loosely.
        let total = || largest(case, |metric| metric == Metric::TotalHeap);
        let bound = largest(case, bounds_the_peak).or_else(total);
        let (bytes, origin) = match (&case.cap, bound, largest_live) {
            (Some(cap), _, largest_live) => {
                let bytes = cap.quantity.value() as u64;
                if let Some((limit, budget)) = largest_live.filter(|(limit, _)| bytes < *limit) {
                    return Err(contradiction(&cap.text, limit, budget));
                }
                (bytes, Origin::Stated { text: cap.text.clone(), place: case.place.clone() })
            }
            (None, Some(bound), largest_live) => {
                let larger = |(limit, _): &(u64, _)| *limit > bound.0;
                let (limit, budget) = largest_live.filter(larger).unwrap_or(bound);
                match limit.saturating_mul(2) {
                    ..LEAST => (LEAST, Origin::Least),
                    twice => (twice, Origin::limit(budget)),
                }
            }
            _ => match available {
                Some(available) => (available / 4, Origin::FreeMemory),
                None => return Ok(None),
            },
        };
        let most = available.map_or(u64::MAX, |available| available / 4 * 3);
        let uncut = (bytes > most).then_some(bytes);
        Ok(Some(Self { bytes: bytes.min(most), origin, uncut, available }))
    }

    /// What a run may take from the kernel beyond the cap: the shares of the allocator in blocks
    /// that it cut, and the stacks of 128 threads. dhat needs its own memory besides.
    pub(crate) fn slack(&self, mode: Mode) -> u64 {
        let share = match mode {
            Mode::Counting => self.bytes / 4,
            Mode::Dhat => self.bytes.saturating_mul(4),
        };
        share.saturating_add(256 * MIB)
    }
}

impl Origin {
    fn limit(budget: &Budget) -> Self {
        let (budget, limit, place) =
            (budget.name.clone(), budget.limit.to_string(), budget.place.clone());
        Self::Limit { budget, limit, place }
    }
}

/// The budget with the largest absolute limit on such a metric, and that limit in bytes.
fn largest(case: &Case, counts: fn(Metric) -> bool) -> Option<(u64, &Budget)> {
    let absolute = |budget: &&Budget| {
        let of_all = budget.at.is_empty() && budget.phase.is_none();
        let absolute = budget.basis == Basis::Run && budget.ratio_to.is_none();
        counts(budget.metric) && of_all && absolute
    };
    let limit = |budget| Some((end_of(budget)?, budget));
    case.budgets.iter().filter(absolute).filter_map(limit).max_by_key(|(bytes, _)| *bytes)
}

fn end_of(budget: &Budget) -> Option<u64> {
    Some(budget.limit.most()?.value() as u64)
}

/// Metrics that bound live memory at every moment. What is left at the end does not bound the way
/// there.
fn bounds_the_peak(metric: Metric) -> bool {
    matches!(metric, Metric::PeakHeap | Metric::PeakRss | Metric::PeakAnonymousRss)
}

/// Metrics whose limit allows so much live memory.
fn bounds_live_memory(metric: Metric) -> bool {
    bounds_the_peak(metric)
        || matches!(metric, Metric::EndHeap | Metric::AnonymousRss | Metric::CHeap)
}

fn contradiction(cap: &str, limit: u64, budget: &Budget) -> String {
    let Budget { name, limit: words, place, .. } = budget;
    let limit = Quantity::bytes(limit as f64).exact();
    format!(
        "its cap of {cap} is less than the {limit} of its budget `{name}` ({words}, {place}): the \
         cap would stop a run within that limit. Raise the cap, or leave it out"
    )
}

#[cfg(test)]
mod tests {
    use plimsoll_format::{Basis, Budget, Case, Limit, Metric, Phase, Place, Written};

    use super::{Cap, LEAST, Origin};
    use crate::measure::probe::Mode;

    const MB: u64 = 1_000_000;

    fn place() -> Place {
        Place { file: "budgets.toml".to_owned(), line: 7, column: 1 }
    }

    fn written(text: &str) -> Written {
        text.parse().unwrap()
    }

    fn case(cap: Option<&str>, lines: &[(Metric, &str)]) -> Case {
        let budget = |(metric, text): &(Metric, &str)| {
            Budget::new(*metric, Limit::Max(written(text)), place())
        };
        let budgets = lines.iter().map(budget).collect();
        Case { cap: cap.map(written), budgets, ..Case::new("toy", "toy", place()) }
    }

    /// The cap's bytes where 8,000 MB are free.
    fn bytes(case: &Case) -> u64 {
        Cap::of(case, Some(8_000 * MB)).unwrap().unwrap().bytes
    }

    #[test]
    fn stated_cap_wins() {
        let case = case(Some("300 MB"), &[(Metric::PeakHeap, "300 MB")]);
        let cap = Cap::of(&case, Some(8_000 * MB)).unwrap().unwrap();
        assert_eq!((cap.bytes, cap.uncut), (300 * MB, None));
        assert!(matches!(cap.origin, Origin::Stated { .. }));
    }

    #[test]
    fn cap_is_twice_the_largest_limit_on_live_memory() {
        let lines = [
            (Metric::PeakHeap, "150 MB"),
            (Metric::PeakRss, "200 MB"),
            (Metric::EndHeap, "10 MB"),
            (Metric::TotalHeap, "9 GB"),
            (Metric::PeakVirtual, "9 GB"),
        ];
        let cap = Cap::of(&case(None, &lines), Some(8_000 * MB)).unwrap().unwrap();
        assert_eq!(cap.bytes, 400 * MB);
        assert!(matches!(cap.origin, Origin::Limit { budget, .. } if budget == "peak_rss"));
    }

    #[test]
    fn limit_on_the_total_makes_a_cap_where_none_bounds_the_peak() {
        let total = (Metric::TotalHeap, "400 MB");
        assert_eq!(bytes(&case(None, &[total])), 800 * MB);
        assert_eq!(bytes(&case(None, &[total, (Metric::PeakHeap, "200 MB")])), 400 * MB);
        assert_eq!(bytes(&case(None, &[total, (Metric::AnonymousRss, "500 MB")])), 1_000 * MB);
    }

    #[test]
    fn small_limits_get_the_least_cap() {
        assert_eq!(bytes(&case(None, &[(Metric::PeakHeap, "8192 B")])), LEAST);
    }

    #[test]
    fn slopes_ratios_and_end_limits_make_no_cap() {
        let mut slope = case(None, &[(Metric::PeakHeap, "10 MB")]);
        slope.budgets[0].basis = Basis::PerItem;
        let mut ratio = case(None, &[(Metric::PeakHeap, "10 MB")]);
        ratio.budgets[0].ratio_to = Some("other".to_owned());
        let end = case(None, &[(Metric::EndHeap, "0 B")]);
        // A quarter of 8,000 MB.
        for case in [slope, ratio, end] {
            assert_eq!(bytes(&case), 2_000 * MB);
        }
    }

    /// The memory of one component, or of one phase, does not bound the whole run: it makes no cap,
    /// and contradicts none.
    #[test]
    fn limits_on_a_component_or_phase_make_no_cap() {
        for (at, phase) in [
            (vec!["store::read".to_owned()], None),
            (Vec::new(), Some(Phase::During("load".into()))),
        ] {
            let mut part = case(None, &[(Metric::PeakHeap, "10 MB")]);
            (part.budgets[0].at, part.budgets[0].phase) = (at, phase);
            assert_eq!(bytes(&part), 2_000 * MB);
            let capped = Case { cap: Some(written("9 MB")), ..part };
            assert_eq!(bytes(&capped), 9 * MB);
        }
    }

    /// Three quarters of 400 MB are 300 MB.
    #[test]
    fn cap_is_cut_to_three_quarters_of_free_memory() {
        for stated in [Some("500 MB"), None] {
            let case = case(stated, &[(Metric::PeakHeap, "250 MB")]);
            let cap = Cap::of(&case, Some(400 * MB)).unwrap().unwrap();
            assert_eq!((cap.bytes, cap.uncut), (300 * MB, Some(500 * MB)));
        }
    }

    #[test]
    fn cap_below_a_limit_is_refused() {
        let error = Cap::of(&case(Some("100 MB"), &[(Metric::EndHeap, "101 MB")]), None);
        let words = error.unwrap_err();
        assert!(words.contains("cap of 100 MB") && words.contains("`end_heap`"), "{words}");
    }

    #[test]
    fn without_free_memory_only_stated_caps_count() {
        assert_eq!(Cap::of(&case(None, &[]), None), Ok(None));
        let stated = Cap::of(&case(Some("1 MB"), &[]), None).unwrap().unwrap();
        assert_eq!(stated.bytes, MB);
    }

    /// 400 / 4 + 256 MiB, and 4 × 400 + 256 MiB.
    #[test]
    fn data_limit_has_slack_above_the_cap() {
        let case = case(Some("400 MB"), &[]);
        let cap = Cap::of(&case, None).unwrap().unwrap();
        assert_eq!(cap.slack(Mode::Counting), 100 * MB + (256 << 20));
        assert_eq!(cap.slack(Mode::Dhat), 1_600 * MB + (256 << 20));
    }
}
