//! A snapshot: a profile as a text for a person, which changes when the program does.
//!
//! Blocks are exact. Bytes are *sticky*: while a value is within 2 % of the accepted one, the
//! accepted one is printed, so that noise has no edge to cross and no way to drift. Small sites are
//! folded into `others`, which may hold 5 % of the bytes at most and never a leak. The snapshot of
//! a case that varies is sticky in all of its values: see `varying.rs`.

mod text;
mod varying;

pub(crate) use text::grouped;

use std::collections::BTreeMap;

use crate::sites::profile::{Profile, Usage};
use crate::sites::repeats::{Repeats, SMALL};

/// How far bytes may move from the accepted value before the snapshot changes.
const STICKY: f64 = 0.02;

/// The share of the peak, and of the total, that folded sites may hold together.
const FOLDED: f64 = SMALL;

/// The same for a snapshot that is made afresh: the margin keeps noise from unfolding a site later.
const FOLDED_AT_FIRST: f64 = 0.04;

/// The name of the line for all folded sites.
const OTHERS: &str = "others";

/// Values by name: `peak bytes`, `total blocks` and so on.
pub(crate) type Values = BTreeMap<&'static str, u64>;

/// The names of the values, in the order in which they are printed.
const NAMES: [&str; 6] =
    ["peak bytes", "peak blocks", "total bytes", "total blocks", "end bytes", "end blocks"];

/// A snapshot, to be printed or as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) case: String,
    pub(crate) target: String,
    /// The case's `varies`: `20 %`.
    pub(crate) varies: Option<String>,
    pub(crate) whole: Values,
    pub(crate) sites: BTreeMap<String, Values>,
}

/// Where this program runs, as a snapshot names it: `x86_64-linux-gnu`.
pub(crate) fn target() -> String {
    let libc = if cfg!(target_env = "gnu") {
        "-gnu"
    } else if cfg!(target_env = "musl") {
        "-musl"
    } else {
        ""
    };
    format!("{}-{}{libc}", std::env::consts::ARCH, std::env::consts::OS)
}

impl Snapshot {
    /// The snapshot of `profile`, as close to the accepted one as the measured values allow.
    ///
    /// Where a case does not repeat itself to the last step, the peak differs from run to run; it shows
    /// totals. Of a case that varies it shows the peak as a whole, within the stated share.
    pub(crate) fn new(
        case: &str,
        repeats: Repeats,
        profile: &Profile,
        accepted: Option<&Self>,
    ) -> Self {
        let snapshot = match repeats.share() {
            Some(_) => varying::snapshot(repeats, profile, accepted),
            None => Self::sticky(repeats, profile, accepted),
        };
        let varies = repeats.share().map(|share| share.to_string());
        Self { case: case.to_owned(), target: target(), varies, ..snapshot }
    }

    fn sticky(repeats: Repeats, profile: &Profile, accepted: Option<&Self>) -> Self {
        let sites = gathered(profile, &listed(repeats, profile, accepted));
        let stick = |name: &str, usage: &Usage, whole: bool| {
            let values = values(usage, repeats, whole);
            match accepted.and_then(|snapshot| snapshot.values(name)) {
                Some(accepted) => sticky(values, accepted),
                None => values,
            }
        };
        let sites = sites.iter().map(|(name, usage)| (name.clone(), stick(name, usage, false)));
        let sites = sites.filter(|(_, values)| !values.is_empty()).collect();
        Self { whole: stick("", &profile.whole, true), sites, ..Self::default() }
    }

    /// The target of a snapshot that was accepted elsewhere. A snapshot that is damaged, or of
    /// another case, is not foreign: it has to be compared, and to fail.
    pub(crate) fn foreign_target(self, case: &str) -> Option<String> {
        let is_target = self.target.split('-').count() >= 2
            && self.target.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let foreign = self.case == case && is_target && self.target != target();
        foreign.then_some(self.target)
    }

