//! The report of a run that went over its cap.

use std::cmp::Reverse;
use std::fmt::Write as _;

use plimsoll_format::{Family, Quantity};

use super::SITES_SHOWN;
use super::ending::indented;
use super::sites::SITE_WIDTH;
use crate::measure::runaway::cap::{Cap, Origin};
use crate::measure::runaway::limit_hit::{LimitHit, StopCause};
use crate::sites::profile::{Profile, Usage};

/// The head of the report: the cap, the live memory, the refused request, the largest allocation
/// sites.
pub(crate) fn over_cap(
    out: &mut String,
    test: &str,
    stop: &LimitHit,
    refused_at: Option<&Profile>,
    profile: Option<&Profile>,
) -> std::fmt::Result {
    let family = family(&stop.cap);
    let bytes = |value: u64| Quantity::bytes(value as f64).in_family(family);
    writeln!(out, "{test}: the work went over its cap and was stopped\n")?;
    let (cap, (why, place)) = (bytes(stop.cap.bytes), origin(&stop.cap));
    writeln!(out, "  cap        {:<46} {place}", format!("{cap}, {why}"))?;
    if let Some(uncut) = stop.cap.uncut {
        let free = stop.cap.available.unwrap_or_default();
        writeln!(
            out,
            "             cut from {} to three quarters of the {} that were free",
            bytes(uncut),
            bytes(free)
        )?;
    }
    match (&stop.refused, stop.by) {
        (Some(refused), _) => {
            writeln!(out, "  live       {} on the heap", bytes(refused.live))?;
            let what = format!("a block of {}, {}", bytes(refused.bytes), stop.by.name());
            writeln!(out, "  refused    {what}")?;
        }
        (None, StopCause::PreparationLimit) => writeln!(
            out,
            "  refused    more memory for the preparation, by the kernel, at three quarters of the \
             free memory"
        )?,
        (None, StopCause::Watch) => {
            writeln!(out, "  killed     less than half of the machine's free memory was left")?;
        }
        (None, _) => writeln!(
            out,
            "  refused    more memory, by the kernel: beside the allocator (a map, a C library) or \
             below it"
        )?,
    }
    for (name, site) in refused_at.iter().flat_map(|profile| &profile.sites) {
        writeln!(out, "  requested  {name:<46} {}", site.place.as_deref().unwrap_or(""))?;
    }
    if let Some(resident) = stop.resident {
        writeln!(out, "  resident   {} at least, by sampling", bytes(resident))?;
    }
    if stop.went_on {
        writeln!(
            out,
            "  the work continued without that memory, so its figures are not those of an unlimited run"
        )?;
    }
    writeln!(out)?;
    largest(out, stop, profile, family)?;
    indented(out, &stop.output)
}

/// The largest sites: at its death, or at its peak where it went on and let go.
fn largest(
    out: &mut String,
    stop: &LimitHit,
    profile: Option<&Profile>,
    family: Family,
) -> std::fmt::Result {
    let bytes_of = |usage: &Usage| if stop.went_on { usage.peak.bytes } else { usage.end.bytes };
    let mut sites: Vec<_> = profile.iter().flat_map(|profile| &profile.sites).collect();
    sites.retain(|(_, site)| bytes_of(&site.usage) > 0);
    sites.sort_by_key(|(name, site)| (Reverse(bytes_of(&site.usage)), *name));
    if sites.is_empty() {
        return Ok(());
    }
    writeln!(out, "  where the memory was {}", if stop.went_on { "at its peak" } else { "then" })?;
    for (name, site) in sites.iter().take(SITES_SHOWN) {
        let bytes = Quantity::bytes(bytes_of(&site.usage) as f64).in_family(family);
        let place = site.place.as_deref().unwrap_or("");
        writeln!(out, "      {bytes:>10}            {name:<SITE_WIDTH$} {place}")?;
    }
    if sites.len() > SITES_SHOWN {
        writeln!(out, "      and {} more", sites.len() - SITES_SHOWN)?;
    }
    writeln!(out)
}

/// What to do where the work rightly needs so much: half as much again, in whole units.
pub(crate) fn remedy(out: &mut String, stop: &LimitHit) -> std::fmt::Result {
    if stop.cap.uncut.is_some() || stop.by == StopCause::PreparationLimit {
        return writeln!(out, "  if right  run it where more memory is free");
    }
    let mib = (stop.cap.bytes / 2 * 3).div_ceil(1 << 20);
    writeln!(out, "  if right  give the case a cap: cap = \"{mib} MiB\"")
}

