//! A recording, read back from its file.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;

use crate::change::Change;
use crate::error::Error;
use crate::fault::Fault;
use crate::header::{self, Header, MAGIC, VERSION};
use crate::limits::Limits;
use crate::map::Map;
use crate::plan::ENTRIES;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::tag::UNPLACED;
use crate::usage::{Amount, Usage};

/// How far a recording got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was never opened.
    Prepared,
    /// The process died while it was recorded, or is running still.
    Open,
    /// It was closed.
    Closed,
}

/// One call stack and what was allocated there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Its number, as in a [`Moment`](crate::Moment).
    pub number: u32,
    /// The memory that it allocated.
    pub usage: Usage,
    /// Return addresses, innermost first: each is one past the call. Empty for the events whose
    /// stack could not be kept, which a [`Fault`] reports.
    pub frames: Vec<u64>,
}

/// Where the program's executable was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Executable {
    /// An address less this is the address in the file, as symbolisers want it.
    pub load_bias: u64,
    /// The lowest address; what lies outside belongs to a library.
    pub start: u64,
    /// One past the highest address.
    pub end: u64,
}

/// All that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// How far it got.
    pub state: State,
    /// The limits that it was made with.
    pub limits: Limits,
    /// The sum over all stacks.
    pub totals: Usage,
    /// The stacks on which something was allocated, in the order of their first event.
    pub stacks: Vec<Stack>,
    /// The first block that was refused, if any was.
    pub refusal: Option<Refusal>,
    /// Where the executable was loaded.
    pub executable: Executable,
    /// What makes the figures wrong or places them under no stack. Empty in a sound recording.
    pub faults: Vec<Fault>,
}

impl Recording {
    /// Reads the recording at `path`, of a process that has closed it or died. (Of one that is
    /// still recording, the figures may not fit together; it is not disturbed.)
    ///
    /// # Errors
    /// When there is no such file, or it is none of this version.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed =
            |action| move |source| Error::File { action, path: path.to_path_buf(), source };
        let file = File::open(path).map_err(failed("open"))?;
        let map = Map::private(&file).map_err(failed("map"))?;
        let limits =
            limits(&map).map_err(|reason| Error::Format { path: path.to_path_buf(), reason })?;
        Ok(Self::of(&map, limits))
    }

    fn of(map: &Map, limits: Limits) -> Self {
        let header = map.header();
        let mut stacks = Vec::new();
        let mut sum = Usage::default();
        let mut negative = false;
        let last = header.insertion.0.last_stack.load(Ordering::Relaxed);
        let last = last.min(limits.stacks as u32 + 1);
        let ledger = Ledger::read(map, &limits, last);
        for number in UNPLACED..=last {
            let (usage, sound) = ledger.usage(number);
            negative |= !sound;
            add(&mut sum, usage);
            if usage != Usage::default() {
                let frames = map.table(&limits).frames_of(number).collect();
                stacks.push(Stack { number, usage, frames });
            }
        }
        let state = match header.state.load(Ordering::Relaxed) {
            header::OPEN => State::Open,
            header::CLOSED => State::Closed,
            _ => State::Prepared,
        };
        // Once it was closed, all that counts is in the accounts; threads may die later.
        let torn = state != State::Closed && (ledger.torn || header.insertion.0.lock.is_held());
        let (peak, _) = amount(ledger.peak);
        let totals = Usage { peak, ..sum };
        let mut faults = Fault::of(header);
        if torn {
            faults.push(Fault::Torn);
        }
        if negative || sum.peak != peak {
            faults.push(Fault::Inconsistent { totals: peak.bytes, sum: sum.peak.bytes });
        }
        let refusal = header.refusal.0.read(|stack| match stack <= last {
            true => map.table(&limits).frames_of(stack).collect(),
            false => Vec::new(),
        });
        Self { state, limits, totals, stacks, refusal, executable: executable(header), faults }
    }
}

