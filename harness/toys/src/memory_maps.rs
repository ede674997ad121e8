//! Memory outside the heap: maps of several kinds.
#![expect(unsafe_code, reason = "to map a file is unsafe, since others may shorten it")]

use std::fs::File;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Duration;

use memmap2::{Mmap, MmapMut};
use serde::{Deserialize, Serialize};

/// The smallest page size.
const PAGE: usize = 4096;

/// The kind of map, and its size.
#[derive(Debug, Deserialize)]
pub struct Params {
    kind: Kind,
    bytes: usize,
}

#[derive(Debug, Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Every page is written to.
    Anonymous,
    /// Every page of a file is read.
    File,
    /// No page is touched.
    Untouched,
    /// Every page is written to, and the map is dropped after 50 ms.
    Spike,
}

/// Its map is live until all figures are read.
#[derive(Debug, Serialize)]
pub struct Output {
    sum: u64,
    #[serde(skip)]
    _kept: Kept,
}

/// A map that is kept and not used.
#[derive(Debug)]
enum Kept {
    Nothing,
    Own(#[expect(dead_code, reason = "it only has to stay mapped")] MmapMut),
    File(#[expect(dead_code, reason = "it only has to stay mapped")] Mmap),
}

/// Touches `bytes` of a map, a page at a time: the sum is one for each page of it.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    let file = match params.kind {
        Kind::File => Some(ones(params.bytes).map_err(|error| error.to_string())?),
        _ => None,
    };
    Ok(move || map(&params, file.as_ref()).map_err(|error| error.to_string()))
}

/// A file of ones without a name.
pub(crate) fn ones(bytes: usize) -> std::io::Result<File> {
    let path = std::env::temp_dir().join(format!("plimsoll-toy-{}", std::process::id()));
    let mut file = File::options().create_new(true).read(true).write(true).open(&path)?;
    std::fs::remove_file(&path)?;
    let some = vec![1u8; 1 << 20];
    for _ in 0..bytes / some.len() {
        file.write_all(&some)?;
    }
    Ok(file)
}

fn map(params: &Params, file: Option<&File>) -> std::io::Result<Output> {
    if let Some(file) = file {
        // SAFETY: the file has no name, so no other process can shorten it.
        let map = unsafe { Mmap::map(file) }?;
        let sum = map.iter().step_by(PAGE).map(|byte| u64::from(*byte)).sum();
        return Ok(Output { sum, _kept: Kept::File(map) });
    }
    let mut map = MmapMut::map_anon(params.bytes)?;
    match params.kind {
        Kind::Untouched => Ok(Output { sum: 0, _kept: Kept::Own(map) }),
        Kind::Spike => {
            let sum = touch(&mut map);
            std::thread::sleep(Duration::from_millis(50));
            Ok(Output { sum, _kept: Kept::Nothing })
        }
        Kind::Anonymous | Kind::File => Ok(Output { sum: touch(&mut map), _kept: Kept::Own(map) }),
    }
}

fn touch(map: &mut MmapMut) -> u64 {
    map.iter_mut().step_by(PAGE).for_each(|byte| *byte = black_box(1));
    map.iter().step_by(PAGE).map(|byte| u64::from(*byte)).sum()
}
