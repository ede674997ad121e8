//! The scenarios as their own process sees them: set up, open, work, close.
#![expect(unsafe_code, reason = "signals and forks are C")]

use std::cell::RefCell;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

use plimsoll_recorder::{Limits, Recorder, Tag};

use super::tagged::COUNTED;

/// Records `scenario` into `file` and prints what the counters say.
pub(crate) fn run(scenario: &str, file: &Path, limits: Limits, threads: usize) {
    Recorder::create(file, limits).unwrap().install().unwrap();
    match scenario {
        "one_block" => recorded(|| drop(black_box(Vec::<u8>::with_capacity(1 << 20)))),
        "pushes" => recorded(|| (0..1_024).for_each(|at| KEPT.lock().unwrap().push(at))),
        "lock_step" => lock_step(),
        "many_sites" => recorded(|| many_sites(0, 0)),
        "mixed" => recorded(|| mixed(7, 20_000)),
        "threads" => recorded(|| churn(threads)),
        "killed" => killed(),
        "refused" => recorded(refused),
        "killed_racing" => killed_racing(threads),
        "fork" => recorded(fork),
        "signals" => signals(),
        "off_stack" => off_stack(),
        other => panic!("no scenario {other}"),
    }
    let value = |counter: &std::sync::atomic::AtomicI64| counter.load(Ordering::SeqCst);
    let line = format!(
        "{} {} {} {} {}",
        value(&COUNTED.peak),
        value(&COUNTED.total),
        value(&COUNTED.total_blocks),
        value(&COUNTED.live),
        value(&COUNTED.live_blocks)
    );
    io::stdout().write_all(line.as_bytes()).unwrap();
}

static KEPT: Mutex<Vec<u64>> = Mutex::new(Vec::new());

fn recorded(work: impl FnOnce()) {
    COUNTED.on.store(true, Ordering::SeqCst);
    assert!(plimsoll_recorder::open());
    work();
    assert!(plimsoll_recorder::close());
    COUNTED.on.store(false, Ordering::SeqCst);
    assert!(!plimsoll_recorder::open(), "a process records once");
}

fn refused() {
    let _held = black_box(Vec::<u8>::with_capacity(1_000));
    assert!(plimsoll_recorder::refused(9, 1_000, 3));
    assert!(plimsoll_recorder::refused(10, 1_000, 4));
    std::process::abort();
}

/// A holds 1,000 and B 2,000; then A lets go, and B takes 500 and 499: 3,000, then 2,999.
fn lock_step() {
    let barrier = Barrier::new(3);
    let step = || barrier.wait();
    thread::scope(|scope| {
        scope.spawn(|| {
            step();
            let first = black_box(Vec::<u8>::with_capacity(1_000));
            step();
            step();
            drop(first);
            step();
            step();
        });
        scope.spawn(|| {
            step();
            step();
            let second = black_box(Vec::<u8>::with_capacity(2_000));
            step();
            step();
            let third = black_box(vec![0u8; 500]);
            let fourth = black_box(vec![0u8; 499]);
            step();
            drop((second, third, fourth));
        });
        recorded(|| (0..5).for_each(|_| _ = step()));
    });
}

/// 16 stacks below each of 16: 256 blocks of 8 bytes, all kept.
fn many_sites(level: usize, path: usize) {
    if level == 2 {
        std::mem::forget(black_box(Box::new(path as u64)));
        return;
    }
    macro_rules! calls {
        ($($at:literal)*) => { $( many_sites(level + 1, path * 16 + $at); )* };
    }
    calls!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    black_box(level);
}

/// Grows, shrinks and frees vectors and boxes in an order that a seed decides.
fn mixed(seed: u64, events: usize) {
    let mut dice = seed;
    let mut below = |end: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % end
    };
    let mut vectors: Vec<Vec<u8>> = Vec::new();
    for _ in 0..events {
        match below(6) {
            0 | 1 => vectors.push(vec![0; 1 + below(400) as usize]),
            2 => vectors.push(Vec::with_capacity(1 + below(400) as usize)),
            3 if !vectors.is_empty() => {
                let at = below(vectors.len() as u64) as usize;
                vectors[at].reserve_exact(500 + below(900) as usize);
            }
            4 if !vectors.is_empty() => {
                let at = below(vectors.len() as u64) as usize;
                vectors[at].shrink_to_fit();
            }
            _ if !vectors.is_empty() => {
                let at = below(vectors.len() as u64) as usize;
                vectors.swap_remove(at);
            }
            _ => {}
        }
    }
}

