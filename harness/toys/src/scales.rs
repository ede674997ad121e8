//! Holds as much as its class of growth says, to the byte.

use serde::{Deserialize, Serialize};

/// How the memory follows the size, and what is held besides.
#[derive(Debug, Deserialize)]
pub struct Params {
    by: Class,
    size: usize,
    #[serde(default)]
    fixed: usize,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Class {
    Nothing,
    Log,
    Limit,
    Square,
    Table,
}

/// The size that it was.
#[derive(Debug, Serialize)]
pub struct Answer {
    size: usize,
}

/// 1,000 B: a pointer of 8 B beside 992 B.
struct Item {
    before: Option<Box<Item>>,
    room: [u8; 992],
}

/// One block of `fixed` bytes beside, for a size `n`: one block of 4,096 B (`nothing`), one with
/// 32 B for each whole step of log2(n), `n` blocks of 1,000 B, one of n² bytes, or `n` blocks of 1,000 B
/// (`table`) beside a table of their 8 B numbers that has room for 1,024 and doubles where it is full.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    Ok(move || {
        let Params { by, size, fixed } = params;
        let held = (fixed > 0).then(|| block(fixed));
        match by {
            Class::Nothing => drop(block(4096)),
            Class::Log => drop(block(32 * size.ilog2() as usize)),
            Class::Limit => list(size),
            Class::Square => drop(block(size * size)),
            Class::Table => {
                let table = table(size);
                list(size);
                std::hint::black_box(table);
            }
        }
        std::hint::black_box(held);
        Ok(Answer { size })
    })
}

#[inline(never)]
fn block(bytes: usize) -> Vec<u8> {
    std::hint::black_box(Vec::with_capacity(bytes))
}

#[inline(never)]
fn table(items: usize) -> Vec<usize> {
    let mut table = Vec::with_capacity(1024);
    (0..items).for_each(|item| table.push(item));
    table
}

#[inline(never)]
fn list(items: usize) {
    let mut last = None;
    for _ in 0..items {
        last = Some(Box::new(Item { before: last, room: [1; 992] }));
    }
    // One by one: dropped as a whole, it would call itself for each item.
    while let Some(item) = last {
        std::hint::black_box(&item.room);
        last = item.before;
    }
}
