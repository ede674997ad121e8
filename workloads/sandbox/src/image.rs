//! The file that a linear memory was mapped from, copy-on-write.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::ops::Range;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use crate::{Error, Result};

/// The part of a memory that is a private mapping of a file. A page that was written to and equals
/// the file's again can be read from the file.
#[derive(Debug)]
pub(crate) struct Image {
    /// The addresses that are mapped.
    pub(crate) addresses: Range<usize>,
    /// The place of the first of them in the file.
    offset: u64,
    file: File,
}

/// Five fields of up to 73 bytes, and a path.
const LONGEST_LINE: usize = 73 + 4_096;

/// A line of `/proc/self/maps`.
#[derive(Debug, PartialEq, Eq)]
struct Mapping<'a> {
    addresses: Range<usize>,
    private: bool,
    offset: u64,
    inode: u64,
    path: &'a str,
}

impl Image {
    /// The image of the memory at these addresses, if the kernel lists one and its file still has its
    /// name.
    pub(crate) fn find(memory: &Range<usize>) -> Result<Option<Self>> {
        let maps = Path::new("/proc/self/maps");
        let failed = || Error::io("read", maps);
        // A line at a time: the file is as long as the process has mappings.
        let mut lines = BufReader::new(File::open(maps).map_err(failed())?);
        let mut line = String::with_capacity(LONGEST_LINE);
        while lines.read_line(&mut line).map_err(failed())? > 0 {
            let mapping = Mapping::parse(line.trim_end_matches('\n'));
            if let Some(mapping) = mapping.filter(|mapping| mapping.is_file_of(memory)) {
                return Ok(Self::open(mapping));
            }
            line.clear();
        }
        Ok(None)
    }

    /// A copy of the image in memory has no name; it cannot be opened again.
    fn open(mapping: Mapping<'_>) -> Option<Self> {
        let file = File::open(mapping.path).ok()?;
        let same = file.metadata().ok()?.ino() == mapping.inode;
        let Mapping { addresses, offset, .. } = mapping;
        same.then_some(Self { addresses, offset, file })
    }

    /// Reads the file's bytes for the addresses from `at` on.
    pub(crate) fn read(&self, at: usize, bytes: &mut [u8]) -> std::io::Result<()> {
        let offset = self.offset + (at - self.addresses.start) as u64;
        self.file.read_exact_at(bytes, offset)
    }
}

impl<'a> Mapping<'a> {
    fn is_file_of(&self, memory: &Range<usize>) -> bool {
        let Range { start, end } = self.addresses;
        self.private && self.inode != 0 && start >= memory.start && end <= memory.end
    }

    /// From `start-end rwxp offset device inode path`, numbers but the inode's in hexadecimal.
    fn parse(line: &'a str) -> Option<Self> {
        let mut fields = line.splitn(6, ' ');
        let (start, end) = fields.next()?.split_once('-')?;
        let address = |text| usize::from_str_radix(text, 16).ok();
        Some(Self {
            addresses: address(start)?..address(end)?,
            private: fields.next()?.ends_with('p'),
            offset: u64::from_str_radix(fields.next()?, 16).ok()?,
            inode: fields.nth(1)?.parse().ok()?,
            path: fields.next()?.trim_start(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Mapping;

    #[test]
    fn line_of_maps_is_parsed() {
        let line = "7f6b493ff000-7f6b4bca0000 rw-p 03c29000 fe:00 10133520         /a b/c.cwasm";
        let expected = Mapping {
            addresses: 0x7f6b_493f_f000..0x7f6b_4bca_0000,
            private: true,
            offset: 0x03c2_9000,
            inode: 10_133_520,
            path: "/a b/c.cwasm",
        };
        assert_eq!(Mapping::parse(line), Some(expected));
        let shared = Mapping::parse("1000-2000 rw-s 0 00:01 5 /x").map(|mapping| mapping.private);
        assert_eq!(shared, Some(false));
        assert_eq!(Mapping::parse("1000-2000 rw-p 0 00:00 0").map(|mapping| mapping.inode), None);
        assert_eq!(Mapping::parse("garbage"), None);
    }
}
