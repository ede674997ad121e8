//! A record of the tables: a checksum, a version, and a node, a value or a root.
//!
//! The checksum is against damage. Against malice there is the root, with which a proof is
//! compared.

use std::io;
use std::path::Path;

use borsh::BorshDeserialize as _;
use jmt::storage::{Node, NodeKey};
use jmt::{RootHash, Version};

use crate::{Error, Result};

const CHECKSUM_BYTES: usize = 8;

/// A node's path, so that neighbours in the tree are neighbours in the table: its nibbles, two to a
/// byte, and their number.
pub(super) fn path(key: &NodeKey) -> Vec<u8> {
    let nibbles = key.nibble_path().num_nibbles();
    let mut path = vec![0; nibbles.div_ceil(2) + 1];
    for (at, nibble) in key.nibble_path().nibbles().enumerate() {
        path[at / 2] |= u8::from(nibble) << if at % 2 == 0 { 4 } else { 0 };
    }
    path[nibbles.div_ceil(2)] = nibbles as u8;
    path
}

pub(super) fn put_node(
    to: &mut Vec<u8>,
    path: &[u8],
    version: Version,
    node: &Node,
) -> io::Result<()> {
    begin(to, version);
    borsh::to_writer(&mut *to, node)?;
    end(to, path);
    Ok(())
}

pub(super) fn put_value(to: &mut Vec<u8>, key: &[u8], version: Version, value: &[u8]) {
    begin(to, version);
    to.extend_from_slice(value);
    end(to, key);
}

pub(super) fn put_last(to: &mut Vec<u8>, version: Version, root: RootHash) {
    put_value(to, super::LAST, version, &root.0);
}

/// The version and the payload of a record that lies under `key`.
pub(super) fn open<'a>(key: &[u8], record: &'a [u8], folder: &Path) -> Result<(Version, &'a [u8])> {
    let damaged = |found: &str| Error::Damaged {
        path: folder.join(super::seal::DATA),
        found: format!("a record of {} bytes {found}", record.len()),
    };
    let (sum, rest) = record.split_at_checked(CHECKSUM_BYTES).ok_or_else(|| damaged("is cut"))?;
    let (version, payload) = rest.split_at_checked(8).ok_or_else(|| damaged("is cut"))?;
    if sum != checksum(key, rest) {
        return Err(damaged("does not fit its checksum"));
    }
    Ok((little(version), payload))
}

pub(super) fn node(payload: &[u8], folder: &Path) -> Result<Node> {
    Node::try_from_slice(payload).map_err(|error| Error::Damaged {
        path: folder.join(super::seal::DATA),
        found: format!("a node cannot be read ({error})"),
    })
}

pub(super) fn last(record: &[u8], folder: &Path) -> Result<(Version, RootHash)> {
    let (version, payload) = open(super::LAST, record, folder)?;
    let root: [u8; 32] = payload.try_into().map_err(|_| Error::Damaged {
        path: folder.join(super::seal::DATA),
        found: format!("a root of {} bytes, not 32", payload.len()),
    })?;
    Ok((version, RootHash(root)))
}

fn begin(to: &mut Vec<u8>, version: Version) {
    to.clear();
    to.extend_from_slice(&[0; CHECKSUM_BYTES]);
    to.extend_from_slice(&version.to_le_bytes());
}

fn end(to: &mut [u8], key: &[u8]) {
    let (sum, rest) = to.split_at_mut(CHECKSUM_BYTES);
    sum.copy_from_slice(&checksum(key, rest));
}

/// FNV-1a over words of eight bytes, with the high half folded in after each. Byte by byte, as it
/// is defined, it would take longer than the reading.
fn checksum(key: &[u8], rest: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut sum = 0xcbf2_9ce4_8422_2325 ^ rest.len() as u64;
    for word in key.chunks(8).chain(rest.chunks(8)) {
        sum = (sum ^ little(word)).wrapping_mul(0x0000_0100_0000_01b3);
        sum ^= sum >> 29;
    }
    sum.to_le_bytes()
}

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(nibbles: &[u8]) -> NodeKey {
        NodeKey::new(1, nibbles.iter().map(|&nibble| nibble.into()).collect())
    }

    #[test]
    fn paths_sort_as_the_tree() {
        assert_eq!(path(&key(&[])), [0]);
        assert_eq!(path(&key(&[1])), [0x10, 1]);
        assert_eq!(path(&key(&[1, 0])), [0x10, 2]);
        assert_eq!(path(&key(&[1, 2, 3])), [0x12, 0x30, 3]);
    }

    #[test]
    fn a_record_is_read_under_its_own_key_only() {
        let mut record = Vec::new();
        put_value(&mut record, b"key", 7, b"payload");
        let folder = Path::new("folder");
        assert_eq!(open(b"key", &record, folder).unwrap(), (7, &b"payload"[..]));
        assert!(open(b"kez", &record, folder).is_err());
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let mut record = Vec::new();
        put_value(&mut record, b"key", 7, b"a payload of 21 bytes");
        for bit in 0..record.len() * 8 {
            record[bit / 8] ^= 1 << (bit % 8);
            assert!(open(b"key", &record, Path::new("folder")).is_err(), "bit {bit}");
            record[bit / 8] ^= 1 << (bit % 8);
        }
        for cut in 0..record.len() {
            assert!(open(b"key", &record[..cut], Path::new("folder")).is_err(), "cut at {cut}");
        }
    }
}
