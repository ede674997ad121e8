//! How long a sandbox takes: `cargo bench -p sandbox`. The numpy guest, on a shared engine.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use sandbox::{Engine, EngineSettings, Guest, Guests, Limits, Sandbox};

const EXPRESSION: &str = "import numpy as np; total = int(np.arange(1000).sum())";

fn sandboxes(criterion: &mut Criterion) {
    let ready = || -> sandbox::Result<_> {
        let engine = Engine::new(EngineSettings::default())?;
        let installed = Guests::obtain(Guest::Numpy, &engine)?;
        let bytes = installed.precompiled().read()?;
        Ok((engine, installed, bytes))
    };
    let (engine, installed, bytes) = ready().unwrap_or_else(|error| panic!("{error}"));
    let builder = || Sandbox::builder(&engine).limits(Limits::default());
    let sandbox = builder().python(&installed).unwrap_or_else(|error| panic!("{error}"));

    criterion.bench_function("load_from_file", |bencher| {
        bencher.iter_with_large_drop(|| builder().python(&installed));
    });
    criterion.bench_function("load_from_bytes", |bencher| {
        bencher.iter_with_large_drop(|| builder().python_from_bytes(&installed, &bytes));
    });
    criterion.bench_function("open_a_session", |bencher| {
        bencher.iter_with_large_drop(|| sandbox.session());
    });
    criterion.bench_function("first_result", |bencher| {
        bencher.iter(|| sandbox.execute(black_box(EXPRESSION)));
    });

    let open = || sandbox.session().unwrap_or_else(|error| panic!("{error}"));
    let mut session = open();
    criterion.bench_function("execute_in_a_session", |bencher| {
        bencher.iter(|| session.execute(black_box(EXPRESSION)));
    });
    criterion.bench_function("execute_and_trim", |bencher| {
        bencher.iter(|| session.execute(black_box(EXPRESSION)).and_then(|_| session.trim()));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = sandboxes
}
criterion_main!(benches);
