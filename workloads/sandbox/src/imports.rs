//! The imports of every guest: WASI 0.1, without sleeping, and the door.

use wasmtime::Linker;
use wasmtime_wasi::p1;

use crate::door;
use crate::sandbox::State;

/// `ENOTSUP` of WASI 0.1.
const NOT_SUPPORTED: i32 = 58;

pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    p1::add_to_linker_async(&mut linker, |state: &mut State| &mut state.wasi)?;
    linker.allow_shadowing(true);
    // A guest that sleeps would hold its host's thread, beyond any deadline.
    linker.func_wrap(
        "wasi_snapshot_preview1",
        "poll_oneoff",
        |_: i32, _: i32, _: i32, _: i32| NOT_SUPPORTED,
    )?;
    door::open(&mut linker)?;
    Ok(linker)
}
