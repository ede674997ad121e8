//! The walk along frame pointers, and the check that there are any.
#![expect(unsafe_code, reason = "reads the words of its own thread's stack")]

use std::hint::black_box;
use std::ops::Range;
use std::sync::Once;

use crate::error::Error;
use crate::system;

/// Whether stacks can be walked on this kind of machine at all.
pub(crate) const SUPPORTED: bool =
    cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")));

/// The return addresses of a stack, innermost first.
///
/// On x86-64 and aarch64 a frame is two words: the caller's frame pointer, then the address to
/// which the function returns. Every frame must lie higher than the one before and below the top,
/// so that whatever a function without a frame pointer leaves in the register, only mapped words
/// are read and the walk ends.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    frame: usize,
    /// The frame must lie above.
    below: usize,
    /// Two words fit above the frame if it is no higher.
    most: usize,
}

impl Chain {
    /// From the function outwards whose frame pointer is `frame`; it has called this one, or is
    /// it. `None` when that does not run on `stack`: then nothing may be read.
    #[inline(always)]
    pub(crate) fn from(frame: usize, stack: &Range<usize>) -> Option<Self> {
        let here = system::stack_pointer();
        let most = stack.end.saturating_sub(16);
        (stack.start < here && here <= most).then_some(Self { frame, below: here - 1, most })
    }
}

impl Iterator for Chain {
    type Item = u64;

    #[inline(always)]
    fn next(&mut self) -> Option<u64> {
        if self.frame <= self.below || self.frame > self.most || !self.frame.is_multiple_of(8) {
            return None;
        }
        // SAFETY: the word lies between the stack pointer and the stack's top.
        let caller = unsafe { system::read_word(self.frame) };
        // SAFETY: so does the next one, since `most` leaves room for both.
        let address = unsafe { system::read_word(self.frame + 8) };
        self.below = self.frame;
        self.frame = caller as usize;
        Some(address)
    }
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
    let mut addresses = Vec::new();
    Once::new().call_once_force(|_| inner(NEST, &mut addresses));
    let within = |function: usize, address: u64| {
        (function as u64..function as u64 + REACH).contains(&address)
    };
    let inner = inner as fn(usize, &mut Vec<u64>) as *const () as usize;
    let outer = outer as fn() -> usize as *const () as usize;
    let nested = addresses.iter().take_while(|&&address| within(inner, address)).count();
    let calls_before = addresses.get(nested..).unwrap_or_default();
    nested.min(NEST) + usize::from(calls_before.iter().any(|&address| within(outer, address)))
}

#[inline(never)]
fn inner(level: usize, addresses: &mut Vec<u64>) {
    if level > 0 {
        inner(level - 1, addresses);
    } else if let Some(stack) = system::stack_of_this_thread() {
        let chain = Chain::from(system::frame_pointer(), &stack);
        addresses.extend(chain.into_iter().flatten().take(crate::MOST_FRAMES));
    }
    // Not a tail call, which would leave no frame.
    black_box(level);
}

#[cfg(test)]
mod tests {
    use super::{Chain, check, system};

    #[test]
    fn this_program_can_be_walked() {
        check().unwrap();
    }

    #[test]
    fn a_foreign_stack_is_not_read() {
        assert!(Chain::from(system::frame_pointer(), &(16..32)).is_none());
    }
}