fn origin(cap: &Cap) -> (String, String) {
    match &cap.origin {
        Origin::Stated { text, place } => {
            (format!("stated by the case: cap = \"{text}\""), place.to_string())
        }
        Origin::Limit { budget, limit, place } => {
            (format!("twice the limit of `{budget}`, {limit}"), place.to_string())
        }
        Origin::Least => ("the smallest cap of any run".to_owned(), String::new()),
        Origin::FreeMemory => ("a quarter of the memory that was free".to_owned(), String::new()),
    }
}

/// The family in which the cap was written.
fn family(cap: &Cap) -> Family {
    let text = match &cap.origin {
        Origin::Stated { text, .. } => text.as_str(),
        Origin::Limit { limit, .. } => limit.as_str(),
        Origin::Least => "MiB",
        Origin::FreeMemory => "MB",
    };
    if text.ends_with("iB") { Family::Binary } else { Family::Decimal }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use plimsoll_format::Place;

    use super::{over_cap, remedy};
    use crate::measure::runaway::cap::{Cap, Origin};
    use crate::measure::runaway::limit_hit::{LimitHit, RefusedAllocation, StopCause};
    use crate::sites::profile::{Amount, Profile, Site, Usage};

    const MB: u64 = 1_000_000;

    fn twice_a_limit() -> Origin {
        let place = Place { file: "budgets.toml".to_owned(), line: 41, column: 1 };
        let (budget, limit) = ("peak_rss".to_owned(), "at most 200 MB".to_owned());
        Origin::Limit { budget, limit, place }
    }

    fn stop() -> LimitHit {
        LimitHit {
            cap: Cap {
                bytes: 400 * MB,
                origin: twice_a_limit(),
                uncut: None,
                available: Some(8_000 * MB),
            },
            by: StopCause::Allocator,
            refused: Some(RefusedAllocation {
                bytes: 64 * MB,
                live: 390 * MB,
                returns: Vec::new(),
            }),
            resident: Some(395 * MB),
            went_on: false,
            output: "memory allocation failed".to_owned(),
        }
    }

    /// A site that held `peak` MB at the peak and `end` MB at the end.
    fn profile(name: &str, peak: u64, end: u64) -> Profile {
        let amount = |megabytes| Amount { bytes: megabytes * MB, blocks: 1 };
        let usage = Usage { peak: amount(peak), total: amount(peak), end: amount(end) };
        let site = Site { usage, place: Some("src/tree.rs:8".to_owned()), caller: None };
        Profile { whole: usage, sites: BTreeMap::from([(name.to_owned(), site)]) }
    }

    fn report(stop: &LimitHit) -> String {
        let (at, live) = (profile("tree::collect", 64, 64), profile("tree::grow", 390, 380));
        let mut out = String::new();
        over_cap(&mut out, "keys::all::peak_rss", stop, Some(&at), Some(&live)).unwrap();
        remedy(&mut out, stop).unwrap();
        out
    }

    /// Half as much again: 600 MB are 572.2 MiB.
    #[test]
    fn report_names_cap_amount_sites_and_remedy() {
        let text = report(&stop());
        for words in [
            "keys::all::peak_rss: the work went over its cap and was stopped\n",
            "cap        400.0 MB, twice the limit of `peak_rss`, at most 200 MB budgets.toml:41\n",
            "live       390.0 MB on the heap\n",
            "refused    a block of 64.0 MB, at the cap\n",
            "requested  tree::collect",
            "resident   395.0 MB at least",
            "where the memory was then\n        380.0 MB            tree::grow",
            "src/tree.rs:8",
            "│ memory allocation failed",
        ] {
            assert!(text.contains(words), "`{words}` is not in\n{text}");
        }
        assert!(text.ends_with("if right  give the case a cap: cap = \"573 MiB\"\n"), "{text}");
    }

    #[test]
    fn continued_work_is_shown_at_its_peak() {
        let text = report(&LimitHit { went_on: true, ..stop() });
        assert!(text.contains("the work continued without that memory"), "{text}");
        assert!(text.contains("at its peak\n        390.0 MB"), "{text}");
    }

    #[test]
    fn cut_cap_has_another_remedy() {
        let cut = Cap { uncut: Some(900 * MB), ..stop().cap };
        let text = report(&LimitHit { cap: cut, ..stop() });
        let words = "cut from 900.0 MB to three quarters of the 8.00 GB that were free";
        assert!(text.contains(words), "{text}");
        assert!(text.ends_with("if right  run it where more memory is free\n"), "{text}");
    }

    #[test]
    fn causes_beside_the_allocator_are_named() {
        let by = |by| report(&LimitHit { by, refused: None, ..stop() });
        assert!(by(StopCause::DataLimit).contains("refused    more memory, by the kernel"));
        assert!(by(StopCause::PreparationLimit).contains("more memory for the preparation"));
        assert!(
            by(StopCause::Watch).contains("killed     less than half of the machine's free memory")
        );
    }
}
