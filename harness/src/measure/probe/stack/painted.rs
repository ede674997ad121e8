//! The paint, and what is left of it.
#![expect(unsafe_code, reason = "the paint lies below the stack pointer, where no reference does")]

use std::hint::black_box;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::area::{Area, BELOW, GUARD};
use super::{OtherStacks, Painted, StackUse};

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

/// The stack of another thread.
#[derive(Debug)]
pub(super) struct Other {
    start: AtomicUsize,
    end: AtomicUsize,
    /// The stack pointer of whoever called what the thread runs; the start before that.
    caller: AtomicUsize,
}

/// A table that needs no allocation.
static OTHERS: [Other; MOST_OTHERS] = [const {
    Other { start: AtomicUsize::new(0), end: AtomicUsize::new(0), caller: AtomicUsize::new(0) }
}; MOST_OTHERS];

/// How many of them there are, or were to be.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// Threads with a painted stack beside that of the work.
const MOST_OTHERS: usize = 256;

/// Makes this the stack that is painted.
pub(super) fn install(area: Area) {
    AREA.get_or_init(|| area);
}

/// Whether the work of this process runs on a painted stack.
pub(super) fn is_installed() -> bool {
    AREA.get().is_some()
}

/// Paints the stack of a thread that is not there yet. None when there are too many.
pub(super) fn add(area: &Area) -> Option<&'static Other> {
    let other = OTHERS.get(TAKEN.fetch_add(1, Ordering::Relaxed))?;
    // SAFETY: nobody uses the area yet.
    unsafe { paint(area.stack.start, area.stack.end) };
    other.start.store(area.stack.start, Ordering::Relaxed);
    other.caller.store(area.stack.start, Ordering::Relaxed);
    other.end.store(area.stack.end, Ordering::Release);
    Some(other)
}

impl Other {
    /// Calls what the thread runs.
    #[inline(never)]
    pub(super) fn call(&self, run: &mut dyn FnMut()) {
        self.caller.store(stack_pointer(), Ordering::Relaxed);
        black_box(&mut *run)();
        black_box(self);
    }

    /// From the caller down to the lowest word that was written.
    fn used(&self) -> u64 {
        let range = self.start.load(Ordering::Relaxed)..self.caller.load(Ordering::Relaxed);
        // SAFETY: the range lies within one area.
        let lowest = unsafe { first_written(range.start, range.end) };
        (range.end - lowest) as u64
    }

    fn bytes(&self) -> usize {
        self.end.load(Ordering::Relaxed) - self.start.load(Ordering::Relaxed)
    }
}

fn others() -> impl Iterator<Item = &'static Other> {
    OTHERS.iter().filter(|other| other.end.load(Ordering::Acquire) > 0)
}

/// Whether an access there is that of a thread that has left its painted stack at the lower end.
pub(super) fn is_in_a_guard(address: usize) -> bool {
    let own = AREA.get().map(|area| area.stack.start);
    let mut starts =
        own.into_iter().chain(others().map(|other| other.start.load(Ordering::Relaxed)));
    starts.any(|start| (start - GUARD..start).contains(&address))
}

/// What the lens holds. Allocates nothing.
pub(crate) fn painted() -> Painted {
    let Some(area) = AREA.get() else { return Painted::default() };
    let to = PAINTED_TO.load(Ordering::Relaxed);
    let resident: usize = others().map(Other::bytes).sum();
    let mapped: usize = others().map(|other| BELOW + other.bytes()).sum();
    Painted {
        resident: (to.saturating_sub(area.stack.start) + resident) as u64,
        mapped: (BELOW + area.stack.len() + mapped) as u64,
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
    // A thread that still runs may write to its stack meanwhile, and is seen before or after that.
    let used = others().map(Other::used);
    let (sum, most, threads) =
        used.fold((0, 0, 0), |(sum, most, threads), one| (sum + one, most.max(one), threads + 1));
    let missed = TAKEN.load(Ordering::Relaxed).saturating_sub(MOST_OTHERS) as u64;
    Some(StackUse {
        deepest: (caller - deepest) as u64,
        room: (caller - area.stack.start) as u64,
        others: OtherStacks { sum, deepest: most, threads, missed },
    })
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
