//! What our recorder left of a child, whatever became of it.

use std::env;
use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use plimsoll_recorder::{Error, Executable, Fault, Recording, State};

use crate::measure::measurement::{Measurement, Outcome, Recorded, Sites, Trace};
use crate::measure::probe::heap::Heap;
use crate::measure::runaway::cap::Cap;
use crate::measure::runaway::limit_hit::{RefusedAllocation, StopCause};
use crate::measure::runaway::reclassify;
use crate::os::binary::{own_binary, own_identity};
use crate::sites::profile::{Amount, Stack, Usage};
use crate::sites::symbols::{Loaded, Symbols};

/// Puts the call stacks that lie in the tables, `file` at `path`, to an outcome. Where the
/// recorder and the counting allocator disagree, one of them is wrong, and there is no
/// measurement.
///
/// # Errors
/// When the tables are there, but are none.
pub(crate) fn complete(
    outcome: Outcome,
    cap: Option<&Cap>,
    file: &File,
    path: &Path,
) -> anyhow::Result<Outcome> {
    let was_measured = match &outcome {
        // dhat's child, or one that could not record.
        Outcome::Measured(measurement) if !matches!(measurement.sites, Sites::Recorded(_)) => {
            return Ok(outcome);
        }
        Outcome::Measured(_) => true,
        _ => false,
    };
    if !was_measured && file.metadata()?.len() == 0 {
        // It died before it began.
        return Ok(outcome);
    }
    let recording = match Recording::read(path) {
        Ok(recording) => recording,
        // It died while it laid them out.
        Err(Error::Format { .. }) if !was_measured => return Ok(outcome),
        Err(error) => return Err(error).context("the recorder's tables are not readable"),
    };
    let refused = refused(&recording).zip(cap);
    let outcome = match refused {
        Some(((by, refused), cap)) => reclassify::mark_refused(cap, by, refused, outcome),
        None => outcome,
    };
    Ok(match outcome {
        Outcome::Measured(measurement) => match inconsistency(&measurement, &recording) {
            Some(inconsistency) => Outcome::NotMeasured(inconsistency),
            None => {
                let sites = Sites::Recorded(recorded(&recording)?);
                Outcome::Measured(Box::new(Measurement { sites, ..*measurement }))
            }
        },
        Outcome::Crashed { crash, .. } => {
            Outcome::Crashed { crash, sites: Sites::Recorded(recorded(&recording)?) }
        }
        Outcome::TimedOut { after_seconds, output, .. } => {
            let sites = Sites::Recorded(recorded(&recording)?);
            Outcome::TimedOut { after_seconds, output, sites }
        }
        Outcome::OverCap { stop, .. } => {
            Outcome::OverCap { stop, sites: Sites::Recorded(recorded(&recording)?) }
        }
        Outcome::Failed(_) | Outcome::NotMeasured(_) => outcome,
    })
}

/// The block that the guard refused, if it did.
fn refused(recording: &Recording) -> Option<(StopCause, RefusedAllocation)> {
    let refusal = recording.refusal.as_ref()?;
    let returns = refusal.frames.iter().map(|&at| in_file(at, &recording.executable)).collect();
    let refused = RefusedAllocation { bytes: refusal.bytes, live: refusal.live, returns };
    Some((StopCause::of_number(refusal.reason)?, refused))
}

impl Recorded {
    /// Whether the stack may go on beyond the calls that were kept.
    pub(crate) fn is_cut(&self, trace: &Trace) -> bool {
        trace.returns.is_empty() || trace.returns.len() == self.depth
    }

    /// The same with names, inlined calls among them. Names that were looked up are kept in the
    /// folder `cache`: to read all of a program's debug information takes a good part of a second.
    ///
    /// # Errors
    /// When a name is not in `cache`, and the executable is no longer there or has been rebuilt
    /// since.
    pub fn stacks(&self, cache: &Path) -> anyhow::Result<Vec<Stack>> {
        // Where a build has replaced the file meanwhile, this process still runs the old one.
        let own =
            own_binary().ok().filter(|_| own_identity().is_ok_and(|own| own == self.identity));
        let executable = own.as_deref().unwrap_or(&self.executable);
        let mut symbols = Symbols::of(executable, &self.identity, cache);
        let in_file = Loaded { bias: 0, range: 0..u64::MAX };
        let returns: Vec<&[u64]> = self.traces.iter().map(|trace| &*trace.returns).collect();
        let frames = symbols.stacks(&returns, &in_file)?;
        symbols.save()?;
        let traces = self.traces.iter().zip(frames);
        Ok(traces.map(|(trace, frames)| Stack { usage: trace.usage, frames }).collect())
    }
}

/// Why the figures of a run that ended well cannot be believed.
fn inconsistency(measurement: &Measurement, recording: &Recording) -> Option<String> {
    if recording.state != State::Closed {
        return Some("the recorder was never opened: an error in plimsoll".to_owned());
    }
    let faults = recording.faults.iter().filter(|fault| !is_exact(fault)).map(Fault::to_string);
    let faults: Vec<String> = faults.collect();
    if !faults.is_empty() {
        return Some(format!("the recorder: {}", faults.join("; ")));
    }
    let (counted, totals) = (measurement.heap?, usage_of(recording.totals));
    let pairs = [
        ("bytes at the peak", counted.peak_bytes, totals.peak.bytes),
        ("bytes in all", counted.total_bytes, totals.total.bytes),
        ("blocks in all, reallocated ones too", requests(&counted), totals.total.blocks),
        ("bytes at the end", counted.end_bytes, totals.end.bytes),
        ("blocks at the end", counted.end_blocks, totals.end.blocks),
    ];
    let (what, counted, recorded) = pairs.into_iter().find(|(_, a, b)| a != b)?;
    Some(format!(
        "the counting allocator and the recorder disagree on the {what}: {counted} and \
         {recorded}; one of them is wrong, which is an error in plimsoll"
    ))
}

