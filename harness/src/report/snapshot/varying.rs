//! The snapshot of a case that varies: the accepted one, as long as the run may be of the same
//! program.
//!
//! All values are sticky, by the share that the case states or by its slack, whichever is more. A
//! site within the slack may come, stay away or be folded; a larger one that is new has to be
//! shown.

use std::collections::BTreeMap;

use super::{FOLDED_AT_FIRST, NAMES, OTHERS, Snapshot, Values, gathered, is_shown, named, values};
use crate::sites::profile::Profile;
use crate::sites::repeats::Repeats;

/// The part of the slack above which a site has its name on a snapshot that is made afresh: what is
/// folded there has to double before it is missed.
const NAMED: f64 = 0.5;

/// The accepted snapshot where the run is like it, else one that is made afresh.
pub(super) fn snapshot(
    repeats: Repeats,
    profile: &Profile,
    accepted: Option<&Snapshot>,
) -> Snapshot {
    match accepted {
        Some(accepted) if is_like(repeats, profile, accepted) => accepted.clone(),
        _ => afresh(repeats, profile, accepted),
    }
}

/// Whether each value is near its accepted one, and no site is missing on the snapshot. A snapshot
/// that was accepted when the case said otherwise is like nothing.
fn is_like(repeats: Repeats, profile: &Profile, accepted: &Snapshot) -> bool {
    let none = Values::new();
    let near = |now: &Values, then: Option<&Values>| {
        let (then, whole) = (then.unwrap_or(&none), &accepted.whole);
        NAMES.iter().all(|name| repeats.alike(of(now, name), of(then, name), of(whole, name)))
    };
    let sites = sites(repeats, profile, &names(accepted));
    let is_known = |name: &str| accepted.sites.contains_key(name);
    let mut unknown = profile.sites.iter().filter(|(name, _)| !is_known(name));
    let mut known = names(accepted).into_iter().chain([OTHERS]);
    accepted.varies == repeats.share().map(|share| share.to_string())
        && near(&values(&profile.whole, repeats, true), Some(&accepted.whole))
        && known.all(|name| near(sites.get(name).unwrap_or(&none), accepted.sites.get(name)))
        && unknown.all(|(_, site)| near(&values(&site.usage, repeats, false), None))
}

/// The snapshot as it would be accepted now; what did not change stands there as it did, small
/// sites that were away among it. It is never the accepted one, since whatever made the run unlike
/// that is shown.
fn afresh(repeats: Repeats, profile: &Profile, accepted: Option<&Snapshot>) -> Snapshot {
    let none = Snapshot::default();
    let accepted = accepted.unwrap_or(&none);
    let stick = |now: &Values, then: &Values, whole: &Values, name: &'static str| {
        let (now, then) = (of(now, name), of(then, name));
        (name, if repeats.alike(now, then, of(whole, name)) { then } else { now })
    };
    let all = values(&profile.whole, repeats, true);
    let whole = all.keys().map(|name| stick(&all, &accepted.whole, &accepted.whole, name));
    let whole: Values = whole.collect();
    let listed = named(repeats, profile, FOLDED_AT_FIRST, |name, usage| {
        let stands_out =
            |(name, value): (&&str, &u64)| *value as f64 > repeats.slack(of(&whole, name)) * NAMED;
        usage.end.bytes > 0
            || accepted.sites.contains_key(name)
            || values(usage, repeats, false).iter().any(stands_out)
    });
    let mut now = sites(repeats, profile, &listed);
    for name in accepted.sites.keys() {
        now.entry(name.clone()).or_default();
    }
    let site = |(name, now): (String, Values)| {
        let Some(then) = accepted.sites.get(&name) else { return (name, now) };
        let shown = NAMES.into_iter().filter(|name| is_shown(name, repeats, false));
        let values = shown.map(|value| stick(&now, then, &whole, value));
        (name, values.filter(|(_, value)| *value > 0).collect())
    };
    let sites = now.into_iter().map(site).filter(|(_, values)| !values.is_empty()).collect();
    Snapshot { whole, sites, ..Snapshot::default() }
}

/// The values of the listed sites, and of all others together.
fn sites(repeats: Repeats, profile: &Profile, listed: &[&str]) -> BTreeMap<String, Values> {
    let sites = gathered(profile, listed).into_iter();
    sites.map(|(name, usage)| (name, values(&usage, repeats, false))).collect()
}

fn names(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.sites.keys().map(String::as_str).collect()
}

fn of(values: &Values, name: &str) -> u64 {
    values.get(name).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
