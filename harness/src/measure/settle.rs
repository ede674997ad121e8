//! The settled end: threads that the work started may still be ending when it returns. A scope and a
//! dropped pool do not wait until their threads have freed what they keep thread-local.

/// The threads of this process at one moment.
#[derive(Debug)]
pub(crate) struct Threads(Vec<u32>);

#[cfg(target_os = "linux")]
mod on_linux {
    use std::fs::File;
    use std::io::Read as _;
    use std::mem::MaybeUninit;
    use std::path::{Path, PathBuf};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use rustix::fs::{Mode, OFlags, RawDir, open};

    use super::{Threads, waits_without_limit};

    const FOLDER: &str = "/proc/self/task";

    /// Between two looks, at the most.
    const LONGEST_PAUSE: Duration = Duration::from_millis(5);

    impl Threads {
        /// Those that there are now. None is known where the kernel does not show them.
        pub(crate) fn now() -> Self {
            let mut threads = Vec::new();
            each(|thread| threads.push(thread));
            let threads = Self(threads);
            // Its code is resident from now on: pages that come in at the end would count as the work's.
            threads.settle(Duration::ZERO);
            threads
        }

        /// Waits until the threads that have begun since are gone, or can only be woken by one of
        /// their own, for `longest` at the most. Returns the names of those that are left.
        pub(crate) fn settle(&self, longest: Duration) -> Vec<String> {
            let deadline = Instant::now() + longest;
            let mut pause = Duration::from_micros(50);
            loop {
                let left = self.begun_since();
                let room = deadline.saturating_duration_since(Instant::now());
                if room.is_zero() || left.iter().all(|thread| is_at_rest(thread)) {
                    return left.iter().filter_map(|thread| name(thread)).collect();
                }
                sleep(pause.min(room));
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }

        /// Allocates only where there is such a thread: what is freed again stays in malloc's cache, where
        /// it would count as C's.
        fn begun_since(&self) -> Vec<PathBuf> {
            let mut begun = Vec::new();
            each(|thread| {
                if !self.0.contains(&thread) {
                    begun.push(Path::new(FOLDER).join(thread.to_string()));
                }
            });
            begun
        }
    }

    /// Not by `read_dir`, whose buffer is malloc's.
    fn each(mut look: impl FnMut(u32)) {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(folder) = open(FOLDER, flags, Mode::empty()) else { return };
        let mut buffer = [MaybeUninit::uninit(); 2048];
        let mut entries = RawDir::new(folder, &mut buffer);
        while let Some(Ok(entry)) = entries.next() {
            let name = entry.file_name().to_str().ok();
            if let Some(thread) = name.and_then(|name| name.parse().ok()) {
                look(thread);
            }
        }
    }

    /// A thread that has ended since is at rest too.
    fn is_at_rest(thread: &Path) -> bool {
        match read(&thread.join("syscall")) {
            Some(line) => waits_without_limit(&line),
            None => !thread.exists(),
        }
    }

    fn name(thread: &Path) -> Option<String> {
        Some(read(&thread.join("comm"))?.trim().to_owned())
    }

    fn read(file: &Path) -> Option<String> {
        let mut text = String::new();
        File::open(file).ok()?.read_to_string(&mut text).ok()?;
        Some(text)
    }
}

#[cfg(not(target_os = "linux"))]
impl Threads {
    /// No thread is known on this system.
    pub(crate) fn now() -> Self {
        Self(Vec::new())
    }

    /// Does not wait.
    pub(crate) fn settle(&self, _longest: std::time::Duration) -> Vec<String> {
        Vec::new()
    }
}

/// Of a thread's file `syscall`: whether it waits in the kernel, without a limit of time, for another
/// thread or for a descriptor. One that has been woken is `running`, even before it has a processor.
#[cfg(target_os = "linux")]
fn waits_without_limit(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let Some(call) = words.next().and_then(|call| call.parse::<libc::c_long>().ok()) else {
        return false;
    };
    let mut arguments =
        words.map(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok());
    let mut argument = |index| arguments.nth(index).flatten();
    match call {
        // The time is behind a pointer.
        libc::SYS_futex => argument(3) == Some(0),
        libc::SYS_ppoll => argument(2) == Some(0),
        // It is in milliseconds, and negative for ever.
        libc::SYS_epoll_pwait => argument(3).is_some_and(is_for_ever),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => argument(3).is_some_and(is_for_ever),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => argument(2).is_some_and(is_for_ever),
        libc::SYS_read | libc::SYS_accept4 => true,
        _ => false,
    }
}

/// An `int` in a register, whose upper half says nothing.
#[cfg(target_os = "linux")]
fn is_for_ever(milliseconds: u64) -> bool {
    (milliseconds as u32).cast_signed() < 0
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use super::{Threads, waits_without_limit};

    #[test]
    fn only_a_wait_without_a_limit_is_rest() {
        let futex = libc::SYS_futex;
        let epoll = libc::SYS_epoll_pwait;
        let rest = [
            format!("{futex} 0x7f00 0x89 0x2 0x0 0x0 0xffffffff 0x7ffe 0x7f11"),
            format!("{epoll} 0x3 0x7f00 0x400 0xffffffff 0x0 0x8 0x7ffe 0x7f11"),
            format!("{} 0x4 0x7f00 0x8 0x0 0x0 0x0 0x7ffe 0x7f11", libc::SYS_read),
        ];
        for line in rest {
            assert!(waits_without_limit(&line), "{line}");
        }
        let no_rest = [
            "running".to_owned(),
            "-1 0x7ffe 0x7f11".to_owned(),
            String::new(),
            format!("{futex} 0x7f00 0x89 0x2 0x7f10 0x0 0xffffffff 0x7ffe 0x7f11"),
            format!("{futex} 0x7f00"),
            format!("{epoll} 0x3 0x7f00 0x400 0x64 0x0 0x8 0x7ffe 0x7f11"),
            format!("{} 0x7f00 0x0 0x0 0x0 0x0 0x0 0x7ffe 0x7f11", libc::SYS_clock_nanosleep),
        ];
        for line in no_rest {
            assert!(!waits_without_limit(&line), "{line}");
        }
    }

    /// The minute is never waited for: the one thread ends when the other end of its channel is
    /// dropped, and then nothing wakes the other. (In one process with other tests, theirs are seen too.)
    #[test]
    fn threads_that_end_are_waited_for_and_others_are_named() {
        let before = Threads::now();
        let (keep, kept) = channel::<()>();
        let (end, ends) = channel::<()>();
        let start = |name: &str, until: std::sync::mpsc::Receiver<()>| {
            let thread = thread::Builder::new().name(name.to_owned());
            thread.spawn(move || until.recv().is_err()).unwrap()
        };
        let (stays, ending) = (start("stays", kept), start("ending", ends));
        drop(end);
        let left = before.settle(Duration::from_mins(1));
        assert!(
            left.contains(&"stays".to_owned()) && !left.contains(&"ending".to_owned()),
            "{left:?}"
        );
        assert!(ending.join().unwrap());
        drop(keep);
        assert!(stays.join().unwrap());
        assert!(!before.settle(Duration::from_mins(1)).contains(&"stays".to_owned()));
    }
}
