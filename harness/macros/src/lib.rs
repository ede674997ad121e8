//! `plimsoll::main!`: the table of a crate's budgets, checked while it compiles.
//!
//! Use these macros through the crate `plimsoll`, which re-exports them; what they expand to
//! names its items.

mod arguments;
mod expansion;
mod opt_level;
mod package;

use proc_macro::TokenStream;

/// The whole of `tests/budgets.rs`: one test for each budget of this crate's system.
///
/// The arguments are paths of modules (or crates) that export `prepare`; the last part of each is
/// the workload's name in `budgets.toml`. The test target needs `harness = false`.
///
/// ```ignore
/// plimsoll::main!(storage::read, storage::put);
/// ```
///
/// # Errors
/// A fault in `budgets.toml`, or between it and the documents or the crates of the workspace, stops
/// the build. The message begins with `file:line:column` and ends with what to
/// do. Every file that was read is watched: an edit checks again. A file that is new, below `docs/`
/// or under a pattern of `include`, is noticed when the target is compiled next.
#[proc_macro]
pub fn main(input: TokenStream) -> TokenStream {
    match package::check(input.into()) {
        Ok(checked) => expansion::main(&checked).into(),
        Err(message) => expansion::refused_main(&message, &[]).into(),
    }
}

/// The same table as an expression of the type `plimsoll::Embedded`, for a `main` of one's own.
///
/// ```ignore
/// #[global_allocator]
/// static ALLOCATOR: plimsoll::Allocator<Mine> = plimsoll::Allocator::new(Mine);
///
/// fn main() -> std::process::ExitCode {
///     plimsoll::run(plimsoll::system!(storage::read, storage::put))
/// }
/// ```
///
/// # Errors
/// As for [`main!`](macro@main).
#[proc_macro]
pub fn system(input: TokenStream) -> TokenStream {
    match package::check(input.into()) {
        Ok(checked) => expansion::system(&checked).into(),
        Err(message) => expansion::refused_system(&message, &[]).into(),
    }
}
