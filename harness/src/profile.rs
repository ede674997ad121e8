//! A profile: which function of the user's own crates held how much.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::frame::Frame;

/// Bytes and blocks of one account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Bytes that were asked for.
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

/// What one call site, or all of them together, took from the allocator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Live at the moment when the whole program held the most bytes.
    pub peak: Amount,
    /// Allocated in all; here a reallocation is one more block of its whole new size, as dhat
    /// counts it.
    pub total: Amount,
    /// Still live when the work had returned.
    pub end: Amount,
}

impl Held {
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
    /// What was allocated there.
    pub held: Held,
    /// The frames, inlined ones included.
    pub frames: Vec<Frame>,
}

/// A function of the user's own crates, and where in it the allocation was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// What was allocated under this name.
    pub held: Held,
    /// File and line of the largest of its stacks, as the debug information has them.
    pub place: Option<String>,
}

/// All sites of a run, by name, and their sum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The sum over all sites.
    pub whole: Held,
    /// The sites, sorted by name.
    pub sites: BTreeMap<String, Site>,
}

impl Profile {
    /// Gathers stacks under the innermost function that belongs to one of `crates`. A stack that
    /// never passes through them goes under the crate that allocated, in brackets.
    pub fn gather(stacks: &[Stack], crates: &[&str]) -> Self {
        let mut profile = Self::default();
        let mut largest = BTreeMap::<String, u64>::new();
        for stack in stacks {
            let (name, place) = name_of(stack, crates);
            profile.whole.add(&stack.held);
            let site = profile
                .sites
                .entry(name.clone())
                .or_insert(Site { held: Held::default(), place: None });
            site.held.add(&stack.held);
            let record = largest.entry(name).or_default();
            if site.place.is_none() || stack.held.total.bytes > *record {
                *record = stack.held.total.bytes;
                site.place = place;
            }
        }
        profile
    }
}

fn name_of(stack: &Stack, crates: &[&str]) -> (String, Option<String>) {
    let own = stack.frames.iter().find(|frame| crates.contains(&frame.krate()));
    if let Some(frame) = own {
        return (frame.function(), frame.place());
    }
    if stack.frames.is_empty() {
        return ("[unknown]".to_owned(), None);
    }
    let foreign = stack.frames.iter().find(|frame| !frame.is_plumbing());
    (foreign.map_or_else(|| "[std]".to_owned(), |frame| format!("[{}]", frame.krate())), None)
}

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

#[derive(Deserialize)]
struct PointWire {
    tb: u64,
    tbk: u64,
    gb: u64,
    gbk: u64,
    eb: u64,
    ebk: u64,
    fs: Vec<usize>,
}

impl PointWire {
    fn stack(self, table: &[Frame]) -> Stack {
        let held = Held {
            peak: Amount { bytes: self.gb, blocks: self.gbk },
            total: Amount { bytes: self.tb, blocks: self.tbk },
            end: Amount { bytes: self.eb, blocks: self.ebk },
        };
        Stack { held, frames: self.fs.iter().filter_map(|&at| table.get(at).cloned()).collect() }
    }
}
