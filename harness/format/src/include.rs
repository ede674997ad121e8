//! The files of one project: `budgets.toml` and those that it includes.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use crate::{
    Faults, Source,
    entry::ProjectEntry,
    parse::{Tables, join},
    pattern,
    tree::{BUDGETS, Tree},
    words,
};

/// Everything that the files of a project state.
pub(crate) fn read(tree: &mut Tree<'_>) -> Result<ProjectEntry, Faults> {
    let mut faults = Faults::default();
    let top = tree.read(BUDGETS).map_err(|fault| *fault)?;
    let top = Arc::new(top.unwrap_or_else(|| Source::new(BUDGETS, "")));
    let top = Tables::read(&top, &mut faults);
    let mut sources = Vec::new();
    for file in files(tree, &top, &mut faults) {
        match tree.read(&file) {
            Ok(source) => sources.extend(source.map(Arc::new)),
            Err(fault) => faults.push(*fault),
        }
    }
    let included: Vec<Tables<'_>> =
        sources.iter().map(|source| Tables::read(source, &mut faults)).collect();
    join(top, included, faults)
}

/// The included files, each once: in the order of the patterns, and sorted within each.
fn files(tree: &Tree<'_>, top: &Tables<'_>, faults: &mut Faults) -> Vec<String> {
    let (mut files, mut known) = (Vec::new(), BTreeSet::new());
    for (pattern, span) in &top.include {
        let found = pattern::expand(tree, pattern).into_iter().filter(|file| tree.has(file));
        let found: Vec<String> = found.collect();
        if found.is_empty() {
            faults.push(span.fault(words::includes_nothing(pattern)));
        }
        if found.iter().any(|file| file == BUDGETS) {
            faults.push(span.fault(words::includes_itself(pattern)));
        }
        files.extend(found.into_iter().filter(|file| known.insert(file.clone())));
    }
    files.retain(|file| file != BUDGETS);
    files
}

/// Whether the `budgets.toml` of a folder includes a file below that folder.
pub(crate) fn includes(root: &Path, file: &Path) -> bool {
    let Ok(Some(top)) = Tree::new(root).read(BUDGETS) else { return false };
    let Ok(file) = file.strip_prefix(root) else { return false };
    let names: Vec<_> = file.iter().map(|name| name.to_string_lossy()).collect();
    let file = names.join("/");
    let top = Arc::new(top);
    let top = Tables::read(&top, &mut Faults::default());
    top.include.iter().any(|(pattern, _)| pattern::names(pattern, &file))
}
