//! How transactions and blocks become bytes, and are read from untrusted bytes.

use sha2::{Digest as _, Sha256};

use crate::{Error, Result};

/// Where an encoding goes: to memory, or into a hash without being kept.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

impl Sink for Sha256 {
    fn put(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

/// Untrusted bytes, and how many of them were read.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn take(&mut self, length: usize, what: &'static str) -> Result<&'a [u8]> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or(Error::Encoding { at: self.at, what })?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N]> {
        let at = self.at;
        self.take(N, what)?.try_into().map_err(|_| Error::Encoding { at, what })
    }

    pub(crate) fn byte(&mut self, what: &'static str) -> Result<u8> {
        self.array::<1>(what).map(|[byte]| byte)
    }

    pub(crate) fn number(&mut self, what: &'static str) -> Result<u64> {
        self.array(what).map(u64::from_le_bytes)
    }

    /// A count in one byte, of which only some are allowed.
    pub(crate) fn count(
        &mut self,
        allowed: std::ops::RangeInclusive<usize>,
        what: &'static str,
    ) -> Result<usize> {
        let at = self.at;
        let count = usize::from(self.byte(what)?);
        if allowed.contains(&count) { Ok(count) } else { Err(Error::Encoding { at, what }) }
    }

    pub(crate) fn end(self) -> Result<()> {
        match self.at == self.bytes.len() {
            true => Ok(()),
            false => Err(Error::Encoding { at: self.at, what: "the end" }),
        }
    }
}
