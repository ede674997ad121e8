//! What the budgets on a case ask for beyond what every gated run measures.

use plimsoll_format::{Case, Metric, System};
use serde::{Deserialize, Serialize};

/// Lenses that are not free, and therefore only on where a budget needs them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Needs {
    /// The parent looks at the child's memory again and again.
    pub(crate) sampled: bool,
    /// The memory and the time of the work's own child processes count.
    pub(crate) children: bool,
    /// The mappings are told apart.
    pub(crate) mappings: bool,
    /// All that is asked of malloc is counted.
    pub(crate) c_heap: bool,
    /// The run takes place on a stack that was painted.
    pub(crate) stack: bool,
}

impl Needs {
    /// Those of a case: of its own budgets, and of those that compare themselves with it.
    pub(crate) fn of(system: &System, case: &Case) -> Self {
        let metrics: Vec<Metric> = system.budgets_on(case).map(|budget| budget.metric).collect();
        let asks = |metric| metrics.contains(&metric);
        Self {
            sampled: case.children || asks(Metric::PeakAnonymousRss),
            children: case.children,
            mappings: metrics.iter().copied().any(is_the_kernels),
            c_heap: asks(Metric::CHeap),
            stack: asks(Metric::PeakStack),
        }
    }
}

/// Whether a figure is one of whole mappings.
pub(crate) fn is_the_kernels(metric: Metric) -> bool {
    metric.is_of_process() && metric != Metric::CHeap
}

#[cfg(test)]
mod tests {
    use plimsoll_format::{Budget, Case, Growth, Limit, Metric, Place, System};

    use super::Needs;

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
    fn a_lens_that_is_not_free_is_on_where_a_budget_asks_for_it() {
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
        let of = |at: usize| Needs::of(&system, &system.cases[at]);
        let mappings = Needs { mappings: true, ..Needs::default() };
        assert_eq!(of(0), mappings);
        assert_eq!(of(1), Needs { stack: true, c_heap: true, ..Needs::default() });
        // The other side of a ratio is measured in the same way.
        assert_eq!(of(2), Needs { sampled: true, c_heap: true, ..mappings });
        // So is the sweep that says where a figure has to lie.
        let mut system = system;
        let inside = Limit::MatchesSweep { sweep: "plain".to_owned(), tolerance: 0.0 };
        system.cases[1].budgets[0].limit = inside;
        let stack = Needs { stack: true, ..mappings };
        assert_eq!(Needs::of(&system, &system.cases[0]), stack);
        system.cases[1].budgets.clear();
        let family = Case { children: true, ..system.cases[0].clone() };
        let expected = Needs { sampled: true, children: true, ..mappings };
        assert_eq!(Needs::of(&system, &family), expected);
    }
}