/// Allocates while thread locals are dropped.
struct Late(#[expect(dead_code, reason = "held to be freed late")] Vec<u8>);

impl Drop for Late {
    fn drop(&mut self) {
        mixed(11, 50);
        std::mem::forget(black_box(Box::new([0u8; 24])));
    }
}

thread_local! {
    static LATE: RefCell<Option<Late>> = const { RefCell::new(None) };
}

/// Waves of threads: they take blocks from each other, panic, and allocate as they end.
fn churn(threads: usize) {
    static EXCHANGE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    std::panic::set_hook(Box::new(|_| {}));
    let life = |seed: u64| {
        LATE.set(Some(Late(vec![0; 100])));
        mixed(seed, 3_000);
        EXCHANGE.lock().unwrap().push(vec![0; 64]);
        let foreign = EXCHANGE.lock().unwrap().pop();
        drop(foreign);
        let caught = std::panic::catch_unwind(|| {
            let _held = black_box(vec![0u8; 333]);
            panic!("on purpose");
        });
        assert!(caught.is_err());
    };
    EXCHANGE.lock().unwrap().reserve(threads);
    for wave in 0..12 {
        let seeds = (0..threads).map(|number| (wave * threads + number) as u64);
        let threads: Vec<_> = seeds.map(|seed| thread::spawn(move || life(seed))).collect();
        // Unlike the end of a scope, this waits for the destructors of thread locals.
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

fn killed() {
    assert!(plimsoll_recorder::open());
    let _kept = black_box(Vec::<u8>::with_capacity(5_000));
    drop(black_box(Vec::<u8>::with_capacity(70_000)));
    let _more = black_box(Vec::<u8>::with_capacity(300));
    kill();
}

fn killed_racing(threads: usize) {
    assert!(plimsoll_recorder::open());
    for number in 0..threads {
        thread::spawn(move || mixed(number as u64, usize::MAX));
    }
    thread::sleep(std::time::Duration::from_millis(30));
    kill();
}

fn kill() -> ! {
    // SAFETY: a call without pointers; it ends this very process.
    unsafe { libc::kill(std::process::id() as libc::pid_t, libc::SIGKILL) };
    unreachable!("SIGKILL cannot be survived")
}

/// The child of the fork allocates a megabyte and frees a block of its parent's.
fn fork() {
    let block = black_box(Vec::<u8>::with_capacity(4_000));
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let child = unsafe { libc::fork() };
    if child == 0 {
        drop(block);
        let more = black_box(vec![1u8; 1 << 20]);
        thread::spawn(|| drop(black_box(vec![1u8; 1 << 20]))).join().unwrap();
        drop(more);
        assert!(!plimsoll_recorder::close());
        // SAFETY: ends the child at once.
        unsafe { libc::_exit(0) };
    }
    let mut status = 1;
    // SAFETY: waits for the child that was just made.
    unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!(status, 0, "the child of the fork ended well");
}

/// Whether a handler has come in the middle of an event.
static REFUSED: AtomicBool = AtomicBool::new(false);

extern "C" fn on_signal(_signal: libc::c_int) {
    let tag = plimsoll_recorder::allocated(64, |_| ());
    REFUSED.fetch_or(tag == Tag::OUTSIDE, Ordering::Relaxed);
    plimsoll_recorder::freed(tag, 64, |_| ());
}

fn handle(signal: libc::c_int, flags: libc::c_int) {
    // SAFETY: zeroes are a valid value of this record of C.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = on_signal as extern "C" fn(libc::c_int) as *const () as usize;
    action.sa_flags = libc::SA_RESTART | flags;
    // SAFETY: the handler calls nothing but the recorder, which stands it.
    unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) };
}

/// The handler interrupts allocations of this very thread, every 100 µs of CPU time, until it has
/// interrupted the recorder too.
fn signals() {
    handle(libc::SIGPROF, 0);
    assert!(plimsoll_recorder::open());
    let interval = libc::timeval { tv_sec: 0, tv_usec: 100 };
    let timer = libc::itimerval { it_interval: interval, it_value: interval };
    // SAFETY: the record is valid, and no old value is requested.
    unsafe { libc::setitimer(libc::ITIMER_PROF, &raw const timer, std::ptr::null_mut()) };
    let mut rounds = 0;
    while rounds < 60 || !REFUSED.load(Ordering::Relaxed) {
        mixed(rounds, 20_000);
        rounds += 1;
    }
    assert!(plimsoll_recorder::close());
}

fn off_stack() {
    let mut room = vec![0u8; 1 << 16];
    let stack = libc::stack_t { ss_sp: room.as_mut_ptr().cast(), ss_flags: 0, ss_size: room.len() };
    // SAFETY: the memory outlives the signal, which is raised below.
    unsafe { libc::sigaltstack(&raw const stack, std::ptr::null_mut()) };
    handle(libc::SIGUSR1, libc::SA_ONSTACK);
    recorded(|| {
        // SAFETY: the handler is the one above.
        unsafe { libc::raise(libc::SIGUSR1) };
    });
    std::mem::forget(room);
}
