//! A live interpreter that waits for code.

use std::fmt;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use wasmtime::{Store, Trap};
use wasmtime_wasi::{I32Exit, WasiCtx};

use crate::capture::{Capture, Overflow};
use crate::door::{Door, Request, Violation, Waiting};
use crate::engine::WASM_STACK_BYTES;
use crate::error::Stream;
use crate::image::Image;
use crate::limits::Limiter;
use crate::sandbox::{Loaded, State};
use crate::ticker::ticks;
use crate::{Error, Outcome, Output, Result, Trimmed, pages};

/// A guest without a deadline: no epoch grows so large, and the sum with the present one fits.
const NEVER: u64 = u64::MAX / 2;
const PROGRAM: &str = "/usr/local/bin/python.wasm";
const SERVE: &str = include_str!("serve.py");

/// A live guest that keeps its state between executions. Dropping it frees all its memory.
///
/// The guest runs on a stack of its own, mapped for it, so that any thread may execute code in it, with
/// a stack of any size, and another thread may continue. Between executions no code of it runs.
pub struct Session {
    /// Declared first, so that it is dropped before the module that it was loaded from.
    guest: Option<Guest>,
    door: Door,
    waiting: Waiting,
    stdout: Capture,
    stderr: Capture,
    refused: Arc<AtomicU64>,
    /// The addresses for which the image was looked up: a memory that grows may move.
    imaged: Range<usize>,
    image: Option<Image>,
    loaded: Arc<Loaded>,
}

/// The store and the instance, suspended where the guest waits; ready when it has ended.
type Guest = Pin<Box<dyn Future<Output = wasmtime::Result<i32>> + Send>>;

impl Session {
    pub(crate) fn open(loaded: &Arc<Loaded>) -> Result<Self> {
        let _span = tracing::info_span!("instantiate").entered();
        let allowed = loaded.parts.limits.output_bytes;
        let (stdout, stderr) =
            (Capture::new(Stream::Stdout, allowed), Capture::new(Stream::Stderr, allowed));
        let (door, refused) = (Door::default(), Arc::default());

        let mut wasi = WasiCtx::builder();
        wasi.stdout(stdout.clone()).stderr(stderr.clone()).args(&[PROGRAM, "-c", SERVE]);
        loaded.parts.grants.apply(&mut wasi)?;
        let limiter = Limiter::new(loaded.parts.limits.memory_bytes, &refused);
        let state = State { wasi: wasi.build_p1(), limiter, door: door.clone() };

        let guest: Guest = Box::pin(run(Arc::clone(loaded), state));
        let mut session = Self {
            guest: Some(guest),
            door,
            waiting: Waiting::default(),
            stdout,
            stderr,
            refused,
            imaged: 0..0,
            image: None,
            loaded: Arc::clone(loaded),
        };
        session.resume()?;
        session.stdout.take();
        session.stderr.take();
        Ok(session)
    }

    /// Executes code in the state that earlier executions have left.
    ///
    /// # Errors
    ///
    /// [`Error::Deadline`], [`Error::Fuel`], [`Error::Memory`], [`Error::Output`], [`Error::Stack`],
    /// [`Error::Trap`], [`Error::Exited`] and [`Error::Protocol`] give the reason why the guest was
    /// stopped. Then the guest is gone, and the next execution returns [`Error::Ended`]. An exception
    /// that the code raises is no error but an [`Outcome`].
    pub fn execute(&mut self, code: &str) -> Result<Output> {
        let span = tracing::info_span!("execute").entered();
        if self.guest.is_none() {
            return Err(Error::Ended);
        }
        self.refused.store(0, Ordering::Relaxed);
        let (ticks, fuel) = allowance(&self.loaded);
        self.door.hand_in(Request { code: code.into(), ticks, fuel });
        self.resume()?;
        let Some(outcome) = Outcome::parse(&self.waiting.reply) else {
            let found = String::from_utf8_lossy(&self.waiting.reply).into_owned();
            self.guest = None;
            return Err(Error::Protocol { found: format!("its reply is `{found}`") });
        };
        drop(span);
        if self.loaded.parts.trims {
            self.trim()?;
        }
        Ok(Output { stdout: self.stdout.take(), stderr: self.stderr.take(), outcome })
    }

