//! The naive way that needed 47 GB and was killed, at its full size: the harness stops it at its cap.

#[path = "../../tests/budgets/batched.rs"]
mod batched;
#[path = "../../tests/budgets/chains.rs"]
mod chains;
#[path = "../../tests/budgets/collected.rs"]
mod collected;
#[path = "../../tests/budgets/compare.rs"]
mod compare;
#[path = "../../tests/budgets/known_key.rs"]
mod known_key;
#[path = "../../tests/budgets/naive.rs"]
mod naive;
#[path = "../../tests/budgets/tree.rs"]
mod tree;
#[expect(dead_code, reason = "only keygen's own tests start threads in a way of their own")]
#[path = "../../tests/budgets/workers.rs"]
mod workers;

plimsoll::main!(compare);
