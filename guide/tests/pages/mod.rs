//! The pages of the guide, by their path below `src/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Each page with its text.
pub fn all() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pages = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the entry is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(&root).expect("it lies below src/");
                let text = fs::read_to_string(&path).expect("the page is a text");
                pages.insert(name.to_string_lossy().into_owned(), text);
            }
        }
    }
    pages
}
