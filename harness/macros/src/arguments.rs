//! The arguments: paths of modules, separated by commas.

use proc_macro::{TokenStream, TokenTree};

/// A module that exports `prepare`.
pub(crate) struct Workload {
    /// The last part of the path.
    pub(crate) name: String,
    /// The path as it was written, so that rustc points there when it leads nowhere.
    pub(crate) path: TokenStream,
}

const EXAMPLE: &str = "\n   example: plimsoll::main!(storage::read, storage::put)";

/// Reads `storage::read, storage::put`; a comma at the end is allowed.
pub(crate) fn read(input: TokenStream) -> Result<Vec<Workload>, String> {
    let tokens: Vec<TokenTree> = input.into_iter().collect();
    let comma = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
    let mut parts: Vec<&[TokenTree]> = tokens.split(comma).collect();
    if parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    if parts.is_empty() {
        return Err(format!("`plimsoll::main!` lists the modules that export `prepare`{EXAMPLE}"));
    }
    parts.into_iter().map(workload).collect()
}

fn workload(path: &[TokenTree]) -> Result<Workload, String> {
    let known = |token: &TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    match path.last() {
        Some(TokenTree::Ident(name)) if path.iter().all(known) => Ok(Workload {
            name: name.to_string().trim_start_matches("r#").to_owned(),
            path: path.iter().cloned().collect(),
        }),
        _ => {
            let text = path.iter().cloned().collect::<TokenStream>();
            Err(format!("`{text}` is not the path of a module that exports `prepare`{EXAMPLE}"))
        }
    }
}
