//! Panics that are answers: insta says by a panic that a page differs, after it has shown how.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::measure::window::panic_message;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs `work`; the message of a panic in it is returned and printed nowhere, since a backtrace
/// through the harness would only push the diff off the screen.
pub(crate) fn quietly(work: impl FnOnce()) -> Result<(), String> {
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    result.map_err(|panic| panic_message(panic.as_ref()))
}
