//! A table of small projects in one text file.
//!
//! `=== name` begins a row, `--- file` a file of its project, `--- expected` what comes out. A
//! project that brings no `Cargo.toml` is the package `storage`, one that brings no document promises
//! to stay under 200 MB; `--- main` lists the workloads, else there is `read` alone. A file
//! with the text `(none)` is not there.

use std::{collections::BTreeMap, fs};

use plimsoll_format::{Faults, System, check_system};

pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) expected: String,
    files: BTreeMap<String, String>,
}

pub(crate) fn read(table: &str) -> Vec<Row> {
    let parts = |text: &str, mark: &str| -> Vec<(String, String)> {
        let (text, mark) = (format!("\n{text}"), format!("\n{mark} "));
        let parts = text.split(&mark).skip(1);
        let part = |part: &str| {
            let (name, body) = part.split_once('\n').unwrap_or((part, ""));
            (name.to_owned(), body.to_owned())
        };
        parts.map(part).collect()
    };
    let row = |(name, body): (String, String)| {
        let mut files: BTreeMap<String, String> = parts(&body, "---").into_iter().collect();
        let expected = files.remove("expected").unwrap_or_default();
        files.entry("Cargo.toml".into()).or_insert("[package]\nname = \"storage\"\n".into());
        if !files.keys().any(|file| file.ends_with(".md")) {
            files.insert("docs/storage.md".into(), "It stays under 200 MB.\n".into());
        }
        Row { name, expected, files }
    };
    parts(table, "===").into_iter().map(row).collect()
}

impl Row {
    pub(crate) fn check(&self) -> Result<System, Faults> {
        let main = self.files.get("main").map_or("read", String::as_str);
        let workloads: Vec<String> = main.split_whitespace().map(str::to_owned).collect();
        check_system(self.write().path(), "storage", &workloads).outcome
    }

    /// The project in a folder of its own.
    pub(crate) fn write(&self) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder for a project");
        let files = self.files.iter().filter(|(file, _)| *file != "main");
        for (file, text) in files.filter(|(_, text)| text.trim() != "(none)") {
            let path = root.path().join(file);
            let folder = path.parent().expect("the path is below the root");
            fs::create_dir_all(folder).expect("folders can be made");
            let text = text.trim_end_matches('\n').to_owned() + "\n";
            fs::write(path, text).expect("files can be written");
        }
        root
    }
}
