//! Workload: a million key images are indexed.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher};

use node::mempool::Bloom;
use node::random;
use serde::{Deserialize, Serialize};

/// The index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Index {
    /// A set of copies.
    Set,
    /// A Bloom filter of 10 bits for each key image.
    Filter,
    /// The set behind the filter.
    Both,
}

/// The number of key images, and their index.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Key images. They are random bytes, since signing a million transactions would take two hours.
    pub(crate) images: u32,
    /// Their index.
    pub(crate) index: Index,
}

/// The index at the end.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The number of key images.
    pub(crate) images: u32,
    /// Key images that the index does not find.
    pub(crate) not_found: u32,
    #[serde(skip)]
    _kept: Indexed,
}

pub(crate) const BITS: u8 = 10;

#[derive(Debug)]
pub(crate) struct Indexed {
    set: HashSet<[u8; 32], BuildHasherDefault<DefaultHasher>>,
    filter: Option<Bloom>,
    index: Index,
}

impl Indexed {
    pub(crate) fn of(params: Params) -> Self {
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

    pub(crate) fn contains(&self, image: &[u8; 32]) -> bool {
        if self.filter.as_ref().is_some_and(|filter| !filter.may_contain(image)) {
            return false;
        }
        self.index == Index::Filter || self.set.contains(image)
    }
}

pub(crate) fn image(domain: &str, at: u32) -> [u8; 32] {
    random::bytes(&mut random::source(domain, 7, at.into()))
}

/// The work indexes the key images, and looks for each.
///
/// # Errors
/// None.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    Ok(move || {
        let indexed = Indexed::of(params);
        let found = (0..params.images).filter(|at| indexed.contains(&image("present", *at)));
        let not_found = params.images - found.count() as u32;
        Ok(Output { images: params.images, not_found, _kept: indexed })
    })
}
