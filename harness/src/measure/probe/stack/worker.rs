//! Further threads on painted stacks.
#![expect(unsafe_code, reason = "a thread with a given stack is pthread's")]

use std::ffi::c_void;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::area::Area;
use super::painted::Other;
use super::thread::{Attributes, check};
use super::{overflow, painted};

struct Job<F> {
    area: Area,
    stack: &'static Other,
    run: F,
}

/// Starts a thread that nobody waits for, with a stack of so many bytes; painted where the stack of
/// the work is.
pub(crate) fn spawn<F: FnOnce() + Send + 'static>(bytes: usize, run: F) -> io::Result<()> {
    if !painted::is_installed() {
        return std::thread::Builder::new().stack_size(bytes).spawn(run).map(drop);
    }
    let area = Area::new(bytes)?;
    let attributes = Attributes::on(&area)?.detached()?;
    let stack = painted::add(&area)
        .ok_or_else(|| io::Error::other("more threads than stacks can be painted"))?;
    let job = Box::into_raw(Box::new(Job { area, stack, run }));
    let mut thread = 0;
    // SAFETY: `enter` gets the pointer that it expects, and owns it from then on. What it holds may
    // be sent to a thread, and borrows nothing.
    let made = unsafe {
        libc::pthread_create(&raw mut thread, attributes.as_ptr(), enter::<F>, job.cast())
    };
    check(made).inspect_err(|_| {
        // SAFETY: there is no thread, so that the box is still ours.
        drop(unsafe { Box::from_raw(job) });
    })
}

extern "C" fn enter<F: FnOnce()>(job: *mut c_void) -> *mut c_void {
    // SAFETY: `spawn` made the pointer of a box of this type, and gave it away.
    let Job { area, stack, run } = *unsafe { Box::from_raw(job.cast::<Job<F>>()) };
    overflow::on_this_thread(&area);
    // Unwinding must not leave a function of C's; the message was printed.
    let mut run = Some(run);
    let _ = catch_unwind(AssertUnwindSafe(|| {
        stack.call(&mut || {
            if let Some(run) = run.take() {
                run();
            }
        });
    }));
    std::ptr::null_mut()
}
