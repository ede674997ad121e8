//! Thirty-two bytes as people read them.

use std::fmt;

/// A key, a key image or a hash, shown in hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex(pub [u8; 32]);

impl fmt::Display for Hex {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_shows_two_lower_case_digits_a_byte() {
        let mut bytes = [0; 32];
        bytes[..3].copy_from_slice(&[0, 0x1f, 0xff]);
        assert_eq!(Hex(bytes).to_string(), format!("001fff{}", "00".repeat(29)));
    }
}
