//! A profile: how much each function of the user's own crates allocated.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sites::frame::Frame;

/// Bytes and blocks of one account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Bytes that were requested.
    pub bytes: u64,
    /// Blocks that were given.
    pub blocks: u64,
}

impl Amount {
    fn add(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.blocks += other.blocks;
    }
}

/// What one allocation site, or all of them together, took from the allocator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Live at the moment when the whole program had the most bytes live.
    pub peak: Amount,
    /// Allocated in all; here a reallocation is one more block of its whole new size, as dhat
    /// counts it.
    pub total: Amount,
    /// Still live when the work had returned.
    pub end: Amount,
}

impl Usage {
    pub(crate) fn add(&mut self, other: &Self) {
        self.peak.add(other.peak);
        self.total.add(other.total);
        self.end.add(other.end);
    }
}

/// One call stack as the recorder saw it, innermost frame first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stack {
    /// The memory that was allocated there.
    pub usage: Usage,
    /// The frames, inlined ones included.
    pub frames: Vec<Frame>,
}

/// A function of the user's own crates, and where in it the allocation was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// What was allocated under this name.
    pub usage: Usage,
    /// File and line of the largest of its stacks, as the debug information has them.
    pub place: Option<String>,
    /// Its caller there, where it implements a trait of the standard library for a type, like a
    /// derived `clone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Caller>,
}

/// The function of the user's own crates that called a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// Its name.
    pub function: String,
    /// File and line of the call.
    pub place: Option<String>,
}

/// All sites of a run, by name, and their sum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The sum over all sites.
    pub whole: Usage,
    /// The sites, sorted by name.
    pub sites: BTreeMap<String, Site>,
}

impl Profile {
    /// Whether there are allocations, and none is known by its function.
    pub(crate) fn is_nameless(&self) -> bool {
        !self.sites.is_empty() && self.sites.keys().all(|name| name == UNKNOWN)
    }

    /// Gathers stacks under the innermost function that belongs to one of `crates`. A stack that
    /// never passes through them goes under the crate that allocated, in brackets.
    pub fn gather(stacks: &[Stack], crates: &[&str]) -> Self {
        let mut profile = Self::default();
        let mut largest = BTreeMap::<String, u64>::new();
        for stack in stacks {
            let (name, place, caller) = name_of(stack, crates);
            profile.whole.add(&stack.usage);
            let site = profile.sites.entry(name.clone()).or_insert(Site {
                usage: Usage::default(),
                place: None,
                caller: None,
            });
            site.usage.add(&stack.usage);
            let record = largest.entry(name).or_default();
            if site.place.is_none() || stack.usage.total.bytes > *record {
                *record = stack.usage.total.bytes;
                (site.place, site.caller) = (place, caller);
            }
        }
        profile
    }
}

fn name_of(stack: &Stack, crates: &[&str]) -> (String, Option<String>, Option<Caller>) {
    let mut own = stack.frames.iter().filter(|frame| crates.contains(&frame.krate()));
    if let Some(frame) = own.next() {
        let caller = frame.implements_std().then(|| own.find(|frame| !frame.implements_std()));
        let caller = caller
            .flatten()
            .map(|frame| Caller { function: frame.function(), place: frame.place() });
        return (frame.function(), frame.place(), caller);
    }
    if stack.frames.iter().all(Frame::is_nameless) {
        return (UNKNOWN.to_owned(), None, None);
    }
    let foreign = stack.frames.iter().find(|frame| !frame.is_plumbing());
    let name = foreign.map_or_else(|| "[std]".to_owned(), |frame| format!("[{}]", frame.krate()));
    (name, None, None)
}

/// The site of allocations whose stack has no function with a name.
const UNKNOWN: &str = "[unknown]";

/// Reads the text that dhat writes (version 2 of its format).
pub(crate) fn stacks(text: &str) -> Result<Vec<Stack>, serde_json::Error> {
    let DhatWire { pps, ftbl } = serde_json::from_str(text)?;
    let frames: Vec<Frame> = ftbl.iter().map(|text| Frame::parse(text)).collect();
    let mut stacks: Vec<Stack> = pps.into_iter().map(|point| point.stack(&frames)).collect();
    // dhat lists its points in the order of a hash table.
    stacks.sort_by(|a, b| a.frames.cmp(&b.frames));
    Ok(stacks)
}

#[derive(Deserialize)]
struct DhatWire {
    pps: Vec<PointWire>,
    ftbl: Vec<String>,
}

/// A stack in dhat's format: bytes and blocks in total (`t`), at the peak (`g`) and at the end (`e`); its
/// frames by their number in the table, innermost first.
#[derive(Serialize, Deserialize)]
pub(crate) struct PointWire {
    pub(crate) tb: u64,
    pub(crate) tbk: u64,
    pub(crate) gb: u64,
    pub(crate) gbk: u64,
    pub(crate) eb: u64,
    pub(crate) ebk: u64,
    pub(crate) fs: Vec<usize>,
}

impl PointWire {
    fn stack(self, table: &[Frame]) -> Stack {
        let usage = Usage {
            peak: Amount { bytes: self.gb, blocks: self.gbk },
            total: Amount { bytes: self.tb, blocks: self.tbk },
            end: Amount { bytes: self.eb, blocks: self.ebk },
        };
        Stack { usage, frames: self.fs.iter().filter_map(|&at| table.get(at).cloned()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, Caller, Profile, Stack, Usage};
    use crate::sites::frame::Frame;

    /// Of a derived `clone`, the line that matters is the one that called it, through as many other
    /// derived ones as there are.
    #[test]
    fn derived_function_has_its_caller() {
        let frames = [
            "alloc::vec::Vec<u8>::with_capacity (a.rs:1:1)",
            "<wire::Account as core::clone::Clone>::clone (w.rs:2:1)",
            "<hashbrown::Map as core::clone::Clone>::clone (h.rs:1:1)",
            "<wire::Index as core::clone::Clone>::clone (w.rs:3:1)",
            "wire::hour (w.rs:4:1)",
            "wire::main (w.rs:5:1)",
        ];
        let amount = Amount { bytes: 1, blocks: 1 };
        let stack = |frames: &[&str]| Stack {
            usage: Usage { peak: amount, total: amount, end: amount },
            frames: frames.iter().map(|frame| Frame::parse(frame)).collect(),
        };
        let profile = Profile::gather(&[stack(&frames), stack(&frames[4..])], &["wire"]);
        let caller = Caller { function: "wire::hour".to_owned(), place: Some("w.rs:4".to_owned()) };
        let of = |name: &str| profile.sites[name].caller.clone();
        assert_eq!(of("<wire::Account as core::clone::Clone>::clone"), Some(caller));
        assert_eq!(of("wire::hour"), None);
    }
}
