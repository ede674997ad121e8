//! Programs as they are generated, sent to a child, and printed when they fail.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use proptest::prelude::*;

use super::steps::Steps;

/// How the threads of a program go on beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// One step at a time, in the order of the program.
    LockStep,
    /// Each as fast as it can. Only who needs a block waits until the step before has let it go,
    /// so that every block has one history in every order of the threads.
    Racing,
}

/// Some of what [`Choice::what`] says: a thread more, one less, a block less, one more.
pub(crate) const START: u8 = 0;
pub(crate) const END: u8 = 2;
pub(crate) const FREE: u8 = 8;
pub(crate) const MAKE: u8 = 15;
/// Beside the generated sixteen: a block by way of the C library.
pub(crate) const THROUGH_C: u8 = 16;
/// A block below as many calls as [`Choice::path`] says.
pub(crate) const DEEP: u8 = 17;

/// Numbers that [`Steps::of`] gives a meaning to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) what: u8,
    pub(crate) thread: u8,
    pub(crate) block: u16,
    pub(crate) kind: u8,
    pub(crate) size: u32,
    pub(crate) path: u8,
}

/// A generated program.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) pace: Pace,
    /// The most threads at one time.
    pub(crate) threads: usize,
    /// Choices that are carried out before the recording opens.
    pub(crate) before: usize,
    /// The most blocks at one time. With few, of few sizes, the whole stands at its peak again
    /// and again.
    pub(crate) most: usize,
    pub(crate) choices: Vec<Choice>,
}

/// The largest is one that the C library maps.
const SIZES: [u32; 10] = [1, 8, 64, 64, 64, 100, 256, 1_000, 4_096, 150_000];

/// For programs with few blocks, which then come to the same sum in several ways.
const EVEN_SIZES: [u32; 3] = [32, 64, 128];

/// Programs of that pace with so many threads at most.
pub(crate) fn programs(pace: Pace, threads: usize) -> impl Strategy<Value = Program> {
    // The first four kinds take their request, in one block.
    let motley = choices(0..16, 0..super::sites::KINDS, &SIZES);
    let even = choices(4..16, 0..4, &EVEN_SIZES);
    let begin = choices(0..16, 0..4, &EVEN_SIZES);
    let even = (begin, even, 1usize..8).prop_map(|(mut begin, even, most)| {
        begin.truncate(30);
        ([begin, even].concat(), most)
    });
    prop_oneof![motley.prop_map(|choices| (choices, usize::MAX)), even]
        .prop_flat_map(|(choices, most)| (Just(choices), Just(most), 0usize..60))
        .prop_map(move |(choices, most, before)| Program { pace, threads, before, most, choices })
}

fn choices(
    whats: Range<u8>,
    kinds: Range<u8>,
    sizes: &'static [u32],
) -> impl Strategy<Value = Vec<Choice>> {
    let size = prop::sample::select(sizes);
    let choice = (whats, any::<u8>(), any::<u16>(), kinds, size, any::<u8>());
    let choice = choice.prop_map(|(what, thread, block, kind, size, path)| Choice {
        what,
        thread,
        block,
        kind,
        size,
        path,
    });
    prop::collection::vec(choice, 1..250)
}

/// As numbers, the form that a child reads.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let racing = u8::from(self.pace == Pace::Racing);
        write!(f, "{racing} {} {} {}", self.threads, self.before, self.most)?;
        self.choices.iter().try_for_each(|Choice { what, thread, block, kind, size, path }| {
            write!(f, " {what} {thread} {block} {kind} {size} {path}")
        })
    }
}

impl FromStr for Program {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        let choice = |part: &[u64]| Choice {
            what: part[0] as u8,
            thread: part[1] as u8,
            block: part[2] as u16,
            kind: part[3] as u8,
            size: part[4] as u32,
            path: part[5] as u8,
        };
        Ok(Self {
            pace: if numbers[0] == 0 { Pace::LockStep } else { Pace::Racing },
            threads: numbers[1] as usize,
            before: numbers[2] as usize,
            most: numbers[3] as usize,
            choices: numbers[4..].chunks(6).map(choice).collect(),
        })
    }
}

/// What a failure shows: the steps.
impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Steps { all, before, .. } = Steps::of(self);
        writeln!(f, "{:?}, the recording opens after {before} steps:", self.pace)?;
        all.iter().try_for_each(|step| writeln!(f, "  {} {:?}", step.thread, step.act))?;
        write!(f, "as numbers: {self}")
    }
}
