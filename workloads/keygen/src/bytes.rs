//! Field elements as bytes: four each, the lowest first, canonical.

use crate::{DecodeError, FieldElement};

/// Appends `elements`.
pub(crate) fn put(bytes: &mut Vec<u8>, elements: &[FieldElement]) {
    for element in elements {
        bytes.extend_from_slice(&element.value().to_le_bytes());
    }
}

/// Reads elements from bytes of a known length.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// `bytes`, if there are `expected` of them.
    pub(crate) fn new(bytes: &'a [u8], expected: usize) -> Result<Self, DecodeError> {
        if bytes.len() != expected {
            return Err(DecodeError::Length { found: bytes.len(), expected });
        }
        Ok(Self { bytes, offset: 0 })
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Result<u8, DecodeError> {
        let [byte] = self.take()?;
        Ok(byte)
    }

    /// The next `N` elements.
    pub(crate) fn elements<const N: usize>(&mut self) -> Result<[FieldElement; N], DecodeError> {
        let mut elements = [FieldElement::ZERO; N];
        for element in &mut elements {
            let offset = self.offset;
            let value = u32::from_le_bytes(self.take()?);
            *element =
                FieldElement::new(value).ok_or(DecodeError::NotCanonical { value, offset })?;
        }
        Ok(elements)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let found = self.bytes.len();
        let expected = self.offset + N;
        let rest = self.bytes.get(self.offset..).and_then(|rest| rest.first_chunk());
        self.offset = expected;
        rest.copied().ok_or(DecodeError::Length { found, expected })
    }
}
