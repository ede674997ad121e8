//! Times, and memory as the kernel counts it.

use std::time::Duration;

use testkit::PageTables;

/// Times of each kind, in the order in which they were taken, and readings of memory.
#[derive(Default)]
pub(crate) struct Costs {
    pub(crate) load: Vec<Duration>,
    pub(crate) open: Vec<Duration>,
    pub(crate) execute: Vec<Duration>,
    memory: Vec<(&'static str, PageTables)>,
}

impl Costs {
    pub(crate) fn read_memory(&mut self, when: &'static str) -> anyhow::Result<()> {
        self.memory.push((when, PageTables::now()?));
        Ok(())
    }

    pub(crate) fn print(&self) {
        let times =
            [("load", &self.load), ("open a session", &self.open), ("execute", &self.execute)];
        println!("{:32}{:>10}{:>10}{:>10}{:>8}", "ms", "first", "median", "most", "times");
        for (what, times) in times {
            let mut sorted = times.clone();
            sorted.sort();
            let (Some(first), Some(most)) = (times.first(), sorted.last()) else { continue };
            let median = ms(sorted[sorted.len() / 2]);
            let (first, most) = (ms(*first), ms(*most));
            println!("{what:32}{first:10.3}{median:10.3}{most:10.3}{:8}", times.len());
        }
        println!("{:32}{:>10}{:>10}{:>10}", "MiB", "RSS", "anonymous", "PSS");
        for (when, memory) in &self.memory {
            let [rss, anonymous, pss] = [memory.resident, memory.anonymous, memory.proportional]
                .map(|b| b as f64 / 1048576.0);
            println!("{when:32}{rss:10.2}{anonymous:10.2}{pss:10.2}");
        }
    }
}

pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
