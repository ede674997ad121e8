//! The steps that a program comes down to. Whatever was chosen, there are some: each choice means
//! something among the threads and blocks that are there.

use super::program::{Choice, DEEP, Program, THROUGH_C};

/// One step, and the thread that takes it. Thread 0 is the main one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) thread: usize,
    pub(crate) act: Act,
}

/// `turn` counts the steps that a block has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Make {
        block: usize,
        kind: u8,
        size: usize,
        path: u8,
    },
    Resize {
        block: usize,
        turn: usize,
        size: usize,
        same: bool,
    },
    Free {
        block: usize,
        turn: usize,
    },
    /// Leaves the block to the destructors of the thread.
    Leave {
        block: usize,
        turn: usize,
    },
    Unwind {
        size: usize,
    },
    ThroughC {
        size: usize,
    },
    Deep {
        size: usize,
        levels: u8,
    },
    /// Once so many threads have been joined: with more than eleven at one time, a map that the
    /// standard library keeps of them takes more blocks, now and then.
    Start {
        thread: usize,
        joined: usize,
    },
    /// The thread's last step; the next one of the program is that another thread joins it.
    End,
    Join {
        thread: usize,
    },
}

/// What a program comes down to.
pub(crate) struct Steps {
    pub(crate) all: Vec<Step>,
    /// How many of them come before the recording opens.
    pub(crate) before: usize,
    pub(crate) blocks: usize,
    pub(crate) threads: usize,
}

impl Steps {
    pub(crate) fn of(program: &Program) -> Self {
        let mut cast = Cast { alive: vec![0], threads: 1, blocks: Vec::new(), made: 0 };
        let (mut all, mut before) = (Vec::new(), 0);
        for (at, choice) in program.choices.iter().enumerate() {
            all.extend(cast.steps(choice, program));
            if at < program.before {
                before = all.len();
            }
        }
        Self { all, before, blocks: cast.made, threads: cast.threads }
    }
}

/// What is there while choices are turned into steps.
struct Cast {
    alive: Vec<usize>,
    threads: usize,
    /// Blocks and the steps that each has seen.
    blocks: Vec<(usize, usize)>,
    made: usize,
}

impl Cast {
    fn steps(&mut self, choice: &Choice, program: &Program) -> Vec<Step> {
        let thread = self.alive[choice.thread as usize % self.alive.len()];
        let size = choice.size as usize;
        let one = |act| vec![Step { thread, act }];
        match choice.what {
            0 | 1 if self.alive.len() < program.threads => {
                self.threads += 1;
                self.alive.push(self.threads - 1);
                let joined = self.threads - self.alive.len();
                one(Act::Start { thread: self.threads - 1, joined })
            }
            2 if self.alive.len() > 1 => {
                let others = self.alive.len() - 1;
                let ended = self.alive.remove(1 + choice.block as usize % others);
                let joins = self.alive[choice.thread as usize % others];
                let end = Step { thread: ended, act: Act::End };
                vec![end, Step { thread: joins, act: Act::Join { thread: ended } }]
            }
            3 => one(Act::Unwind { size }),
            THROUGH_C => one(Act::ThroughC { size }),
            DEEP => one(Act::Deep { size, levels: choice.path }),
            what if (4..11).contains(&what) && !self.blocks.is_empty()
                || self.blocks.len() >= program.most =>
            {
                let at = choice.block as usize % self.blocks.len();
                let (block, turn) = self.blocks[at];
                self.blocks[at].1 += 1;
                if (4..7).contains(&what) {
                    return one(Act::Resize {
                        block,
                        turn,
                        size,
                        same: choice.path.is_multiple_of(4),
                    });
                }
                self.blocks.swap_remove(at);
                one(if what == 7 { Act::Leave { block, turn } } else { Act::Free { block, turn } })
            }
            _ => {
                self.made += 1;
                self.blocks.push((self.made - 1, 1));
                one(Act::Make { block: self.made - 1, kind: choice.kind, size, path: choice.path })
            }
        }
    }
}
