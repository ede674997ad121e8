//! The window: preparation is over, the probes go on, the work runs, the probes go off.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

use crate::measure::allocator;
use crate::measure::measurement::{Cause, Crash, Measurement, Outcome, Sites};
use crate::measure::probe::Mode;
use crate::measure::probe::c_heap::{self, CHeap};
use crate::measure::probe::clock::{self, Clock};
use crate::measure::probe::heap::{self, Heap};
use crate::measure::probe::mappings::{Mapping, Mappings};
use crate::measure::probe::phases::{self, Phase};
use crate::measure::probe::process::{self, Process};
use crate::measure::probe::sites::SiteRecorder;
use crate::measure::probe::stack::{self, StackUse};
use crate::measure::probes::Probes;
use crate::measure::runaway::guard;
use crate::measure::settle::Threads;

/// The start of the names of functions that are here: below them the work is called.
pub(crate) const ROOT: &str = concat!(module_path!(), "::");

/// Whether the mode's allocator is installed. To be called before the preparation, whose threads
/// would interfere.
pub(crate) fn ready(mode: Mode) -> Result<(), &'static str> {
    let installed = match mode {
        Mode::Counting => heap::is_installed(),
        Mode::Dhat => allocator::is_in_use(),
    };
    if installed { Ok(()) } else { Err(NOT_INSTALLED) }
}

/// Runs `work` in `mode` with `probes`, and returns its outcome. The output is kept alive until all
/// figures are read, and is serialized only then.
pub(crate) fn measure<W, A, F>(
    work: W,
    mode: Mode,
    probes: Probes,
    mut recorder: Box<dyn SiteRecorder>,
) -> Outcome
where
    W: FnOnce() -> Result<A, F>,
    A: Serialize,
    F: Into<Box<dyn Error + Send + Sync>>,
{
    let mappings = probes.mappings.then(Mappings::now);
    let threads = Threads::now();
    stack::open();
    guard::limit_work();
    let start = process::open(probes.children);
    recorder.open();
    let c_heap = probes.c_heap.then(c_heap::live);
    let clock = clock::Running::start(probes.children);
    heap::open();
    let result = called(work);
    let clock = clock.stop();
    let stack = stack::close();
    heap::settle();
    allocator::settle();
    let threads_left = threads.settle(probes.settle);
    recorder.close();
    let heap = heap::close();
    let c_heap = c_heap.map(|start| Ok(CHeap { start: start?, end: c_heap::live()? }));
    let used = stack.map_or(0, |stack| stack.in_all());
    let process = start.and_then(|start| process::close(start, probes.children, used));
    guard::lift();
    let mappings = mappings.map(|start| Mappings::now().since(&start));
    let sites = recorder.sites();
    match (result, sites) {
        (Err(panic), sites) => Outcome::Crashed {
            crash: Crash {
                cause: Cause::Panic(panic_message(panic.as_ref())),
                output: String::new(),
            },
            sites: sites.unwrap_or_else(Sites::Missing),
        },
        (Ok(None), _) => Outcome::NotMeasured("the work was not called".to_owned()),
        (Ok(Some(Err(error))), _) => Outcome::Failed(causes(error.into().as_ref())),
        (Ok(Some(Ok(_))), Err(error)) => {
            Outcome::NotMeasured(format!("no allocation sites: {error}"))
        }
        (Ok(Some(Ok(answer))), Ok(sites)) => {
            let heap = (mode == Mode::Counting).then_some(heap);
            let phases = phases::read();
            let figures = Figures {
                heap,
                process,
                mappings: mappings.unwrap_or_default(),
                c_heap,
                stack,
                clock,
                phases,
                sites,
                threads_left,
            };
            write_down(&answer, figures)
        }
    }
}

/// Calls the work where the stack probe can see how deep it goes.
fn called<R>(work: impl FnOnce() -> R) -> std::thread::Result<Option<R>> {
    let mut work = Some(work);
    let mut result = None;
    catch_unwind(AssertUnwindSafe(|| {
        stack::call(&mut || result = work.take().map(|work| work()))
    }))?;
    Ok(result)
}

const NOT_INSTALLED: &str = "plimsoll::Allocator is not the global allocator of this test binary: \
    let plimsoll::main! write main, or install it with #[global_allocator]";

struct Figures {
    heap: Option<Heap>,
    process: Result<Process, &'static str>,
    mappings: Vec<Mapping>,
    c_heap: Option<Result<CHeap, &'static str>>,
    stack: Option<StackUse>,
    clock: Clock,
    phases: Vec<Phase>,
    sites: Sites,
    threads_left: Vec<String>,
}

fn write_down<A: Serialize>(answer: &A, figures: Figures) -> Outcome {
    let answer = match serde_json::to_value(answer) {
        Ok(answer) => answer,
        Err(error) => {
            return Outcome::NotMeasured(format!("its output cannot be serialized: {error}"));
        }
    };
    Outcome::Measured(Box::new(Measurement {
        output: answer,
        heap: figures.heap,
        process: figures.process.map_err(str::to_owned),
        mappings: figures.mappings,
        c_heap: figures.c_heap.map(|c_heap| c_heap.map_err(str::to_owned)),
        stack: figures.stack.map(Ok),
        clock: figures.clock,
        phases: figures.phases,
        sites: figures.sites,
        threads_left: figures.threads_left,
        cost_wall_seconds: 0.0,
        cost_cpu_seconds: clock::process_cpu_time().map(|time| time.as_secs_f64()),
    }))
}

/// An error and what caused it, outermost first.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}

pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}
