use std::sync::Mutex;

use proptest::prelude::*;

use super::truth::{Truth, outcome};
use super::{Escrow, Slot, Witness};
use crate::account::Account;
use crate::change::Change;
use crate::primitives::{SharedWord, SpinLock};
use crate::shared::Shared;
use crate::totals::Totals;

/// Few entries, so that stacks clash all the time.
const ENTRIES: usize = 8;
const STACKS: usize = 20;

struct Memory {
    totals: Totals<Shared>,
    slots: Vec<Slot<Shared, ENTRIES>>,
    accounts: Vec<Account<Shared>>,
}

impl Memory {
    fn new(slots: usize) -> Self {
        let whole = || Totals::<Shared>::default();
        Self {
            totals: whole(),
            slots: (0..slots).map(|_| Slot::default()).collect(),
            accounts: (0..STACKS).map(|_| Account::default()).collect(),
        }
    }

    fn escrow<W: Witness>(&self, witness: W) -> Escrow<'_, Shared, ENTRIES, W> {
        Escrow { totals: &self.totals, slots: &self.slots, accounts: &self.accounts, witness }
    }
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

/// One thread: allocates, resizes and frees, and exchanges blocks with the others. Sizes come
/// from a short list, so that equal peaks are common.
fn work<W: Witness>(
    escrow: &Escrow<'_, Shared, ENTRIES, W>,
    exchange: &Mutex<Vec<(u32, usize)>>,
    seed: u64,
    events: usize,
) {
    let mut dice = Dice(seed);
    let mut blocks: Vec<(u32, usize)> = Vec::new();
    let mut slot = escrow.take_slot();
    for at in 0..events {
        let growing = (at / 64) % 3 != 2;
        match dice.below(10) {
            0..5 if growing || blocks.is_empty() => {
                let block = (1 + dice.below(STACKS - 1) as u32, 16 << dice.below(4));
                escrow.record(slot, block.0, Change::allocated(block.1));
                blocks.push(block);
            }
            5 if !blocks.is_empty() => {
                let which = dice.below(blocks.len());
                let new_size = 16 << dice.below(4);
                let (stack, size) = blocks[which];
                escrow.record(slot, stack, Change::resized(size, new_size));
                blocks[which].1 = new_size;
            }
            6 if !blocks.is_empty() => {
                let block = blocks.swap_remove(0);
                exchange.lock().unwrap().push(block);
            }
            7 => {
                let block = exchange.lock().unwrap().pop();
                blocks.extend(block);
                std::thread::yield_now();
            }
            _ if !blocks.is_empty() => {
                let (stack, size) = blocks.swap_remove(dice.below(blocks.len()));
                escrow.record(slot, stack, Change::freed(size));
            }
            _ => {}
        }
        if dice.below(200) == 0 {
            // At that moment nothing is missing in the accounts.
            let live = |account: &Account<Shared>| account.settled().live_bytes;
            let books = escrow.at_one_moment(slot, || {
                let sum = escrow.accounts.iter().map(live).sum::<i64>();
                (sum, escrow.totals.peak().0 - escrow.totals.room())
            });
            assert!(books.is_some_and(|(sum, totals)| sum == totals), "{books:?}");
        }
        if dice.below(500) == 0 {
            slot.inspect(|slot| escrow.give_back(slot));
            slot = escrow.take_slot();
        }
    }
    slot.inspect(|slot| escrow.give_back(slot));
}

/// Races `threads` over so many slots; both oracles must agree to the byte.
fn race(threads: u64, slots: usize, seed: u64) {
    let (memory, one_lock) = (Memory::new(slots), Memory::new(0));
    let truth = Truth::new(STACKS);
    let second = one_lock.escrow(());
    let escrow = memory.escrow((&truth, second));
    let exchange = Mutex::default();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (escrow, exchange) = (&escrow, &exchange);
            scope.spawn(move || work(escrow, exchange, seed * 64 + thread, 8_000));
        }
    });
    let expected = truth.verdict();
    assert_eq!(outcome(&second), expected, "one lock, {threads} threads, seed {seed}");
    assert_eq!(outcome(&escrow), expected, "credits, {threads} threads, seed {seed}");
    let sum: i64 = expected.stacks.iter().map(|(at_peak, _)| at_peak.0).sum();
    assert_eq!(sum, expected.peak.0, "the stacks add up to the peak");
    assert!(expected.peak.0 > 0);
}

