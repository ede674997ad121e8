//! A case's table: what runs, and the budgets that judge it.

use toml::Spanned;
use toml::de::DeTable;

use super::{Item, Key, Reading, budget, value};
use crate::{
    Quantity, Unit,
    entry::{BudgetEntry, CaseEntry},
    wire::{CaseWire, ScalarWire},
    words,
};

const SECONDS: f64 = 60.0;

/// The longest time-out that a case may ask for.
const A_DAY_IN_SECONDS: f64 = 86_400.0;
const MOST_THREADS: u32 = 1024;

pub(super) fn one(
    reading: &mut Reading<'_>,
    system: &str,
    key: &Key<'_>,
    item: Item<'_>,
) -> Option<CaseEntry> {
    reading.name("case", key);
    let table = reading.table("case", key, item)?;
    let mut table = reading.known("case", table, &CaseWire::KEYS);
    let budgets = budgets_of(reading, system, key, &mut table);
    for name in ["params", "answer"] {
        if let Some(item) = table.get(name) {
            value::plain(reading, item);
        }
    }
    let wire: CaseWire = reading.wire("case", table, key.span())?;
    Some(CaseEntry {
        name: key.get_ref().to_string(),
        span: key.span(),
        workload: wire.workload.and_then(|text| reading.text("workload", text)),
        params: wire.params,
        answer: wire.answer,
        threads: wire.threads.map_or(1, |threads| threads_of(reading, &threads)),
        timeout: wire
            .timeout
            .and_then(|timeout| timeout_of(reading, timeout))
            .unwrap_or(Quantity::seconds(SECONDS)),
        heavy: wire
            .heavy
            .and_then(|heavy| value::truth(reading, heavy, words::not_heavy))
            .unwrap_or(false),
        budgets,
    })
}

fn budgets_of(
    reading: &mut Reading<'_>,
    system: &str,
    case: &Key<'_>,
    table: &mut DeTable<'_>,
) -> Vec<BudgetEntry> {
    let budgets = table.remove("budgets").and_then(|item| {
        let key = Spanned::new(case.span(), "budgets".into());
        reading.table("table of budgets", &key, item)
    });
    let Some(budgets) = budgets.filter(|budgets| !budgets.is_empty()) else {
        reading.fault(case.span(), words::no_budgets(system, case.get_ref()));
        return Vec::new();
    };
    budgets.into_iter().filter_map(|(key, item)| budget::one(reading, &key, item)).collect()
}

fn threads_of(reading: &mut Reading<'_>, threads: &Spanned<i64>) -> u32 {
    match u32::try_from(*threads.get_ref()) {
        Ok(count @ 1..=MOST_THREADS) => count,
        _ => {
            reading.fault(threads.span(), words::threads(*threads.get_ref()));
            1
        }
    }
}

fn timeout_of(reading: &mut Reading<'_>, timeout: Spanned<ScalarWire>) -> Option<Quantity> {
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
