//! Whether systems belong to crates, documents to systems and waivers to documents.

use std::collections::BTreeSet;

use crate::{Fault, Faults, Member, entry::ProjectEntry, words};

/// The crates and the documents of a project.
pub(crate) struct Claims<'a> {
    /// The members of the workspace.
    pub(crate) members: &'a [Member],
    /// The pages below `docs/`, relative to the root.
    pub(crate) pages: &'a [String],
}

/// Faults for a system without a crate, a page without a system, and a waiver without a page.
pub(crate) fn unclaimed(project: &ProjectEntry, claims: &Claims<'_>) -> Faults {
    let mut faults = Faults::default();
    for system in &project.systems {
        let members: Vec<&str> = claims.members.iter().map(|member| member.name.as_str()).collect();
        if !members.contains(&system.name.as_str()) {
            let words = words::unclaimed_system(&system.name, &members);
            faults.push(system.span.fault(words));
        }
    }
    let systems: Vec<&str> = project.systems().collect();
    let excused = |page: &str| {
        project.waivers.iter().any(|waiver| waiver.quote.is_none() && waiver.document == page)
    };
    for page in claims.pages {
        if !project.documents().any(|document| document == page) && !excused(page) {
            faults.push(Fault::of_file(page, words::unclaimed_page(page, &systems)));
        }
    }
    waivers(project, claims, &mut faults);
    faults
}

fn waivers(project: &ProjectEntry, claims: &Claims<'_>, faults: &mut Faults) {
    for waiver in &project.waivers {
        let document = waiver.document.as_str();
        let owner = project.systems.iter().find(|system| system.document == document);
        let page = claims.pages.iter().any(|page| page == document);
        let words = match (owner, page, waiver.quote.is_some()) {
            (Some(_), _, true) | (None, true, false) => continue,
            (Some(system), _, false) => words::waiver_of_everything(document, &system.name),
            (None, true, true) => words::waiver_of_unscanned(document),
            (None, false, _) => {
                let pages = claims.pages.iter().map(String::as_str);
                let known: BTreeSet<&str> = project.documents().chain(pages).collect();
                words::waiver_of_nothing(document, &known)
            }
        };
        faults.push(waiver.document_span.fault(words));
    }
}
