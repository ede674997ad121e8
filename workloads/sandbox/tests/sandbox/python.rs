//! Python itself. These tests need the guests; where those are unavailable, the error names the command.

use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use sandbox::{
    Access, Allocator, Engine, EngineSettings, Error, Grants, Guest, Guests, Installed, Limits,
    Outcome, Sandbox, SandboxBuilder,
};
use testkit::PageTables;

use crate::{process, tiny};

fn numpy() -> &'static Installed {
    static NUMPY: OnceLock<Installed> = OnceLock::new();
    NUMPY.get_or_init(|| {
        Guests::obtain(Guest::Numpy, tiny::engine()).unwrap_or_else(|error| panic!("{error}"))
    })
}

fn builder() -> SandboxBuilder {
    Sandbox::builder(tiny::engine())
}

fn raised(kind: &str) -> impl Fn(&Outcome) -> bool {
    move |outcome| matches!(outcome, Outcome::Raised { kind: found, .. } if found == kind)
}

#[test]
fn numpy_works_and_state_is_kept() {
    let mut session = builder().python(numpy()).unwrap().session().unwrap();
    let output = session.execute("import numpy as np; print(int(np.arange(1000).sum()))").unwrap();
    assert_eq!((&*output.stdout, &*output.stderr), ("499500\n", ""));
    session.execute("kept = np.arange(5) * 2\ndef double(x): return 2 * x").unwrap();
    let output = session.execute("print(double(kept).tolist(), __name__)").unwrap();
    assert_eq!(output.stdout, "[0, 4, 8, 12, 16] __main__\n");
    assert_eq!(output.outcome, Outcome::Finished);
}

#[test]
fn plain_python_starts_without_numpy() {
    let python = Guests::obtain(Guest::Python, tiny::engine()).unwrap_or_else(|e| panic!("{e}"));
    let mut session = builder().python(&python).unwrap().session().unwrap();
    let output = session.execute("import sys; print('numpy' in sys.modules, 2**100)").unwrap();
    assert_eq!(output.stdout, "False 1267650600228229401496703205376\n");
}

#[test]
fn session_survives_exceptions_and_exits() {
    let mut session = builder().python(numpy()).unwrap().session().unwrap();
    let output = session.execute("def f(): return {}['missing']\nf()").unwrap();
    let expected = Outcome::Raised { kind: "KeyError".into(), message: "'missing'".into() };
    assert_eq!(output.outcome, expected);
    assert!(output.stderr.starts_with("Traceback") && output.stderr.contains("in f"));
    assert!(raised("SyntaxError")(&session.execute("def").unwrap().outcome));
    assert!(raised("RecursionError")(&session.execute("def f(): f()\nf()").unwrap().outcome));
    let exit = |code: &str| session_exit(code);
    assert_eq!(exit("import sys; sys.exit(3)"), Outcome::Exit { code: 3 });
    assert_eq!(exit("raise SystemExit"), Outcome::Exit { code: 0 });
    assert_eq!(exit("raise SystemExit('why')"), Outcome::Exit { code: 1 });
    assert_eq!(session.execute("print(1 + 1)").unwrap().stdout, "2\n");
    let gone = session.execute("import os; os._exit(4)").unwrap_err();
    assert!(matches!(gone, Error::Exited { code: 4 }), "{gone:?}");
}

fn session_exit(code: &str) -> Outcome {
    builder().python(numpy()).unwrap().execute(code).unwrap().outcome
}

#[test]
fn trim_keeps_state_and_gives_memory_back() {
    if process::is_alone() {
        return trim();
    }
    numpy();
    process::alone("python::trim_keeps_state_and_gives_memory_back", &[]);
}

/// Runs in a process of its own, because the memory of other tests would be counted too.
fn trim() {
    let mut session = builder().python(numpy()).unwrap().session().unwrap();
    session
        .execute(
            "import numpy as np, pandas as pd, hashlib\n\
             big = np.arange(500_000, dtype=np.int64)\n\
             names = {str(i): [i] * 3 for i in range(5000)}\n\
             frame = pd.DataFrame({'a': range(100), 'b': [str(i) for i in range(100)]})\n\
             def digest():\n\
             \x20   text = repr((names, frame.to_csv())).encode() + big.tobytes()\n\
             \x20   return hashlib.sha256(text).hexdigest()",
        )
        .unwrap();
    let digest =
        |session: &mut sandbox::Session| session.execute("print(digest())").unwrap().stdout;
    let before = digest(&mut session);
    assert_eq!(before.trim_end().len(), 64);

    let resident = || PageTables::now().unwrap().resident;
    let before_trim = resident();
    let trimmed = session.trim().unwrap();
    let fell = before_trim - resident();
    // Starting and importing map more than 8 of the image's 40 MiB. The test itself takes far less than
    // one meanwhile.
    assert!(trimmed.dropped_bytes > 8 << 20, "{trimmed:?}");
    assert!(fell > trimmed.dropped_bytes - (1 << 20), "{fell} {trimmed:?}");
    // The array alone has 4,000,000 bytes of its own.
    assert!(trimmed.kept_bytes > 4_000_000, "{trimmed:?}");

    for _ in 0..3 {
        assert_eq!(digest(&mut session), before);
        session.trim().unwrap();
    }
    let again = session.trim().unwrap();
    assert_eq!(again.dropped_bytes, 0);
    session.execute("big += 1").unwrap();
    assert_ne!(digest(&mut session), before);
}

