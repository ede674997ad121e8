//! The order of the folders of `harness/src`, read from its source: each folder uses only those
//! before it, no modules form a circle, and what decides touches nothing outside.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// From the bottom to the top; the files that lie in no folder come last.
const ORDER: [&str; 6] = ["os", "sites", "measure", "judge", "report", "the top"];

/// These only compute.
const PURE: [&str; 2] = ["judge", "sites"];

/// The part of `sites` that reads files: the symbols of an executable, and where its sources lie.
const READS_FILES: [&str; 2] = ["sites::symbols", "sites::places"];

/// Paths of the standard library that reach files, the environment, the clock or a process.
const OUTSIDE: [&str; 7] = [
    "std::env",
    "std::fs",
    "std::net",
    "std::os",
    "std::process",
    "std::time::Instant",
    "std::time::SystemTime",
];

/// Methods of a path that ask for a file.
const FILE_METHODS: [&str; 7] =
    ["canonicalize", "exists", "is_dir", "is_file", "metadata", "read_dir", "try_exists"];

/// What one module uses.
#[derive(Default)]
struct Module {
    file: PathBuf,
    paths: BTreeSet<String>,
    methods: BTreeSet<String>,
}

type Modules = BTreeMap<String, Module>;

/// Collects the paths and the methods of a file, except those of its tests. A path that begins with
/// `super` or with a module inside is written from the root.
struct Reader<'a> {
    name: &'a str,
    /// Modules written out in the file that the reader is in.
    inside: Vec<String>,
    module: Module,
}

impl Reader<'_> {
    fn here(&self) -> Vec<String> {
        let file = self.name.split("::").filter(|part| !part.is_empty()).map(str::to_owned);
        file.chain(self.inside.iter().cloned()).collect()
    }

    fn add(&mut self, path: &[String]) {
        let mut base = self.here();
        let mut rest = path;
        let mut from_root = false;
        match rest.first().map(String::as_str) {
            Some("crate") => {
                (base, rest, from_root) = (Vec::new(), &rest[1..], true);
            }
            Some("self") => rest = &rest[1..],
            _ => {}
        }
        while rest.first().is_some_and(|part| part == "super") {
            base.pop();
            (rest, from_root) = (&rest[1..], true);
        }
        let outer = if from_root { "crate::" } else { "" };
        let inner = [base.as_slice(), rest].concat().join("::");
        self.module.paths.insert(format!("{outer}{inner}"));
        self.module.paths.insert(path.join("::"));
    }

    fn add_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.add(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.add(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.add_tree(before, tree));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !attributes.iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inside.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inside.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<_> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.add(&parts);
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.module.methods.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    /// The arguments of `println!` and its like are expressions.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        type Arguments = syn::punctuated::Punctuated<syn::Expr, syn::Token![,]>;
        if let Ok(arguments) = call.parse_body_with(Arguments::parse_terminated) {
            // The expressions end with this function, and only their texts are kept.
            let mut reader =
                Reader { name: self.name, inside: self.inside.clone(), module: Module::default() };
            arguments.iter().for_each(|argument| reader.visit_expr(argument));
            self.module.paths.extend(reader.module.paths);
            self.module.methods.extend(reader.module.methods);
        }
    }
}

fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else { return false };
    let condition = list.tokens.to_string();
    list.path.is_ident("cfg") && (condition == "test" || condition.starts_with("all (test"))
}

/// Every module of `harness/src` that is no test, by its path: `measure::probe::heap`.
fn modules() -> anyhow::Result<Modules> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Modules::new();
    let mut files = vec![(String::new(), root.join("lib.rs"))];
    while let Some((name, file)) = files.pop() {
        let text = fs::read_to_string(&file)?;
        let source = syn::parse_file(&text)?;
        let folder = root.join(name.replace("::", "/"));
        for item in &source.items {
            if let syn::Item::Mod(item) = item
                && item.content.is_none()
                && !item.attrs.iter().any(is_for_tests)
            {
                let child = item.ident.to_string();
                let path = if name.is_empty() { child.clone() } else { format!("{name}::{child}") };
                files.push((path, folder.join(child).with_extension("rs")));
            }
        }
        let mut reader = Reader { name: &name, inside: Vec::new(), module: Module::default() };
        reader.visit_file(&source);
        found.insert(name.clone(), Module { file, ..reader.module });
    }
    Ok(found)
}

/// The modules that a module uses: of each path the longest part that is a module. A module that
/// lies around another one is the front of it, and no use.
fn used(name: &str, module: &Module, all: &Modules) -> BTreeSet<String> {
    let targets = module.paths.iter().filter_map(|path| {
        let mut path = path.strip_prefix("crate::").unwrap_or(path);
        while !all.contains_key(path) || path.is_empty() {
            path = path.rsplit_once("::")?.0;
        }
        Some(path.to_owned())
    });
    targets.filter(|target| target != name && !name.starts_with(&format!("{target}::"))).collect()
}

fn folder(module: &str) -> usize {
    let first = module.split("::").next().unwrap_or_default();
    ORDER.iter().position(|folder| *folder == first).unwrap_or(ORDER.len() - 1)
}

#[test]
fn folders_use_only_the_folders_before_them() -> anyhow::Result<()> {
    let modules = modules()?;
    let mut wrong = Vec::new();
    for (name, module) in &modules {
        for target in used(name, module, &modules) {
            let (own, other) = (folder(name), folder(&target));
            if other > own {
                let file = module.file.display();
                let (own, other) = (ORDER[own], ORDER[other]);
                wrong.push(format!("{file}: `{own}` uses {target}, but `{other}` comes after it"));
            }
        }
    }
    assert!(modules.len() > 90, "only {} modules were found", modules.len());
    assert!(wrong.is_empty(), "the order is {}:\n{}", ORDER.join(" < "), wrong.join("\n"));
    Ok(())
}

/// A module that uses none of the others, or that none of the others uses, is in no circle.
#[test]
fn no_modules_form_a_circle() -> anyhow::Result<()> {
    let modules = modules()?;
    let mut left: BTreeMap<&str, BTreeSet<String>> = modules
        .iter()
        .map(|(name, module)| (name.as_str(), used(name, module, &modules)))
        .collect();
    loop {
        let before = left.len();
        let names: BTreeSet<String> = left.keys().map(|name| (*name).to_owned()).collect();
        left.retain(|_, targets| !targets.is_disjoint(&names));
        let targets: BTreeSet<String> = left.values().flatten().cloned().collect();
        left.retain(|name, _| targets.contains(*name));
        if left.len() == before {
            break;
        }
    }
    assert!(left.is_empty(), "these modules form a circle: {:?}", left.keys());
    Ok(())
}

#[test]
fn judge_and_sites_touch_no_file_clock_environment_or_process() -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for (name, module) in &modules()? {
        let is_pure = PURE.contains(&ORDER[folder(name)])
            && !READS_FILES.iter().any(|part| name.starts_with(part));
        let begins = |path: &str, outside: &str| {
            path.strip_prefix(outside).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        let outside = |path: &&String| OUTSIDE.iter().any(|outside| begins(path, outside));
        let methods = module.methods.iter().filter(|name| FILE_METHODS.contains(&name.as_str()));
        let touched = module.paths.iter().filter(outside).chain(methods);
        wrong.extend(
            touched.filter(|_| is_pure).map(|path| format!("{}: {path}", module.file.display())),
        );
    }
    assert!(wrong.is_empty(), "`judge` and `sites` only compute:\n{}", wrong.join("\n"));
    Ok(())
}
