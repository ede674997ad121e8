//! The one function that a guest has beyond WASI: it hands in a reply and waits for code.
//!
//! The guest runs on a stack of its own. Where it waits, the session's future is pending, and the
//! caller's thread is free; the interpreter stays as it is until code comes.

use std::future::poll_fn;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use wasmtime::{AsContextMut as _, Caller, Extern, Linker, Memory, TypedFunc};

use crate::sandbox::State;

/// Longer than any reply of an honest guest.
const REPLY_BYTES: usize = 64 << 10;

/// Code passes through it to the guest, and replies come back. A clone is the same door.
#[derive(Clone, Debug, Default)]
pub(crate) struct Door(Arc<Mutex<Exchange>>);

#[derive(Debug, Default)]
struct Exchange {
    request: Option<Request>,
    waiting: Option<Waiting>,
}

/// Code to execute.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) code: Vec<u8>,
    pub(crate) ticks: u64,
    pub(crate) fuel: Option<u64>,
}

/// A guest that waits for code.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Its reply to the previous code.
    pub(crate) reply: Vec<u8>,
    /// The addresses of its linear memory, which does not move while it waits.
    pub(crate) memory: Range<usize>,
}

impl Door {
    pub(crate) fn hand_in(&self, request: Request) {
        self.lock().request = Some(request);
    }

    pub(crate) fn waiting(&self) -> Option<Waiting> {
        self.lock().waiting.take()
    }

    fn lock(&self) -> MutexGuard<'_, Exchange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn next(&self, waiting: Waiting) -> Request {
        self.lock().waiting = Some(waiting);
        poll_fn(|_| match self.lock().request.take() {
            Some(request) => Poll::Ready(request),
            None => Poll::Pending,
        })
        .await
    }
}

/// `host::call(reply, reply_bytes, &mut code, &mut code_bytes) -> 0`, with addresses of 32 bits.
pub(crate) fn open(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap_async("host", "call", |caller, arguments: (u32, u32, u32, u32)| {
        Box::new(pass(caller, arguments))
    })?;
    Ok(())
}

async fn pass(
    mut caller: Caller<'_, State>,
    (reply, reply_bytes, code, code_bytes): (u32, u32, u32, u32),
) -> wasmtime::Result<i32> {
    let (memory, allocate) = exports(&mut caller)?;
    let data = memory.data(&caller);
    let reply = data
        .get(reply as usize..)
        .and_then(|rest| rest.get(..reply_bytes as usize))
        .filter(|reply| reply.len() <= REPLY_BYTES)
        .ok_or_else(|| Violation::new("its reply is too long or outside of its memory"))?
        .to_vec();
    let addresses = data.as_ptr_range();
    let memory_range = addresses.start.expose_provenance()..addresses.end.expose_provenance();

    let door = caller.data().door.clone();
    let request = door.next(Waiting { reply, memory: memory_range }).await;

    caller.as_context_mut().set_epoch_deadline(request.ticks);
    if let Some(fuel) = request.fuel {
        caller.as_context_mut().set_fuel(fuel)?;
    }
    let length = u32::try_from(request.code.len())?;
    let at = allocate.call_async(&mut caller, length).await?;
    let fits = |_| Violation::new("`host_alloc` gave an address outside of its memory");
    if at == 0 {
        return Err(Violation::new("`host_alloc` gave no memory for the code").into());
    }
    memory.write(&mut caller, at as usize, &request.code).map_err(fits)?;
    memory.write(&mut caller, code as usize, &at.to_le_bytes()).map_err(fits)?;
    memory.write(&mut caller, code_bytes as usize, &length.to_le_bytes()).map_err(fits)?;
    Ok(0)
}

fn exports(caller: &mut Caller<'_, State>) -> Result<(Memory, TypedFunc<u32, u32>), Violation> {
    let memory = caller
        .get_export("memory")
        .and_then(Extern::into_memory)
        .ok_or_else(|| Violation::new("it exports no memory named `memory`"))?;
    let allocate = caller
        .get_export("host_alloc")
        .and_then(Extern::into_func)
        .and_then(|function| function.typed(&*caller).ok())
        .ok_or_else(|| Violation::new("it exports no `host_alloc(u32) -> u32`"))?;
    Ok((memory, allocate))
}

/// The guest does not keep to the protocol.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Violation(pub(crate) &'static str);

impl Violation {
    fn new(found: &'static str) -> Self {
        Self(found)
    }
}
