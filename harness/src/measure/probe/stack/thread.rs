//! A thread on a stack of ours.
#![expect(unsafe_code, reason = "a thread with a given stack is pthread's")]

use std::ffi::c_void;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

use super::area::Area;
use super::{overflow, painted};

/// A call, and what came of it.
struct Call<F, R> {
    area: Area,
    call: Option<F>,
    result: Option<std::thread::Result<R>>,
}

/// Runs `call` on a thread with the stack that is painted later, and returns what it returns. The
/// thread is pthread's own, so that the C library and the recorder know the bounds of its stack,
/// and thread locals and panics are as usual.
///
/// # Errors
/// When there is no memory for the stack, or no thread.
pub(crate) fn run<R: Send>(call: impl FnOnce() -> R + Send) -> Result<R, String> {
    let area = Area::for_the_work().map_err(|error| format!("no memory for a stack: {error}"))?;
    overflow::watch().map_err(|error| format!("a stack cannot be watched: {error}"))?;
    painted::install(area.clone());
    let mut call = Call { area, call: Some(call), result: None };
    on_stack(&mut call).map_err(|error| format!("no thread on a given stack: {error}"))?;
    match call.result {
        Some(Ok(result)) => Ok(result),
        Some(Err(panic)) => resume_unwind(panic),
        None => Err("a thread on a given stack did not run".to_owned()),
    }
}

fn on_stack<F: FnOnce() -> R + Send, R: Send>(call: &mut Call<F, R>) -> io::Result<()> {
    let attributes = Attributes::on(&call.area)?;
    let mut thread = 0;
    let argument = (&raw mut *call).cast();
    // SAFETY: `enter` gets the pointer that it expects, to a call that lives until the thread has
    // ended, and that nobody else touches meanwhile. What it holds may be sent to a thread.
    let made = unsafe {
        libc::pthread_create(&raw mut thread, attributes.as_ptr(), enter::<F, R>, argument)
    };
    check(made)?;
    // SAFETY: the thread was made just now, and is joined nowhere else.
    check(unsafe { libc::pthread_join(thread, ptr::null_mut()) })
}

extern "C" fn enter<F: FnOnce() -> R, R>(call: *mut c_void) -> *mut c_void {
    // SAFETY: `on_stack` handed in a call of this type, and waits for this thread to end.
    let call = unsafe { &mut *call.cast::<Call<F, R>>() };
    overflow::on_this_thread(&call.area);
    // What this thread would find out at its first event is found out here.
    std::hint::black_box(std::thread::current());
    let run = call.call.take();
    // Unwinding must not leave a function of C's.
    call.result = run.map(|run| catch_unwind(AssertUnwindSafe(run)));
    ptr::null_mut()
}

pub(super) fn check(errno: libc::c_int) -> io::Result<()> {
    if errno == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(errno)) }
}

/// What a new thread is to be like.
pub(super) struct Attributes(libc::pthread_attr_t);

impl Attributes {
    /// A thread on the area's stack.
    pub(super) fn on(area: &Area) -> io::Result<Self> {
        // SAFETY: the type is a plain record of C for which zeroes are valid.
        let mut attributes: libc::pthread_attr_t = unsafe { std::mem::zeroed() };
        // SAFETY: the place is ours.
        check(unsafe { libc::pthread_attr_init(&raw mut attributes) })?;
        let mut attributes = Self(attributes);
        let low = ptr::with_exposed_provenance_mut::<c_void>(area.stack.start);
        // SAFETY: the attributes were initialised; the area is mapped, and is never given back.
        check(unsafe {
            libc::pthread_attr_setstack(&raw mut attributes.0, low, area.stack.len())
        })?;
        Ok(attributes)
    }

    /// One that nobody waits for.
    pub(super) fn detached(mut self) -> io::Result<Self> {
        let detached = libc::PTHREAD_CREATE_DETACHED;
        // SAFETY: the attributes were initialised.
        check(unsafe { libc::pthread_attr_setdetachstate(&raw mut self.0, detached) })?;
        Ok(self)
    }

    pub(super) fn as_ptr(&self) -> *const libc::pthread_attr_t {
        &raw const self.0
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: the attributes were initialised, and are not used again.
        unsafe { libc::pthread_attr_destroy(&raw mut self.0) };
    }
}
