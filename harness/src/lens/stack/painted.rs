//! The paint, and what is left of it.
#![expect(unsafe_code, reason = "the paint lies below the stack pointer, where no reference does")]

use std::hint::black_box;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::area::Area;
use super::{Painted, StackUse};

/// A word that no program writes by chance.
const PAINT: u64 = 0x5ee5_0a7e_d1e5_ca1e;

/// Below the work's caller so much is painted again at the last moment, and looked through at the
/// first: other lenses are opened and closed on the same stack, and need less.
const NEAR: usize = 64 << 10;

/// The stack on which the work runs.
static AREA: OnceLock<Area> = OnceLock::new();

/// Down to where the paint reaches up; 0 before it was laid.
static PAINTED_TO: AtomicUsize = AtomicUsize::new(0);

/// The stack pointer of the work's caller; 0 before it was called.
static CALLER: AtomicUsize = AtomicUsize::new(0);

/// The lowest word near the caller that the work wrote to.
static LOWEST: AtomicUsize = AtomicUsize::new(0);

/// Makes this the stack that is painted.
pub(super) fn install(area: Area) {
    AREA.get_or_init(|| area);
}

/// What the lens holds. Allocates nothing.
pub(crate) fn painted() -> Painted {
    let Some(area) = AREA.get() else { return Painted::default() };
    let to = PAINTED_TO.load(Ordering::Relaxed);
    Painted {
        resident: to.saturating_sub(area.stack.start) as u64,
        mapped: (area.stack.end - area.guard.start) as u64,
    }
}

/// Paints all of the stack below the caller, if it runs on the stack that was made for it.
#[inline(never)]
pub(crate) fn open() {
    let here = stack_pointer();
    if let Some(area) = AREA.get().filter(|area| area.stack.contains(&here)) {
        PAINTED_TO.store(here, Ordering::Relaxed);
        // SAFETY: from the area's start to this function's own frame nothing is in use.
        unsafe { paint(area.stack.start, here) };
    }
}

/// Calls the work and sees how near to here it stayed. Adds nothing of its own to its depth but
/// the address to which it returns.
#[inline(never)]
pub(crate) fn call(work: &mut dyn FnMut()) {
    let here = stack_pointer();
    let is_painted = PAINTED_TO.load(Ordering::Relaxed) > here;
    let near = match AREA.get() {
        Some(area) if is_painted => area.stack.start.max(here - NEAR),
        _ => here,
    };
    CALLER.store(here, Ordering::Relaxed);
    if is_painted {
        // SAFETY: the range ends at this function's frame, and lies within the area, as `near` does.
        unsafe { paint(near, here) };
    }
    // Not to be inlined: its locals would lie above the mark.
    black_box(&mut *work)();
    if is_painted {
        // SAFETY: the range lies within the area.
        LOWEST.store(unsafe { first_written(near, here) }, Ordering::Relaxed);
    }
}

/// How deep the work went; none where it did not run on a painted stack.
pub(crate) fn close() -> Option<StackUse> {
    let area = AREA.get()?;
    let (caller, lowest) = (CALLER.load(Ordering::Relaxed), LOWEST.load(Ordering::Relaxed));
    if lowest == 0 {
        return None;
    }
    let near = area.stack.start.max(caller - NEAR);
    // SAFETY: the range lies within the area.
    let far = unsafe { first_written(area.stack.start, near) };
    let deepest = if far < near { far } else { lowest };
    Some(StackUse { deepest: (caller - deepest) as u64, room: (caller - area.stack.start) as u64 })
}

/// Fills whole words.
///
/// # Safety
/// `from..to` lies within one area, is made of whole words, and nothing in it is in use: it ends
/// at or below the stack pointer of the function that this is inlined into.
#[inline(always)]
unsafe fn paint(from: usize, to: usize) {
    let words = (to - from) / size_of::<u64>();
    // SAFETY: the caller vouches for the range; nothing is called, so that no frame lies in it.
    // The direction flag is clear, as the calling convention has it.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::asm!(
            "rep stosq",
            inout("rcx") words => _,
            inout("rdi") from => _,
            in("rax") PAINT,
            options(preserves_flags),
        );
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!(
            "2: cbz {words}, 3f",
            "str {paint}, [{from}], #8",
            "sub {words}, {words}, #1",
            "b 2b",
            "3:",
            words = inout(reg) words => _,
            from = inout(reg) from => _,
            paint = in(reg) PAINT,
        );
    }
}

/// The lowest word that is not painted, or `to`.
///
/// # Safety
/// `from..to` lies within one area and is made of whole words.
#[inline(always)]
unsafe fn first_written(from: usize, to: usize) -> usize {
    let mut at = from;
    while at < to {
        let word = ptr::with_exposed_provenance::<u64>(at);
        // SAFETY: the caller vouches for the range; whoever wrote the word has returned.
        if unsafe { word.read_volatile() } != PAINT {
            return at;
        }
        at += size_of::<u64>();
    }
    to
}

/// The stack pointer of the function that this is inlined into.
#[inline(always)]
fn stack_pointer() -> usize {
    let pointer: usize;
    // SAFETY: a register is copied; nothing else is touched.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::asm!("mov {}, rsp", out(reg) pointer, options(nomem, preserves_flags));
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!("mov {}, sp", out(reg) pointer, options(nomem, preserves_flags));
    }
    pointer
}
