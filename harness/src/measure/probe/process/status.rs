//! `/proc/<pid>/status` and `smaps_rollup`: the kernel's figures of one process now. Neither is
//! read with an allocation.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// The lines of `/proc/<pid>/status` that speak of memory, in bytes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) resident: u64,
    pub(crate) peak: u64,
    pub(crate) anonymous: u64,
    pub(crate) file: u64,
    pub(crate) shmem: u64,
    pub(crate) address_space: u64,
    pub(crate) peak_virtual: u64,
}

/// Reads the file `status` in a process's folder.
pub(crate) fn status(file: &Path) -> Result<Status, &'static str> {
    let mut page = [0u8; 4096];
    let text = text(file, &mut page).ok_or("/proc/self/status cannot be read")?;
    parse(text).ok_or("/proc/self/status lacks a figure that the process probe needs")
}

/// `Pss` of the file `smaps_rollup` in a process's folder; the kernel walks all page tables for
/// it. None where there is no such file (before Linux 4.14).
pub(crate) fn pss(file: &Path) -> Option<u64> {
    let mut page = [0u8; 4096];
    figure(text(file, &mut page)?, "Pss")
}

fn text<'a>(file: &Path, page: &'a mut [u8; 4096]) -> Option<&'a str> {
    let length = File::open(file).ok()?.read(page).ok()?;
    std::str::from_utf8(&page[..length]).ok()
}

fn parse(text: &str) -> Option<Status> {
    Some(Status {
        resident: figure(text, "VmRSS")?,
        peak: figure(text, "VmHWM")?,
        anonymous: figure(text, "RssAnon")?,
        file: figure(text, "RssFile")?,
        shmem: figure(text, "RssShmem")?,
        address_space: figure(text, "VmSize")?,
        peak_virtual: figure(text, "VmPeak")?,
    })
}

/// Reads a line like `VmRSS: 1234 kB`; the kernel's kB are 1,024 bytes.
fn figure(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.split(':').next() == Some(name))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::{Status, figure, parse};

    const PAGE: &str = "Name:\ttoy\nVmPeak:\t    4000 kB\nVmSize:\t    3000 kB\nVmHWM:\t     300 kB\n\
        VmRSS:\t     200 kB\nRssAnon:\t     100 kB\nRssFile:\t      90 kB\nRssShmem:\t      10 kB\n";

    #[test]
    fn figures_are_read_in_units_of_1024_bytes() {
        let expected = Status {
            resident: 204_800,
            peak: 307_200,
            anonymous: 102_400,
            file: 92_160,
            shmem: 10_240,
            address_space: 3_072_000,
            peak_virtual: 4_096_000,
        };
        assert_eq!(parse(PAGE), Some(expected));
    }

    #[test]
    fn missing_status_figure_is_refused() {
        for missing in ["VmHWM", "VmRSS", "RssAnon", "RssFile", "RssShmem", "VmPeak", "VmSize"] {
            assert_eq!(parse(&PAGE.replace(missing, "Other")), None, "{missing}");
        }
    }

    #[test]
    fn whole_pss_is_read() {
        let page = "5570-7ffe ---p 0 00:00 0 [rollup]\nRss: 400 kB\nPss_Dirty: 7 kB\nPss: 20 kB\n";
        assert_eq!(figure(page, "Pss"), Some(20_480));
    }
}
