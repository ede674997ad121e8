//! Memory of each kind: what a figure of the process shows already, and more of it.

use std::hint::black_box;
#[cfg(not(target_os = "linux"))]
use std::io;

use memmap2::MmapMut;
use plimsoll_format::Metric;

use crate::measure::probe::{c_heap, process};

/// What `metric` says when nothing more is taken.
pub(super) fn now(metric: Metric) -> Result<f64, String> {
    if metric == Metric::CHeap {
        return Ok(c_heap::live()? as f64);
    }
    let process = process::look()?;
    let resident = process.end;
    Ok(match metric {
        Metric::PeakRss => resident.rss,
        Metric::AnonymousRss | Metric::PeakAnonymousRss => resident.anonymous,
        Metric::FileRss => resident.file,
        Metric::ShmemRss => resident.shmem,
        Metric::Pss => resident.pss.ok_or("the kernel does not tell")?,
        Metric::PeakVirtual => process.peak_virtual,
        _ => return Err(format!("{metric} is none of the process's")),
    } as f64)
}

/// Takes memory that `metric` counts, and keeps it.
pub(super) fn take(metric: Metric, bytes: usize) -> Result<(), String> {
    if bytes == 0 {
        return Ok(());
    }
    let taken = match metric {
        Metric::PeakRss | Metric::AnonymousRss | Metric::PeakAnonymousRss | Metric::Pss => {
            MmapMut::map_anon(bytes).map(touched)
        }
        Metric::PeakVirtual => MmapMut::map_anon(bytes).map(std::mem::forget),
        Metric::FileRss => of_a_file(bytes),
        Metric::ShmemRss => shared(bytes),
        Metric::CHeap => of_malloc(bytes),
        _ => return Err(format!("there is no ballast for {metric}")),
    };
    taken.map_err(|error| format!("{bytes} B for {metric} cannot be had: {error}"))
}

fn touched(mut map: MmapMut) {
    map.fill(1);
    std::mem::forget(black_box(map));
}

#[cfg(target_os = "linux")]
use on_linux::{of_a_file, of_malloc, shared};

#[cfg(target_os = "linux")]
mod on_linux {
    #![expect(unsafe_code, reason = "maps files, and asks malloc, as a C library would")]

    use std::fs::File;
    use std::hint::black_box;
    use std::io::{self, Seek as _, Write as _};

    use memmap2::{Mmap, MmapMut};
    use rustix::fs::{MemfdFlags, memfd_create};

    /// Pages of a file, every one of them read.
    pub(super) fn of_a_file(bytes: usize) -> io::Result<()> {
        let path = std::env::temp_dir().join(format!("plimsoll-ballast-{}", std::process::id()));
        let mut file = File::options().read(true).write(true).create_new(true).open(&path)?;
        std::fs::remove_file(&path)?;
        let part = [1u8; 1 << 16];
        for start in (0..bytes).step_by(part.len()) {
            file.write_all(&part[..part.len().min(bytes - start)])?;
        }
        file.rewind()?;
        // SAFETY: nobody else knows the file, whose name is gone, and nobody shortens it.
        let map = unsafe { Mmap::map(&file) }?;
        black_box(map.iter().step_by(4_096).map(|byte| u64::from(*byte)).sum::<u64>());
        std::mem::forget(map);
        Ok(())
    }

    /// Shared memory, every page of it written to.
    pub(super) fn shared(bytes: usize) -> io::Result<()> {
        let file = File::from(memfd_create("plimsoll ballast", MemfdFlags::CLOEXEC)?);
        file.set_len(bytes as u64)?;
        // SAFETY: nobody else knows the file, and nobody shortens it.
        super::touched(unsafe { MmapMut::map_mut(&file) }?);
        Ok(())
    }

    /// A block of malloc's, beside Rust's allocator.
    pub(super) fn of_malloc(bytes: usize) -> io::Result<()> {
        // SAFETY: any size may be asked for; the block is never touched.
        let block = unsafe { libc::malloc(bytes) };
        match black_box(block).is_null() {
            true => Err(io::ErrorKind::OutOfMemory.into()),
            false => Ok(()),
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn of_a_file(_bytes: usize) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(target_os = "linux"))]
fn shared(_bytes: usize) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(target_os = "linux"))]
fn of_malloc(_bytes: usize) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
