//! Every promise of docs/keygen.md, as a test.
//!
//! The modules are the workloads ([`chain`], [`compare`], [`generate`]) and other ways to the same
//! root that keep more than they need: what not to do, for comparison. The design that the crate
//! follows was found by a port that ran out of memory; each such module is one of the ways that the
//! port tried or proposed.

mod batched;
mod chain;
mod chains;
mod collected;
mod compare;
mod generate;
mod known_key;
mod naive;
mod tree;
mod workers;

plimsoll::main!(chain, compare, generate, on_painted_stacks);

/// `generate`, on threads whose stacks count.
mod on_painted_stacks {
    use anyhow::Result;

    use crate::generate;
    pub(crate) use crate::generate::{Output, Params};

    /// rayon's default stack of a thread.
    const STACK: usize = 2 << 20;

    pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output>> {
        generate::prepare_with(params, |thread| plimsoll::stack::spawn(STACK, || thread.run()))
    }
}
