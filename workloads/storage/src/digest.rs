//! The SHA-256 of a blob: its only name.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::Error;

/// The SHA-256 of a blob's plain bytes (FIPS 180-4).
///
/// Written as 64 lower-case hex digits and read back from exactly those, so a digest can neither
/// name a path outside the store nor name one blob in two ways.
///
/// ```
/// use storage::Digest;
///
/// let digest = Digest::of(b"abc");
/// assert!(digest.to_string().starts_with("ba7816bf"));
/// assert_eq!(digest.to_string().parse::<Digest>()?, digest);
/// assert!("../../etc/passwd".parse::<Digest>().is_err());
/// # Ok::<(), storage::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The first byte, whose two hex digits name the blob's folder.
    #[must_use]
    pub fn prefix(&self) -> u8 {
        self.0[0]
    }

    /// The 64 hex digits, without an allocation.
    pub(crate) fn hex(&self) -> [u8; 64] {
        let mut digits = [0; 64];
        hex::encode_to_slice(self.0, &mut digits).expect("32 bytes are 64 digits");
        digits
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hex().iter().try_for_each(|&digit| fmt::Write::write_char(f, char::from(digit)))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = Error;

    /// Reads 64 lower-case hex digits; anything else is [`Error::Address`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || Error::Address { read: text.chars().take(80).collect() };
        // `hex` reads upper-case digits too, and then one blob would have two names.
        if text.contains(|letter: char| letter.is_ascii_uppercase()) {
            return Err(refused());
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| refused())?;
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A [`Digest`] in the making, for bytes that come in chunks.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything added.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-4, example B.1, and the SHA-256 of nothing.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn digest_matches_fips_180_4() {
        assert_eq!(Digest::of(b"abc").to_string(), ABC);
        assert_eq!(Digest::of(b"").to_string(), NOTHING);
        assert_eq!(Digest::of(b"abc").prefix(), 0xba);
    }

    #[test]
    fn digest_is_the_same_for_any_chunks() {
        let mut hasher = Hasher::default();
        hasher.update(b"a");
        hasher.update(b"");
        hasher.update(b"bc");
        assert_eq!(hasher.finish(), ABC.parse().unwrap());
    }

    #[test]
    fn text_that_is_no_digest_is_refused() {
        let upper = ABC.to_uppercase();
        let escape = format!("{}/..", &ABC[..61]);
        let nul = format!("{}\0", &ABC[..63]);
        let long = format!("{ABC}0");
        let wide = "é".repeat(32);
        for text in
            ["", "..", "/etc/passwd", &ABC[..63], &long, &upper, &escape, &nul, &wide, &ABC[2..]]
        {
            let error = text.parse::<Digest>().unwrap_err();
            assert!(matches!(error, Error::Address { .. }), "{text:?}: {error}");
        }
    }
}
