//! A block that was refused: the guard of a program that takes too much leaves its site here.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The first block that the allocator did not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The requested bytes.
    pub bytes: u64,
    /// How many were live then.
    pub live: u64,
    /// Why: a number of the caller's own.
    pub reason: u32,
    /// Return addresses of the request, innermost first.
    pub frames: Vec<u64>,
}

const NONE: u32 = 0;
const BEING_NOTED: u32 = 1;
const NOTED: u32 = 2;

/// The same in the map, with the stack by its number.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Note {
    state: AtomicU32,
    reason: AtomicU32,
    stack: AtomicU32,
    bytes: AtomicU64,
    live: AtomicU64,
}

impl Note {
    /// Whether the caller is the first, and is to write the note.
    pub(crate) fn claim(&self) -> bool {
        let claimed =
            self.state.compare_exchange(NONE, BEING_NOTED, Ordering::Relaxed, Ordering::Relaxed);
        claimed.is_ok()
    }

    /// Waits until the claimed note is written: another refused thread might end the process
    /// before. Not for ever, since a signal handler may have interrupted the writer.
    pub(crate) fn wait(&self) {
        const PATIENCE: u32 = 100_000;
        for _ in 0..PATIENCE {
            if self.state.load(Ordering::Acquire) == NOTED {
                return;
            }
            std::thread::yield_now();
        }
    }

    /// Writes the note, after it was claimed.
    pub(crate) fn write(&self, bytes: u64, live: u64, reason: u32, stack: u32) {
        self.bytes.store(bytes, Ordering::Relaxed);
        self.live.store(live, Ordering::Relaxed);
        self.reason.store(reason, Ordering::Relaxed);
        self.stack.store(stack, Ordering::Relaxed);
        self.state.store(NOTED, Ordering::Release);
    }

    /// The note, if there is one, with the frames of its stack.
    pub(crate) fn read(&self, frames_of: impl FnOnce(u32) -> Vec<u64>) -> Option<Refusal> {
        (self.state.load(Ordering::Acquire) == NOTED).then(|| Refusal {
            bytes: self.bytes.load(Ordering::Relaxed),
            live: self.live.load(Ordering::Relaxed),
            reason: self.reason.load(Ordering::Relaxed),
            frames: frames_of(self.stack.load(Ordering::Relaxed)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Note, Refusal};

    #[test]
    fn the_first_note_stays() {
        let note = Note::default();
        assert_eq!(note.read(|_| Vec::new()), None);
        assert!(note.claim() && !note.claim());
        assert_eq!(note.read(|_| Vec::new()), None, "it is not written yet");
        note.write(64, 1_000, 2, 7);
        let expected = Refusal { bytes: 64, live: 1_000, reason: 2, frames: vec![7] };
        assert_eq!(note.read(|stack| vec![stack.into()]), Some(expected));
    }
}
