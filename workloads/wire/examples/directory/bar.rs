//! The progress of the preparation, on stderr.

use std::io::IsTerminal as _;
use std::time::Instant;

use testkit::Resident;

/// A bar that grows; and the most anonymous memory that was resident meanwhile.
pub(crate) struct Bar {
    accounts: u32,
    shown: u32,
    from: Instant,
    pub(crate) anonymous_bytes: u64,
}

impl Bar {
    pub(crate) fn new(accounts: u32) -> Self {
        Self { accounts, shown: 0, from: Instant::now(), anonymous_bytes: 0 }
    }

    pub(crate) fn show(&mut self, created: u32) {
        self.sample();
        let part = (u64::from(created) * 50 / u64::from(self.accounts.max(1))) as u32;
        if part != self.shown && std::io::stderr().is_terminal() {
            self.shown = part;
            let (done, seconds) = ("#".repeat(part as usize), self.from.elapsed().as_secs_f64());
            let end = if created >= self.accounts { "\n" } else { "" };
            eprint!("\r[{done:50}] {created} accounts, {seconds:.0} s{end}");
        }
    }

    /// Counts as 0 where the kernel does not print this.
    pub(crate) fn sample(&mut self) {
        let now = Resident::now().map_or(0, |resident| resident.anonymous);
        self.anonymous_bytes = self.anonymous_bytes.max(now);
    }
}
