//! Every promise of docs/sandbox.md, as a test.

plimsoll::main!(
    sandbox::crowd,
    sandbox::executions,
    sandbox::first,
    sandbox::refusal,
    sandbox::turnover
);
