//! What the macros expand to.

use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::quote;

use crate::opt_level;
use crate::package::Checked;

const NO_HARNESS: &str = "no budget was judged: this target needs `harness = false`, e.g. [[test]] \
                          name = \"budgets\", harness = false";

/// A global allocator, a `main` that runs the table, and a test that fails under libtest.
pub(crate) fn main(checked: &Checked) -> TokenStream {
    if let Err(faults) = &checked.outcome {
        return refused_main(&faults.to_string(), &checked.files);
    }
    let system = system(checked);
    quote! {
        #[global_allocator]
        static PLIMSOLL_ALLOCATOR: ::plimsoll::Allocator = ::plimsoll::Allocator::system();

        #[test]
        fn harness_must_be_false() {
            ::std::panic!(#NO_HARNESS);
        }

        fn main() -> ::std::process::ExitCode {
            ::plimsoll::run(#system)
        }
    }
}

/// The table as an expression.
pub(crate) fn system(checked: &Checked) -> TokenStream {
    let system = match &checked.outcome {
        Ok(system) => system,
        Err(faults) => return refused_system(&faults.to_string(), &checked.files),
    };
    let table = match serde_json::to_string(system) {
        Ok(table) => table,
        Err(error) => return refused_system(&error.to_string(), &checked.files),
    };
    let watched = watched(&checked.files);
    let root = checked.root.to_string_lossy();
    let names = checked.workloads.iter().map(|workload| &workload.name);
    let paths = checked.workloads.iter().map(|workload| &workload.path);
    let opt_level = opt_level::of_this_build();
    // `assert_snapshot!` is expanded here, so that a snapshot names the user's file as its source.
    quote! {{
        #watched
        ::plimsoll::Embedded {
            table: #table,
            root: #root,
            workloads: ::std::vec![#(::plimsoll::workload(#names, #paths::prepare)),*],
            build: ::plimsoll::Build {
                debug_assertions: ::core::cfg!(debug_assertions),
                opt_level: #opt_level,
            },
            assert_snapshot: |name: &str, text: &str| {
                ::plimsoll::insta::assert_snapshot!(name, text)
            },
        }
    }}
}

/// Our message alone: with a `main`, rustc has nothing to add.
pub(crate) fn refused_main(message: &str, files: &[PathBuf]) -> TokenStream {
    let watched = watched(files);
    quote! {
        #watched
        ::core::compile_error!(#message);
        fn main() {}
    }
}

/// Our message in the place of an expression.
pub(crate) fn refused_system(message: &str, files: &[PathBuf]) -> TokenStream {
    let watched = watched(files);
    quote! {{
        #watched
        ::core::compile_error!(#message)
    }}
}

/// A constant for each file, so that cargo compiles again when one of them changes.
fn watched(files: &[PathBuf]) -> TokenStream {
    let files = files.iter().map(|file| file.to_string_lossy());
    quote! { #(const _: &[u8] = ::core::include_bytes!(#files);)* }
}
