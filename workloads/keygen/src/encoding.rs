//! The Winternitz encoding: which position of each chain a message opens.

use crate::scheme::{CHAINS, MESSAGE, MESSAGE_CHUNKS, PARAMETER, RANDOMNESS, STEPS, TWEAK};
use crate::{FieldElement, Parameter, compress, tweak};

/// How far each chain is walked for `message`: 20 bytes of its hash, and 2 bytes of checksum.
///
/// The checksum is the sum of what is missing to 255, the lower byte first: to raise a chunk is to
/// lower the checksum, so no party can walk from one codeword to another.
pub(crate) fn codeword(
    parameter: &Parameter,
    epoch: u32,
    randomness: &[FieldElement; RANDOMNESS],
    message: &[u8; 32],
) -> [u8; CHAINS] {
    let chunks = chunks(hash(parameter, epoch, randomness, message));
    let missing: u16 = chunks.iter().map(|&chunk| u16::from(STEPS - chunk)).sum();
    let mut codeword = [0; CHAINS];
    codeword[..MESSAGE_CHUNKS].copy_from_slice(&chunks);
    codeword[MESSAGE_CHUNKS..].copy_from_slice(&missing.to_le_bytes());
    codeword
}

fn hash(
    parameter: &Parameter,
    epoch: u32,
    randomness: &[FieldElement; RANDOMNESS],
    message: &[u8; 32],
) -> [FieldElement; 5] {
    let mut input = [FieldElement::ZERO; 24];
    let parts: [&[FieldElement]; 4] =
        [randomness, &parameter.elements(), &tweak::message(epoch), &digits(message)];
    for (slot, &element) in input.iter_mut().zip(parts.iter().copied().flatten()) {
        *slot = element;
    }
    compress::wide(&input)
}

const _: () = assert!(RANDOMNESS + PARAMETER + TWEAK + MESSAGE <= 24);

/// The message as an integer, its lowest byte first, to the base *p*.
fn digits(message: &[u8; 32]) -> [FieldElement; MESSAGE] {
    let mut words = [0; 8];
    for (word, &bytes) in words.iter_mut().zip(message.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(bytes);
    }
    std::array::from_fn(|_| {
        // Long division, from the highest word down.
        let order = u64::from(FieldElement::ORDER);
        let rest = words.iter_mut().rev().fold(0, |rest, word| {
            let dividend = rest << 32 | u64::from(*word);
            *word = (dividend / order) as u32;
            dividend % order
        });
        FieldElement::reduced(rest as u32)
    })
}

/// Five elements, the highest digit first, as an integer to the base 256, the lowest byte first:
/// *p*^5 < 2^155, so 20 bytes hold it.
fn chunks(hash: [FieldElement; 5]) -> [u8; MESSAGE_CHUNKS] {
    let mut bytes = [0; MESSAGE_CHUNKS];
    for element in hash {
        let mut carry = u64::from(element.value());
        for byte in &mut bytes {
            carry += u64::from(*byte) * u64::from(FieldElement::ORDER);
            *byte = carry as u8;
            carry >>= 8;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: u128 = FieldElement::ORDER as u128;

    #[test]
    fn a_message_is_an_integer_to_the_base_p() {
        // 3 + 5 p
        let mut message = [0; 32];
        message[..16].copy_from_slice(&(3 + 5 * P).to_le_bytes());
        assert_eq!(digits(&message).map(FieldElement::value), [3, 5, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_hash_is_an_integer_to_the_base_256() {
        // 2 p^3 + 7 p^2 + 1
        let hash = [0, 2, 7, 0, 1].map(FieldElement::reduced);
        let expected = (2 * P * P * P + 7 * P * P + 1).to_le_bytes();
        assert_eq!(chunks(hash)[..16], expected);
        assert_eq!(chunks(hash)[16..], [0; 4]);
    }
}
