//! The engine compiles and runs guests: one for all sandboxes, or one for each.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::ticker::Ticker;
use crate::{Error, Result};

/// The stack that CPython's own recursion limit assumes.
pub(crate) const WASM_STACK_BYTES: usize = 8 << 20;
/// The stack of host functions, below the guest's.
const HOST_STACK_BYTES: usize = 1 << 20;
const POOLED_TABLE_ELEMENTS: usize = 64 << 10;
const POOLED_INSTANCE_BYTES: usize = 2 << 20;

/// How guests are compiled and where their memories come from. All but the allocator is part of the
/// compiled code: code that was compiled with other settings is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineSettings {
    /// Whether a new memory maps the module's image copy-on-write, instead of copying it.
    pub memory_init_cow: bool,
    /// Whether instructions are counted, so that [`Limits::fuel`](crate::Limits::fuel) holds.
    pub fuel: bool,
    /// The bytes of address space that each linear memory reserves; 4 GiB if not set. With less,
    /// each access of the guest is checked against the memory's size, and a memory that grows beyond
    /// it moves; in a pool it cannot, and the limit must not be higher.
    pub reserved_bytes: Option<u64>,
    /// Where memories, tables and stacks come from.
    pub allocator: Allocator,
}

/// Where the memories, tables and stacks of guests come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allocator {
    /// Mapped when a session opens, unmapped when it is dropped.
    #[default]
    OnDemand,
    /// Mapped once, for that many live sessions; one session more is refused.
    Pooling {
        /// The most sessions that live at a time.
        sessions: u32,
    },
}

/// Compiles and runs guests. A clone is the same engine.
#[derive(Clone)]
pub struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    pub(crate) ticker: Arc<Ticker>,
    settings: EngineSettings,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            memory_init_cow: true,
            fuel: false,
            reserved_bytes: None,
            allocator: Allocator::OnDemand,
        }
    }
}

impl Engine {
    /// An engine with these settings.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if wasmtime refuses them: a pool may need more address space than there is.
    pub fn new(settings: EngineSettings) -> Result<Self> {
        let wasmtime = wasmtime::Engine::new(&config(settings)).map_err(Error::engine)?;
        let ticker = Arc::new(Ticker::new(wasmtime.clone()));
        Ok(Self { wasmtime, ticker, settings })
    }

    /// The settings that it was made with.
    pub fn settings(&self) -> EngineSettings {
        self.settings
    }

    /// A hash of wasmtime's version and of all settings that change compiled code.
    pub(crate) fn compatibility(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.wasmtime.precompile_compatibility_hash().hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

fn config(settings: EngineSettings) -> Config {
    let mut config = Config::new();
    config
        .memory_init_cow(settings.memory_init_cow)
        .consume_fuel(settings.fuel)
        // Always on, so that the same code runs with a deadline and without.
        .epoch_interruption(true)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(WASM_STACK_BYTES + HOST_STACK_BYTES)
        // A guest's traceback names its own lines; frames of the interpreter add nothing to it.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .native_unwind_info(false);
    if let Some(bytes) = settings.reserved_bytes {
        config.memory_reservation(bytes);
    }
    if let Allocator::Pooling { sessions } = settings.allocator {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(sessions, settings)));
    }
    config
}

fn pool(sessions: u32, settings: EngineSettings) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(sessions)
        // The guest's `host_alloc` runs on a second one, while `run` waits on the first.
        .total_stacks(2 * sessions)
        .total_tables(sessions)
        .total_gc_heaps(sessions)
        // The heap of a guest's exceptions is a memory too.
        .total_memories(2 * sessions)
        .max_core_instance_size(POOLED_INSTANCE_BYTES)
        .table_elements(POOLED_TABLE_ELEMENTS);
    if let Some(bytes) = settings.reserved_bytes {
        pool.max_memory_size(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    pool
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("settings", &self.settings).finish_non_exhaustive()
    }
}
