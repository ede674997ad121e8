//! The arguments: paths of modules, separated by commas.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Path, ext::IdentExt as _, parse::Parser as _};

/// A module that exports `prepare`.
pub(crate) struct Workload {
    /// The last part of the path.
    pub(crate) name: String,
    /// The path as it was written, so that rustc points there when it leads nowhere.
    pub(crate) path: Path,
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

fn workload(part: &[TokenTree]) -> Result<Workload, String> {
    let part: TokenStream = part.iter().cloned().collect();
    let wrong = format!("`{part}` is not the path of a module that exports `prepare`{EXAMPLE}");
    let path = Path::parse_mod_style.parse2(part).map_err(|_| wrong.clone())?;
    let name = path.segments.last().ok_or(wrong)?.ident.unraw().to_string();
    Ok(Workload { name, path })
}
