//! Where files, crates and `budgets.toml` do not belong together.

use std::collections::BTreeSet;

use super::{Words, listed, nearest, words};

pub(crate) fn unreadable(file: &str, error: &std::io::Error) -> Words {
    words(format!("{file} cannot be read: {error}")).remedy("make it a readable text file")
}

pub(crate) fn no_manifest() -> Words {
    words("there is no Cargo.toml beside budgets.toml, so no crate has its systems")
        .remedy("put budgets.toml beside the Cargo.toml of the workspace")
}

pub(crate) fn manifest_syntax(message: &str) -> Words {
    words(format!("this Cargo.toml cannot be read: {message}"))
        .remedy("run `cargo metadata`: it prints cargo's own message")
}

pub(crate) fn unclaimed_system(system: &str, members: &[&str]) -> Words {
    let near = nearest(system, members.iter().copied());
    words(format!("no member of the workspace is named `{system}`{near}"))
        .allowed(listed(members.iter().copied()))
        .remedy("name the table after the package (`-` becomes `_`), or add the package to members")
}

pub(crate) fn unclaimed_page(page: &str, systems: &[&str]) -> Words {
    words(format!("{page} belongs to no system"))
        .allowed(format!("docs/<system>.md of: {}", listed(systems.iter().copied())))
        .hint("remedy", "state its promises in budgets.toml, or excuse the page:")
        .example(format!("[[waiver]]\ndocument = \"{page}\"\nwhy = \"…\""))
}

pub(crate) fn no_document(system: &str, document: &str) -> Words {
    words(format!("{document}, the document of `{system}`, does not exist"))
        .remedy(format!("write it, or name another page: `document = …` in [{system}]"))
}

pub(crate) fn waiver_of_nothing(document: &str, documents: &BTreeSet<&str>) -> Words {
    let near = nearest(document, documents.iter().copied());
    words(format!("there is no page `{document}` to excuse{near}"))
        .allowed(listed(documents.iter().copied()))
        .remedy("correct the path, or remove the waiver")
}

pub(crate) fn waiver_of_unscanned(document: &str) -> Words {
    words(format!("{document} belongs to no system, so its sentences need no excuse"))
        .remedy("excuse the whole page: remove `quote`")
}

pub(crate) fn waiver_of_everything(document: &str, system: &str) -> Words {
    words(format!("{document} is the document of `{system}`, so a waiver cannot excuse all of it"))
        .remedy("name the sentence: `quote = \"a map of 1 GiB\"`")
}

pub(crate) fn no_such_system(name: &str, systems: &[&str]) -> Words {
    let near = nearest(name, systems.iter().copied());
    words(format!("the package `{name}` has workloads, but no table in budgets.toml{near}"))
        .allowed(listed(systems.iter().copied()))
        .example(format!(
            "[{name}.read.budgets]\npeak_rss = {{ max = \"200 MB\", quote = \"under 200 MB\" }}"
        ))
}

pub(crate) fn workload_unknown(workload: &str, known: &[&str]) -> Words {
    let near = nearest(workload, known.iter().copied());
    words(format!("there is no workload `{workload}`{near}"))
        .allowed(listed(known.iter().copied()))
        .remedy("correct the name, or list its module in `plimsoll::main!(…)`")
}

pub(crate) fn workload_left_out(case: &str, known: &[&str]) -> Words {
    words(format!("the case `{case}` names no workload, and the crate does not have exactly one"))
        .allowed(listed(known.iter().copied()))
        .example(format!("workload = \"{}\"", known.first().unwrap_or(&"read")))
}

pub(crate) fn workload_unused(workload: &str, system: &str) -> Words {
    words(format!("no case of `{system}` runs the workload `{workload}`"))
        .remedy("remove it from `plimsoll::main!(…)`, or state a case that runs it")
        .example(format!("[{system}.{workload}]\nworkload = \"{workload}\""))
}

pub(crate) fn workload_twice(workload: &str) -> Words {
    words(format!("two modules of `plimsoll::main!(…)` are called `{workload}`"))
        .remedy("rename one of them: the last part of the path is the workload's name")
}
