//! The clock of deadlines: a thread that advances an engine's epoch while guests with a deadline run.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How far a deadline may be overstepped, twice at most: once for the tick that is under way when
/// an execution starts.
const TICK: Duration = Duration::from_millis(10);
const STACK_BYTES: usize = 64 << 10;

/// Sleeps while no guest runs; started by the first deadline; joined when the engine is dropped.
pub(crate) struct Ticker {
    engine: wasmtime::Engine,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    stopped: bool,
}

/// While it lives, the epoch advances.
pub(crate) struct Ticking(Arc<Shared>);

/// So many ticks that they never take less than this time.
pub(crate) fn ticks(deadline: Duration) -> u64 {
    u64::try_from(deadline.as_nanos().div_ceil(TICK.as_nanos()) + 1).unwrap_or(u64::MAX)
}

impl Ticker {
    pub(crate) fn new(engine: wasmtime::Engine) -> Self {
        Self { engine, shared: Arc::default(), thread: Mutex::default() }
    }

    pub(crate) fn start(&self) -> std::io::Result<Ticking> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.is_none() {
            let (engine, shared) = (self.engine.clone(), Arc::clone(&self.shared));
            let builder = thread::Builder::new().name("deadlines".into()).stack_size(STACK_BYTES);
            *thread = Some(builder.spawn(move || shared.tick(&engine))?);
        }
        self.shared.lock().running += 1;
        self.shared.wake.notify_one();
        Ok(Ticking(Arc::clone(&self.shared)))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick(&self, engine: &wasmtime::Engine) {
        let mut state = self.lock();
        let mut next = Instant::now() + TICK;
        while !state.stopped {
            if state.running == 0 {
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                next = Instant::now() + TICK;
                continue;
            }
            // The start of a guest wakes it too, which must not make this tick shorter.
            let left = next.saturating_duration_since(Instant::now());
            if left.is_zero() {
                engine.increment_epoch();
                next = Instant::now() + TICK;
            } else {
                state = match self.wake.wait_timeout(state, left) {
                    Ok((state, _)) => state,
                    Err(poisoned) => poisoned.into_inner().0,
                };
            }
        }
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.lock().stopped = true;
        self.shared.wake.notify_one();
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // The panic hook has already reported a panic in it.
            let _ = thread.join();
        }
    }
}