    /// Whether it has that value of each site, and not of the whole only, like some peaks.
    pub(crate) fn tells(&self, value: &str) -> bool {
        let mut sites = self.sites.values();
        !value.starts_with("peak") || sites.len() == 0 || sites.any(|site| site.contains_key(value))
    }

    fn values(&self, name: &str) -> Option<&Values> {
        if name.is_empty() { Some(&self.whole) } else { self.sites.get(name) }
    }
}

/// What the listed sites hold, and all others together.
fn gathered(profile: &Profile, listed: &[&str]) -> BTreeMap<String, Usage> {
    let mut sites = BTreeMap::<String, Usage>::new();
    for (name, site) in &profile.sites {
        let name = if listed.contains(&name.as_str()) { name.as_str() } else { OTHERS };
        sites.entry(name.to_owned()).or_default().add(&site.usage);
    }
    sites
}

/// The sites that are shown by name: those of the accepted snapshot, every leak, and the largest
/// until the rest holds no more than 5 % of the peak and of the total.
fn listed<'a>(repeats: Repeats, profile: &'a Profile, accepted: Option<&Snapshot>) -> Vec<&'a str> {
    let known = |name: &str| accepted.is_some_and(|snapshot| snapshot.sites.contains_key(name));
    let limit = if accepted.is_some() { FOLDED } else { FOLDED_AT_FIRST };
    named(repeats, profile, limit, |name, usage| usage.end.bytes > 0 || known(name))
}

/// The sites that have to be `shown`, and of the rest the largest, until what is left holds no more
/// than `limit`. The peak does not count where the order of the threads decides it.
fn named(
    repeats: Repeats,
    profile: &Profile,
    limit: f64,
    shown: impl Fn(&str, &Usage) -> bool,
) -> Vec<&str> {
    let (mut listed, mut rest): (Vec<_>, Vec<_>) = profile
        .sites
        .iter()
        .map(|(name, site)| (name.as_str(), &site.usage))
        .partition(|(name, usage)| shown(name, usage));
    let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let weight = |usage: &Usage| {
        let peak = match repeats {
            Repeats::InTotal => 0.0,
            Repeats::Exactly | Repeats::Within(_) => {
                share(usage.peak.bytes, profile.whole.peak.bytes)
            }
        };
        peak.max(share(usage.total.bytes, profile.whole.total.bytes))
    };
    rest.sort_by(|a, b| weight(a.1).total_cmp(&weight(b.1)));
    let mut folded = Usage::default();
    let room = rest.iter().take_while(|(_, usage)| {
        folded.add(usage);
        weight(&folded) <= limit
    });
    let small = room.count();
    // One folded site would only hide its name.
    listed.extend(rest.split_off(if small > 1 { small } else { 0 }));
    listed.into_iter().map(|(name, _)| name).collect()
}

fn values(usage: &Usage, repeats: Repeats, whole: bool) -> Values {
    let all = [
        usage.peak.bytes,
        usage.peak.blocks,
        usage.total.bytes,
        usage.total.blocks,
        usage.end.bytes,
        usage.end.blocks,
    ];
    let shown = |name: &str, value: u64| is_shown(name, repeats, whole) && (whole || value > 0);
    NAMES.into_iter().zip(all).filter(|(name, value)| shown(name, *value)).collect()
}

fn is_shown(name: &str, repeats: Repeats, whole: bool) -> bool {
    match name {
        "peak bytes" if matches!(repeats, Repeats::Within(_)) => whole,
        // How far threads overlap decides it: a budget gates it, and states its room.
        "peak bytes" | "peak blocks" => repeats == Repeats::Exactly,
        _ => true,
    }
}

fn sticky(mut values: Values, accepted: &Values) -> Values {
    for (name, value) in &mut values {
        let Some(&old) = accepted.get(name) else { continue };
        if name.ends_with("bytes") && value.abs_diff(old) as f64 <= old as f64 * STICKY {
            *value = old;
        }
    }
    values
}

#[cfg(test)]
mod tests;
