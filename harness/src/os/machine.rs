//! What the kernel says of a process's memory, and of the machine's. Reading allocates nothing.

/// The memory of one process, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Resident, of every kind.
    pub(crate) resident: u64,
    /// Private and writable, touched or not: what `RLIMIT_DATA` bounds, and the main stack.
    pub(crate) data: u64,
}

/// The memory of a process, this one by the name `self`.
#[cfg(target_os = "linux")]
pub(crate) fn memory_of(process: impl std::fmt::Display) -> Option<Memory> {
    let path = file_of(process, "statm");
    let mut page = [0u8; 512];
    statm(read(path.as_str()?, &mut page)?, rustix::param::page_size() as u64)
}

/// What may be private and writable in a process at the most; `None` where nothing bounds it.
#[cfg(target_os = "linux")]
pub(crate) fn data_limit_of(process: impl std::fmt::Display) -> Option<u64> {
    let path = file_of(process, "limits");
    let mut page = [0u8; 4096];
    data_limit(read(path.as_str()?, &mut page)?)
}

/// Memory that programs could still have without swapping (`MemAvailable`).
#[cfg(target_os = "linux")]
pub(crate) fn available() -> Option<u64> {
    let mut page = [0u8; 4096];
    meminfo(read("/proc/meminfo", &mut page)?)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn memory_of(_process: impl std::fmt::Display) -> Option<Memory> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn data_limit_of(_process: impl std::fmt::Display) -> Option<u64> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn available() -> Option<u64> {
    None
}

#[cfg(target_os = "linux")]
fn read<'a>(path: &str, page: &'a mut [u8]) -> Option<&'a str> {
    use std::io::Read as _;
    let length = std::fs::File::open(path).ok()?.read(page).ok()?;
    std::str::from_utf8(&page[..length]).ok()
}

/// A path that is written on the stack.
#[cfg(target_os = "linux")]
struct Path {
    text: [u8; 48],
    length: usize,
}

#[cfg(target_os = "linux")]
impl Path {
    fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.text[..self.length]).ok()
    }
}

#[cfg(target_os = "linux")]
fn file_of(process: impl std::fmt::Display, name: &str) -> Path {
    use std::io::Write as _;
    let mut text = [0u8; 48];
    let mut rest = text.as_mut_slice();
    // It is long enough for every number and these names; a shorter path is one that is not there.
    let _ = write!(rest, "/proc/{process}/{name}");
    let length = 48 - rest.len();
    Path { text, length }
}

/// Of `statm` the second figure is what is resident and the sixth the data, in pages.
#[cfg(any(target_os = "linux", test))]
fn statm(text: &str, page: u64) -> Option<Memory> {
    let mut figures = text.split_whitespace().map(|figure| figure.parse::<u64>().ok());
    let resident = figures.nth(1)??.checked_mul(page)?;
    let data = figures.nth(3)??.checked_mul(page)?;
    Some(Memory { resident, data })
}

/// The soft limit of `Max data size`, `unlimited` or in bytes.
#[cfg(any(target_os = "linux", test))]
fn data_limit(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("Max data size"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The kernel's kB are 1,024 bytes.
#[cfg(any(target_os = "linux", test))]
fn meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::{Memory, data_limit, meminfo, statm};

    /// 50 pages of 4,096 B are 204,800 B, 20 are 81,920 B.
    #[test]
    fn pages_are_read_from_their_columns() {
        let expected = Memory { resident: 204_800, data: 81_920 };
        assert_eq!(statm("755 50 40 5 0 20 0\n", 4_096), Some(expected));
        assert_eq!(statm("755 50 40", 4_096), None);
    }

    #[test]
    fn the_soft_limit_is_read() {
        let text = |limit: &str| {
            format!(
                "Limit  Soft Limit  Hard Limit  Units\nMax data size    {limit}   unlimited  bytes\n"
            )
        };
        assert_eq!(data_limit(&text("4096")), Some(4_096));
        assert_eq!(data_limit(&text("unlimited")), None);
    }

    #[test]
    fn free_memory_is_read_in_units_of_1024_bytes() {
        assert_eq!(meminfo("MemFree: 1 kB\nMemAvailable:    3 kB\n"), Some(3_072));
        assert_eq!(meminfo("MemFree: 1 kB\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_memory_and_so_has_the_machine() {
        let memory = super::memory_of("self").unwrap();
        assert!(memory.resident > 0 && memory.data > 0);
        assert!(super::available().unwrap() > memory.resident);
    }
}
