//! Threads of the work that were still there when it was settled: what they keep is in the figures of the
//! end.

use std::fmt::Write as _;

use plimsoll_format::Metric;

use super::Subject;
use crate::measure::measurement::Outcome;

/// Threads whose names are printed.
const SHOWN: usize = 4;

pub(super) fn threads(
    out: &mut String,
    subject: &Subject<'_>,
    outcome: &Outcome,
) -> std::fmt::Result {
    let Outcome::Measured(run) = outcome else { return Ok(()) };
    let names = &run.threads_left;
    if names.is_empty() || !is_of_the_end(subject.budget.metric) {
        return Ok(());
    }
    let shown = names[..names.len().min(SHOWN)].join(", ");
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let number = match names.len() {
        1 => "1 thread that the work started is still there".to_owned(),
        count => format!("{count} threads that the work started are still there"),
    };
    writeln!(out, "  threads    {number}: {shown}{more}")
}

fn is_of_the_end(metric: Metric) -> bool {
    matches!(
        metric,
        Metric::EndHeap
            | Metric::EndBlocks
            | Metric::AnonymousRss
            | Metric::FileRss
            | Metric::ShmemRss
            | Metric::Pss
            | Metric::CHeap
    )
}
