//! What the parent polls while it waits for a child: a sampler of its memory where a budget needs
//! one, and the watch over its cap.

use std::time::{Duration, Instant};

use crate::measure::child::Task;
use crate::measure::measurement::Outcome;
use crate::measure::runaway::reclassify::Seen;
use crate::measure::runaway::watch::Watch;

/// The sampler and the watch of one child.
pub(crate) struct Poller {
    #[cfg(target_os = "linux")]
    sampler: Option<Scheduled<super::sampler::Sampler>>,
    watch: Option<Scheduled<Watch>>,
}

/// One of them, and when it is due.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no memory is read there"))]
struct Scheduled<T> {
    poller: T,
    due: Instant,
}

/// The result of a poll.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Poll {
    /// How long until the next poll is due.
    pub(crate) next: Duration,
    /// Whether the child has to be killed.
    pub(crate) kill: bool,
}

impl Poller {
    /// Polls the child that runs `task`.
    ///
    /// # Errors
    /// When a budget needs samples, and none can be taken.
    pub(crate) fn of(child: u32, task: &Task) -> std::io::Result<Self> {
        let watch = task.cap.as_ref().map(|cap| {
            let watch = Watch::over(child, cap, task.mode);
            Scheduled { due: Instant::now() + watch.period(), poller: watch }
        });
        #[cfg(target_os = "linux")]
        let sampler = {
            let sampler = || super::sampler::Sampler::of(child, task.probes.children);
            let sampler = task.probes.sampled.then(sampler).transpose()?;
            sampler.map(|sampler| Scheduled { due: Instant::now(), poller: sampler })
        };
        Ok(Self {
            #[cfg(target_os = "linux")]
            sampler,
            watch,
        })
    }

    /// Polls whatever is due.
    #[cfg(target_os = "linux")]
    pub(crate) fn poll(&mut self) -> Poll {
        let now = Instant::now();
        let mut poll = Poll { next: Duration::MAX, kill: false };
        if let Some(Scheduled { poller, due }) = &mut self.sampler {
            if *due <= now {
                *due = now + poller.sample();
            }
            poll.next = poll.next.min(due.saturating_duration_since(now));
        }
        if let Some(Scheduled { poller, due }) = &mut self.watch {
            if *due <= now {
                poll.kill = poller.poll();
                *due = now + poller.period();
            }
            poll.next = poll.next.min(due.saturating_duration_since(now));
        }
        poll
    }

    /// Adds the samples to the figures of the child.
    #[cfg(target_os = "linux")]
    pub(crate) fn complete(&self, mut outcome: Outcome) -> Outcome {
        if let (Outcome::Measured(run), Some(sampler)) = (&mut outcome, &self.sampler)
            && let Ok(process) = &mut run.process
        {
            sampler.poller.complete(process);
        }
        outcome
    }

    /// No samples are taken here.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn complete(&self, outcome: Outcome) -> Outcome {
        outcome
    }

    /// The readings of the watch, in all.
    pub(crate) fn seen(&self) -> Option<Seen> {
        self.watch.as_ref().map(|watch| watch.poller.seen())
    }
}
