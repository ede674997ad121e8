//! A stack of ours that is overflowed says so, as the threads of the standard library do: that
//! one knows the guards of its own threads only.
#![expect(unsafe_code, reason = "signal handlers are the system's")]

use std::ffi::{c_int, c_void};
use std::io;
use std::ptr;
use std::sync::OnceLock;

use super::area::Area;
use super::painted;

/// What the parent looks for.
const WORDS: &[u8] = b"\nthe thread of the work has overflowed its stack\n";

/// Who handled the signal before.
static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

/// Lets an access to the guard of a painted stack be told. To be called before the preparation: a handler
/// that the workload installs is asked first, and hands on what is not its own.
pub(super) fn watch() -> io::Result<()> {
    // SAFETY: the type is a plain record of C for which zeroes are valid.
    let mut previous: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: only asked; there is a place for the answer.
    check(unsafe { libc::sigaction(libc::SIGSEGV, ptr::null(), &raw mut previous) })?;
    PREVIOUS.get_or_init(|| previous);
    // SAFETY: as above.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
    let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = told;
    action.sa_sigaction = handler as libc::sighandler_t;
    // SAFETY: the action is whole, and its handler does only what a handler may.
    check(unsafe { libc::sigaction(libc::SIGSEGV, &raw const action, ptr::null_mut()) })
}

/// Gives the calling thread, which runs on the area's stack, another one for its handlers.
pub(super) fn on_this_thread(area: &Area) {
    let alternate = libc::stack_t {
        ss_sp: ptr::with_exposed_provenance_mut(area.alternate.start),
        ss_flags: 0,
        ss_size: area.alternate.len(),
    };
    // SAFETY: the memory is the area's, which is never given back. Where this is refused, an
    // overflow is told as the signal that it is.
    unsafe { libc::sigaltstack(&raw const alternate, ptr::null_mut()) };
}

extern "C" fn told(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel hands in a valid record for the length of the call.
    let info_of_this = unsafe { &*info };
    // SAFETY: of this signal the record holds an address.
    let address = unsafe { info_of_this.si_addr() }.addr();
    if painted::is_in_a_guard(address) {
        // SAFETY: the bytes are a constant. Both calls are allowed in a handler.
        unsafe { libc::write(libc::STDERR_FILENO, WORDS.as_ptr().cast(), WORDS.len()) };
        // SAFETY: as above.
        unsafe { libc::abort() };
    }
    hand_on(signal, info, context);
}

/// Does what would have been done without us.
fn hand_on(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    type Told = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
    let previous = PREVIOUS.get();
    match previous.map(|previous| (previous.sa_sigaction, previous.sa_flags & libc::SA_SIGINFO)) {
        Some((handler, flag)) if handler > libc::SIG_IGN && flag != 0 => {
            // SAFETY: whoever installed it with this flag gave a function of this signature.
            let handler = unsafe { std::mem::transmute::<libc::sighandler_t, Told>(handler) };
            handler(signal, info, context);
        }
        // Returned from, the access is made again, and ends the process.
        // SAFETY: the default action needs no handler; the call is allowed in one.
        _ => unsafe {
            libc::signal(signal, libc::SIG_DFL);
        },
    }
}

fn check(returned: c_int) -> io::Result<()> {
    if returned == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
