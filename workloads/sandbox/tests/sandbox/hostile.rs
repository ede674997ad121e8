//! Hostile guests: each fault ends with an error of its own.

use std::time::{Duration, Instant};

use sandbox::{Engine, EngineSettings, Error, Limits, Outcome, Sandbox, Session, Stream};

use crate::tiny;

/// 4 MiB of memory, 1000 bytes of output, a deadline that only a loop reaches.
const TIGHT: Limits = Limits {
    memory_bytes: 4 << 20,
    output_bytes: 1000,
    deadline: Some(Duration::from_secs(20)),
    fuel: None,
};

/// Runs hostile code, and returns the error that stops it. Then its session has ended, and its neighbour on
/// the same engine is as before.
fn stop(code: &str, limits: Limits) -> Error {
    let load = |limits| tiny::builder(limits).from_wasm(tiny::wasm()).unwrap();
    let (sandbox, others) = (load(limits), load(TIGHT));
    let (mut session, mut neighbour) = (sandbox.session().unwrap(), others.session().unwrap());
    assert_eq!(neighbour.execute("i").unwrap().stdout, "1");
    let error = session.execute(code).unwrap_err();
    let ended = |session: &mut Session| matches!(session.execute("i"), Err(Error::Ended));
    assert!(ended(&mut session) && matches!(session.trim(), Err(Error::Ended)), "{code}");
    drop(session);
    assert_eq!(neighbour.execute("i").unwrap().stdout, "2");
    assert_eq!(others.execute("i").unwrap().stdout, "1");
    error
}

#[test]
fn endless_loop_stops_at_the_deadline() {
    // Long enough that the guest starts before it on a busy machine.
    let deadline = Duration::from_millis(300);
    let started = Instant::now();
    let error = stop("l", Limits { deadline: Some(deadline), ..TIGHT });
    assert!(started.elapsed() >= deadline);
    assert!(matches!(error, Error::Deadline { allowed } if allowed == deadline), "{error:?}");
}

#[test]
fn endless_loop_stops_when_fuel_is_used_up() {
    let engine = Engine::new(EngineSettings { fuel: true, ..Default::default() }).unwrap();
    let limits = Limits { fuel: Some(100_000), ..Limits::default() };
    let sandbox = Sandbox::builder(&engine).limits(limits).from_wasm(tiny::wasm()).unwrap();
    let mut session = sandbox.session().unwrap();
    for _ in 0..3 {
        session.execute("i").unwrap();
    }
    let error = session.execute("l").unwrap_err();
    assert!(matches!(error, Error::Fuel { allowed: 100_000 }), "{error:?}");
    assert_eq!(sandbox.execute("i").unwrap().stdout, "1");
}

#[test]
fn fuel_limit_needs_an_engine_that_counts_fuel() {
    let limits = Limits { fuel: Some(1), ..Limits::default() };
    let refused = tiny::builder(limits).from_wasm(tiny::wasm()).unwrap_err();
    assert!(matches!(refused, Error::Setting { .. }), "{refused:?}");
}

#[test]
fn memory_bomb_stops_at_the_limit() {
    // It grows by 16 pages of 64 KiB at a time, from 2 on: 2, 18, 34, 50; then 66 exceed the limit of 64.
    let error = stop("m", TIGHT);
    let wanted = 66 << 16;
    assert!(
        matches!(error, Error::Memory { wanted: w, allowed: 4_194_304 } if w == wanted),
        "{error:?}"
    );
    let mut session = tiny::session(TIGHT);
    assert_eq!(session.execute("M").unwrap().outcome, Outcome::Finished);
    assert_eq!(session.memory_bytes(), 50 << 16);
    assert_eq!(session.execute("i").unwrap().stdout, "1");
}

#[test]
fn guest_larger_than_its_limit_does_not_start() {
    let limits = Limits { memory_bytes: 1 << 16, ..TIGHT };
    let sandbox = tiny::builder(limits).from_wasm(tiny::wasm()).unwrap();
    let refused = sandbox.session().unwrap_err();
    assert!(matches!(refused, Error::Start { .. }), "{refused:?}");
}

#[test]
fn output_stops_at_the_limit() {
    let error = stop("o", TIGHT);
    let stdout = Stream::Stdout;
    assert!(
        matches!(error, Error::Output { stream, allowed: 1000 } if stream == stdout),
        "{error:?}"
    );
    let mut session = tiny::session(TIGHT);
    for _ in 0..3 {
        assert_eq!(session.execute("O").unwrap().stdout.len(), 1000);
    }
}

#[test]
fn other_faults_have_distinct_errors() {
    let trap = |code| match stop(code, TIGHT) {
        Error::Trap { trap } => trap,
        error => panic!("{error:?}"),
    };
    assert_eq!(trap("t"), wasmtime::Trap::UnreachableCodeReached);
    assert_eq!(trap("z"), wasmtime::Trap::IntegerDivisionByZero);
    assert_eq!(trap("v"), wasmtime::Trap::MemoryOutOfBounds);
    assert!(matches!(stop("r", TIGHT), Error::Stack { allowed: 8_388_608 }));
    assert!(matches!(stop("x", TIGHT), Error::Exited { code: 3 }));
    assert!(matches!(stop("q", TIGHT), Error::Exited { code: 7 }));
    assert!(matches!(stop("p", TIGHT), Error::Protocol { .. }));
    assert!(matches!(stop("b", TIGHT), Error::Protocol { .. }));
}

#[test]
fn sleep_is_not_supported() {
    // 58 is ENOTSUP.
    let output = tiny::session(TIGHT).execute("s").unwrap();
    assert_eq!(output.outcome, Outcome::Exit { code: 58 });
}
