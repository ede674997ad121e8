//! The limits of a guest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wasmtime::ResourceLimiter;

/// The limits of a guest: of its memory over its whole life, of all else in each execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The bytes of its linear memory. Python gets a `MemoryError` at the limit. The numpy guest
    /// starts with 60 MiB.
    pub memory_bytes: u64,
    /// The bytes of stdout, and as many of stderr, of one execution. A guest that writes more is
    /// stopped.
    pub output_bytes: usize,
    /// The wall-clock time of one execution, to which up to 20 ms may be added.
    pub deadline: Option<Duration>,
    /// The fuel of one execution; an engine without
    /// [`EngineSettings::fuel`](crate::EngineSettings::fuel) refuses it.
    pub fuel: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_bytes: 1 << 30, output_bytes: 1 << 20, deadline: None, fuel: None }
    }
}

/// Refuses memory beyond the limit, and notes the refusal for the session.
#[derive(Debug)]
pub(crate) struct Limiter {
    allowed: u64,
    /// The size last refused; 0 for none.
    refused: Arc<AtomicU64>,
}

const TABLE_ELEMENTS: usize = 1 << 20;

impl Limiter {
    pub(crate) fn new(allowed: u64, refused: &Arc<AtomicU64>) -> Self {
        Self { allowed, refused: Arc::clone(refused) }
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let desired = desired as u64;
        if desired > self.allowed {
            self.refused.store(desired, Ordering::Relaxed);
        }
        Ok(desired <= self.allowed)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS)
    }
}
