//! Where several files state one project, and where defaults stand in for what cases leave out.

use super::{Words, listed, nearest, words};
use crate::Place;

const INCLUDE: &str = "include = [\"workloads/*/budgets.toml\"]";

pub(crate) fn not_a_list_of_files(found: &str) -> Words {
    words(format!("`include` is {found}, not a list of texts")).example(INCLUDE)
}

pub(crate) fn not_a_text_in_include(found: &str) -> Words {
    words(format!("`include` is a list of texts, and one of its items is {found}")).example(INCLUDE)
}

pub(crate) fn not_a_file_pattern(text: &str) -> Words {
    words(format!("`{text}` is not the path of a file below the root"))
        .allowed(
            "a path relative to budgets.toml, with `/`, without `..`; `*` and `?` in its names",
        )
        .example(INCLUDE)
}

pub(crate) fn includes_nothing(pattern: &str) -> Words {
    words(format!("no file fits `{pattern}`"))
        .allowed(
            "files below the folder of budgets.toml; `*` and `?` stand for letters within one name",
        )
        .remedy("correct the pattern, or remove it")
}

pub(crate) fn includes_itself(pattern: &str) -> Words {
    words(format!("`{pattern}` includes budgets.toml in budgets.toml"))
        .remedy("write a pattern that only other files fit")
        .example(INCLUDE)
}

pub(crate) fn included_includes() -> Words {
    words("an included file cannot include other files")
        .remedy("move the patterns into the budgets.toml at the root")
        .example(INCLUDE)
}

pub(crate) fn stated_in_two_files(what: &str, first: &Place) -> Words {
    words(format!("{what} is stated in {} already", first.file))
        .hint("first", first.precise())
        .remedy("keep one of the two, or rename one")
}

pub(crate) fn no_such_default<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Words {
    let known: Vec<&str> = known.collect();
    let near = nearest(name, known.iter().copied());
    words(format!("the system has no default budget `{name}`{near}"))
        .allowed(listed(known))
        .remedy("correct the name, or remove it from `without`")
}

pub(crate) fn stated_and_without(name: &str) -> Words {
    words(format!("the case states the budget `{name}` and goes without it"))
        .remedy("a budget that the case states replaces the default: remove it from `without`")
}

pub(crate) fn default_not_taken(name: &str, system: &str) -> Words {
    words(format!("no case of `{system}` takes the default budget `{name}`"))
        .remedy("remove it: every case states it itself or goes without it")
}
