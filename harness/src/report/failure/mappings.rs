//! What lies outside the Rust heap: which mappings grew, and by how much.

use std::fmt::Write as _;

use plimsoll_format::{Metric, Quantity};

use super::sites::SITE_WIDTH;
use super::{SITES_SHOWN, Subject};
use crate::measure::measurement::Outcome;
use crate::measure::needs::is_the_kernels;
use crate::measure::probe::mappings::Mapping;

pub(super) fn mappings(
    out: &mut String,
    subject: &Subject<'_>,
    outcome: &Outcome,
) -> std::fmt::Result {
    let Outcome::Measured(run) = outcome else { return Ok(()) };
    let metric = subject.budget.metric;
    let of = |mapping: &Mapping| match metric {
        Metric::PeakVirtual => mapping.mapped as i64,
        _ => mapping.end as i64 - mapping.start as i64,
    };
    let mut grown: Vec<&Mapping> = run.mappings.iter().filter(|mapping| of(mapping) > 0).collect();
    if grown.is_empty() || !is_the_kernels(metric) {
        return Ok(());
    }
    grown.sort_by_key(|mapping| std::cmp::Reverse(of(mapping)));
    let family = subject.budget.limit.family();
    let bytes = |bytes: i64| Quantity::bytes(bytes as f64).in_family(family);
    let sum: i64 = run.mappings.iter().map(of).sum();
    let heap = run.heap.map_or(0, |heap| heap.end_bytes as i64);
    match metric {
        Metric::PeakVirtual => writeln!(out, "  mapped at the end, by name")?,
        _ if heap < sum => writeln!(
            out,
            "  of {} that became resident, the Rust heap holds {}; {} lies outside it",
            bytes(sum),
            bytes(heap),
            bytes(sum - heap)
        )?,
        _ => writeln!(out, "  what became resident, by mapping")?,
    }
    for mapping in grown.iter().take(SITES_SHOWN) {
        let number = if mapping.count == 1 { "mapping" } else { "mappings" };
        let (grown, count) = (bytes(of(mapping)), mapping.count);
        let anonymous = match mapping.anonymous {
            0 => String::new(),
            some => format!(", {} of it anonymous", bytes(some as i64)),
        };
        writeln!(
            out,
            "    + {grown:>10}            {:<SITE_WIDTH$} {count} {number}{anonymous}",
            mapping.name
        )?;
    }
    if grown.len() > SITES_SHOWN {
        writeln!(out, "      and {} more", grown.len() - SITES_SHOWN)?;
    }
    writeln!(out)
}
