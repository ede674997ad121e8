use super::{Probe, Table};
use crate::fault::Fault;
use crate::fingerprint::Fingerprint;
use crate::limits::{self, Limits};
use crate::map::Map;
use crate::tag::UNPLACED;

fn map(limits: &Limits) -> Map {
    let file = tempfile::tempfile().unwrap();
    file.set_len(limits.file_bytes().unwrap() as u64).unwrap();
    let map = Map::shared(&file).unwrap();
    map.header().write(limits);
    map
}

fn number(table: &Table<'_>, addresses: &[u64]) -> u32 {
    table.number_of(addresses.iter().copied(), limits::MOST_FRAMES)
}

#[test]
fn a_stack_keeps_its_number_and_its_frames() {
    let limits = Limits { stacks: 3, frames: 6, ..Limits::default() };
    let map = map(&limits);
    let table = map.table(&limits);
    assert_eq!(number(&table, &[7, 8]), 2);
    assert_eq!(number(&table, &[7, 8, 9]), 3);
    assert_eq!(number(&table, &[7, 8]), 2);
    assert_eq!(table.frames_of(3).collect::<Vec<_>>(), [7, 8, 9]);
    assert_eq!(table.frames_of(99).count(), 0);
}

#[test]
fn one_half_of_a_fingerprint_is_not_enough() {
    let limits = Limits { stacks: 4, frames: 4, ..Limits::default() };
    let map = map(&limits);
    let table = map.table(&limits);
    let stacks = [(7, 1), (7, 2), (15, 1), (7, 1)];
    let numbers = stacks.map(|(first, second)| {
        let fingerprint = Fingerprint { first, second };
        match table.probe(fingerprint) {
            Some(Probe::Found(number)) => number,
            _ => table.insert([first].into_iter(), fingerprint),
        }
    });
    assert_eq!(numbers, [2, 3, 4, 2]);
}

#[test]
fn a_full_table_says_so() {
    let limits = Limits { stacks: 2, frames: 4, ..Limits::default() };
    let map = map(&limits);
    let table = map.table(&limits);
    assert_eq!(number(&table, &[1]), 2);
    assert_eq!(number(&table, &[1, 2, 3, 4]), UNPLACED);
    assert_eq!(number(&table, &[2]), 3);
    assert_eq!([number(&table, &[3]), number(&table, &[4])], [UNPLACED; 2]);
    assert_eq!(number(&table, &[1]), 2);
    assert_eq!(
        Fault::of(map.header()),
        [Fault::StacksFull { events: 2 }, Fault::FramesFull { events: 1 }]
    );
}

/// A binary recursion has a stack for each of 2¹² paths; beyond three quarters of the room they
/// become the four ways to come by one of two calls, or by both.
#[test]
fn recursion_does_not_fill_the_table() {
    let limits = Limits { stacks: 1 << 11, ..Limits::default() };
    let map = map(&limits);
    let table = map.table(&limits);
    let paths = (0..1u64 << 12).map(|path| {
        let calls = (0..12).map(|level| 7 + (path >> level & 1));
        [1].into_iter().chain(calls).chain([9]).collect::<Vec<u64>>()
    });
    let numbers: Vec<u32> = paths.map(|path| number(&table, &path)).collect();
    // Three quarters of 2,050 numbers are 1,538, the first of which is unused.
    let folded = numbers[1_537..].iter().map(|&number| table.frames_of(number).collect());
    let mut different: Vec<Vec<u64>> = folded.collect();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different, [vec![1, 7, 8, 9], vec![1, 8, 7, 9], vec![1, 8, 9]]);
    assert_eq!(Fault::of(map.header()), [Fault::Folded { stacks: 3 }]);
}

/// What the guide says of a program with 2,000 stacks.
#[cfg(target_os = "linux")]
#[test]
fn two_thousand_stacks_take_four_megabytes() {
    use rustix::fs::{MemfdFlags, memfd_create};

    let limits = Limits::default();
    let file: std::fs::File = memfd_create("tables", MemfdFlags::CLOEXEC).unwrap().into();
    file.set_len(limits.file_bytes().unwrap() as u64).unwrap();
    let map = Map::shared(&file).unwrap();
    map.header().write(&limits);
    let table = map.table(&limits);
    (0..2_000).for_each(|at| _ = number(&table, &[at; 24]));
    // 1,024 pages of buckets, of which 1 - (1 - 1/1024)^2000 = 86 % are used: 3.6 MB; frames and
    // records take 0.4 MB.
    let bytes = crate::system::bytes_in_memory(&file);
    assert!((3_900_000..4_100_000).contains(&bytes), "{bytes}");
}

#[test]
fn racing_threads_agree_on_the_numbers() {
    let limits = Limits { stacks: 500, frames: 1_500, ..Limits::default() };
    let map = map(&limits);
    let table = map.table(&limits);
    let run = || (0..500).map(|at| number(&table, &[at, at * at, 1])).collect::<Vec<_>>();
    let all: Vec<Vec<u32>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(all.iter().all(|numbers| *numbers == all[0]));
    let mut sorted = all[0].clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (2..502).collect::<Vec<_>>());
}