    /// Gives back the resident pages of the guest's memory that equal those of the module's file: most of
    /// them were never read, but mapped beside one that was; some were changed, and changed back. The
    /// guest's state stays as it is; pages that it needs again come back from the page cache, sixteen at
    /// a time. A module from bytes has no such file, and keeps the pages that were changed back.
    ///
    /// # Errors
    ///
    /// [`Error::Ended`], and [`Error::Io`] if the kernel does not let this process read its page map.
    pub fn trim(&mut self) -> Result<Trimmed> {
        let _span = tracing::info_span!("trim").entered();
        if self.guest.is_none() {
            return Err(Error::Ended);
        }
        // The guest waits and belongs to this session alone: its memory does not move or change.
        let memory = self.waiting.memory.clone();
        if self.imaged != memory {
            self.image = Image::find(&memory)?;
            self.imaged = memory.clone();
        }
        pages::trim(memory, self.image.as_ref())
    }

    /// The size of the guest's linear memory, in bytes. Less of it may be resident.
    pub fn memory_bytes(&self) -> u64 {
        self.waiting.memory.len() as u64
    }

    /// Runs the guest until it waits for code.
    fn resume(&mut self) -> Result<()> {
        let Some(guest) = &mut self.guest else { return Err(Error::Ended) };
        let ticking = match self.loaded.parts.limits.deadline {
            Some(_) => Some(
                self.loaded
                    .parts
                    .engine
                    .ticker
                    .start()
                    .map_err(|source| Error::Engine { source: source.into() })?,
            ),
            None => None,
        };
        let polled = guest.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        drop(ticking);
        let error = match (polled, self.door.waiting()) {
            (Poll::Pending, Some(waiting)) => {
                self.waiting = waiting;
                return Ok(());
            }
            (Poll::Pending, None) => Error::Protocol { found: "it waits for nothing".into() },
            (Poll::Ready(Ok(code)), _) => Error::Exited { code },
            (Poll::Ready(Err(error)), _) => self.explain(error),
        };
        self.guest = None;
        Err(error)
    }

    /// The reason why wasmtime has stopped the guest.
    fn explain(&self, error: wasmtime::Error) -> Error {
        let limits = &self.loaded.parts.limits;
        let wanted = self.refused.load(Ordering::Relaxed);
        let memory = Error::Memory { wanted, allowed: limits.memory_bytes };
        if let Some(overflow) = error.downcast_ref::<Overflow>() {
            return Error::Output { stream: overflow.stream, allowed: overflow.allowed };
        }
        if let Some(Violation(found)) = error.downcast_ref() {
            return if wanted > 0 { memory } else { Error::Protocol { found: (*found).into() } };
        }
        if let Some(&I32Exit(code)) = error.downcast_ref() {
            return if wanted > 0 { memory } else { Error::Exited { code } };
        }
        match (error.downcast_ref::<Trap>(), limits.deadline, limits.fuel) {
            (Some(Trap::Interrupt), Some(allowed), _) => Error::Deadline { allowed },
            (Some(Trap::OutOfFuel), _, Some(allowed)) => Error::Fuel { allowed },
            (Some(Trap::StackOverflow), ..) => Error::Stack { allowed: WASM_STACK_BYTES },
            (Some(_), ..) if wanted > 0 => memory,
            (Some(&trap), ..) => Error::Trap { trap },
            (None, ..) => Error::start(error),
        }
    }
}

async fn run(loaded: Arc<Loaded>, state: State) -> wasmtime::Result<i32> {
    let mut store = Store::new(&loaded.parts.engine.wasmtime, state);
    store.limiter(|state| &mut state.limiter);
    let (ticks, fuel) = allowance(&loaded);
    store.set_epoch_deadline(ticks);
    if let Some(fuel) = fuel {
        store.set_fuel(fuel)?;
    }
    let instance = loaded.instances.instantiate_async(&mut store).await?;
    if let Ok(initialize) = instance.get_typed_func::<(), ()>(&mut store, "_initialize") {
        initialize.call_async(&mut store, ()).await?;
    }
    let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    run.call_async(&mut store, ()).await
}

/// The epochs and the fuel of one execution.
fn allowance(loaded: &Loaded) -> (u64, Option<u64>) {
    let limits = &loaded.parts.limits;
    let fuel = limits.fuel.unwrap_or(u64::MAX);
    let counted = loaded.parts.engine.settings().fuel;
    (limits.deadline.map_or(NEVER, |deadline| ticks(deadline).min(NEVER)), counted.then_some(fuel))
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("live", &self.guest.is_some())
            .field("memory_bytes", &self.memory_bytes())
            .finish_non_exhaustive()
    }
}
