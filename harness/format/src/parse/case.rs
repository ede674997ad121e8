//! A case's table: what runs, and the budgets that judge it.

use serde_json::{Map, Value};
use toml::Spanned;

use super::{Item, Key, Reading, budget, sweep, value};
use crate::{
    Case, Quantity, Share, Sweep, Unit,
    entry::{BudgetEntry, CaseEntry},
    wire::{CaseWire, ScalarWire},
    words,
};

const SECONDS: f64 = 60.0;

/// The longest time-out that a case may ask for.
const A_DAY_IN_SECONDS: f64 = 86_400.0;
const MOST_THREADS: u32 = 1024;

/// Of two runs that may lie farther apart, a page would say nothing.
const MOST_VARYING: f64 = 0.5;

pub(super) fn one(
    reading: &mut Reading,
    system: &str,
    key: &Key<'_>,
    item: Item<'_>,
) -> Option<CaseEntry> {
    reading.name("case", key);
    let table = reading.table("case", key, item)?;
    let mut table = reading.known("case", table, &CaseWire::KEYS);
    let budgets = table.remove("budgets");
    for name in ["params", "expect"] {
        if let Some(item) = table.get(name) {
            value::plain(reading, item);
        }
    }
    let Some(wire) = reading.wire::<CaseWire>("case", table, key.span()) else {
        // Its budgets may be right or wrong all the same.
        budgets_of(reading, system, key, None, budgets);
        return None;
    };
    let sweep = wire.sweep.and_then(|stated| sweep::one(reading, stated, &wire.params));
    let budgets = budgets_of(reading, system, key, sweep.as_ref(), budgets);
    let workload = wire.workload.and_then(|text| reading.text("workload", text));
    let (workload, workload_range) = workload.unzip();
    let span = reading.span(key.span());
    let case = Case {
        params: wire.params,
        expected: expected_of(reading, wire.expect, sweep.as_ref()),
        sweep,
        threads: wire.threads.map_or(1, |threads| threads_of(reading, &threads)),
        varies: wire.varies.and_then(|share| varies_of(reading, share)),
        timeout: wire
            .timeout
            .and_then(|timeout| timeout_of(reading, timeout))
            .unwrap_or(Quantity::seconds(SECONDS)),
        heavy: wire
            .heavy
            .and_then(|heavy| value::truth(reading, heavy, words::not_heavy))
            .unwrap_or(false),
        cap: wire.cap.and_then(|cap| value::quantity(reading, cap, Unit::Bytes, "`cap`")),
        children: wire
            .children
            .and_then(|children| value::truth(reading, children, words::not_children))
            .unwrap_or(false),
        ..Case::new(key.get_ref(), &workload.unwrap_or_default(), span.place())
    };
    let workload_span = workload_range.map(|range| reading.span(range));
    Some(CaseEntry { case, span, workload_span, budgets })
}

fn budgets_of(
    reading: &mut Reading,
    system: &str,
    case: &Key<'_>,
    sweep: Option<&Sweep>,
    budgets: Option<Item<'_>>,
) -> Vec<BudgetEntry> {
    let budgets = budgets.and_then(|item| {
        let key = Spanned::new(case.span(), "budgets".into());
        reading.table("table of budgets", &key, item)
    });
    let Some(budgets) = budgets.filter(|budgets| !budgets.is_empty()) else {
        reading.fault(case.span(), words::no_budgets(system, case.get_ref()));
        return Vec::new();
    };
    budgets.into_iter().filter_map(|(key, item)| budget::one(reading, &key, sweep, item)).collect()
}

fn expected_of(
    reading: &mut Reading,
    answer: Option<Spanned<Value>>,
    sweep: Option<&Sweep>,
) -> Vec<Map<String, Value>> {
    let Some(answer) = answer else { return Vec::new() };
    let span = answer.span();
    let fields = |value| match value {
        Value::Object(fields) => Some(fields),
        _ => None,
    };
    let words = match answer.into_inner() {
        Value::Object(fields) => return vec![fields],
        Value::Array(answers) => {
            let sizes = sweep.map_or(0, |sweep| sweep.sizes.len());
            let count = answers.len();
            let answers: Option<Vec<_>> = answers.into_iter().map(fields).collect();
            match answers {
                Some(answers) if count == sizes => return answers,
                Some(_) if sweep.is_some() => words::answers(count, sizes),
                _ => words::not_an_answer(),
            }
        }
        _ => words::not_an_answer(),
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
