//! Workloads whose memory use is computed by hand. The tests of the harness run them: each limit has
//! to pass the honest ones and to fail the others.

pub mod bad_exits;
pub mod binary_tree;
pub mod c_malloc;
pub mod c_qsort;
pub mod components;
pub mod computed_sum;
pub mod deep_recursion;
pub mod doubling_vector;
pub mod ending_threads;
pub mod growth_classes;
pub mod hidden_leak;
pub mod long_running_pool;
pub mod memory_maps;
pub mod nested_parser;
pub mod no_allocation;
pub mod one_block;
pub mod phases;
pub mod prints;
pub mod racing_threads;
pub mod random_blocks;
pub mod rayon_pool;
pub mod runaway;
pub mod subprocesses;
pub mod threads_with_deep_stacks;

/// Passes all toys to a macro: `toys!(plimsoll::main)`.
///
/// It does not declare the modules too: rustfmt finds no file whose `mod` a macro writes.
#[macro_export]
macro_rules! toys {
    ($($with:tt)+) => {
        $($with)+! {
            toys::bad_exits,
            toys::binary_tree,
            toys::c_malloc,
            toys::c_qsort,
            toys::components,
            toys::computed_sum,
            toys::deep_recursion,
            toys::doubling_vector,
            toys::ending_threads,
            toys::growth_classes,
            toys::hidden_leak,
            toys::long_running_pool,
            toys::memory_maps,
            toys::nested_parser,
            toys::no_allocation,
            toys::one_block,
            toys::phases,
            toys::prints,
            toys::racing_threads,
            toys::random_blocks,
            toys::rayon_pool,
            toys::runaway,
            toys::subprocesses,
            toys::threads_with_deep_stacks,
        }
    };
}
