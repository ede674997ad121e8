//! What the macros expand to.

use std::{iter, path::PathBuf};

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::opt_level;
use crate::package::Checked;

/// A global allocator, a `main` that runs the table, and a test that says when libtest is there.
pub(crate) fn main(checked: &Checked) -> TokenStream {
    if let Err(faults) = &checked.outcome {
        return refused_main(&faults.to_string(), &checked.files);
    }
    let mut items = code(
        "#[global_allocator]
        static PLIMSOLL_ALLOCATOR: ::plimsoll::Allocator = ::plimsoll::Allocator::system();
        #[test]
        fn harness_must_be_false() {
            ::std::panic!(\"no budget was judged: this target needs `harness = false`, e.g. \
             [[test]] name = \\\"budgets\\\", harness = false\");
        }
        fn main() -> ::std::process::ExitCode",
    );
    let mut body = code("::plimsoll::run");
    body.extend(group(Delimiter::Parenthesis, system(checked)));
    items.extend(group(Delimiter::Brace, body));
    items
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
    let mut fields = code("table:");
    fields.extend(text(&table));
    fields.extend(code(", root:"));
    fields.extend(text(&checked.root.to_string_lossy()));
    fields.extend(code(", workloads: ::std::vec!"));
    let workloads = checked.workloads.iter().flat_map(|workload| {
        let mut arguments = text(&workload.name);
        arguments.extend(comma());
        arguments.extend(workload.path.clone());
        arguments.extend(code("::prepare"));
        let mut call = code("::plimsoll::workload");
        call.extend(group(Delimiter::Parenthesis, arguments));
        call.extend(comma());
        call
    });
    fields.extend(group(Delimiter::Bracket, workloads.collect()));
    fields.extend(code(", build: ::plimsoll::Build"));
    let mut build = code("debug_assertions: ::core::cfg!(debug_assertions), opt_level:");
    build.extend(text(&opt_level::of_this_build()));
    fields.extend(group(Delimiter::Brace, build));
    // Expanded here, so that a snapshot names the user's file as its source.
    fields.extend(code(
        ", assert_snapshot: |name: &str, text: &str| \
         ::plimsoll::insta::assert_snapshot!(name, text)",
    ));
    let mut body = watched(&checked.files);
    body.extend(code("::plimsoll::Embedded"));
    body.extend(group(Delimiter::Brace, fields));
    group(Delimiter::Brace, body)
}

/// Our message alone: with a `main`, rustc has nothing to add.
pub(crate) fn refused_main(message: &str, files: &[PathBuf]) -> TokenStream {
    let mut items = watched(files);
    items.extend(refusal(message));
    items.extend(code("; fn main() {}"));
    items
}

/// Our message in the place of an expression.
pub(crate) fn refused_system(message: &str, files: &[PathBuf]) -> TokenStream {
    let mut body = watched(files);
    body.extend(refusal(message));
    group(Delimiter::Brace, body)
}

fn refusal(message: &str) -> TokenStream {
    let mut call = code("::core::compile_error!");
    call.extend(group(Delimiter::Parenthesis, text(message)));
    call
}

/// A constant for each file, so that cargo compiles again when one of them changes.
fn watched(files: &[PathBuf]) -> TokenStream {
    let items = files.iter().flat_map(|file| {
        let mut item = code("const _: &[u8] = ::core::include_bytes!");
        item.extend(group(Delimiter::Parenthesis, text(&file.to_string_lossy())));
        item.extend(iter::once(TokenTree::from(Punct::new(';', Spacing::Alone))));
        item
    });
    items.collect()
}

/// Tokens of fixed source text.
fn code(source: &str) -> TokenStream {
    source.parse().unwrap_or_else(|error| {
        let name = Ident::new("compile_error", Span::call_site());
        let message = text(&format!("plimsoll-macros: {error}"));
        let call = [TokenTree::from(name), Punct::new('!', Spacing::Alone).into()];
        call.into_iter().chain(group(Delimiter::Brace, message)).collect()
    })
}

fn text(value: &str) -> TokenStream {
    TokenTree::from(Literal::string(value)).into()
}

fn comma() -> TokenStream {
    TokenTree::from(Punct::new(',', Spacing::Alone)).into()
}

fn group(delimiter: Delimiter, tokens: TokenStream) -> TokenStream {
    TokenTree::from(Group::new(delimiter, tokens)).into()
}
