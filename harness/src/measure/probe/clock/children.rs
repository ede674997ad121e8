//! Processor time of ended child processes.
#![expect(unsafe_code, reason = "getrusage fills a record of C")]

use std::time::Duration;

/// Of all that ended and were waited for, and of those that they waited for.
pub(super) fn cpu_time() -> Option<Duration> {
    // SAFETY: the type is a plain record of C for which zeroes are valid.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: there is a place for the answer.
    let failed = unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage) };
    let time = |time: libc::timeval| {
        let microseconds = 1_000u32.checked_mul(time.tv_usec.try_into().ok()?)?;
        Some(Duration::new(time.tv_sec.try_into().ok()?, microseconds))
    };
    (failed == 0).then_some(())?;
    Some(time(usage.ru_utime)? + time(usage.ru_stime)?)
}
