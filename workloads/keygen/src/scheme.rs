//! The parameters of hash-sig's `SIGWinternitzLifetime18W8`, in one place.
//!
//! Lengths are in field elements unless their name says otherwise.

/// Chains of an epoch: 20 for the chunks of the message hash, 2 for their checksum.
pub(crate) const CHAINS: usize = 22;
/// Chunks of the message hash, each of which is a byte.
pub(crate) const MESSAGE_CHUNKS: usize = 20;
/// Steps from a chain's start to its end; with the start itself, 256 positions.
pub(crate) const STEPS: u8 = 255;
/// A digest: 7 elements of 31 bits.
pub(crate) const DIGEST: usize = 7;
/// The public parameter of the tweakable hash.
pub(crate) const PARAMETER: usize = 5;
/// The randomness of a signature.
pub(crate) const RANDOMNESS: usize = 5;
/// A message of 32 bytes, to the base *p*.
pub(crate) const MESSAGE: usize = 9;
/// A tweak, to the base *p*.
pub(crate) const TWEAK: usize = 2;

/// What a tweak is for; it stands in the tweak's lowest byte.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Separator {
    Chain = 0,
    Tree = 1,
    Message = 2,
}
