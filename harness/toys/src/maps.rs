//! Memory that is not of the heap: maps, of which the kernel knows more than one kind.
#![expect(unsafe_code, reason = "to map a file is unsafe, since others may shorten it")]

use std::fs::File;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Duration;

use memmap2::{Mmap, MmapMut};
use serde::{Deserialize, Serialize};

/// No page is smaller.
const PAGE: usize = 4096;

/// How much of what.
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
    /// Mapped, and that is all.
    Untouched,
    /// Every page is written to, and after 50 ms all are given back.
    Spike,
}

/// Kept until all figures are read.
#[derive(Debug, Serialize)]
pub struct Answer {
    sum: u64,
    #[serde(skip)]
    _kept: Kept,
}

/// Held, and never looked at.
#[derive(Debug)]
enum Kept {
    Nothing,
    Own(#[expect(dead_code, reason = "it is only to stay mapped")] MmapMut),
    File(#[expect(dead_code, reason = "it is only to stay mapped")] Mmap),
}

/// Touches `bytes` of a map, a page at a time: the sum is one for each page of it.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    let file = match params.kind {
        Kind::File => Some(ones(params.bytes).map_err(|error| error.to_string())?),
        _ => None,
    };
    Ok(move || map(&params, file.as_ref()).map_err(|error| error.to_string()))
}

/// A file of ones that has no name.
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

fn map(params: &Params, file: Option<&File>) -> std::io::Result<Answer> {
    if let Some(file) = file {
        // SAFETY: the file has no name, so that nobody else shortens it.
        let map = unsafe { Mmap::map(file) }?;
        let sum = map.iter().step_by(PAGE).map(|byte| u64::from(*byte)).sum();
        return Ok(Answer { sum, _kept: Kept::File(map) });
    }
    let mut map = MmapMut::map_anon(params.bytes)?;
    match params.kind {
        Kind::Untouched => Ok(Answer { sum: 0, _kept: Kept::Own(map) }),
        Kind::Spike => {
            let sum = touch(&mut map);
            std::thread::sleep(Duration::from_millis(50));
            Ok(Answer { sum, _kept: Kept::Nothing })
        }
        Kind::Anonymous | Kind::File => Ok(Answer { sum: touch(&mut map), _kept: Kept::Own(map) }),
    }
}

fn touch(map: &mut MmapMut) -> u64 {
    map.iter_mut().step_by(PAGE).for_each(|byte| *byte = black_box(1));
    map.iter().step_by(PAGE).map(|byte| u64::from(*byte)).sum()
}