#[test]
fn reused_place_in_a_pool_is_clean() {
    let allocator = Allocator::Pooling { sessions: 1 };
    let engine = Engine::new(EngineSettings { allocator, ..Default::default() }).unwrap();
    let installed = Guests::obtain(Guest::Numpy, &engine).unwrap_or_else(|e| panic!("{e}"));
    let builder = Sandbox::builder(&engine).trim_after_execution(true);
    let sandbox = builder.python(&installed).unwrap();
    for _ in 0..3 {
        let mut session = sandbox.session().unwrap();
        let output = session.execute("print('left' in globals()); left = [1] * 10**6").unwrap();
        assert_eq!(output.stdout, "False\n");
        assert_eq!(session.execute("print(sum(left))").unwrap().stdout, "1000000\n");
    }
}

#[test]
fn python_sees_nothing_of_its_host_without_a_grant() {
    let mut session = builder().python(numpy()).unwrap().session().unwrap();
    let mut execute = |code: &str| session.execute(code).unwrap();
    assert_eq!(execute("import os; print(dict(os.environ))").stdout, "{}\n");
    assert_eq!(execute("import time; print(time.time(), time.monotonic())").stdout, "0.0 0.0\n");
    assert!(raised("OSError")(&execute("time.sleep(1000)").outcome));
    for file in ["/etc/passwd", "/usr/local/lib/new", "../x", "x"] {
        let outcome = execute(&format!("open({file:?}, 'w')")).outcome;
        assert!(matches!(outcome, Outcome::Raised { .. }), "{file}: {outcome:?}");
    }
    let socket = execute("import socket; socket.create_connection(('127.0.0.1', 80))").outcome;
    assert!(matches!(socket, Outcome::Raised { .. }), "{socket:?}");
    let process = execute("import subprocess; subprocess.run(['true'])").outcome;
    assert!(matches!(process, Outcome::Raised { .. }), "{process:?}");
    assert!(raised("EOFError")(&execute("input()").outcome));
}

#[test]
fn python_writes_only_in_a_granted_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    let grants = Grants::default().folder(folder.path().join("in"), "/data", Access::Write);
    let sandbox = builder().grants(grants).python(numpy()).unwrap();
    let output = sandbox.execute("print(open('/data/x', 'w').write('hello'))").unwrap();
    assert_eq!(output.stdout, "5\n", "{}", output.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("in/x")).unwrap(), "hello");
    let output = sandbox.execute("open('/data/../y', 'w')").unwrap();
    assert!(raised("PermissionError")(&output.outcome), "{output:?}");
    assert!(!folder.path().join("y").exists());
}

#[test]
fn hostile_python_stops_and_its_neighbour_continues() {
    let limits = Limits {
        memory_bytes: 128 << 20,
        output_bytes: 4096,
        deadline: Some(Duration::from_secs(60)),
        fuel: None,
    };
    let sandbox = builder().limits(limits).python(numpy()).unwrap();
    let mut neighbour = sandbox.session().unwrap();
    neighbour.execute("x = 41").unwrap();

    let bomb = sandbox.execute("import numpy as np\nlost = np.ones(3 * 10**7)").unwrap().outcome;
    assert!(
        matches!(&bomb, Outcome::Raised { kind, .. } if kind.ends_with("MemoryError")),
        "{bomb:?}"
    );
    let mut session = sandbox.session().unwrap();
    let outcome =
        session.execute("a = []\nwhile True: a.append(bytearray(1 << 20))").unwrap().outcome;
    assert!(raised("MemoryError")(&outcome), "{outcome:?}");
    assert_eq!(session.execute("del a; print(2)").unwrap().stdout, "2\n");

    let floods = sandbox.execute("while True: print('x' * 100)").unwrap_err();
    assert!(matches!(floods, Error::Output { .. }), "{floods:?}");
    let deadline = Some(Duration::from_secs(1));
    let brief = builder().limits(Limits { deadline, ..limits }).python(numpy()).unwrap();
    let loops = brief.execute("while True: pass").unwrap_err();
    assert!(matches!(loops, Error::Deadline { .. }), "{loops:?}");

    assert_eq!(neighbour.execute("print(x + 1)").unwrap().stdout, "42\n");
}
