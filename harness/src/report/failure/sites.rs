//! Allocation sites: where the growth is, and what was live in a run that was cut short.

use std::cmp::Reverse;
use std::fmt::Write as _;

use plimsoll_format::Quantity;

use super::{SITES_SHOWN, Subject};
use crate::report::growth::{Change, changes, value_for};
use crate::report::snapshot::grouped;

/// How wide the name of a site is made.
pub(super) const SITE_WIDTH: usize = 44;

pub(super) fn sites(out: &mut String, subject: &Subject<'_>) -> std::fmt::Result {
    let Some(value) = value_for(subject.budget.metric) else { return Ok(()) };
    // The peak of a phase is not recorded by call stack.
    let value = match (&subject.budget.phase, value) {
        (Some(_), "peak bytes") => "total bytes",
        (Some(_), "peak blocks") => "total blocks",
        (_, value) => value,
    };
    let Some(profile) = subject.profile else {
        return match subject.not_recorded {
            Some(reason) => writeln!(out, "  no allocation sites: {reason}\n"),
            None => Ok(()),
        };
    };
    let accepted = subject.accepted.filter(|snapshot| snapshot.tells(value));
    let changes = changes(profile, accepted, value);
    if changes.is_empty() {
        return Ok(());
    }
    let grown = changes.iter().any(|change| change.grown() > 0) && accepted.is_some();
    let (noun, verb) = if value.ends_with("bytes") { ("memory", "is") } else { ("blocks", "are") };
    let value_family = subject.budget.limit.family();
    match (grown, accepted) {
        (true, _) => writeln!(out, "  where the growth is ({value})")?,
        (false, Some(_)) => {
            writeln!(
                out,
                "  where the {noun} {verb} ({value}); no site grew since the snapshot was accepted"
            )?;
        }
        (false, None) => writeln!(out, "  where the {noun} {verb} ({value})")?,
    }
    for change in changes.iter().take(SITES_SHOWN) {
        let amount = |value: u64| match noun {
            "memory" => Quantity::bytes(value as f64).in_family(value_family),
            _ => grouped(value),
        };
        let row = if grown {
            format!("+ {:>10}   {:<8}", amount(change.grown().unsigned_abs()), share(change))
        } else {
            format!("  {:>10}   {:<8}", amount(change.now), "")
        };
        let place = change.place.as_deref().unwrap_or("");
        writeln!(out, "    {row} {:<SITE_WIDTH$} {place}", change.site)?;
        if let Some(caller) = &change.caller {
            let place = caller.place.as_deref().unwrap_or("");
            let by = format!("by {}", caller.function);
            writeln!(out, "{:28}{by:<SITE_WIDTH$} {place}", "")?;
        }
    }
    if changes.len() > SITES_SHOWN {
        writeln!(out, "      and {} more", changes.len() - SITES_SHOWN)?;
    }
    if let Some(reason) = subject.not_recorded {
        writeln!(out, "\n  these are the sites of a second run, by dhat: {reason}")?;
    }
    writeln!(out)
}

/// What was live when a run was cut short.
pub(super) fn remains(out: &mut String, subject: &Subject<'_>) -> std::fmt::Result {
    let Some(profile) = subject.profile.filter(|profile| profile.whole.peak.bytes > 0) else {
        return Ok(());
    };
    let family = subject.budget.limit.family();
    let bytes = |value: u64| Quantity::bytes(value as f64).in_family(family);
    let mut largest: Vec<_> =
        profile.sites.iter().filter(|(_, site)| site.usage.end.bytes > 0).collect();
    largest.sort_by_key(|(name, site)| (Reverse(site.usage.end.bytes), *name));
    writeln!(
        out,
        "  {} were live then, {} at the peak",
        bytes(profile.whole.end.bytes),
        bytes(profile.whole.peak.bytes)
    )?;
    for (name, site) in largest.iter().take(SITES_SHOWN) {
        let place = site.place.as_deref().unwrap_or("");
        writeln!(
            out,
            "      {:>10}            {name:<SITE_WIDTH$} {place}",
            bytes(site.usage.end.bytes)
        )?;
    }
    if largest.len() > SITES_SHOWN {
        writeln!(out, "      and {} more", largest.len() - SITES_SHOWN)?;
    }
    writeln!(out)
}

fn share(change: &Change) -> String {
    match change.accepted {
        None | Some(0) => "new".to_owned(),
        Some(accepted) if change.now / accepted >= 10 => {
            format!("× {}", grouped(change.now / accepted))
        }
        Some(accepted) => format!("{:+.0} %", change.grown() as f64 / accepted as f64 * 100.0),
    }
}
