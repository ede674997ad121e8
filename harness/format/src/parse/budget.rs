//! A budget's table: the metric, the limit, and the words that it cites.

use std::ops::Range;

use toml::Spanned;

use super::{
    Item, Key, Reading,
    limit::{Measured, parse_limit, parse_ratchet},
    scope::parse_scope,
    sweep::parse_basis,
};
use crate::{Budget, Metric, Sweep, entry::BudgetEntry, wire::BudgetWire, words};

/// A text, and where it stands.
type Ranged = (String, Range<usize>);

pub(super) fn parse_budget(
    reading: &mut Reading,
    key: &Key<'_>,
    swept: Option<&Sweep>,
    item: Item<'_>,
) -> Option<BudgetEntry> {
    let name = key.get_ref().to_string();
    if reading.name("budget", key) && name == "profile" {
        let meaning = "each case has a test of that name, which compares its profile";
        reading.fault(key.span(), words::reserved("budget", "profile", meaning));
    }
    let table = reading.table("budget", key, item)?;
    let table = reading.known("budget", table, &BudgetWire::KEYS);
    let mut wire: BudgetWire = reading.wire("budget", table, key.span())?;
    let metric = metric_of(reading, key, wire.measure.take());
    let quote = quote_of(reading, key, wire.quote.take(), wire.id.take());
    let rate = wire.rate.take();
    let why = wire.why.take().and_then(|why| reading.text("why", why)).map(|(why, _)| why);
    let metric = metric?;
    let rate = rate_of(reading, key, metric, rate);
    let scope = parse_scope(reading, metric, &mut wire);
    let basis = parse_basis(reading, key, &mut wire, swept);
    let ratio_to = wire.ratio_to.take().and_then(|case| reading.text("ratio_to", case));
    let matches_sweep =
        wire.matches_sweep.clone().and_then(|case| reading.text("matches_sweep", case));
    let shapes = [("grows", wire.grows.is_some()), ("matches_sweep", wire.matches_sweep.is_some())];
    for (shape, _) in shapes.iter().filter(|(_, stated)| *stated) {
        if let Some((_, span)) = &ratio_to {
            reading.fault(span.clone(), words::two_bases("ratio_to", shape));
        }
    }
    let measured = Measured::new(metric, ratio_to.is_some());
    let ratchet = wire.ratchet.take();
    let limit = parse_limit(reading, key, measured, &mut wire, why.is_some());
    let ratchet = ratchet.map(|ratchet| parse_ratchet(reading, measured, limit.as_ref(), ratchet));
    let (scope, (quote, id)) = (scope?, quote?);
    let span = reading.span(key.span());
    let spanned = |range| reading.span(range);
    let budget = Budget {
        name,
        id: id.as_ref().map(|(id, _)| id.clone()),
        rate: rate?,
        at: scope.at,
        phase: scope.phase,
        above_start: scope.above_start,
        basis: basis?,
        ratio_to: ratio_to.as_ref().map(|(case, _)| case_of_this_system(case)),
        ratchet: ratchet.map_or(Some(None), |ratchet| ratchet.map(Some))?,
        quote: quote.0,
        why,
        ..Budget::new(metric, limit?, span.place())
    };
    Some(BudgetEntry {
        budget,
        span,
        quote_span: spanned(quote.1),
        id_span: id.map(|(_, range)| spanned(range)),
        other: ratio_to.or(matches_sweep).map(|(case, range)| (case, spanned(range))),
    })
}

/// The name of a case without that of its system: `copied` of `storage.copied`.
pub(super) fn case_of_this_system(case: &str) -> String {
    case.split_once('.').map_or("", |(_, case)| case).to_owned()
}

/// The metric that `measure` names, else that of the budget's own name.
fn metric_of(
    reading: &mut Reading,
    key: &Key<'_>,
    measure: Option<Spanned<String>>,
) -> Option<Metric> {
    let (metric, span, words) = match &measure {
        Some(name) => {
            (Metric::named(name.get_ref()), name.span(), words::unknown_metric(name.get_ref()))
        }
        None => (Metric::named(key.get_ref()), key.span(), words::no_metric(key.get_ref())),
    };
    if metric.is_none() {
        reading.fault(span, words);
    }
    metric
}

/// The words of the document, with white space folded as the document's will be.
fn quote_of(
    reading: &mut Reading,
    key: &Key<'_>,
    quote: Option<Spanned<String>>,
    id: Option<Spanned<String>>,
) -> Option<(Ranged, Option<Ranged>)> {
    let id = id.map(|id| reading.text("id", id));
    let Some(quote) = quote else {
        reading.lacks(key.span(), words::no_quote(key.get_ref()));
        return None;
    };
    let quote = reading.text("quote", quote)?;
    match id {
        Some(None) => None,
        id => Some((quote, id.flatten())),
    }
}

/// The field of the output that a throughput counts; `None` after a fault.
fn rate_of(
    reading: &mut Reading,
    key: &Key<'_>,
    metric: Metric,
    rate: Option<Spanned<String>>,
) -> Option<Option<String>> {
    let (span, words) = match (metric.is_rate(), rate) {
        (true, Some(rate)) => return reading.text("rate", rate).map(|(rate, _)| Some(rate)),
        (false, None) => return Some(None),
        (true, None) => (key.span(), words::no_rate(metric)),
        (false, Some(rate)) => (rate.span(), words::rate_unwanted(metric)),
    };
    reading.fault(span, words);
    None
}
