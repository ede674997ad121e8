//! Modules that load, and modules that are refused.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use sandbox::{Engine, EngineSettings, Error, Limits, Precompiled, Sandbox};

use crate::tiny;

#[test]
fn module_loads_from_wasm_from_its_file_and_from_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let precompiled = Precompiled::compile(tiny::engine(), tiny::wasm(), folder.path()).unwrap();
    let bytes = precompiled.read().unwrap();
    assert_eq!(bytes.size_bytes() as u64, fs::metadata(precompiled.path()).unwrap().len());
    let builder = || tiny::builder(Limits::default());
    for sandbox in [
        builder().from_wasm(tiny::wasm()).unwrap(),
        builder().from_file(&precompiled).unwrap(),
        builder().from_bytes(&bytes).unwrap(),
        builder().cache_dir(folder.path()).from_wasm(tiny::wasm()).unwrap(),
    ] {
        let mut session = sandbox.session().unwrap();
        assert_eq!(session.execute("i").unwrap().stdout, "1");
        session.trim().unwrap();
        sandbox.trim().unwrap();
        assert_eq!(session.execute("i").unwrap().stdout, "2");
        assert_eq!(session.execute("d").unwrap().stdout, "image");
    }
}

#[test]
fn cache_compiles_once_for_each_setting() {
    let folder = tempfile::tempdir().unwrap();
    let compiled = |engine: &Engine| {
        let precompiled = Precompiled::compile(engine, tiny::wasm(), folder.path()).unwrap();
        let modified = fs::metadata(precompiled.path()).unwrap().modified().unwrap();
        (precompiled.path().to_owned(), modified)
    };
    let (first, again) = (compiled(tiny::engine()), compiled(tiny::engine()));
    assert_eq!(first, again);
    let settings = EngineSettings { memory_init_cow: false, ..Default::default() };
    assert_ne!(first.0, compiled(&Engine::new(settings).unwrap()).0);
}

#[test]
fn concurrent_compilations_make_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let make = || {
        let precompiled =
            Precompiled::compile(tiny::engine(), tiny::wasm(), folder.path()).unwrap();
        assert!(tiny::builder(Limits::default()).from_file(&precompiled).is_ok());
        // A file that is made again is another file.
        fs::metadata(precompiled.path()).unwrap().ino()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(make)).collect();
        let made: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(made.iter().all(|inode| *inode == made[0]), "{made:?}");
    });
}

#[test]
fn module_for_other_settings_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let settings = EngineSettings { memory_init_cow: false, ..Default::default() };
    let other = Engine::new(settings).unwrap();
    let precompiled = Precompiled::compile(&other, tiny::wasm(), folder.path()).unwrap();
    let bytes = precompiled.read().unwrap();
    let builder = || tiny::builder(Limits::default());
    for refused in [builder().from_file(&precompiled), builder().from_bytes(&bytes)] {
        assert!(matches!(refused, Err(Error::Module { .. })), "{refused:?}");
    }
    assert_eq!(
        Sandbox::builder(&other).from_file(&precompiled).unwrap().execute("i").unwrap().stdout,
        "1"
    );
}

#[test]
fn module_of_another_wasmtime_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let precompiled = Precompiled::compile(tiny::engine(), tiny::wasm(), folder.path()).unwrap();
    let mut bytes = fs::read(precompiled.path()).unwrap();
    // A section of the file has the length of the version, and the major version as text.
    let own = b"\x0248";
    let at = bytes.windows(own.len()).position(|window| window == own).unwrap();
    bytes[at..at + own.len()].copy_from_slice(b"\x0247");
    fs::write(precompiled.path(), &bytes).unwrap();
    let refused = tiny::builder(Limits::default()).from_file(&precompiled).unwrap_err();
    let Error::Module { source, .. } = refused else { panic!("{refused:?}") };
    let cause = source.source().unwrap().to_string();
    assert!(cause.contains("incompatible version '47'"), "{cause}");
}

#[test]
fn truncated_file_is_refused_and_compiled_again() {
    let folder = tempfile::tempdir().unwrap();
    let compile = || Precompiled::compile(tiny::engine(), tiny::wasm(), folder.path()).unwrap();
    let precompiled = compile();
    let whole = fs::read(precompiled.path()).unwrap();
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        fs::write(precompiled.path(), &whole[..length]).unwrap();
        let refused = tiny::builder(Limits::default()).from_file(&precompiled).unwrap_err();
        assert!(matches!(refused, Error::Damaged { .. }), "{length}: {refused:?}");
        assert!(matches!(precompiled.read(), Err(Error::Damaged { .. })));
        assert_eq!(compile(), precompiled);
        assert_eq!(fs::read(precompiled.path()).unwrap().len(), whole.len());
    }
    fs::remove_file(precompiled.path()).unwrap();
    let refused = tiny::builder(Limits::default()).from_file(&precompiled).unwrap_err();
    assert!(matches!(refused, Error::Io { .. }), "{refused:?}");
}

#[test]
fn invalid_wasm_is_refused() {
    let wasm = tiny::wasm();
    for bytes in
        [&b""[..], b"not wasm", &wasm[..8], &wasm[..wasm.len() / 2], &wasm[..wasm.len() - 1]]
    {
        let loaded = tiny::builder(Limits::default()).from_wasm(bytes);
        // Eight bytes are a module, of nothing; it has no `run`.
        let refused = loaded.and_then(|sandbox| sandbox.session()).unwrap_err();
        let expected = if bytes.len() == 8 && bytes != b"not wasm" {
            matches!(refused, Error::Start { .. })
        } else {
            matches!(refused, Error::Module { .. })
        };
        assert!(expected, "{bytes:?}: {refused:?}");
    }
}

#[test]
fn module_without_the_protocol_is_refused() {
    let session = |text: &str| {
        let wasm = wat::parse_str(text).unwrap();
        let loaded = tiny::builder(Limits::default()).from_wasm(&wasm);
        loaded.and_then(|sandbox| sandbox.session()).unwrap_err()
    };
    let unknown = session(r#"(module (import "env" "system" (func)) (func (export "run")))"#);
    assert!(matches!(unknown, Error::Start { .. }), "{unknown:?}");
    let silent = session(r#"(module (func (export "run") (result i32) i32.const 5))"#);
    assert!(matches!(silent, Error::Exited { code: 5 }), "{silent:?}");
    let bare = session(
        r#"(module (import "host" "call" (func $call (param i32 i32 i32 i32) (result i32)))
             (func (export "run") (result i32)
               (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))))"#,
    );
    assert!(matches!(bare, Error::Protocol { .. }), "{bare:?}");
}
