//! Every promise of docs/node.md, as a test.

plimsoll::main!(
    node::workload::commit,
    node::workload::configure,
    node::workload::fill,
    node::workload::images,
    node::workload::leave,
    node::workload::lookups,
    node::workload::outputs,
    node::workload::peers,
    node::workload::rpc,
    node::workload::signature,
    node::workload::size,
    node::workload::template,
    node::workload::whole,
    on_painted_stacks,
);

/// `verify`, on threads whose stacks count.
mod on_painted_stacks {
    use anyhow::Result;
    use node::workload::verify;
    pub(crate) use node::workload::verify::{Answer, Params};

    /// What rayon gives a thread unless it is told otherwise.
    const STACK: usize = 2 << 20;

    pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer>> {
        verify::prepare_with(params, |thread| plimsoll::stack::spawn(STACK, || thread.run()))
    }
}
