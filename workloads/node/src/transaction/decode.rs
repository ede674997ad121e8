//! Reads transactions from untrusted bytes. Allocations are bounded by the bytes that were read.

use super::encode::{HAS_CIPHERTEXT, HAS_MEMO, MINTING, PRIVATE};
use super::input::signature_bytes;
use super::{
    CIPHERTEXT_BYTES, Input, LARGEST_RING, LONGEST_BYTES, MEMO_BYTES, MOST_INPUTS, Member, Minted,
    Minting, Output, Private, SMALLEST_RING, Transaction,
};
use crate::codec::Reader;
use crate::{Error, Result};

impl Transaction {
    /// Decodes exactly one transaction.
    ///
    /// # Errors
    /// [`Error::Size`] if there are more than [`LONGEST_BYTES`]; [`Error::Encoding`] with the place,
    /// if they are not the encoding of one transaction.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > LONGEST_BYTES {
            let (read, most) = (bytes.len() as u64, LONGEST_BYTES as u64);
            return Err(Error::Size { what: "a transaction in bytes", read, least: 1, most });
        }
        let mut reader = Reader::new(bytes);
        let transaction = Self::read(&mut reader)?;
        reader.end()?;
        Ok(transaction)
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self> {
        let at = from.at();
        match from.byte("a kind of transaction")? {
            PRIVATE => Private::read(from).map(Self::Private),
            MINTING => Minting::read(from).map(Self::from),
            _ => Err(Error::Encoding { at, what: "a kind of transaction (1 or 2)" }),
        }
    }
}

impl Private {
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        let fee = from.number("a fee")?;
        let inputs = from.count(1..=MOST_INPUTS, "1 to 16 inputs")?;
        let outputs = from.count(2..=MOST_INPUTS, "2 to 16 outputs")?;
        let ring = from.count(SMALLEST_RING..=LARGEST_RING, "a ring of 2 to 32")?;
        let inputs = (0..inputs).map(|_| Input::read(from, ring)).collect::<Result<Vec<_>>>()?;
        let outputs = (0..outputs).map(|_| Output::read(from)).collect::<Result<Vec<_>>>()?;
        Ok(Self { fee, inputs: inputs.into(), outputs: outputs.into() })
    }
}

impl Input {
    fn read(from: &mut Reader<'_>, ring: usize) -> Result<Self> {
        let mut members = Vec::with_capacity(ring);
        for _ in 0..ring {
            members.push(Member {
                target_key: from.array("a target key")?,
                public_key: from.array("a public key")?,
                commitment: from.array("a commitment")?,
            });
        }
        Ok(Self {
            ring: members.into(),
            key_image: from.array("a key image")?,
            pseudo_output: from.array("a pseudo-output")?,
            signature: from.take(signature_bytes(ring), "a signature")?.into(),
        })
    }
}

impl Output {
    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self> {
        let amount = from.number("an amount")?;
        let target_key = from.array("a target key")?;
        let public_key = from.array("a public key")?;
        let cluster = from.number("a cluster")?;
        let has = from.count(0..=3, "whether there are memo and ciphertext (0 to 3)")? as u8;
        let memo = match has & HAS_MEMO {
            0 => None,
            _ => Some(Box::new(from.array::<MEMO_BYTES>("a memo")?)),
        };
        let ciphertext = match has & HAS_CIPHERTEXT {
            0 => None,
            _ => Some(Box::new(from.array::<CIPHERTEXT_BYTES>("an ML-KEM-768 ciphertext")?)),
        };
        Ok(Self { amount, target_key, public_key, cluster, memo, ciphertext })
    }
}

impl Minting {
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        let minted = Minted {
            height: from.number("a height")?,
            parent: from.array("a parent's hash")?,
            time: from.number("a time")?,
            difficulty_bits: from.byte("a difficulty")?,
            view_key: from.array("a view key")?,
            spend_key: from.array("a spend key")?,
        };
        Ok(Self { minted, output: Output::read(from)?, nonce: from.number("a nonce")? })
    }
}
