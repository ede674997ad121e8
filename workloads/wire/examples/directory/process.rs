//! What the system says of this process.

use std::fs;
use std::io::IsTerminal as _;
use std::time::Instant;

/// A line on stderr that grows; and the most anonymous memory that was seen meanwhile.
pub(crate) struct Bar {
    accounts: u32,
    shown: u32,
    from: Instant,
    pub(crate) anonymous_kib: u64,
}

impl Bar {
    pub(crate) fn new(accounts: u32) -> Self {
        Self { accounts, shown: 0, from: Instant::now(), anonymous_kib: 0 }
    }

    pub(crate) fn show(&mut self, there: u32) {
        self.look();
        let part = (u64::from(there) * 50 / u64::from(self.accounts.max(1))) as u32;
        if part != self.shown && std::io::stderr().is_terminal() {
            self.shown = part;
            let (done, seconds) = ("#".repeat(part as usize), self.from.elapsed().as_secs_f64());
            let end = if there >= self.accounts { "\n" } else { "" };
            eprint!("\r[{done:50}] {there} accounts, {seconds:.0} s{end}");
        }
    }

    pub(crate) fn look(&mut self) {
        self.anonymous_kib = self.anonymous_kib.max(status_kib("RssAnon"));
    }
}

/// User and system time, in seconds: fields 14 and 15 of `/proc/self/stat`, in ticks of 10 ms.
pub(crate) fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field ends with the last bracket; it may itself hold spaces.
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<u64>().ok());
    ticks.sum::<u64>() as f64 / 100.0
}

/// A line of `/proc/self/status`; 0 if there is none.
pub(crate) fn status_kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
