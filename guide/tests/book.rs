//! mdBook builds the guide, and each page and each link of the guide leads somewhere.

mod pages;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

const GUIDE: &str = env!("CARGO_MANIFEST_DIR");

/// The book in a folder of its own, since `guide/book` would lie in the work tree.
fn build(folder: &Path) {
    let mut book = MDBook::load(GUIDE).expect("book.toml and SUMMARY.md are read");
    book.config.build.build_dir = folder.to_owned();
    book.build().expect("mdBook builds the guide");
}

#[test]
fn the_book_has_a_page_for_each_chapter_and_includes_the_readmes_steps() {
    let folder = tempfile::tempdir().expect("a folder for the book");
    build(folder.path());
    let pages = pages::all();
    assert!(pages.len() >= 20, "{} pages: were some lost?", pages.len());
    for page in pages.keys().filter(|page| *page != "SUMMARY.md") {
        let html = folder.path().join(page).with_extension("html");
        assert!(html.is_file(), "SUMMARY.md does not list {page}");
        let text = fs::read_to_string(&html).expect("the page is a text");
        assert!(!text.contains("{{#"), "{page}: mdBook did not replace an include");
    }
    let start = fs::read_to_string(folder.path().join("start.html")).expect("the page is a text");
    assert!(start.contains("plimsoll::main!(counting)"), "start.md lacks the README's steps");
}

#[test]
fn each_link_leads_to_a_page_and_a_heading() {
    let pages = pages::all();
    let anchors: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|(page, text)| (page.as_str(), headings(text))).collect();
    let mut broken = Vec::new();
    for (page, text) in &pages {
        for link in links(text).into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = resolved(page, file);
            let found = anchors.get(target.as_str());
            if !found.is_some_and(|ids| anchor.is_empty() || ids.contains(anchor)) {
                broken.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "these links lead nowhere:\n{}", broken.join("\n"));
}

/// `file` as it is seen from `page`, relative to `src/`.
fn resolved(page: &str, file: &str) -> String {
    if file.is_empty() {
        return page.to_owned();
    }
    let mut path = Path::new(page).parent().map(PathBuf::from).unwrap_or_default();
    for part in file.split('/') {
        if part == ".." {
            path.pop();
        } else {
            path.push(part);
        }
    }
    path.to_string_lossy().into_owned()
}

fn links(text: &str) -> Vec<String> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES);
    let targets = events.filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(dest_url.into_string())
        }
        _ => None,
    });
    targets.collect()
}

/// The ids that mdBook gives to headings: lower case, `-` for spaces, other marks left out.
fn headings(text: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut heading = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(part) | Event::Code(part) => {
                heading.iter_mut().for_each(|text| text.push_str(&part));
            }
            Event::End(TagEnd::Heading(_)) => ids.extend(heading.take().map(|text| id(&text))),
            _ => {}
        }
    }
    ids
}

fn id(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

#[test]
fn a_broken_link_is_found() {
    let text = "# A page\n\nSee [there](there.md), [here](#a-page) and [nowhere](#b).\n";
    assert_eq!(links(text), ["there.md", "#a-page", "#b"]);
    assert_eq!(headings(text), BTreeSet::from(["a-page".to_owned()]));
    assert_eq!(resolved("numbers/heap.md", "../start.md"), "start.md");
    assert_eq!(resolved("numbers/heap.md", ""), "numbers/heap.md");
}
