//! What a session keeps, and what it shares.

use sandbox::{Allocator, Engine, EngineSettings, Limits, Outcome, Sandbox};

use crate::tiny;

#[test]
fn a_session_keeps_its_state_and_shares_none() {
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
fn a_session_goes_on_in_another_thread_with_a_small_stack() {
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
fn sessions_run_in_several_threads_at_a_time() {
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
        EngineSettings { allocator: pooling, reserved_bytes: Some(1 << 20), ..Default::default() },
    ];
    for settings in settings {
        let engine = Engine::new(settings).unwrap();
        let sandbox = Sandbox::builder(&engine).from_wasm(tiny::wasm()).unwrap();
        let mut session = sandbox.session().unwrap();
        assert_eq!(session.execute("i").unwrap().stdout, "1", "{settings:?}");
        assert_eq!(session.execute("d").unwrap().stdout, "image", "{settings:?}");
        session.trim().unwrap();
        assert_eq!(session.execute("i").unwrap().stdout, "2", "{settings:?}");
        assert_eq!(session.execute("d").unwrap().stdout, "image", "{settings:?}");
    }
}

#[test]
fn a_full_pool_refuses_a_session_until_one_is_dropped() {
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
