//! The whole check, from the files of a project to what a test binary can trust.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::{
    Budget, Case, Fault, Faults, Member, Place, Project, Summary, System,
    cite::cite,
    claims::{Claims, unclaimed},
    entry::{BudgetEntry, CaseEntry, ProjectEntry, SystemEntry, WaiverEntry},
    include, members, resolve,
    tree::Tree,
    words,
};

/// The outcome of a check, and the files that it depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<T> {
    /// Every file that was read, whether or not there were faults; absolute when the root is.
    pub files: Vec<PathBuf>,
    /// What was checked, or all that is wrong.
    pub outcome: Result<T, Faults>,
}

/// Checks one system: the whole of `budgets.toml`, which crates and systems its tables and pages
/// belong to, and the document of this system.
///
/// `root` is the folder of `budgets.toml` (see [`find_root`](crate::find_root)), `name` the
/// system's name and `workloads` what its crate lists.
pub fn check_system(root: &Path, name: &str, workloads: &[String]) -> Checked<System> {
    let mut tree = Tree::new(root);
    let outcome = claimed(&mut tree).and_then(|Claimed { project, members, mut faults }| {
        let Some(entry) = project.system(name) else {
            faults.push(resolve::no_such(&project, name));
            return Err(faults);
        };
        let cited = faults.take(document(&mut tree, &project, &entry.document));
        let chosen = faults.take(resolve::workloads(entry, workloads));
        let (cited, chosen) = (cited.unwrap_or_default(), chosen.unwrap_or_default());
        faults.or(system(entry, members, &cited, chosen))
    });
    Checked { files: tree.files(), outcome }
}

/// Checks every system and every document, each read once.
///
/// Workloads are not compared, since only the crates know them; see [`Project`].
pub fn check_all(root: &Path) -> Checked<Project> {
    let mut tree = Tree::new(root);
    let outcome = claimed(&mut tree).and_then(|Claimed { project, members, mut faults }| {
        let documents: BTreeSet<&str> = project.documents().collect();
        let mut cited = BTreeMap::new();
        for file in &documents {
            cited.extend(faults.take(document(&mut tree, &project, file)).unwrap_or_default());
        }
        let checked = |entry: &SystemEntry| {
            let stated = entry.cases.iter().map(|entry| entry.case.workload.clone()).collect();
            system(entry, members.clone(), &cited, stated)
        };
        let systems: Vec<System> = project.systems.iter().map(checked).collect();
        let summary = Summary {
            systems: systems.len(),
            cases: systems.iter().map(|system| system.cases.len()).sum(),
            budgets: project.systems.iter().map(|system| system.budgets().count()).sum(),
            promises: cited.values().collect::<BTreeSet<&Place>>().len(),
            waivers: project.waivers.len(),
            pages: documents.len(),
        };
        faults.or(Project { systems, summary })
    });
    Checked { files: tree.files(), outcome }
}

/// What the files state, right in itself; the members of the workspace, and what they do not claim.
struct Claimed {
    project: ProjectEntry,
    members: Vec<Member>,
    faults: Faults,
}

fn claimed(tree: &mut Tree<'_>) -> Result<Claimed, Faults> {
    let project = include::read(tree)?;
    let members = members::of(tree)?;
    let pages = tree.pages();
    let faults = unclaimed(&project, &Claims { members: &members, pages: &pages });
    Ok(Claimed { project, members, faults })
}

/// The places in a document that the budgets cite, by the place of each budget.
///
/// A document may belong to several systems: the budgets of all of them are looked up.
fn document(
    tree: &mut Tree<'_>,
    project: &ProjectEntry,
    file: &str,
) -> Result<BTreeMap<Place, Place>, Faults> {
    let systems: Vec<&SystemEntry> =
        project.systems.iter().filter(|system| system.document == file).collect();
    let Some(document) = tree.read(file).map_err(|fault| *fault)? else {
        let missing = |system: &&SystemEntry| -> Fault {
            system.document_span.fault(words::no_document(&system.name, file))
        };
        let mut faults = Faults::default();
        systems.iter().map(missing).for_each(|fault| faults.push(fault));
        return faults.or(BTreeMap::new());
    };
    let budgets: Vec<&BudgetEntry> = systems.iter().flat_map(|system| system.budgets()).collect();
    let waivers: Vec<&WaiverEntry> =
        project.waivers.iter().filter(|waiver| waiver.document == file).collect();
    let places = cite(&document, &budgets, &waivers)?;
    Ok(budgets.iter().map(|entry| entry.budget.place.clone()).zip(places).collect())
}

/// A system with the workloads that its cases run and the places that its budgets cite.
fn system(
    entry: &SystemEntry,
    members: Vec<Member>,
    cited: &BTreeMap<Place, Place>,
    workloads: Vec<String>,
) -> System {
    let cases = entry.cases.iter().zip(workloads);
    System {
        name: entry.name.clone(),
        document: entry.document.clone(),
        members,
        cases: cases.map(|(case, workload)| complete(case, workload, cited)).collect(),
    }
}

/// A case with the workload that it runs and the budgets that are cited.
fn complete(entry: &CaseEntry, workload: String, cited: &BTreeMap<Place, Place>) -> Case {
    let budget = |BudgetEntry { budget, .. }: &BudgetEntry| {
        let cited = cited.get(&budget.place)?.clone();
        Some(Budget { cited, ..budget.clone() })
    };
    let budgets = entry.budgets.iter().filter_map(budget).collect();
    Case { workload, budgets, ..entry.case.clone() }
}