fn limits(map: &Map) -> Result<Limits, String> {
    let header = map.header();
    if header.magic.load(Ordering::Acquire) != MAGIC {
        return Err("it does not begin with the mark of a recording".to_owned());
    }
    let version = header.version.load(Ordering::Relaxed);
    if version != VERSION {
        return Err(format!("its version is {version}, not {VERSION}"));
    }
    let limits = header.limits();
    let bytes = limits.file_bytes().map_err(|error| error.to_string())?;
    if map.range().len() < bytes {
        return Err(format!("it is cut short: {} bytes of {bytes}", map.range().len()));
    }
    Ok(limits)
}

fn executable(header: &Header) -> Executable {
    Executable {
        load_bias: header.load_bias.load(Ordering::Relaxed),
        start: header.code_start.load(Ordering::Relaxed),
        end: header.code_end.load(Ordering::Relaxed),
    }
}

/// The accounts by stack number, with what threads had still kept to themselves.
struct Ledger {
    /// What is live and was allocated in all.
    now: Vec<Change>,
    at_peak: Vec<(i64, i64)>,
    peak: (i64, i64),
    /// A thread died between two words of a change.
    torn: bool,
}

impl Ledger {
    fn read(map: &Map, limits: &Limits, last: u32) -> Self {
        let escrow: crate::escrow::Escrow<'_, Shared, ENTRIES> = map.escrow(limits);
        let (epoch, on_peak) = escrow.totals.epoch();
        // What was never used has no pages yet, and gets none by being read.
        let accounts = escrow.accounts.iter().take(last as usize + 1);
        let at_peak = accounts.clone().map(|account| account.at_peak(epoch, on_peak)).collect();
        let mut now: Vec<Change> = accounts.map(crate::account::Account::settled).collect();
        let mut torn = escrow.totals.lock.0.is_held();
        for slot in escrow.slots.iter().take(escrow.totals.used_slots()) {
            torn |= slot.lock.0.is_held() || slot.bias.0.is_busy();
            for (stack, change) in slot.entries() {
                if let Some(account) = now.get_mut(stack as usize) {
                    account.add(change);
                }
            }
        }
        Self { now, at_peak, peak: escrow.totals.peak(), torn }
    }

    /// The account of a stack, and whether none of its figures is below zero.
    fn usage(&self, number: u32) -> (Usage, bool) {
        let now = self.now.get(number as usize).copied().unwrap_or_default();
        let at_peak = self.at_peak.get(number as usize).copied().unwrap_or_default();
        let (peak, peak_sound) = amount(at_peak);
        let (total, total_sound) = amount((now.total_bytes, now.total_blocks));
        let (end, end_sound) = amount((now.live_bytes, now.live_blocks));
        (Usage { peak, total, end }, peak_sound && total_sound && end_sound)
    }
}

fn amount((bytes, blocks): (i64, i64)) -> (Amount, bool) {
    let sound = bytes >= 0 && blocks >= 0;
    (Amount { bytes: bytes.max(0) as u64, blocks: blocks.max(0) as u64 }, sound)
}

fn add(sum: &mut Usage, usage: Usage) {
    for (sum, usage) in
        [(&mut sum.peak, usage.peak), (&mut sum.total, usage.total), (&mut sum.end, usage.end)]
    {
        // In a damaged file the figures are anything.
        sum.bytes = sum.bytes.wrapping_add(usage.bytes);
        sum.blocks = sum.blocks.wrapping_add(usage.blocks);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::{Fault, Recording};
    use crate::header;
    use crate::limits::Limits;
    use crate::map::Map;
    use crate::plan::Plan;
    use crate::primitives::Lock as _;

    /// A thread that was in the middle of an event when the process ended.
    fn left_in_the_middle(state: u32) -> Vec<Fault> {
        let limits = Limits { stacks: 8, frames: 64, threads: 1, ..Limits::default() };
        let file = tempfile::tempfile().unwrap();
        file.set_len(Plan::of(&limits).end as u64).unwrap();
        let map = Map::shared(&file).unwrap();
        map.header().write(&limits);
        map.header().state.store(state, Ordering::Relaxed);
        map.header().insertion.0.lock.acquire();
        Recording::of(&map, limits).faults
    }

    #[test]
    fn an_event_counts_only_until_the_end() {
        assert_eq!(left_in_the_middle(header::OPEN), [Fault::Torn]);
        assert_eq!(left_in_the_middle(header::CLOSED), []);
    }
}