/// Whether it leaves all sums right, and every site that it knows: what was allocated on a fiber
/// stands under no site, and a folded stack has all functions of the whole one.
fn is_exact(fault: &Fault) -> bool {
    matches!(fault, Fault::OffStack { .. } | Fault::Folded { .. })
}

/// As the recorder counts blocks: a reallocation is one more.
fn requests(heap: &Heap) -> u64 {
    heap.total_blocks + heap.reallocations
}

fn recorded(recording: &Recording) -> anyhow::Result<Recorded> {
    let traces = recording.stacks.iter().map(|stack| Trace {
        number: stack.number,
        usage: usage_of(stack.usage),
        returns: stack.frames.iter().map(|&at| in_file(at, &recording.executable)).collect(),
    });
    let executable = env::current_exe().context("cannot find the test binary")?;
    Ok(Recorded {
        executable,
        identity: own_identity()?,
        depth: recording.limits.depth,
        traces: traces.collect(),
    })
}

/// 0 for an address in a library. A call can be the last instruction of the executable's range.
fn in_file(address: u64, executable: &Executable) -> u64 {
    let own = executable.start < address && address <= executable.end;
    if own { address - executable.load_bias } else { 0 }
}

fn usage_of(usage: plimsoll_recorder::Usage) -> Usage {
    let amount =
        |amount: plimsoll_recorder::Amount| Amount { bytes: amount.bytes, blocks: amount.blocks };
    Usage { peak: amount(usage.peak), total: amount(usage.total), end: amount(usage.end) }
}

#[cfg(test)]
mod tests {
    use plimsoll_recorder::{Amount, Executable, Fault, Limits, Recording, State, Usage};

    use super::{in_file, inconsistency};
    use crate::measure::measurement::Measurement;
    use crate::measure::probe::heap::Heap;

    /// 8 blocks and 2 reallocations.
    fn counted() -> Measurement {
        let heap = Heap {
            peak_bytes: 300,
            peak_blocks: 3,
            total_bytes: 1_000,
            total_blocks: 8,
            reallocations: 2,
            end_bytes: 40,
            end_blocks: 1,
        };
        Measurement { heap: Some(heap), ..Measurement::without_figures() }
    }

    fn recording() -> Recording {
        let amount = |bytes, blocks| Amount { bytes, blocks };
        Recording {
            state: State::Closed,
            limits: Limits::default(),
            totals: Usage { peak: amount(300, 2), total: amount(1_000, 10), end: amount(40, 1) },
            stacks: Vec::new(),
            refusal: None,
            executable: Executable { load_bias: 0x5000, start: 0x5000, end: 0x6000 },
            faults: Vec::new(),
        }
    }

    #[test]
    fn equal_totals_are_consistent() {
        assert_eq!(inconsistency(&counted(), &recording()), None);
    }

    #[test]
    fn differing_totals_are_an_inconsistency() {
        let changes: [fn(&mut Usage); 5] = [
            |totals| totals.peak.bytes += 1,
            |totals| totals.total.bytes -= 1,
            |totals| totals.total.blocks += 1,
            |totals| totals.end.bytes -= 1,
            |totals| totals.end.blocks += 1,
        ];
        for change in changes {
            let mut recording = recording();
            change(&mut recording.totals);
            let text = inconsistency(&counted(), &recording);
            assert!(text.is_some_and(|text| text.contains("disagree on the ")), "{recording:?}");
        }
    }

    #[test]
    fn fiber_allocations_are_unattributed() {
        let recording = Recording { faults: vec![Fault::OffStack { events: 3 }], ..recording() };
        assert_eq!(inconsistency(&counted(), &recording), None);
    }

    #[test]
    fn folded_stacks_are_consistent() {
        let recording = Recording { faults: vec![Fault::Folded { stacks: 3 }], ..recording() };
        assert_eq!(inconsistency(&counted(), &recording), None);
    }

    #[test]
    fn unopened_recorder_is_an_inconsistency() {
        let recording = Recording { state: State::Prepared, ..recording() };
        assert!(
            inconsistency(&counted(), &recording).is_some_and(|text| text.contains("never opened"))
        );
    }

    #[test]
    fn full_table_is_an_inconsistency() {
        let recording = Recording { faults: vec![Fault::StacksFull { events: 3 }], ..recording() };
        let text = inconsistency(&counted(), &recording).unwrap_or_default();
        assert!(text.starts_with("the recorder: 3 allocations without a site"), "{text}");
    }

    #[test]
    fn addresses_are_those_of_the_file() {
        let executable = recording().executable;
        let table = [(0x4fff, 0), (0x5000, 0), (0x5001, 1), (0x6000, 0x1000), (0x6001, 0)];
        for (in_memory, expected) in table {
            assert_eq!(in_file(in_memory, &executable), expected, "{in_memory:#x}");
        }
    }
}
