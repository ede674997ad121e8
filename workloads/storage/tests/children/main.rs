//! The store in a child process that is killed, or that the kernel limits.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod killed;
mod limited;
#[expect(dead_code, reason = "the tests of the store use all of it")]
#[path = "../store/scratch.rs"]
mod scratch;

testkit::main! {
    tests: [
        killed::kill_nine_leaves_no_half_written_blob,
        limited::a_file_that_the_kernel_limits_leaves_nothing,
    ],
    children: [killed::write_forever, limited::put_too_much],
}

/// Runs a test or a child of the store on a runtime like that of `#[tokio::test]`.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}
