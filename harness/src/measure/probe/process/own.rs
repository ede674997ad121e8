//! The memory of the lenses themselves, which is in the kernel's figures and not the program's.

use plimsoll_recorder::table_bytes;

use super::Resident;
use crate::measure::probe::stack;

/// What the lenses hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Own {
    /// The painted part of a stack.
    pub(crate) anonymous: u64,
    /// The recorder's tables. No other process maps them before this one has ended, so that they
    /// count whole in its Pss.
    pub(crate) shmem: u64,
    /// Address space of both.
    pub(crate) mapped: u64,
}

impl Own {
    /// As it is now. Allocates nothing.
    pub(crate) fn now() -> Self {
        let (tables, painted) = (table_bytes(), stack::painted());
        Self {
            anonymous: painted.resident,
            shmem: tables.in_memory,
            mapped: tables.mapped + painted.mapped,
        }
    }

    /// The part of the stack that the work used is the work's.
    pub(crate) fn without_stack(self, used: u64) -> Self {
        /// No page is smaller; of larger ones the work is charged too little of its last one.
        const PAGE: u64 = 4096;
        let used = used.next_multiple_of(PAGE);
        Self { anonymous: self.anonymous.saturating_sub(used), ..self }
    }

    pub(crate) fn resident(&self) -> u64 {
        self.anonymous + self.shmem
    }

    /// What is the program's of it.
    pub(crate) fn taken_off(&self, all: Resident) -> Resident {
        Resident {
            rss: all.rss.saturating_sub(self.resident()),
            anonymous: all.anonymous.saturating_sub(self.anonymous),
            file: all.file,
            shmem: all.shmem.saturating_sub(self.shmem),
            pss: all.pss.map(|pss| pss.saturating_sub(self.resident())),
            address_space: all.address_space.saturating_sub(self.mapped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Own, Resident};

    #[test]
    fn the_lenses_are_taken_off_each_figure_once() {
        let own = Own { anonymous: 8_192, shmem: 1_000, mapped: 20_000 };
        let all = Resident {
            rss: 30_000,
            anonymous: 10_000,
            file: 15_000,
            shmem: 5_000,
            pss: Some(20_000),
            address_space: 90_000,
        };
        let expected = Resident {
            rss: 20_808,      // 30,000 - 8,192 - 1,000
            anonymous: 1_808, // 10,000 - 8,192
            file: 15_000,
            shmem: 4_000,
            pss: Some(10_808), // 20,000 - 8,192 - 1,000
            address_space: 70_000,
        };
        assert_eq!(own.taken_off(all), expected);
        // 100 B of stack are a page of the work's.
        assert_eq!(own.without_stack(100).anonymous, 4_096);
    }
}
