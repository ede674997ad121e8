//! The `phases` lens: what was held while ordinary `tracing` spans were entered.
//!
//! A subscriber that knows the spans which budgets ask for notes the counters and every call
//! stack's balance whenever one is entered or left, at one moment for all threads. It allocates
//! nothing in the window. Spans that nobody asks for stay disabled.

use std::sync::{Mutex, MutexGuard, PoisonError};

use plimsoll_recorder::{Balance, Limits, Moment, at_one_moment};
use serde::{Deserialize, Serialize};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Metadata, Subscriber, dispatcher};

use crate::measure::probe::heap::{self, Heap};
use crate::sites::profile::{Amount, Usage};

/// What was held while spans of one name were entered. Where several are entered at once, by
/// nesting or by threads, the phase lasts from the first entry to the last exit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// The spans' name.
    pub span: String,
    /// How often the phase began.
    pub entries: u64,
    /// Whether it had not ended when the work returned: then its figures are not whole.
    pub open: bool,
    /// The most bytes, and the most blocks, that were live in it.
    pub peak: Amount,
    /// What was allocated in it.
    pub total: Amount,
    /// What was live when it ended last.
    pub end: Amount,
    /// The same by call stack.
    pub sites: Vec<PhaseSite>,
}

/// One call stack's part in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseSite {
    /// The recorder's number for the stack.
    pub number: u32,
    /// What it allocated in the phase; a reallocation is one more block of its whole new size.
    pub total: Amount,
    /// What it held when the phase ended last.
    pub end: Amount,
}

impl Phase {
    /// What one call stack allocated in the phase, and held at its end; what it held at the peak
    /// nobody noted.
    pub(crate) fn usage_of(&self, number: u32) -> Usage {
        let site = self.sites.binary_search_by_key(&number, |site| site.number);
        let site = site.ok().and_then(|at| self.sites.get(at));
        site.map_or_else(Usage::default, |site| Usage {
            total: site.total,
            end: site.end,
            ..Usage::default()
        })
    }
}

/// As many as the recorder has numbers for.
fn most_stacks() -> usize {
    Limits::default().stacks + 2
}

#[derive(Debug)]
struct Watched {
    phase: Phase,
    /// Spans that are entered now.
    open: u32,
    /// Whether the phase has begun within the window, and not ended.
    begun: bool,
    /// Allocated when the phase began, by all and by call stack.
    before: Amount,
    balances_before: Vec<Balance>,
    totals: Vec<Amount>,
    balances_after: Vec<Balance>,
}

static WATCHED: Mutex<Vec<Watched>> = Mutex::new(Vec::new());

fn watched() -> MutexGuard<'static, Vec<Watched>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches the spans with these names from now on. All memory is taken now.
pub(crate) fn watch(spans: &[&str]) -> Result<(), &'static str> {
    if spans.is_empty() {
        return Ok(());
    }
    let new = |span: &&str| Watched {
        phase: Phase { span: (*span).to_owned(), ..Phase::default() },
        open: 0,
        begun: false,
        before: Amount::default(),
        balances_before: Vec::with_capacity(most_stacks()),
        totals: vec![Amount::default(); most_stacks()],
        balances_after: Vec::with_capacity(most_stacks()),
    };
    watched().extend(spans.iter().map(new));
    dispatcher::set_global_default(Dispatch::new(Spans))
        .map_err(|_| "the workload has a tracing subscriber of its own, so that no phase is seen")
}

/// What was seen. Read after the window.
pub(crate) fn read() -> Vec<Phase> {
    let watched = std::mem::take(&mut *watched());
    watched.into_iter().map(Watched::into_phase).collect()
}

/// Sees the watched spans and nothing else. A span's id is its place in the list, so that no span
/// has to be remembered.
struct Spans;

impl Spans {
    fn place(metadata: &Metadata<'_>) -> Option<usize> {
        metadata.is_span().then_some(())?;
        watched().iter().position(|watched| watched.phase.span == metadata.name())
    }
}

impl Subscriber for Spans {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        Self::place(metadata).is_some()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        Id::from_u64(1 + Self::place(span.metadata()).unwrap_or_default() as u64)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, _event: &Event<'_>) {}

    fn enter(&self, span: &Id) {
        turn(span, Turn::In);
    }

    fn exit(&self, span: &Id) {
        turn(span, Turn::Out);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    In,
    Out,
}

/// A span is entered or left.
fn turn(span: &Id, turn: Turn) {
    let mut watched = watched();
    let Some(which) = usize::try_from(span.into_u64()).ok().and_then(|id| id.checked_sub(1)) else {
        return;
    };
    let Some(own) = watched.get_mut(which) else { return };
    let open = match turn {
        Turn::In => own.open + 1,
        Turn::Out => own.open.saturating_sub(1),
    };
    own.open = open;
    let is_edge = (turn == Turn::In && open == 1) || (turn == Turn::Out && open == 0);
    if !is_edge {
        return;
    }
    // Nothing is noted before the window and after it.
    at_one_moment(|moment| {
        let stretch = heap::turn();
        watched.iter_mut().filter(|other| other.begun).for_each(|other| other.raise(&stretch));
        match (watched.get_mut(which), turn) {
            (Some(own), Turn::In) => own.begin(&stretch, moment),
            (Some(own), Turn::Out) if own.begun => own.end(&stretch, moment),
            _ => {}
        }
    });
}

impl Watched {
    fn raise(&mut self, stretch: &Heap) {
        let peak = &mut self.phase.peak;
        peak.bytes = peak.bytes.max(stretch.peak_bytes);
        peak.blocks = peak.blocks.max(stretch.peak_blocks);
    }

    fn begin(&mut self, stretch: &Heap, moment: &Moment<'_>) {
        self.begun = true;
        self.phase.entries += 1;
        self.before = allocated(stretch);
        copy(moment, &mut self.balances_before);
    }

    fn end(&mut self, stretch: &Heap, moment: &Moment<'_>) {
        self.begun = false;
        let now = allocated(stretch);
        self.phase.total.bytes += now.bytes - self.before.bytes;
        self.phase.total.blocks += now.blocks - self.before.blocks;
        self.phase.end = Amount { bytes: stretch.end_bytes, blocks: stretch.end_blocks };
        copy(moment, &mut self.balances_after);
        for (at, (total, after)) in self.totals.iter_mut().zip(&self.balances_after).enumerate() {
            let before = self.balances_before.get(at).copied().unwrap_or_default();
            total.bytes += after.total.bytes - before.total.bytes;
            total.blocks += after.total.blocks - before.total.blocks;
        }
    }

    fn into_phase(self) -> Phase {
        let amount = |amount: plimsoll_recorder::Amount| Amount {
            bytes: amount.bytes,
            blocks: amount.blocks,
        };
        let sites = self.totals.iter().zip(&self.balances_after).zip(0..);
        let sites = sites.map(|((&total, after), number)| PhaseSite {
            number,
            total,
            end: amount(after.live),
        });
        let empty = Amount::default();
        let sites = sites.filter(|site| (site.total, site.end) != (empty, empty)).collect();
        Phase { open: self.begun, sites, ..self.phase }
    }
}

fn allocated(stretch: &Heap) -> Amount {
    Amount { bytes: stretch.total_bytes, blocks: stretch.total_blocks }
}

/// Into room that was taken before the window.
fn copy(moment: &Moment<'_>, balances: &mut Vec<Balance>) {
    balances.clear();
    balances.extend(moment.balances().take(most_stacks()));
}
