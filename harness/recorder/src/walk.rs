//! The walk along frame pointers, and the check that there are any.
#![expect(unsafe_code, reason = "reads the words of its own thread's stack")]

use std::hint::black_box;
use std::ops::Range;
use std::sync::Once;

use crate::error::Error;
use crate::frames::Frames;
use crate::system;

/// Whether stacks can be walked on this kind of machine at all.
pub(crate) const SUPPORTED: bool =
    cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")));

/// The frames of a stack, from the function that [`Chain::here`] is inlined into outwards.
///
/// On x86-64 and aarch64 a frame is two words: the caller's frame pointer, then the address to
/// which the function returns. Every frame must lie higher than the one before and below the top,
/// so that whatever a function without a frame pointer leaves in the register, only mapped words
/// are read and the walk ends.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    frame: usize,
    least: usize,
    most: usize,
}

/// The two words of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) caller: u64,
    pub(crate) address: u64,
}

impl Chain {
    /// `None` when the function that this is inlined into does not run on `stack`: then nothing
    /// may be read.
    #[inline(always)]
    pub(crate) fn here(stack: &Range<usize>) -> Option<Self> {
        let least = system::stack_pointer();
        let frame = system::frame_pointer();
        let most = stack.end.saturating_sub(16);
        (stack.contains(&least) && least <= most).then_some(Self { frame, least, most })
    }

    /// Where the next frame is said to be.
    #[inline(always)]
    pub(crate) fn frame(&self) -> u64 {
        self.frame as u64
    }

    /// Reads the next frame; `None` where there cannot be one.
    #[inline(always)]
    pub(crate) fn step(&mut self) -> Option<Link> {
        if self.frame < self.least || self.frame > self.most || !self.frame.is_multiple_of(8) {
            return None;
        }
        // SAFETY: the word lies between the stack pointer and the stack's top.
        let caller = unsafe { system::read_word(self.frame) };
        // SAFETY: so does the next one, since `most` leaves room for both.
        let address = unsafe { system::read_word(self.frame + 8) };
        self.least = self.frame + 16;
        self.frame = caller as usize;
        Some(Link { caller, address })
    }

    /// Whether as many steps would read exactly these links. Unlike a step, this need not wait for
    /// one frame to know where the next one is.
    #[inline(always)]
    pub(crate) fn would_read(&self, links: impl Iterator<Item = Link>) -> bool {
        let mut frame = self.frame;
        for expected in links {
            // What lies below is very far above as well.
            let above = frame.wrapping_sub(self.least);
            if above > self.most.wrapping_sub(self.least) || !frame.is_multiple_of(8) {
                return false;
            }
            // SAFETY: the word lies between the stack pointer and the stack's top.
            let caller = unsafe { system::read_word(frame) };
            // SAFETY: so does the next one, since `most` leaves room for both.
            let address = unsafe { system::read_word(frame + 8) };
            if caller != expected.caller || address != expected.address {
                return false;
            }
            frame = expected.caller as usize;
        }
        true
    }
}

/// Takes up to `depth` return addresses of the chain.
#[inline(always)]
pub(crate) fn walk(frames: &mut Frames, depth: usize, mut chain: Chain) {
    frames.fill(depth, || chain.step().map(|link| link.address).filter(|address| *address != 0));
}

/// Calls that the check nests.
const NEST: usize = 8;

/// A function's code is taken to end within so many bytes of its start.
const REACH: u64 = 4_096;

/// Walks a chain of known functions, one of the standard library's own among them.
///
/// # Errors
/// [`Error::NoFramePointers`] when the walk does not find them all.
pub(crate) fn check() -> Result<(), Error> {
    if !SUPPORTED {
        return Err(Error::Unsupported);
    }
    let found = outer();
    let expected = NEST + 1;
    if found == expected { Ok(()) } else { Err(Error::NoFramePointers { expected, found }) }
}

/// `Once` calls back from code that was compiled with the standard library.
#[inline(never)]
fn outer() -> usize {
    let mut frames = Frames::new();
    Once::new().call_once_force(|_| inner(NEST, &mut frames));
    let addresses = frames.as_slice();
    let within = |function: usize, address: u64| {
        (function as u64..function as u64 + REACH).contains(&address)
    };
    let inner = inner as fn(usize, &mut Frames) as *const () as usize;
    let outer = outer as fn() -> usize as *const () as usize;
    let nested = addresses.iter().take_while(|&&address| within(inner, address)).count();
    let calls_before = addresses.get(nested..).unwrap_or_default();
    nested.min(NEST) + usize::from(calls_before.iter().any(|&address| within(outer, address)))
}

#[inline(never)]
fn inner(level: usize, frames: &mut Frames) {
    if level > 0 {
        inner(level - 1, frames);
    } else if let Some(chain) = system::stack_of_this_thread().as_ref().and_then(Chain::here) {
        walk(frames, crate::MOST_FRAMES, chain);
    }
    // Not a tail call, which would leave no frame.
    black_box(level);
}

#[cfg(test)]
mod tests {
    use super::{Chain, Frames, check, system, walk};

    #[test]
    fn this_program_can_be_walked() {
        check().unwrap();
    }

    #[test]
    fn a_foreign_stack_is_not_read() {
        assert!(Chain::here(&(16..32)).is_none());
    }

    #[test]
    fn the_depth_is_kept() {
        let stack = system::stack_of_this_thread().unwrap();
        let mut frames = Frames::new();
        walk(&mut frames, 3, Chain::here(&stack).unwrap());
        assert_eq!(frames.as_slice().len(), 3);
    }
}
