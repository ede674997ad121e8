//! The looks that the parent takes at a child while it waits for it: samples for a lens, and the
//! watch over its cap.

use std::time::{Duration, Instant};

use crate::measure::child::Task;
use crate::measure::measurement::Outcome;
use crate::measure::runaway::reclassify::Seen;
use crate::measure::runaway::watch::Watch;

/// Everybody who looks.
pub(crate) struct Lookout {
    #[cfg(target_os = "linux")]
    sampler: Option<Due<crate::measure::poll::sampler::Sampler>>,
    watch: Option<Due<Watch>>,
}

/// Somebody, and the time of the next look.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "nothing is there to look at"))]
struct Due<T> {
    who: T,
    at: Instant,
}

/// What comes of a look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// How long nobody needs to look again.
    pub(crate) next: Duration,
    /// Whether the child has to be killed.
    pub(crate) kill: bool,
}

impl Lookout {
    /// Over the child that was given `task`.
    ///
    /// # Errors
    /// When samples are asked for and cannot be taken.
    pub(crate) fn over(child: u32, task: &Task) -> std::io::Result<Self> {
        let watch = task.cap.as_ref().map(|cap| {
            let watch = Watch::over(child, cap, task.lens);
            Due { at: Instant::now() + watch.period(), who: watch }
        });
        #[cfg(target_os = "linux")]
        let sampler = {
            let sampler = || crate::measure::poll::sampler::Sampler::of(child, task.needs.children);
            let sampler = task.needs.sampled.then(sampler).transpose()?;
            sampler.map(|sampler| Due { at: Instant::now(), who: sampler })
        };
        Ok(Self {
            #[cfg(target_os = "linux")]
            sampler,
            watch,
        })
    }

    /// Has everybody look whose time it is.
    #[cfg(target_os = "linux")]
    pub(crate) fn look(&mut self) -> Look {
        let now = Instant::now();
        let mut look = Look { next: Duration::MAX, kill: false };
        if let Some(Due { who, at }) = &mut self.sampler {
            if *at <= now {
                *at = now + who.look();
            }
            look.next = look.next.min(at.saturating_duration_since(now));
        }
        if let Some(Due { who, at }) = &mut self.watch {
            if *at <= now {
                look.kill = who.look();
                *at = now + who.period();
            }
            look.next = look.next.min(at.saturating_duration_since(now));
        }
        look
    }

    /// Puts the samples to the figures of the child.
    #[cfg(target_os = "linux")]
    pub(crate) fn complete(&self, mut outcome: Outcome) -> Outcome {
        if let (Outcome::Measured(run), Some(sampler)) = (&mut outcome, &self.sampler)
            && let Ok(process) = &mut run.process
        {
            sampler.who.complete(process);
        }
        outcome
    }

    /// Nobody takes samples here.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn complete(&self, outcome: Outcome) -> Outcome {
        outcome
    }

    /// What the watch saw.
    pub(crate) fn seen(&self) -> Option<Seen> {
        self.watch.as_ref().map(|watch| watch.who.seen())
    }
}
