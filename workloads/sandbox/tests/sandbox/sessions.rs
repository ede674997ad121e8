//! A session keeps its state and shares none of it.

use sandbox::{Allocator, Engine, EngineSettings, Limits, Outcome, Sandbox, Session};

use crate::tiny;

#[test]
fn session_keeps_its_state_and_shares_none() {
    let sandbox = tiny::builder(Limits::default()).from_wasm(tiny::wasm()).unwrap();
    let (mut one, mut other) = (sandbox.session().unwrap(), sandbox.session().unwrap());
    for expected in ["1", "2", "3"] {
        let output = one.execute("i").unwrap();
        assert_eq!((&*output.stdout, &output.outcome), (expected, &Outcome::Finished));
    }
    assert_eq!(other.execute("i").unwrap().stdout, "1");
    assert_eq!(sandbox.execute("i").unwrap().stdout, "1");
    assert_eq!(sandbox.execute("i").unwrap().stdout, "1");
    assert_eq!(one.execute("i").unwrap().stdout, "4");
}

#[test]
fn session_continues_in_another_thread_with_a_small_stack() {
    let mut session = tiny::session(Limits::default());
    assert_eq!(session.execute("i").unwrap().stdout, "1");
    let thread = std::thread::Builder::new().stack_size(128 << 10);
    let moved = thread.spawn(move || {
        let output = session.execute("i").unwrap().stdout;
        (output, session)
    });
    let (output, mut session) = moved.unwrap().join().unwrap();
    assert_eq!(output, "2");
    assert_eq!(session.execute("i").unwrap().stdout, "3");
}

#[test]
fn sessions_run_in_several_threads_at_once() {
    let sandbox = tiny::builder(Limits::default()).from_wasm(tiny::wasm()).unwrap();
    std::thread::scope(|scope| {
        let run = || {
            let mut session = sandbox.session().unwrap();
            (0..9).map(|_| session.execute("i").unwrap().stdout).collect::<String>()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), "123456789");
        }
    });
}

#[test]
fn every_setting_runs_the_same_guest() {
    let pooling = Allocator::Pooling { sessions: 2 };
    let settings = [
        EngineSettings { memory_init_cow: false, ..Default::default() },
        EngineSettings { fuel: true, ..Default::default() },
        EngineSettings { reserved_bytes: Some(1 << 20), ..Default::default() },
        EngineSettings { allocator: pooling, ..Default::default() },
        EngineSettings { allocator: pooling, reserved_bytes: Some(8 << 20), ..Default::default() },
    ];
    for settings in settings {
        let engine = Engine::new(settings).unwrap();
        let limits = Limits { memory_bytes: 4 << 20, ..Limits::default() };
        let sandbox = Sandbox::builder(&engine).limits(limits).from_wasm(tiny::wasm()).unwrap();
        // The second session takes the first one's place in a pool.
        for _ in 0..2 {
            keeps_its_image(&mut sandbox.session().unwrap());
        }
    }
}

#[test]
fn trim_gives_back_a_page_that_was_changed_back() {
    let folder = tempfile::tempdir().unwrap();
    let builder = tiny::builder(Limits { memory_bytes: 4 << 20, ..Limits::default() });
    let sandbox = builder.cache_dir(folder.path()).from_wasm(tiny::wasm()).unwrap();
    keeps_its_image(&mut sandbox.session().unwrap());

    let mut session = sandbox.session().unwrap();
    session.trim().unwrap();
    session.execute("D").unwrap();
    let changed = session.trim().unwrap();
    session.execute("U").unwrap();
    let changed_back = session.trim().unwrap();
    let page = rustix::param::page_size() as u64;
    assert_eq!(changed.kept_bytes - changed_back.kept_bytes, page, "{changed:?} {changed_back:?}");
}

/// After each trim, the guest reads the bytes that it has written, also in a memory that grows.
fn keeps_its_image(session: &mut Session) {
    let mut execute = |code: &str| {
        let stdout = session.execute(code).unwrap().stdout;
        session.trim().unwrap();
        stdout
    };
    let steps = [
        ("i", "1"),
        ("d", "image"),
        ("D", ""),
        ("d", "Image"),
        ("M", ""),
        ("d", "Image"),
        ("U", ""),
        ("d", "image"),
        ("D", ""),
        ("d", "Image"),
        ("i", "2"),
    ];
    for (code, expected) in steps {
        assert_eq!(execute(code), expected, "{code}");
    }
    assert_eq!(session.memory_bytes(), 50 << 16);
}

#[test]
fn limit_above_the_reserved_bytes_of_a_pool_is_refused() {
    let allocator = Allocator::Pooling { sessions: 1 };
    let settings =
        EngineSettings { allocator, reserved_bytes: Some(8 << 20), ..Default::default() };
    let engine = Engine::new(settings).unwrap();
    let limits = Limits { memory_bytes: (8 << 20) + 1, ..Limits::default() };
    let refused = Sandbox::builder(&engine).limits(limits).from_wasm(tiny::wasm()).unwrap_err();
    assert!(matches!(refused, sandbox::Error::Setting { .. }), "{refused:?}");
}

#[test]
fn full_pool_refuses_a_session_until_another_is_dropped() {
    let allocator = Allocator::Pooling { sessions: 2 };
    let engine = Engine::new(EngineSettings { allocator, ..Default::default() }).unwrap();
    let sandbox = Sandbox::builder(&engine).from_wasm(tiny::wasm()).unwrap();
    let (mut one, other) = (sandbox.session().unwrap(), sandbox.session().unwrap());
    let refused = sandbox.session().unwrap_err();
    assert!(matches!(refused, sandbox::Error::Start { .. }), "{refused:?}");
    drop(other);
    assert_eq!(sandbox.session().unwrap().execute("i").unwrap().stdout, "1");
    assert_eq!(one.execute("i").unwrap().stdout, "1");
}
