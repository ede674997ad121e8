//! Allocates more and more memory, in one of several ways.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use memmap2::MmapMut;
use serde::Deserialize;

/// The way, and the size at which it gives up.
#[derive(Debug, Deserialize)]
pub struct Params {
    by: Way,
    /// Bytes after which it gives up: a cap that fails must not cost the machine.
    most: usize,
    /// The threads that allocate together.
    #[serde(default = "single_thread")]
    threads: usize,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    Blocks,
    Maps,
    Reserves,
    Shared,
}

fn single_thread() -> usize {
    1
}

const PIECE: usize = 1 << 20;

/// Allocates pieces of 1 MiB until it has `most` bytes, and returns their number. When a piece is
/// refused, `reserves` goes on without it, `maps` returns an error, and `blocks` ends the process.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<usize, String>, String> {
    let Params { by, most, threads } = params;
    Ok(move || match by {
        Way::Blocks => Ok(together(threads, most)),
        Way::Maps => map(most).map(|maps| maps.len()),
        Way::Reserves => Ok(reserve(most)),
        Way::Shared => share(most),
    })
}

fn together(threads: usize, most: usize) -> usize {
    let taken = AtomicUsize::new(0);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| push(&taken, most))).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).map(|pieces| pieces.len()).sum()
    })
}

fn push(taken: &AtomicUsize, most: usize) -> Vec<Vec<u8>> {
    let mut pieces = Vec::with_capacity(most / PIECE);
    while taken.fetch_add(PIECE, Ordering::Relaxed) < most {
        pieces.push(black_box(vec![1u8; PIECE]));
    }
    pieces
}

fn reserve(most: usize) -> usize {
    let mut pieces = Vec::with_capacity(most / PIECE);
    while pieces.len() < most / PIECE {
        let mut piece = Vec::<u8>::new();
        if piece.try_reserve_exact(PIECE).is_err() {
            break;
        }
        piece.resize(PIECE, 1);
        pieces.push(black_box(piece));
    }
    pieces.len()
}

fn map(most: usize) -> Result<Vec<MmapMut>, String> {
    let mut maps = Vec::with_capacity(most / PIECE);
    while maps.len() < most / PIECE {
        let mut piece = MmapMut::map_anon(PIECE).map_err(|error| format!("no map: {error}"))?;
        piece.fill(1);
        maps.push(piece);
    }
    Ok(maps)
}

/// Maps a file in memory, which other processes could share.
#[cfg(target_os = "linux")]
fn share(most: usize) -> Result<usize, String> {
    use std::fs::File;

    use memmap2::{MmapOptions, MmapRaw};
    use rustix::fs::{MemfdFlags, memfd_create};

    let file: File = memfd_create("toy", MemfdFlags::CLOEXEC).map_err(|it| it.to_string())?.into();
    file.set_len(most as u64).map_err(|error| error.to_string())?;
    let piece = |at| {
        let mut options = MmapOptions::new();
        options.offset((at * PIECE) as u64).len(PIECE).populate();
        options.map_raw(&file).map_err(|error| error.to_string())
    };
    let maps: Vec<MmapRaw> = (0..most / PIECE).map(piece).collect::<Result<_, _>>()?;
    // The maps stay until the figures are read.
    Ok(maps.into_iter().map(std::mem::forget).count())
}

#[cfg(not(target_os = "linux"))]
fn share(_most: usize) -> Result<usize, String> {
    Err("only Linux has files in memory".to_owned())
}
