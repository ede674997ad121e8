//! Carries a program out, thread by thread. What the stage itself needs is there before the
//! recording opens, so that all that is recorded is the program's.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::program::Pace;
use super::sites::{self, Block};
use super::steps::{Act, Step, Steps};

/// A block on its way from one thread to the next.
#[derive(Default)]
struct Place {
    block: Mutex<Option<Block>>,
    /// Steps that the block has seen.
    turn: AtomicUsize,
}

#[derive(Default)]
struct Member {
    handle: Mutex<Option<JoinHandle<()>>>,
    /// It has begun, and what the standard library does for that is over.
    began: AtomicBool,
}

/// All that the threads share.
pub(crate) struct Stage {
    pace: Pace,
    steps: Vec<Step>,
    before: usize,
    places: Vec<Place>,
    members: Vec<Member>,
    done: AtomicUsize,
    joined: AtomicUsize,
    open: AtomicBool,
    closed: AtomicBool,
}

/// Without a block from the allocator.
fn wait(until: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if until() {
            return;
        }
        thread::yield_now();
    }
    while !until() {
        thread::sleep(Duration::from_micros(100));
    }
}

impl Stage {
    pub(crate) fn new(pace: Pace, steps: Steps) -> Self {
        let Steps { all, before, blocks, threads } = steps;
        Self {
            pace,
            steps: all,
            before,
            places: (0..blocks).map(|_| Place::default()).collect(),
            members: (0..threads).map(|_| Member::default()).collect(),
            done: AtomicUsize::new(0),
            joined: AtomicUsize::new(0),
            open: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    /// The main thread's part: it opens and closes the recording between the steps.
    #[inline(never)]
    pub(crate) fn run<T>(&'static self, open: impl FnOnce() -> T, close: impl FnOnce(T)) {
        self.play(0, 0..self.before);
        wait(|| self.done.load(Ordering::SeqCst) == self.before);
        let recording = open();
        self.open.store(true, Ordering::SeqCst);
        self.play(0, self.before..self.steps.len());
        wait(|| self.done.load(Ordering::SeqCst) == self.steps.len());
        close(recording);
        self.closed.store(true, Ordering::SeqCst);
        for member in &self.members {
            let handle = member.handle.lock().unwrap().take();
            handle.into_iter().for_each(|handle| handle.join().unwrap());
        }
    }

    /// Takes the steps of one thread, up to its end.
    #[inline(never)]
    fn play(&'static self, thread: usize, range: std::ops::Range<usize>) {
        for at in range {
            let Step { thread: actor, act } = self.steps[at];
            if actor == thread {
                self.wait_for_turn(at, act);
                self.act(act);
                self.done.fetch_add(1, Ordering::SeqCst);
                if act == Act::End {
                    return;
                }
            }
        }
        if thread != 0 {
            wait(|| self.closed.load(Ordering::SeqCst));
        }
    }

    fn wait_for_turn(&self, at: usize, act: Act) {
        wait(|| at < self.before || self.open.load(Ordering::SeqCst));
        if self.pace == Pace::LockStep || at < self.before {
            return wait(|| self.done.load(Ordering::SeqCst) == at);
        }
        match act {
            Act::Resize { block, turn, .. }
            | Act::Free { block, turn }
            | Act::Leave { block, turn } => {
                wait(|| self.places[block].turn.load(Ordering::SeqCst) == turn);
            }
            Act::Start { joined, .. } => {
                wait(|| self.joined.load(Ordering::SeqCst) >= joined);
            }
            Act::Join { thread } => {
                wait(|| self.members[thread].began.load(Ordering::SeqCst));
                wait(|| self.members[thread].handle.lock().unwrap().is_some());
            }
            _ => {}
        }
    }

    #[inline(never)]
    fn act(&'static self, act: Act) {
        match act {
            Act::Make { block, kind, size, path } => {
                self.put(block, sites::make(kind, size, path));
            }
            Act::Resize { block, size, same, .. } => {
                let mut held = self.take(block);
                held.resize(size, same);
                self.put(block, held);
            }
            Act::Free { block, .. } => drop(self.take(block)),
            Act::Leave { block, .. } => sites::leave(self.take(block)),
            Act::Unwind { size } => sites::unwind(size),
            Act::ThroughC { size } => sites::through_c(size),
            Act::Deep { size, levels } => sites::deep(size, levels),
            Act::Start { thread, .. } => self.start(thread),
            Act::End => {}
            Act::Join { thread } => {
                let handle = self.members[thread].handle.lock().unwrap().take();
                handle.unwrap().join().unwrap();
                self.joined.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    /// Returns once the new thread has begun, so that in lock-step nothing else goes on meanwhile.
    fn start(&'static self, thread: usize) {
        let member = &self.members[thread];
        let handle = sites::spawn(move || {
            member.began.store(true, Ordering::SeqCst);
            self.play(thread, 0..self.steps.len());
        });
        *member.handle.lock().unwrap() = Some(handle);
        wait(|| member.began.load(Ordering::SeqCst));
    }

    fn take(&self, block: usize) -> Block {
        self.places[block].block.lock().unwrap().take().unwrap()
    }

    fn put(&self, block: usize, held: Block) {
        *self.places[block].block.lock().unwrap() = Some(held);
        self.places[block].turn.fetch_add(1, Ordering::SeqCst);
    }
}
