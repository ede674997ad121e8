//! What a person reads of a runaway that was stopped.

use std::cmp::Reverse;
use std::fmt::Write as _;

use plimsoll_format::{Family, Quantity};

use super::SITES_SHOWN;
use super::ending::indented;
use super::sites::SITE_WIDTH;
use crate::measure::runaway::cap::{Cap, Origin};
use crate::measure::runaway::limit_hit::{LimitHit, StopCause};
use crate::sites::profile::{Profile, Usage};

/// The head of the screen: how much it held of which cap, who asked for more, where the rest lies.
pub(crate) fn stopped(
    out: &mut String,
    test: &str,
    stop: &LimitHit,
    refused_at: Option<&Profile>,
    held: Option<&Profile>,
) -> std::fmt::Result {
    let family = family(&stop.cap);
    let bytes = |value: u64| Quantity::bytes(value as f64).in_family(family);
    writeln!(out, "{test}: the work was stopped as a runaway\n")?;
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
            writeln!(out, "  held       {} on the heap", bytes(refused.live))?;
            let what = format!("a block of {}, {}", bytes(refused.bytes), stop.by.name());
            writeln!(out, "  refused    {what}")?;
        }
        (None, StopCause::PreparationLimit) => writeln!(
            out,
            "  refused    more memory to the preparation, by the kernel: it had three quarters of \
             what was free"
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
        writeln!(out, "  asked for  {name:<46} {}", site.place.as_deref().unwrap_or(""))?;
    }
    if let Some(resident) = stop.resident {
        writeln!(out, "  resident   {} at least, by sampling", bytes(resident))?;
    }
    if stop.went_on {
        writeln!(out, "  it went on without, so that its figures are not those of a free run")?;
    }
    writeln!(out)?;
    largest(out, stop, held, family)?;
    indented(out, &stop.output)
}

/// The largest sites: at its death, or at its peak where it went on and let go.
fn largest(
    out: &mut String,
    stop: &LimitHit,
    profile: Option<&Profile>,
    family: Family,
) -> std::fmt::Result {
    let bytes_of = |usage: &Usage| match stop.went_on {
        true => usage.peak.bytes,
        false => usage.end.bytes,
    };
    let mut held: Vec<_> = profile.iter().flat_map(|profile| &profile.sites).collect();
    held.retain(|(_, site)| bytes_of(&site.usage) > 0);
    held.sort_by_key(|(name, site)| (Reverse(bytes_of(&site.usage)), *name));
    if held.is_empty() {
        return Ok(());
    }
    writeln!(out, "  where the memory was {}", if stop.went_on { "at its peak" } else { "then" })?;
    for (name, site) in held.iter().take(SITES_SHOWN) {
        let bytes = Quantity::bytes(bytes_of(&site.usage) as f64).in_family(family);
        let place = site.place.as_deref().unwrap_or("");
        writeln!(out, "      {bytes:>10}            {name:<SITE_WIDTH$} {place}")?;
    }
    if held.len() > SITES_SHOWN {
        writeln!(out, "      and {} more", held.len() - SITES_SHOWN)?;
    }
    writeln!(out)
}

/// What to do where the work is right to hold so much: half as much again, in whole units.
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
            (format!("the case's: cap = \"{text}\""), place.to_string())
        }
        Origin::Limit { budget, limit, place } => {
            (format!("twice the line of {budget}, {limit}"), place.to_string())
        }
        Origin::Least => ("the least that any run is given".to_owned(), String::new()),
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

    use super::{remedy, stopped};
    use crate::measure::runaway::cap::{Cap, Origin};
    use crate::measure::runaway::limit_hit::{LimitHit, RefusedAllocation, StopCause};
    use crate::sites::profile::{Amount, Profile, Site, Usage};

    const MB: u64 = 1_000_000;

    fn line() -> Origin {
        let place = Place { file: "budgets.toml".to_owned(), line: 41, column: 1 };
        let (budget, limit) = ("peak_rss".to_owned(), "at most 200 MB".to_owned());
        Origin::Limit { budget, limit, place }
    }

    fn stop() -> LimitHit {
        LimitHit {
            cap: Cap { bytes: 400 * MB, origin: line(), uncut: None, available: Some(8_000 * MB) },
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

    fn screen(stop: &LimitHit) -> String {
        let (at, held) = (profile("tree::collect", 64, 64), profile("tree::grow", 390, 380));
        let mut out = String::new();
        stopped(&mut out, "keys::all::peak_rss", stop, Some(&at), Some(&held)).unwrap();
        remedy(&mut out, stop).unwrap();
        out
    }

    /// Half as much again: 600 MB are 572.2 MiB.
    #[test]
    fn the_screen_says_how_much_whose_cap_where_and_what_to_do() {
        let text = screen(&stop());
        for words in [
            "keys::all::peak_rss: the work was stopped as a runaway\n",
            "cap        400.0 MB, twice the line of peak_rss, at most 200 MB budgets.toml:41\n",
            "held       390.0 MB on the heap\n",
            "refused    a block of 64.0 MB, at the cap\n",
            "asked for  tree::collect",
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
    fn a_work_that_went_on_is_shown_at_its_peak() {
        let text = screen(&LimitHit { went_on: true, ..stop() });
        assert!(text.contains("it went on without"), "{text}");
        assert!(text.contains("at its peak\n        390.0 MB"), "{text}");
    }

    #[test]
    fn a_cap_that_the_machine_cut_is_not_to_be_raised() {
        let cut = Cap { uncut: Some(900 * MB), ..stop().cap };
        let text = screen(&LimitHit { cap: cut, ..stop() });
        let words = "cut from 900.0 MB to three quarters of the 8.00 GB that were free";
        assert!(text.contains(words), "{text}");
        assert!(text.ends_with("if right  run it where more memory is free\n"), "{text}");
    }

    #[test]
    fn what_the_allocator_did_not_see_is_told_apart() {
        let by = |by| screen(&LimitHit { by, refused: None, ..stop() });
        assert!(by(StopCause::DataLimit).contains("refused    more memory, by the kernel"));
        assert!(by(StopCause::PreparationLimit).contains("more memory to the preparation"));
        assert!(
            by(StopCause::Watch).contains("killed     less than half of the machine's free memory")
        );
    }
}
