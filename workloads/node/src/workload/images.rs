//! Workload: a million key images are indexed.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher};

use serde::{Deserialize, Serialize};

use crate::mempool::Bloom;
use crate::random;

/// What indexes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// A set of copies.
    Set,
    /// A Bloom filter of 10 bits for each.
    Filter,
    /// The set behind the filter.
    Both,
}

/// How many, and in what.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Key images: random bytes, since to sign so many would take two hours.
    pub images: u32,
    /// In what.
    pub index: Index,
}

/// What is indexed.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// How many.
    pub images: u32,
    /// Of them, those that the index does not find.
    pub not_found: u32,
    #[serde(skip)]
    _kept: Indexed,
}

pub(super) const BITS: u8 = 10;

#[derive(Debug)]
pub(super) struct Indexed {
    set: HashSet<[u8; 32], BuildHasherDefault<DefaultHasher>>,
    filter: Option<Bloom>,
    index: Index,
}

impl Indexed {
    pub(super) fn of(params: Params) -> Self {
        let room = params.images as usize;
        let filter = (params.index != Index::Set).then(|| Bloom::new(room, BITS, 7));
        let mut indexed = Self { set: HashSet::default(), filter, index: params.index };
        for at in 0..params.images {
            let image = image("present", at);
            indexed.filter.iter_mut().for_each(|filter| filter.insert(&image));
            if params.index != Index::Filter {
                indexed.set.insert(image);
            }
        }
        indexed
    }

    pub(super) fn contains(&self, image: &[u8; 32]) -> bool {
        if self.filter.as_ref().is_some_and(|filter| !filter.may_contain(image)) {
            return false;
        }
        self.index == Index::Filter || self.set.contains(image)
    }
}

pub(super) fn image(domain: &str, at: u32) -> [u8; 32] {
    random::bytes(&mut random::source(domain, 7, at.into()))
}

/// The work indexes the images, and looks for each.
///
/// # Errors
/// None.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    Ok(move || {
        let indexed = Indexed::of(params);
        let found = (0..params.images).filter(|at| indexed.contains(&image("present", *at)));
        let not_found = params.images - found.count() as u32;
        Ok(Answer { images: params.images, not_found, _kept: indexed })
    })
}
