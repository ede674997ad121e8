//! Patterns of paths: `*` and `?` stand for letters within one name, as in cargo's `members`.

use crate::tree::Tree;

/// The paths below the root that a pattern names, sorted; a name without `*` and `?` is not looked up.
pub(crate) fn expand(tree: &Tree<'_>, pattern: &str) -> Vec<String> {
    let below = |folder: &str, name: &str| match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let mut paths = vec![String::new()];
    for part in parts(pattern) {
        let names = |folder: &str| -> Vec<String> {
            if !part.contains(['*', '?']) {
                return vec![below(folder, part)];
            }
            let place = if folder.is_empty() { "." } else { folder };
            let names = tree.entries(place).into_iter().map(|(name, _)| name);
            names.filter(|name| fits(part, name)).map(|name| below(folder, &name)).collect()
        };
        paths = paths.iter().flat_map(|folder| names(folder)).collect();
    }
    paths
}

/// Whether a path, with `/` between its names, is one of those that a pattern names.
pub(crate) fn names(pattern: &str, path: &str) -> bool {
    let (patterns, names): (Vec<_>, Vec<_>) = (parts(pattern).collect(), parts(path).collect());
    patterns.len() == names.len() && patterns.iter().zip(&names).all(|(p, name)| fits(p, name))
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !matches!(*part, "" | "."))
}

/// Whether a name fits a pattern of `*` and `?`.
fn fits(pattern: &str, name: &str) -> bool {
    let mut letters = pattern.chars();
    match letters.next() {
        None => name.is_empty(),
        Some('*') => {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| fits(letters.as_str(), &name[at..]))
        }
        Some(letter) => {
            let mut rest = name.chars();
            let first = rest.next();
            first.is_some_and(|first| letter == '?' || letter == first)
                && fits(letters.as_str(), rest.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_a_shell() {
        for (pattern, path, expected) in [
            ("*", "storage", true),
            ("w*", "wire", true),
            ("w*e", "wire", true),
            ("w*e", "wired", false),
            ("?ode", "node", true),
            ("?ode", "ode", false),
            ("node", "node", true),
            ("workloads/*/budgets.toml", "workloads/node/budgets.toml", true),
            ("workloads/*/budgets.toml", "workloads/keygen/runaway/budgets.toml", false),
            ("./workloads/node/*.toml", "workloads/node/budgets.toml", true),
        ] {
            assert_eq!(names(pattern, path), expected, "{pattern} {path}");
        }
    }
}
