//! Looks at a child's memory again and again, from the thread of the parent that waits for it.
//!
//! The parent and not a thread of the child: so it takes no part in the child's processor time,
//! its memory and its scheduling, and needs no memory in the window.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::measure::probe::process::{Process, Sampled, now, tree};

/// What was resident at one moment, the lenses' own memory included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Nanoseconds of the system's monotonic clock.
    at: u64,
    anonymous: u64,
    /// Pages of files, and shared ones.
    others: u64,
}

/// The looks at one child.
#[derive(Debug)]
pub(crate) struct Sampler {
    pid: u32,
    /// Whether the processes below it count.
    children: bool,
    statm: File,
    started: Instant,
    looks: Vec<Look>,
}

impl Sampler {
    /// Looks at the process, and at those below it if `children` count.
    pub(crate) fn of(pid: u32, children: bool) -> io::Result<Self> {
        let statm = File::open(tree::folder(pid).join("statm"))?;
        Ok(Self { pid, children, statm, started: Instant::now(), looks: Vec::new() })
    }

    /// Takes a look, and says how long to wait for the next: five milliseconds during the first
    /// fifty seconds, then a ten-thousandth of the run, at most a tenth of a second; and longer where
    /// looking takes longer. So it costs less than a hundredth of a processor.
    pub(crate) fn look(&mut self) -> Duration {
        let (began, spent) = (Instant::now(), thread_cpu_time());
        let at = now();
        if let Some((anonymous, others)) = self.pages() {
            let page = rustix::param::page_size() as u64;
            self.looks.push(Look { at, anonymous: anonymous * page, others: others * page });
        }
        let by_length = (began - self.started) / 10_000;
        by_length
            .clamp(Duration::from_millis(5), Duration::from_millis(100))
            .max(thread_cpu_time().saturating_sub(spent) * 200)
    }

    /// Anonymous pages and others of all that counts.
    fn pages(&self) -> Option<(u64, u64)> {
        let mut sum = pages(&self.statm)?;
        if self.children {
            for pid in tree::descendants(self.pid) {
                // It may have ended since.
                let file = File::open(tree::folder(pid).join("statm"));
                if let Some((anonymous, others)) = file.ok().as_ref().and_then(pages) {
                    sum = (sum.0 + anonymous, sum.1 + others);
                }
            }
        }
        Some(sum)
    }

    /// Puts what was seen to the figures that the child itself read.
    pub(crate) fn complete(&self, process: &mut Process) {
        complete(process, &self.looks, self.children);
    }
}

fn thread_cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Of `statm`: resident pages, and those of them that are of files or shared.
fn pages(statm: &File) -> Option<(u64, u64)> {
    let mut text = [0u8; 128];
    let length = statm.read_at(&mut text, 0).ok()?;
    let mut numbers = std::str::from_utf8(&text[..length]).ok()?.split_whitespace().skip(1);
    let mut number = || numbers.next()?.parse::<u64>().ok();
    let (resident, others) = (number()?, number()?);
    Some((resident.saturating_sub(others), others))
}

fn complete(process: &mut Process, looks: &[Look], children: bool) {
    let window = process.window;
    let inside = looks.iter().filter(|look| (window.opened..=window.closed).contains(&look.at));
    let (mut seen, mut peak) = (process.end.anonymous, process.peak_rss);
    let others = |file: u64, shmem: u64| file + shmem;
    let mut fewest_others = others(process.start.file, process.start.shmem)
        .min(others(process.end.file, process.end.shmem));
    let (mut samples, mut longest_gap, mut last) = (0, 0, window.opened);
    for look in inside {
        let anonymous = look.anonymous.saturating_sub(window.own_anonymous);
        let others = look.others.saturating_sub(window.own_shmem);
        seen = seen.max(anonymous);
        fewest_others = fewest_others.min(others);
        peak = peak.max(anonymous + others);
        samples += 1;
        longest_gap = longest_gap.max(look.at - last);
        last = look.at;
    }
    longest_gap = longest_gap.max(window.closed.saturating_sub(last));
    if children {
        process.peak_rss = peak;
    }
    process.peak_anonymous = Some(Sampled {
        seen,
        at_most: (!children).then(|| seen.max(process.peak_rss.saturating_sub(fewest_others))),
        samples,
        longest_gap: longest_gap as f64 / 1e9,
    });
}

#[cfg(test)]
mod tests {
    use super::{Look, complete};
    use crate::measure::probe::process::{Process, Resident, Sampled, Window};

    /// The work ran from 10 to 40 ms; the lenses held 100 B of it, and 50 B of shared memory.
    fn process() -> Process {
        Process {
            start: Resident { anonymous: 1_000, file: 500, ..Resident::default() },
            end: Resident { anonymous: 3_000, file: 700, rss: 3_700, ..Resident::default() },
            peak_rss: 9_000,
            window: Window {
                opened: 10_000_000,
                closed: 40_000_000,
                own_anonymous: 100,
                own_shmem: 50,
            },
            ..Process::default()
        }
    }

    fn look(milliseconds: u64, anonymous: u64, others: u64) -> Look {
        Look { at: milliseconds * 1_000_000, anonymous, others }
    }

    #[test]
    fn the_largest_look_within_the_work_counts_and_the_lenses_do_not() {
        let looks =
            [look(9, 80_000, 0), look(12, 5_100, 650), look(32, 6_100, 750), look(41, 70_000, 0)];
        let mut process = process();
        complete(&mut process, &looks, false);
        let expected = Sampled {
            seen: 6_000,          // 6,100 - 100
            at_most: Some(8_500), // 9,000 - 500, the fewest pages of files, at the start
            samples: 2,
            longest_gap: 0.02, // from 12 to 32 ms
        };
        assert_eq!(process.peak_anonymous, Some(expected));
        assert_eq!(process.peak_rss, 9_000);
    }

    #[test]
    fn without_a_look_the_end_is_what_was_seen() {
        let mut process = process();
        complete(&mut process, &[], false);
        let expected = Sampled { seen: 3_000, at_most: Some(8_500), samples: 0, longest_gap: 0.03 };
        assert_eq!(process.peak_anonymous, Some(expected));
    }

    #[test]
    fn of_several_processes_the_resident_peak_is_what_was_seen_of_all() {
        let mut process = process();
        complete(&mut process, &[look(20, 60_100, 4_050)], true);
        assert_eq!(process.peak_rss, 64_000); // 60,000 + 4,000
        assert_eq!(process.peak_anonymous.unwrap().at_most, None);
    }
}
