//! Where the growth is: a profile against the accepted page, site by site.

use plimsoll_format::Metric;

use crate::report::snapshot::Page;
use crate::sites::profile::{Caller, Profile, Usage};

/// What one site holds now, and what it held when its page was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) site: String,
    pub(crate) place: Option<String>,
    pub(crate) caller: Option<Caller>,
    pub(crate) now: u64,
    pub(crate) accepted: Option<u64>,
}

impl Change {
    pub(crate) fn grown(&self) -> i64 {
        self.now as i64 - self.accepted.unwrap_or(0) as i64
    }
}

/// The value of a page that tells most about a metric; none for what no call site explains.
pub(crate) fn value_for(metric: Metric) -> Option<&'static str> {
    match metric {
        Metric::PeakHeap
        | Metric::PeakRss
        | Metric::AnonymousRss
        | Metric::PeakAnonymousRss
        | Metric::Pss => Some("peak bytes"),
        Metric::TotalHeap => Some("total bytes"),
        Metric::EndHeap => Some("end bytes"),
        Metric::PeakBlocks => Some("peak blocks"),
        Metric::TotalBlocks | Metric::Reallocations => Some("total blocks"),
        Metric::EndBlocks => Some("end blocks"),
        Metric::FileRss
        | Metric::ShmemRss
        | Metric::PeakVirtual
        | Metric::CHeap
        | Metric::PeakStack
        | Metric::CpuTime
        | Metric::WallTime
        | Metric::Throughput
        | Metric::CpuThroughput => None,
    }
}

/// The sites that grew since the page was accepted, the most grown first; where nothing was
/// accepted, or nothing grew, the largest sites.
pub(crate) fn changes(profile: &Profile, accepted: Option<&Page>, value: &str) -> Vec<Change> {
    let mut changes: Vec<Change> = profile
        .sites
        .iter()
        .map(|(name, site)| Change {
            site: name.clone(),
            place: site.place.clone(),
            caller: site.caller.clone(),
            now: amount(&site.usage, value),
            accepted: accepted.and_then(|page| page.sites.get(name)?.get(value).copied()),
        })
        .filter(|change| change.now > 0)
        .collect();
    changes.sort_by_key(|change| (std::cmp::Reverse(change.now), change.site.clone()));
    if let Some(page) = accepted {
        // What was folded into `others` then has no accepted value of its own.
        let folded = page.sites.get("others").and_then(|others| others.get(value)).copied();
        let mut grown: Vec<Change> = changes
            .iter()
            .filter(|change| change.accepted.is_some() || change.now > folded.unwrap_or(0))
            .filter(|change| change.grown() > 0)
            .cloned()
            .collect();
        if !grown.is_empty() {
            grown.sort_by_key(|change| std::cmp::Reverse(change.grown()));
            return grown;
        }
    }
    changes
}

fn amount(usage: &Usage, value: &str) -> u64 {
    match value {
        "peak bytes" => usage.peak.bytes,
        "peak blocks" => usage.peak.blocks,
        "total bytes" => usage.total.bytes,
        "total blocks" => usage.total.blocks,
        "end bytes" => usage.end.bytes,
        _ => usage.end.blocks,
    }
}
