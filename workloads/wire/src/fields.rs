//! The fields of encodings: little-endian numbers, and bytes with their length before them.

use crate::{Error, Keys, Result};

/// Reads fields from the front, and counts the bytes.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(all: &'a [u8]) -> Self {
        Self { all, at: 0 }
    }

    pub(crate) fn bytes(&mut self, count: usize, what: &'static str) -> Result<&'a [u8]> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.all.get(self.at..end));
        let taken = taken.ok_or(Error::Encoding { at: self.at, what })?;
        self.at += count;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N]> {
        let at = self.at;
        self.bytes(N, what)?.try_into().map_err(|_| Error::Encoding { at, what })
    }

    pub(crate) fn u8(&mut self, what: &'static str) -> Result<u8> {
        self.array::<1>(what).map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self, what: &'static str) -> Result<usize> {
        self.array(what).map(|bytes| usize::from(u16::from_le_bytes(bytes)))
    }

    pub(crate) fn u64(&mut self, what: &'static str) -> Result<u64> {
        self.array(what).map(u64::from_le_bytes)
    }

    pub(crate) fn text(&mut self, what: &'static str) -> Result<&'a str> {
        let count = usize::from(self.u8(what)?);
        let at = self.at;
        let text = self.bytes(count, what)?;
        std::str::from_utf8(text).map_err(|_| Error::Encoding { at, what })
    }

    pub(crate) fn key<K: Keys>(&mut self) -> Result<K::Public> {
        let at = self.at;
        let bytes = self.array("a public key of 32 bytes")?;
        K::public(bytes).map_err(|error| match error {
            Error::Encoding { what, .. } => Error::Encoding { at, what },
            error => error,
        })
    }

    /// Expects that all bytes were read.
    pub(crate) fn end(&self) -> Result<()> {
        match self.at == self.all.len() {
            true => Ok(()),
            false => Err(Error::Encoding { at: self.at, what: "the end" }),
        }
    }
}

/// Writes an id. The caller has checked that it is at most 255 bytes long.
pub(crate) fn put_text(to: &mut Vec<u8>, text: &str) {
    to.push(text.len() as u8);
    to.extend_from_slice(text.as_bytes());
}

pub(crate) fn put_u16(to: &mut Vec<u8>, number: usize) {
    to.extend_from_slice(&(number as u16).to_le_bytes());
}