#[test]
fn racing_threads_agree_with_both_oracles() {
    for seed in 0..10 {
        for threads in [1, 2, 4, 8] {
            race(threads, 8, seed);
        }
    }
}

#[test]
fn threads_without_a_slot_agree_too() {
    for seed in 0..10 {
        race(4, 2, seed);
    }
}

/// A thread that never reaches its credit shares nothing: all is in its slot until it leaves.
#[test]
fn what_cannot_be_a_peak_is_kept() {
    let memory = Memory::new(2);
    let escrow = memory.escrow(());
    let [_other, slot] = [escrow.take_slot(), escrow.take_slot()];
    escrow.record(slot, 1, Change::allocated(100));
    escrow.record(slot, 1, Change::freed(100));
    // The peak is 100, and the free was kept: 100 B below a credit of 0.
    escrow.record(slot, 2, Change::allocated(10));
    escrow.record(slot, 3, Change::allocated(10));
    let settled = memory.accounts[3].settled();
    assert_eq!(settled.live_bytes, 0, "10 of 90 fit the credit");
    escrow.record(slot, 3, Change::allocated(79));
    assert_eq!(memory.accounts[3].settled().live_bytes, 0, "10 + 79 = 89 of 90 fit");
    escrow.record(slot, 3, Change::allocated(1));
    assert_eq!(memory.accounts[3].settled().live_bytes, 90, "10 + 79 + 1 = 90 do not");
    assert_eq!(outcome(&escrow).peak, (100, 4), "the latest of equal peaks");
}

/// What a thread enters while it is the only one is nowhere else, whatever its size.
#[test]
fn who_is_alone_keeps_nothing() {
    let memory = Memory::new(2);
    let escrow = memory.escrow(());
    let slot = escrow.take_slot();
    escrow.record(slot, 1, Change::allocated(100));
    escrow.record(slot, 1, Change::freed(100));
    escrow.record(slot, 2, Change::allocated(10));
    assert_eq!(memory.accounts[2].settled(), Change::allocated(10));
    assert_eq!(slot.map(|slot| slot.entries().count()), Some(0));
}

#[test]
fn nothing_gets_in_after_the_end() {
    let memory = Memory::new(2);
    let escrow = memory.escrow(());
    let slot = escrow.take_slot();
    escrow.record(slot, 1, Change::allocated(100));
    escrow.record(None, 2, Change::allocated(50));
    escrow.close();
    let before = outcome(&escrow);
    escrow.record(slot, 1, Change::freed(100));
    escrow.record(slot, 1, Change::allocated(1_000));
    escrow.record(None, 2, Change::freed(50));
    assert!(escrow.take_slot().is_none());
    assert_eq!(outcome(&escrow), before);
    assert_eq!(before.peak, (150, 2));
}

proptest! {
    /// One thread after the other on up to three slots, the only one of which is entered by right:
    /// any order of small events.
    #[test]
    fn any_sequence_agrees(
        taken in 1usize..=3,
        events in prop::collection::vec((0usize..4, 1u32..12, 1usize..6, 0usize..3), 1..200),
    ) {
        let memory = Memory::new(3);
        let truth = Truth::new(STACKS);
        let escrow = memory.escrow(&truth);
        let slots: Vec<_> = (0..taken).map(|_| escrow.take_slot()).chain([None]).collect();
        let mut blocks = Vec::new();
        for (slot, stack, size, kind) in events {
            let slot = slots[slot % slots.len()];
            match (kind, blocks.pop()) {
                (0, Some((stack, size))) => escrow.record(slot, stack, Change::freed(size)),
                (1, Some((stack, old))) => {
                    escrow.record(slot, stack, Change::resized(old, size));
                    blocks.insert(0, (stack, size));
                }
                (_, popped) => {
                    blocks.extend(popped);
                    escrow.record(slot, stack, Change::allocated(size));
                    blocks.push((stack, size));
                }
            }
        }
        prop_assert_eq!(outcome(&escrow), truth.verdict());
    }
}

#[test]
fn the_layout_is_that_of_the_file() {
    assert_eq!(size_of::<SharedWord>(), 8);
    assert_eq!(size_of::<SpinLock>(), 4);
    assert_eq!(size_of::<Account<Shared>>(), 64);
    assert_eq!(size_of::<Totals<Shared>>(), 2 * 128);
    // 1,024 entries of five words, five parts on lines of their own (one takes 160 B).
    assert_eq!(size_of::<Slot<Shared, 1_024>>(), 1_024 * 40 + 4 * 128 + 128);
}
