//! Every promise of docs/keygen.md, as a test.

plimsoll::main!(
    keygen::workload::chain,
    keygen::workload::compare,
    keygen::workload::generate,
    on_painted_stacks,
);

/// `generate`, on threads whose stacks count.
mod on_painted_stacks {
    use anyhow::Result;
    use keygen::workload::generate;
    pub(crate) use keygen::workload::generate::{Answer, Params};

    /// What rayon gives a thread unless it is told otherwise.
    const STACK: usize = 2 << 20;

    pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer>> {
        generate::prepare_with(params, |thread| plimsoll::stack::spawn(STACK, || thread.run()))
    }
}
