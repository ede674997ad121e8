//! Allocates memory that grows with the size in one of several classes.

use serde::{Deserialize, Serialize};

/// The class, the size, and a fixed part in bytes.
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
    Constant,
    Log,
    Linear,
    Quadratic,
    LinearWithTable,
}

/// The size of the run.
#[derive(Debug, Serialize)]
pub struct Output {
    size: usize,
}

/// 1,000 B: a pointer of 8 B beside 992 B.
struct Item {
    before: Option<Box<Item>>,
    room: [u8; 992],
}

/// For a size `n`, beside one block of `fixed` bytes: one block of 4,096 B (`constant`), one with
/// 32 B for each whole step of log2(n) (`log`), `n` blocks of 1,000 B (`linear`), one of n² bytes
/// (`quadratic`), or `n` blocks of 1,000 B beside a table of their 8 B numbers that starts with a
/// capacity of 1,024 and doubles when it is full (`linear_with_table`).
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    Ok(move || {
        let Params { by, size, fixed } = params;
        let fixed = (fixed > 0).then(|| block(fixed));
        match by {
            Class::Constant => drop(block(4096)),
            Class::Log => drop(block(32 * size.ilog2() as usize)),
            Class::Linear => list(size),
            Class::Quadratic => drop(block(size * size)),
            Class::LinearWithTable => {
                let table = table(size);
                list(size);
                std::hint::black_box(table);
            }
        }
        std::hint::black_box(fixed);
        Ok(Output { size })
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
    // One by one: `drop` of the whole list would recurse once for each item.
    while let Some(item) = last {
        std::hint::black_box(&item.room);
        last = item.before;
    }
}
