//! A look at every page of an abandoned map, before LMDB trusts it with pointers.
//!
//! LMDB follows what its pages say; a damaged page sends it beyond the file, which kills the process.
//! So each page of its trees is read here as a file: that it is the page it should be, that its
//! entries lie in it, and that the pages that they name are there.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use super::file::PAGE_BYTES;

const HEADER_BYTES: usize = 16;
const ENTRY_BYTES: usize = 8;
/// Where a meta page holds the tree of free pages, the tree of tables, and its own number.
const FREE_AT: usize = 40;
const TABLES_AT: usize = 88;
const TRANSACTION_AT: usize = 144;
/// Within the 48 bytes that describe a tree, where its first page stands.
const ROOT_AT: usize = 40;
const TREE_BYTES: usize = 48;
const NO_PAGE: u64 = u64::MAX;

const BRANCH: u64 = 1;
const LEAF: u64 = 2;
const OVERFLOW: u64 = 4;
const BIG: u64 = 1;
const TREE: u64 = 2;
const DEEPEST: usize = 30;

type Found<T> = Result<T, String>;
type Page = [u8; PAGE_BYTES];

/// Checks the newest version in `file`; what is wrong with it, in words.
pub(super) fn check(file: &File) -> Found<()> {
    let pages = file.metadata().map_err(|error| error.to_string())?.len() / PAGE_BYTES as u64;
    let mut walk = Walk { file, pages, left: pages };
    let (one, other) = (walk.read(0)?, walk.read(1)?);
    let newest = match number(&one, TRANSACTION_AT, 8) > number(&other, TRANSACTION_AT, 8) {
        true => one,
        false => other,
    };
    walk.tree(number(&newest, FREE_AT + ROOT_AT, 8), DEEPEST, true)?;
    walk.tree(number(&newest, TABLES_AT + ROOT_AT, 8), DEEPEST, false)
}

struct Walk<'a> {
    file: &'a File,
    pages: u64,
    /// Pages that may still be met: a tree that meets more of them has a circle.
    left: u64,
}

impl Walk<'_> {
    fn read(&self, page: u64) -> Found<Page> {
        let mut bytes = [0; PAGE_BYTES];
        let read = self.file.read_exact_at(&mut bytes, page * PAGE_BYTES as u64);
        read.map_err(|error| format!("page {page} cannot be read ({error})"))?;
        Ok(bytes)
    }

    /// A page of data, which is not one of the two meta pages.
    fn page(&mut self, page: u64) -> Found<Page> {
        if page < 2 || page >= self.pages {
            return Err(format!("page {page} is named, of {}", self.pages));
        }
        self.left = self.left.checked_sub(1).ok_or("its pages form a circle")?;
        let bytes = self.read(page)?;
        match number(&bytes, 0, 8) == page {
            true => Ok(bytes),
            false => Err(format!("page {page} says that it is {}", number(&bytes, 0, 8))),
        }
    }

    fn tree(&mut self, root: u64, deepest: usize, free: bool) -> Found<()> {
        if root == NO_PAGE {
            return Ok(());
        }
        let page = self.page(root)?;
        let (kind, lower, upper) = (number(&page, 10, 2), at(&page, 12), at(&page, 14));
        let damaged = |what: &str| format!("page {root} {what}");
        if lower < HEADER_BYTES || lower % 2 != 0 || lower > upper || upper > PAGE_BYTES {
            return Err(damaged("has no room for its entries"));
        }
        let entries = (lower - HEADER_BYTES) / 2;
        match kind {
            BRANCH if entries < 2 || deepest == 0 => return Err(damaged("is no branch")),
            LEAF if entries == 0 => return Err(damaged("is an empty leaf")),
            BRANCH | LEAF => {}
            _ => return Err(damaged("is of an unknown kind")),
        }
        for entry in 0..entries {
            let start = at(&page, HEADER_BYTES + 2 * entry);
            if start < upper || start + ENTRY_BYTES > PAGE_BYTES {
                return Err(damaged("has an entry outside"));
            }
            let data = start + ENTRY_BYTES + at(&page, start + 6);
            match kind {
                BRANCH if data <= PAGE_BYTES => {
                    let child = number(&page, start, 6);
                    self.tree(child, deepest - 1, free)?;
                }
                LEAF => self.entry(&page, start, data, free).map_err(|what| damaged(&what))?,
                _ => return Err(damaged("has a key that is too long")),
            }
        }
        Ok(())
    }

    /// An entry of a leaf, whose data begin at `data`.
    fn entry(&mut self, page: &Page, start: usize, data: usize, free: bool) -> Found<()> {
        let bytes = number(page, start, 4);
        let kind = number(page, start + 4, 2);
        let here = if kind & BIG == 0 { bytes } else { 8 };
        if data as u64 + here > PAGE_BYTES as u64 {
            return Err("has an entry that is too long".into());
        }
        match kind {
            0 if free => listed(page, data, bytes),
            0 => Ok(()),
            BIG => self.overflow(number(page, data, 8), bytes, free),
            TREE if bytes == TREE_BYTES as u64 => {
                self.tree(number(page, data + ROOT_AT, 8), DEEPEST, false)
            }
            _ => Err("has an entry of an unknown kind".into()),
        }
    }

    fn overflow(&mut self, first: u64, bytes: u64, free: bool) -> Found<()> {
        let page = self.page(first)?;
        let pages = number(&page, 12, 4);
        let enough = pages * PAGE_BYTES as u64 >= HEADER_BYTES as u64 + bytes;
        if number(&page, 10, 2) != OVERFLOW || !enough || first + pages > self.pages {
            return Err(format!("names page {first} for {bytes} bytes that are not there"));
        }
        if free { listed(&page, HEADER_BYTES, bytes) } else { Ok(()) }
    }
}

/// A list of free pages: their number, and then they.
fn listed(page: &Page, at: usize, bytes: u64) -> Found<()> {
    let fits = bytes >= 8 && number(page, at, 8) < bytes / 8;
    if fits { Ok(()) } else { Err("has a list that is longer than it is".into()) }
}

fn at(page: &Page, at: usize) -> usize {
    number(page, at, 2) as usize
}

/// The little-endian number in `bytes` bytes; the caller knows that they are in the page.
fn number(page: &Page, at: usize, bytes: usize) -> u64 {
    page[at..at + bytes].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
