//! Every promise of docs/sandbox.md, as a test.

mod crowd;
mod executions;
mod first;
mod refusal;
mod turnover;

plimsoll::main!(crowd, executions, first, refusal, turnover);
