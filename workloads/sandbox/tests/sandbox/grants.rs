//! A guest uses only the granted parts of its host.

use std::fs;

use sandbox::{Access, Grants, Limits, Outcome};

use crate::tiny;

/// Executes code in a guest with these grants, and returns its exit code and its stdout.
fn execute(grants: Grants, code: &str) -> (Option<i32>, String) {
    let builder = tiny::builder(Limits::default()).grants(grants);
    let output = builder.from_wasm(tiny::wasm()).unwrap().execute(code).unwrap();
    let code = match output.outcome {
        Outcome::Exit { code } => Some(code),
        _ => None,
    };
    (code, output.stdout)
}

/// Errors of WASI 0.1.
const EBADF: Option<i32> = Some(8);
const EPERM: Option<i32> = Some(63);
const DONE: Option<i32> = Some(0);

#[test]
fn file_access_is_limited_to_granted_folders() {
    let folder = tempfile::tempdir().unwrap();
    let (granted, outside) = (folder.path().join("granted"), folder.path().join("outside"));
    fs::create_dir(&granted).unwrap();
    let grant = |access| Grants::default().folder(&granted, "/data", access);

    assert_eq!(execute(Grants::default(), "W").0, EBADF);
    let read_only = execute(grant(Access::Read), "W").0;
    assert!(read_only.is_some() && read_only != DONE, "{read_only:?}");
    assert!(!granted.join("inside").exists());

    assert_eq!(execute(grant(Access::Write), "W").0, DONE);
    assert!(granted.join("inside").exists());

    assert_eq!(execute(grant(Access::Write), "w").0, EPERM);
    assert!(!outside.exists());
    std::os::unix::fs::symlink(&outside, granted.join("link")).unwrap();
    fs::remove_file(granted.join("inside")).unwrap();
    std::os::unix::fs::symlink(&outside, granted.join("inside")).unwrap();
    let through_a_link = execute(grant(Access::Write), "W").0;
    assert!(through_a_link.is_some() && through_a_link != DONE, "{through_a_link:?}");
    assert!(!outside.exists());
}

#[test]
fn missing_folder_is_named_in_the_error() {
    let grants = Grants::default().folder("/nowhere/at/all", "/data", Access::Read);
    let sandbox = tiny::builder(Limits::default()).grants(grants).from_wasm(tiny::wasm()).unwrap();
    let refused = sandbox.session().unwrap_err();
    assert!(refused.to_string().contains("/nowhere/at/all"), "{refused}");
}

#[test]
fn only_granted_variables_are_visible() {
    assert_eq!(execute(Grants::default(), "e").0, Some(0));
    assert_eq!(execute(Grants::default().variable("A", "1").variable("B", "2"), "e").0, Some(2));
}

#[test]
fn clock_stands_still_unless_granted() {
    assert_eq!(execute(Grants::default(), "c").0, Some(0));
    assert_eq!(execute(Grants::default().clock(), "c").0, Some(1));
}

#[test]
fn randomness_is_fixed_unless_granted() {
    let bytes = |grants| execute(grants, "a").1;
    assert_eq!(bytes(Grants::default()), bytes(Grants::default()));
    // The same eight bytes come once in 2^64 runs.
    assert_ne!(bytes(Grants::default().entropy()), bytes(Grants::default()));
}
