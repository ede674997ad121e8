//! The probes that the budgets on a case need beyond those of every judged run, and its end.

use std::time::Duration;

use plimsoll_format::{Case, Metric, System};
use serde::{Deserialize, Serialize};

/// Probes that are not free, and therefore only on where a budget needs them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Probes {
    /// The parent samples the child's memory.
    pub(crate) sampled: bool,
    /// The memory and the time of the work's own child processes count.
    pub(crate) children: bool,
    /// Resident memory is measured by mapping.
    pub(crate) mappings: bool,
    /// All chunks of malloc are counted.
    pub(crate) c_heap: bool,
    /// The run takes place on a stack that was painted.
    pub(crate) stack: bool,
    /// How long the end waits for the threads that the work started.
    pub(crate) settle: Duration,
}

impl Probes {
    /// Those of a case: of its own budgets, and of those that compare themselves with it.
    pub(crate) fn of(system: &System, case: &Case) -> Self {
        let metrics: Vec<Metric> = system.budgets_on(case).map(|budget| budget.metric).collect();
        let needs = |metric| metrics.contains(&metric);
        Self {
            sampled: case.children || needs(Metric::PeakAnonymousRss),
            children: case.children,
            mappings: metrics.iter().copied().any(is_of_mappings),
            c_heap: needs(Metric::CHeap),
            stack: needs(Metric::PeakStack),
            ..Self::under_dhat(case)
        }
    }

    /// Those of a run under dhat, which records allocation sites alone.
    pub(crate) fn under_dhat(case: &Case) -> Self {
        Self { settle: Duration::from_secs_f64(case.settle.value()), ..Self::default() }
    }
}

/// Whether a figure is one of whole mappings.
pub(crate) fn is_of_mappings(metric: Metric) -> bool {
    metric.is_of_process() && metric != Metric::CHeap
}

#[cfg(test)]
mod tests {
    use plimsoll_format::{Budget, Case, Growth, Limit, Metric, Place, System};

    use super::{Duration, Probes};

    fn case(name: &str, budgets: &[(Metric, Option<&str>)]) -> Case {
        let place = Place { file: "budgets.toml".into(), line: 1, column: 1 };
        let budget = |&(metric, ratio_to): &(Metric, Option<&str>)| Budget {
            ratio_to: ratio_to.map(str::to_owned),
            ..Budget::new(metric, Limit::Grows(Growth::Constant), place.clone())
        };
        let budgets = budgets.iter().map(budget).collect();
        Case { budgets, ..Case::new(name, "work", place.clone()) }
    }

    #[test]
    fn costly_probes_are_on_where_a_budget_needs_them() {
        let system = System {
            name: "toys".into(),
            document: "toys.md".into(),
            members: Vec::new(),
            cases: vec![
                case("plain", &[(Metric::PeakRss, None)]),
                case("deep", &[(Metric::PeakStack, None), (Metric::CHeap, Some("other"))]),
                case("other", &[(Metric::PeakAnonymousRss, None)]),
            ],
        };
        // A case that states nothing waits for a second.
        let base = Probes { settle: Duration::from_secs(1), ..Probes::default() };
        let of = |at: usize| Probes::of(&system, &system.cases[at]);
        let mappings = Probes { mappings: true, ..base };
        assert_eq!(of(0), mappings);
        assert_eq!(of(1), Probes { stack: true, c_heap: true, ..base });
        // The other side of a ratio is measured in the same way.
        assert_eq!(of(2), Probes { sampled: true, c_heap: true, ..mappings });
        // So is the sweep that predicts a figure.
        let mut system = system;
        let inside = Limit::MatchesSweep { sweep: "plain".to_owned(), tolerance: 0.0 };
        system.cases[1].budgets[0].limit = inside;
        let stack = Probes { stack: true, ..mappings };
        assert_eq!(Probes::of(&system, &system.cases[0]), stack);
        system.cases[1].budgets.clear();
        let family = Case { children: true, ..system.cases[0].clone() };
        let expected = Probes { sampled: true, children: true, ..mappings };
        assert_eq!(Probes::of(&system, &family), expected);
    }
}
