//! What dhat and we say of a program, by call site: the return addresses in [`sites`], as offsets
//! from a place in the code that both processes know. Both run the same binary, so equal chains
//! are the same calls in the source; dhat's text gives their names.
//!
//! [`sites`]: super::sites

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use plimsoll_recorder::{Amount, Recording, Usage};
use serde_json::Value;

/// Return addresses, innermost first. Empty for what never passed through a site.
type Chain = Vec<i64>;

/// The account of every chain.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Chains(pub(crate) BTreeMap<Chain, Usage>);

/// Names of return addresses, of which the sites' are marked.
pub(crate) struct Names {
    names: BTreeMap<i64, String>,
    sites: BTreeSet<i64>,
}

fn sum(into: &mut Usage, held: Usage) {
    for (into, held) in
        [(&mut into.peak, held.peak), (&mut into.total, held.total), (&mut into.end, held.end)]
    {
        into.bytes += held.bytes;
        into.blocks += held.blocks;
    }
}

impl Names {
    /// Reads dhat's table of frames: `0x55d0…: differential::sites::raw (sites.rs:1:2)`, the
    /// inlined ones with the address of the function that they were inlined into.
    fn read(frames: &[&str], anchor: u64) -> Self {
        let mut names = Self { names: BTreeMap::new(), sites: BTreeSet::new() };
        for frame in frames {
            let Some((address, name)) = frame.split_once(": ") else { continue };
            let offset = offset_of(address, anchor);
            if name.contains("differential::sites::") {
                names.sites.insert(offset);
                names.names.insert(offset, name.to_owned());
            }
        }
        names
    }

    /// The part of a stack from the innermost site to the outermost, with whatever lies between:
    /// a frame too many or too few there makes another chain.
    fn chain(&self, stack: &[i64]) -> Chain {
        let is_site = |offset: &i64| self.sites.contains(offset);
        let first = stack.iter().position(is_site);
        let last = stack.iter().rposition(is_site);
        first.zip(last).map_or_else(Vec::new, |(first, last)| stack[first..=last].to_vec())
    }

    fn describe(&self, chain: &[i64]) -> String {
        let name = |offset: &i64| self.names.get(offset).map_or("?", String::as_str);
        let names: Vec<String> =
            chain.iter().map(|offset| format!("{offset:#x} {}", name(offset))).collect();
        if names.is_empty() { "outside all sites".to_owned() } else { names.join("\n    <- ") }
    }
}

fn offset_of(address: &str, anchor: u64) -> i64 {
    let digits = address.strip_prefix("0x").unwrap();
    u64::from_str_radix(digits, 16).unwrap().wrapping_sub(anchor) as i64
}

/// A function and what was inlined into it are several frames of dhat's with one address; a
/// recursion has the first of them again.
fn stack_of(frames: &[&str], anchor: u64) -> Vec<i64> {
    let (mut stack, mut first) = (Vec::new(), "");
    for frame in frames {
        let Some((address, _)) = frame.split_once(": ") else { continue };
        let offset = offset_of(address, anchor);
        if stack.last() != Some(&offset) || *frame == first {
            stack.push(offset);
            first = frame;
        }
    }
    stack
}

/// Reads the text that dhat wrote in a process whose anchor lay there.
pub(crate) fn of_dhat(text: &str, anchor: u64) -> (Chains, Names) {
    let read: Value = serde_json::from_str(text).unwrap();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let table = list(&read["ftbl"]);
    let table: Vec<&str> = table.iter().map(|frame| frame.as_str().unwrap()).collect();
    let names = Names::read(&table, anchor);
    let mut chains = Chains::default();
    for point in list(&read["pps"]) {
        let number = |key: &str| point[key].as_u64().unwrap();
        let amount = |bytes, blocks| Amount { bytes: number(bytes), blocks: number(blocks) };
        let held = Usage {
            peak: amount("gb", "gbk"),
            total: amount("tb", "tbk"),
            end: amount("eb", "ebk"),
        };
        let frames = list(&point["fs"]);
        let frames: Vec<&str> =
            frames.iter().map(|at| table[at.as_u64().unwrap() as usize]).collect();
        sum(chains.0.entry(names.chain(&stack_of(&frames, anchor))).or_default(), held);
    }
    (chains, names)
}

/// The same of our recording.
pub(crate) fn of_ours(recording: &Recording, anchor: u64, names: &Names) -> Chains {
    let mut chains = Chains::default();
    for stack in &recording.stacks {
        let offsets: Vec<i64> =
            stack.frames.iter().map(|frame| frame.wrapping_sub(anchor) as i64).collect();
        sum(chains.0.entry(names.chain(&offsets)).or_default(), stack.usage);
    }
    chains
}

impl Chains {
    /// Without the figures that depend on the order of the threads.
    pub(crate) fn without_peaks(mut self) -> Self {
        self.0.values_mut().for_each(|held| held.peak = Amount::default());
        self
    }

    /// By so many innermost addresses alone.
    pub(crate) fn innermost(&self, count: usize) -> Self {
        let mut short = Self::default();
        for (chain, held) in &self.0 {
            sum(short.0.entry(chain.iter().take(count).copied().collect()).or_default(), *held);
        }
        short
    }

    pub(crate) fn totals(&self) -> Usage {
        let mut totals = Usage::default();
        self.0.values().for_each(|held| sum(&mut totals, *held));
        totals
    }

    /// Every site of which the two do not say the same.
    pub(crate) fn against(&self, ours: &Self, names: &Names) -> String {
        let mut differences = String::new();
        let chains: BTreeSet<&Chain> = self.0.keys().chain(ours.0.keys()).collect();
        for chain in chains {
            let (dhat, ours) = (self.0.get(chain), ours.0.get(chain));
            if dhat != ours {
                let name = names.describe(chain);
                writeln!(differences, "{name}\n  dhat: {dhat:?}\n  ours: {ours:?}").unwrap();
            }
        }
        differences
    }
}
