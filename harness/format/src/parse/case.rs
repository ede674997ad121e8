//! A case's table: what runs, and the budgets that judge it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::DeTable;

use super::{
    Item, Key, Reading, budget::parse_budget, defaults::Defaults, sweep::parse_sweep, value,
};
use crate::{
    Case, Quantity, Share, Span, Sweep, Unit,
    entry::{BudgetEntry, CaseEntry},
    wire::{CaseWire, ScalarWire},
    words,
};

/// The longest timeout that a case may state.
const A_DAY_IN_SECONDS: f64 = 86_400.0;
/// A run that waits longer for its threads waits for threads that stay.
const A_MINUTE_IN_SECONDS: f64 = 60.0;
const MOST_THREADS: u32 = 1024;

/// A snapshot that accepts a larger difference between two runs would accept almost anything.
const MOST_VARYING: f64 = 0.5;

pub(super) fn parse_case(
    reading: &mut Reading,
    system: &str,
    key: &Key<'_>,
    item: Item<'_>,
    defaults: &mut Defaults<'_>,
) -> Option<CaseEntry> {
    reading.name("case", key);
    let table = reading.table("case", key, item)?;
    let mut table = reading.known("case", table, &CaseWire::KEYS);
    let own = table.remove("budgets").and_then(|item| {
        let key = Spanned::new(key.span(), "budgets".into());
        reading.table("table of budgets", &key, item)
    });
    let own = own.unwrap_or_default();
    for name in ["params", "expect"] {
        if let Some(item) = table.get(name) {
            value::plain(reading, item);
        }
    }
    let Some(mut wire) = reading.wire::<CaseWire>("case", table, key.span()) else {
        // Its budgets may be right or wrong all the same.
        own_budgets(reading, None, own);
        defaults.take_all();
        return None;
    };
    let (sweep, expected) = (wire.sweep.take(), wire.expect.take());
    let (varies, without) = (wire.varies.take(), wire.without.take().unwrap_or_default());
    let (case, workload_span) = parse_keys(reading, wire, defaults);
    let sweep = sweep.and_then(|stated| parse_sweep(reading, stated, &case.params));
    let span = reading.span(key.span());
    let names: BTreeSet<String> = own.keys().map(|key| key.get_ref().to_string()).collect();
    let inherited = defaults.budgets(reading, sweep.as_ref(), &names, &without);
    if names.is_empty() && inherited.is_empty() {
        reading.fault(key.span(), words::no_budgets(system, key.get_ref()));
    }
    let mut budgets = own_budgets(reading, sweep.as_ref(), own);
    budgets.extend(inherited.into_iter().flatten());
    let case = Case {
        name: key.get_ref().to_string(),
        expected: expected_of(reading, expected, sweep.as_ref()),
        sweep,
        varies: varies.and_then(|share| varies_of(reading, share)),
        place: span.place(),
        ..case
    };
    Some(CaseEntry { case, span, workload_span, budgets })
}

/// The keys that defaults may state: the value of the table, else that of the defaults.
pub(super) fn parse_keys(
    reading: &mut Reading,
    wire: CaseWire,
    defaults: &Defaults<'_>,
) -> (Case, Option<Span>) {
    let workload = wire.workload.and_then(|text| reading.text("workload", text));
    let (workload, workload_span) = match workload {
        Some((workload, range)) => (workload, Some(reading.span(range))),
        None => (defaults.case.workload.clone(), defaults.workload_span.clone()),
    };
    let truth = |reading: &mut Reading, key: &str, stated: Option<_>| {
        stated.and_then(|stated| value::truth(reading, key, stated))
    };
    let Case { params, threads, timeout, settle, heavy, cap, children, .. } = defaults.case.clone();
    let case = Case {
        workload,
        params: wire.params.unwrap_or(params),
        threads: wire.threads.map_or(threads, |threads| threads_of(reading, &threads)),
        timeout: wire.timeout.and_then(|timeout| timeout_of(reading, timeout)).unwrap_or(timeout),
        settle: wire.settle.and_then(|settle| settle_of(reading, settle)).unwrap_or(settle),
        heavy: truth(reading, "heavy", wire.heavy).unwrap_or(heavy),
        cap: wire.cap.and_then(|cap| value::quantity(reading, cap, Unit::Bytes, "`cap`")).or(cap),
        children: truth(reading, "children", wire.children).unwrap_or(children),
        ..defaults.case.clone()
    };
    (case, workload_span)
}

fn own_budgets(
    reading: &mut Reading,
    sweep: Option<&Sweep>,
    budgets: DeTable<'_>,
) -> Vec<BudgetEntry> {
    budgets.into_iter().filter_map(|(key, item)| parse_budget(reading, &key, sweep, item)).collect()
}

fn expected_of(
    reading: &mut Reading,
    stated: Option<Spanned<Value>>,
    sweep: Option<&Sweep>,
) -> Vec<Map<String, Value>> {
    let Some(stated) = stated else { return Vec::new() };
    let span = stated.span();
    let fields = |value| match value {
        Value::Object(fields) => Some(fields),
        _ => None,
    };
    let words = match stated.into_inner() {
        Value::Object(fields) => return vec![fields],
        Value::Array(tables) => {
            let sizes = sweep.map_or(0, |sweep| sweep.sizes.len());
            let count = tables.len();
            let tables: Option<Vec<_>> = tables.into_iter().map(fields).collect();
            match tables {
                Some(tables) if count == sizes => return tables,
                Some(_) if sweep.is_some() => words::unequal_expectations(count, sizes),
                _ => words::not_an_expectation(),
            }
        }
        _ => words::not_an_expectation(),
    };
    reading.fault(span, words);
    Vec::new()
}

fn threads_of(reading: &mut Reading, threads: &Spanned<i64>) -> u32 {
    match u32::try_from(*threads.get_ref()) {
        Ok(count @ 1..=MOST_THREADS) => count,
        _ => {
            reading.fault(threads.span(), words::threads(*threads.get_ref()));
            1
        }
    }
}

fn varies_of(reading: &mut Reading, share: Spanned<ScalarWire>) -> Option<Share> {
    let fits = |share| share > 0.0 && share <= MOST_VARYING;
    value::share(reading, share, fits, words::not_varying).map(Share::new)
}

fn timeout_of(reading: &mut Reading, timeout: Spanned<ScalarWire>) -> Option<Quantity> {
    let span = timeout.span();
    let written = value::quantity(reading, timeout, Unit::Seconds, "`timeout`")?;
    let seconds = written.quantity.value();
    if seconds == 0.0 {
        reading.fault(span, words::no_time());
        return None;
    }
    if seconds > A_DAY_IN_SECONDS {
        reading.fault(span, words::too_much_time());
        return None;
    }
    Some(written.quantity)
}

fn settle_of(reading: &mut Reading, settle: Spanned<ScalarWire>) -> Option<Quantity> {
    let span = settle.span();
    let written = value::quantity(reading, settle, Unit::Seconds, "`settle`")?;
    if written.quantity.value() > A_MINUTE_IN_SECONDS {
        reading.fault(span, words::long_settle());
        return None;
    }
    Some(written.quantity)
}
