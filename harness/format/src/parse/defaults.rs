//! The defaults of a system: what its cases leave out.

use std::{collections::BTreeSet, sync::Arc};

use toml::Spanned;

use super::{Item, Key, Reading, budget::parse_budget, case::parse_keys, value};
use crate::{
    Case, Source, Span, Sweep,
    entry::BudgetEntry,
    wire::{CaseWire, DEFAULTS},
    words,
};

/// What `[storage.defaults]` states.
pub(super) struct Defaults<'i> {
    pub(super) span: Span,
    /// Every key that a case may leave out.
    pub(super) case: Case,
    pub(super) workload_span: Option<Span>,
    source: Arc<Source>,
    budgets: Vec<(Key<'i>, Item<'i>)>,
    /// The names of the budgets that some case takes.
    taken: BTreeSet<String>,
}

impl<'i> Defaults<'i> {
    /// Those of a system that states none.
    pub(super) fn none(span: &Span) -> Self {
        Defaults {
            span: span.clone(),
            case: Case::new("", "", span.place()),
            workload_span: None,
            source: span.source(),
            budgets: Vec::new(),
            taken: BTreeSet::new(),
        }
    }

    pub(super) fn read(reading: &mut Reading, key: &Key<'i>, item: Item<'i>) -> Option<Self> {
        let table = reading.table("table of defaults", key, item)?;
        let mut table = reading.known("table of defaults", table, &DEFAULTS);
        let budgets = table.remove("budgets");
        if let Some(params) = table.get("params") {
            value::plain(reading, params);
        }
        let none = Defaults::none(&reading.span(key.span()));
        let budgets = budgets.and_then(|item| {
            let key = Spanned::new(key.span(), "budgets".into());
            reading.table("table of budgets", &key, item)
        });
        let budgets = budgets.into_iter().flatten().collect();
        let wire: CaseWire = reading.wire("table of defaults", table, key.span())?;
        let (case, workload_span) = parse_keys(reading, wire, &none);
        Some(Defaults { case, workload_span, budgets, ..none })
    }

    /// The default budgets that a case takes: all but those that it states itself (`own`) and those
    /// that it goes without; `None` for each one with a fault.
    pub(super) fn budgets(
        &mut self,
        reading: &mut Reading,
        sweep: Option<&Sweep>,
        own: &BTreeSet<String>,
        without: &[Spanned<String>],
    ) -> Vec<Option<BudgetEntry>> {
        for name in without {
            let known = || self.budgets.iter().map(|(key, _)| key.get_ref().as_ref());
            if !known().any(|known| known == name.get_ref()) {
                reading.fault(name.span(), words::no_such_default(name.get_ref(), known()));
            } else if own.contains(name.get_ref()) {
                reading.fault(name.span(), words::stated_and_without(name.get_ref()));
            }
        }
        let left_out = |name: &str| without.iter().any(|without| without.get_ref() == name);
        let here = std::mem::replace(&mut reading.source, Arc::clone(&self.source));
        let mut budgets = Vec::new();
        for (key, item) in &self.budgets {
            let name = key.get_ref().as_ref();
            if !own.contains(name) && !left_out(name) {
                self.taken.insert(name.to_owned());
                budgets.push(parse_budget(reading, key, sweep, item.clone()));
            }
        }
        reading.source = here;
        budgets
    }

    /// A case that cannot be read may take any of them.
    pub(super) fn take_all(&mut self) {
        self.taken.extend(self.budgets.iter().map(|(key, _)| key.get_ref().to_string()));
    }

    /// A fault for each budget that no case takes.
    pub(super) fn check_taken(&self, reading: &mut Reading, system: &str) {
        for (key, _) in
            self.budgets.iter().filter(|(key, _)| !self.taken.contains(&**key.get_ref()))
        {
            let span = Span::new(&self.source, key.span());
            reading.faults.push(span.fault(words::default_not_taken(key.get_ref(), system)));
        }
    }
}
