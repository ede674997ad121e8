//! Verifying a proof: both roots, from one pass over it.

use super::{BRANCH, HASH, LEAF, NOTHING, Part, SECTION_BITS, SECTIONS, bit};
use crate::fields::Cursor;
use crate::threads::Threads;
use crate::{Error, Result};

/// A key whose value changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) key: [u8; 32],
    /// The hash of the value before; `None` if the key was not there.
    pub(crate) before: Option<[u8; 32]>,
    /// The hash of the value after.
    pub(crate) after: [u8; 32],
}

/// The root before and after the changes, which are sorted by key and of different keys.
pub(crate) fn roots(
    sections: &[Vec<u8>],
    changes: &[Change],
    threads: &Threads,
) -> Result<([u8; 32], [u8; 32])> {
    if sections.len() != SECTIONS || !changes.is_sorted_by(|one, other| one.key < other.key) {
        return Err(Error::proof("changes in order, in 16 sections,"));
    }
    let numbers: [usize; SECTIONS] = std::array::from_fn(|number| number);
    let both = threads.map(&numbers, |&number| {
        let low = changes.partition_point(|change| usize::from(change.key[0] >> 4) < number);
        let high = changes.partition_point(|change| usize::from(change.key[0] >> 4) <= number);
        let mut from = Cursor::new(&sections[number]);
        let both = part(&mut from, SECTION_BITS, &changes[low..high])?;
        from.end()?;
        Ok(both)
    });
    let both = both.into_iter().collect::<Result<Vec<_>>>()?;
    let (before, after): (Vec<_>, Vec<_>) = both.into_iter().unzip();
    Ok((Part::over(&before).hash(), Part::over(&after).hash()))
}

fn part(from: &mut Cursor<'_>, depth: usize, changes: &[Change]) -> Result<(Part, Part)> {
    match from.u8("a part of the tree")? {
        NOTHING => Ok((Part::Nothing, grown(depth, &news(changes, None)?))),
        LEAF => leaf(from, depth, changes),
        HASH => {
            let hash = from.array("a hash")?;
            match changes {
                [] => Ok((Part::Branch(hash), Part::Branch(hash))),
                _ => Err(Error::proof("a change in a part that is not shown")),
            }
        }
        BRANCH if depth < 256 => {
            let (left, right) =
                changes.split_at(changes.partition_point(|change| !bit(&change.key, depth)));
            let left = part(from, depth + 1, left)?;
            let right = part(from, depth + 1, right)?;
            Ok((Part::join(left.0, right.0), Part::join(left.1, right.1)))
        }
        _ => Err(Error::proof("a part of an unknown kind, or too deep,")),
    }
}

fn leaf(from: &mut Cursor<'_>, depth: usize, changes: &[Change]) -> Result<(Part, Part)> {
    let key = from.array("the key of a leaf")?;
    let value_hash = from.array("the hash of a leaf's value")?;
    // A leaf elsewhere in the tree proves nothing about the keys that would lie here.
    if changes.iter().any(|change| (0..depth).any(|at| bit(&change.key, at) != bit(&key, at))) {
        return Err(Error::proof("a leaf in its place"));
    }
    let before = Part::leaf(&key, &value_hash);
    Ok((before, grown(depth, &news(changes, Some((key, value_hash)))?)))
}

/// The leaves after the changes, where `there` was the only leaf before.
fn news(
    changes: &[Change],
    there: Option<([u8; 32], [u8; 32])>,
) -> Result<Vec<([u8; 32], [u8; 32])>> {
    let mut leaves = Vec::with_capacity(changes.len() + 1);
    let mut kept = there;
    for change in changes {
        let before = there.filter(|(key, _)| *key == change.key).map(|(_, value_hash)| value_hash);
        if before != change.before {
            return Err(Error::proof("the account before the change"));
        }
        if before.is_some() {
            kept = None;
        }
        leaves.push((change.key, change.after));
    }
    if let Some(leaf) = kept {
        let at = leaves.partition_point(|(key, _)| *key < leaf.0);
        leaves.insert(at, leaf);
    }
    Ok(leaves)
}

/// The part of these leaves, which are sorted and different.
fn grown(depth: usize, leaves: &[([u8; 32], [u8; 32])]) -> Part {
    match leaves {
        [] => Part::Nothing,
        [(key, value_hash)] => Part::leaf(key, value_hash),
        leaves => {
            let (left, right) =
                leaves.split_at(leaves.partition_point(|(key, _)| !bit(key, depth)));
            Part::join(grown(depth + 1, left), grown(depth + 1, right))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::EMPTY;

    fn sections(first: Vec<u8>) -> Vec<Vec<u8>> {
        let mut sections = vec![vec![NOTHING]; SECTIONS];
        sections[0] = first;
        sections
    }

    fn new(key: u8) -> Change {
        Change { key: [key; 32], before: None, after: [9; 32] }
    }

    // Nothing but one leaf: the root is the leaf's hash, as in the library.
    #[test]
    fn the_root_of_one_leaf_is_its_hash() {
        let threads = Threads::start(1).unwrap();
        let (before, after) = roots(&sections(vec![NOTHING]), &[new(0)], &threads).unwrap();
        assert_eq!(before, EMPTY);
        assert_eq!(after, Part::leaf(&[0; 32], &[9; 32]).hash());
    }

    #[test]
    fn invalid_sections_and_changes_are_refused() {
        let threads = Threads::start(1).unwrap();
        let refused = |section: Vec<u8>, changes: &[Change]| {
            assert!(roots(&sections(section), changes, &threads).is_err());
        };
        let leaf = |key: u8| [vec![LEAF], vec![key; 32], vec![8; 32]].concat();
        refused(vec![], &[]);
        refused(vec![7], &[]);
        refused(vec![NOTHING, NOTHING], &[]);
        refused([vec![HASH], vec![1; 32]].concat(), &[new(0)]);
        // A leaf at 0001…: where keys with 0000… lie, it proves nothing.
        refused(leaf(0x11), &[new(0x00)]);
        // The key is in the tree, and the change denies that; and the other way round.
        refused(leaf(0), &[new(0)]);
        refused(vec![NOTHING], &[Change { before: Some([8; 32]), ..new(0) }]);
        refused(vec![NOTHING], &[new(1), new(0)]);
        refused(vec![NOTHING], &[new(0), new(0)]);
        refused(vec![BRANCH; 300], &[]);
    }
}
