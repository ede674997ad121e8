//! The functions and places that code addresses stand for, as dhat would print them, so that
//! both recorders tell of one program in the same words.

mod cache;
mod debug_info;
mod functions;
#[cfg(all(test, target_os = "linux"))]
mod like_dhat;

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::os::binary::identity;
use crate::sites::frame::Frame;
use cache::{Answers, Cache};
pub(crate) use functions::has_function;

/// What stands for an address in a library. It belongs to no crate and is therefore plumbing:
/// the frames around it still say whose the allocation was.
const LIBRARY: &str = "??? [library]";

/// The symbols of one executable (ELF), with the answers of earlier runs in a file.
///
/// Debug information is read when an address is new, and kept only for as long as a call lasts:
/// it takes some three times its own size in memory. Hence all addresses at once, not one by one.
#[derive(Debug)]
pub(crate) struct Symbols {
    binary: PathBuf,
    cache: Cache,
    answers: Answers,
    /// Whether `answers` has what the cache's file has not.
    grown: bool,
}

/// Where an executable lay in the memory of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loaded {
    /// An address in memory less this is the address in the file.
    pub(crate) bias: u64,
    /// The addresses in memory that belong to the executable.
    pub(crate) range: Range<u64>,
}

impl Symbols {
    /// The symbols of the build `identity` of the executable `binary`. What earlier runs found
    /// out about that build is taken from the folder `cache`, which need not exist.
    pub(crate) fn of(binary: &Path, identity: &str, cache: &Path) -> Self {
        let cache = Cache::of(cache, identity.to_owned());
        let answers = cache.read();
        Self { binary: binary.to_path_buf(), cache, answers, grown: false }
    }

    /// The frames of each of these addresses, innermost first: the functions that the compiler
    /// inlined there, and the one that it inlined them into. An address is one in the file, and
    /// of the call itself: one less than where the call returns to. Where nothing is known, there
    /// are no frames.
    ///
    /// # Errors
    /// When an address is new, and the executable is gone or another build than was asked for, or
    /// its debug information is missing or lies where it cannot be read.
    fn frames(&mut self, addresses: &[u64]) -> anyhow::Result<Vec<Vec<Frame>>> {
        let new = addresses.iter().filter(|address| !self.answers.contains_key(address));
        let new: BTreeSet<u64> = new.copied().collect();
        if !new.is_empty() {
            let found = self
                .look_up(new)
                .with_context(|| format!("cannot read the symbols of {}", self.binary.display()))?;
            self.answers.extend(found);
            self.grown = true;
        }
        let known = |address| self.answers.get(address).cloned().unwrap_or_default();
        Ok(addresses.iter().map(known).collect())
    }

    fn look_up(&self, addresses: BTreeSet<u64>) -> anyhow::Result<Answers> {
        let same = identity(&self.binary)? == self.cache.identity();
        anyhow::ensure!(same, "it has been built anew since");
        debug_info::frames(&File::open(&self.binary)?, addresses)
    }

    /// The frames of whole stacks of return addresses, innermost first, as a recorder keeps them.
    /// A frame in a library is `??? [library]`, which is plumbing.
    ///
    /// # Errors
    /// As [`Self::frames`].
    pub(crate) fn stacks(
        &mut self,
        stacks: &[&[u64]],
        loaded: &Loaded,
    ) -> anyhow::Result<Vec<Vec<Frame>>> {
        let returns: BTreeSet<u64> = stacks.iter().copied().flatten().copied().collect();
        let calls: Vec<u64> = returns.iter().filter_map(|&at| loaded.call_before(at)).collect();
        self.frames(&calls)?;
        let frames = |&at: &u64| match loaded.call_before(at) {
            Some(call) => self.answers.get(&call).cloned().unwrap_or_default(),
            None => vec![Frame::parse(LIBRARY)],
        };
        Ok(stacks.iter().map(|stack| stack.iter().flat_map(frames).collect()).collect())
    }

    /// Keeps the answers for the next run. What another process has saved meanwhile is kept too,
    /// unless it does so at the same moment: then its answers are looked up once more.
    ///
    /// # Errors
    /// When the cache's file cannot be written.
    pub(crate) fn save(&self) -> anyhow::Result<()> {
        if !self.grown {
            return Ok(());
        }
        let mut answers = self.cache.read();
        answers.extend(self.answers.clone());
        self.cache.write(&answers)
    }
}

impl Loaded {
    /// The file's address of the call that returns to `address`, if the call is the executable's.
    fn call_before(&self, address: u64) -> Option<u64> {
        let call = address.checked_sub(1).filter(|call| self.range.contains(call))?;
        call.checked_sub(self.bias)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;

    use super::{Loaded, Symbols};
    use crate::os::binary::identity;
    use crate::sites::frame::Frame;

    /// As of the build that lies there now.
    pub(crate) fn open(binary: &Path, cache: &Path) -> anyhow::Result<Symbols> {
        Ok(Symbols::of(binary, &identity(binary)?, cache))
    }

    const NAME: &[u8; 11] = b".debug_info";

    fn texts(frames: &[Frame]) -> Vec<&str> {
        frames.iter().map(Frame::as_str).collect()
    }

    /// A copy of this test binary, and an address in it that has frames.
    fn copy(folder: &Path) -> anyhow::Result<(std::path::PathBuf, u64)> {
        let binary = folder.join("binary");
        fs::copy("/proc/self/exe", &binary)?;
        let known = super::like_dhat::address_of_a_function()?;
        Ok((binary, known))
    }

    /// Zeros of the same length and age: the same identity, and nothing to be read from it.
    fn blank(binary: &Path) -> anyhow::Result<()> {
        let data = fs::metadata(binary)?;
        fs::write(binary, vec![0; usize::try_from(data.len())?])?;
        File::options().write(true).open(binary)?.set_modified(data.modified()?)?;
        Ok(())
    }

    #[test]
    fn what_was_saved_needs_no_debug_information() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let (binary, known) = copy(folder.path())?;
        let cache = folder.path().join("cache");
        let mut symbols = open(&binary, &cache)?;
        let cold = symbols.frames(&[known])?;
        assert_ne!(cold, [[]]);
        symbols.save()?;
        blank(&binary)?;

        let mut symbols = open(&binary, &cache)?;
        assert_eq!(symbols.frames(&[known, known])?, [cold[0].clone(), cold[0].clone()]);
        let error = symbols.frames(&[known, known + 1]).map_err(|error| format!("{error:#}"));
        assert!(error.is_err_and(|text| text.contains("cannot read the symbols of")));
        Ok(())
    }

    #[test]
    fn another_build_is_not_asked() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut symbols = Symbols::of(Path::new("/proc/self/exe"), "2a-1f", folder.path());
        let known = super::like_dhat::address_of_a_function()?;
        let error = symbols.frames(&[known]).map_err(|error| format!("{error:#}"));
        assert!(error.is_err_and(|text| text.contains("built anew since")));
        Ok(())
    }

    #[test]
    fn a_stripped_binary_is_refused() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let (binary, known) = copy(folder.path())?;
        let mut bytes = fs::read(&binary)?;
        let names: Vec<usize> = bytes
            .windows(NAME.len())
            .enumerate()
            .filter_map(|(at, window)| (window == NAME).then_some(at))
            .collect();
        for at in names {
            bytes[at..at + NAME.len()].copy_from_slice(b".renamed_in");
        }
        fs::write(&binary, bytes)?;
        let mut symbols = open(&binary, folder.path())?;
        let error = symbols.frames(&[known]).map_err(|error| format!("{error:#}"));
        assert!(error.is_err_and(|text| text.contains("it has no debug information: set")));
        Ok(())
    }

    #[test]
    fn another_build_has_answers_of_its_own() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let (binary, known) = copy(folder.path())?;
        let cache = folder.path().join("cache");
        let mut symbols = open(&binary, &cache)?;
        symbols.frames(&[known])?;
        symbols.save()?;
        let later = fs::metadata(&binary)?.modified()? + std::time::Duration::from_nanos(1_000);
        File::options().write(true).open(&binary)?.set_modified(later)?;
        assert!(open(&binary, &cache)?.answers.is_empty());
        Ok(())
    }

    #[test]
    fn two_processes_keep_each_others_answers() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let binary = Path::new("/proc/self/exe");
        let known = super::like_dhat::address_of_a_function()?;
        let mut one = open(binary, folder.path())?;
        let mut other = open(binary, folder.path())?;
        one.frames(&[known])?;
        one.save()?;
        other.frames(&[known + 1])?;
        other.save()?;
        let third = open(binary, folder.path())?;
        assert_eq!(third.answers.keys().copied().collect::<Vec<_>>(), [known, known + 1]);
        Ok(())
    }

    #[test]
    fn a_stack_through_a_library_keeps_its_other_frames() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut symbols = open(Path::new("/proc/self/exe"), folder.path())?;
        let frame = |text: &str| vec![Frame::parse(text)];
        symbols.answers.insert(0x10, frame("keys::generate (keys/src/lib.rs:3:5)"));
        symbols.answers.insert(0x1f, frame("keys::main (keys/src/main.rs:1:1)"));
        // The range's last call returns to its end, 0x5020; what returns to its start was called
        // from before it, and nothing returns to 0.
        let loaded = Loaded { bias: 0x5000, range: 0x5000..0x5020 };
        let stack = [0x5011, 0x7fff_0000, 0x5020, 0x5000, 0];
        let answers = symbols.stacks(&[&stack, &[]], &loaded)?;
        let library = "??? [library]";
        let generate = "keys::generate (keys/src/lib.rs:3:5)";
        let main = "keys::main (keys/src/main.rs:1:1)";
        assert_eq!(texts(&answers[0]), [generate, library, main, library, library]);
        assert_eq!(answers[1], []);
        let library = &answers[0][1];
        assert!(library.is_plumbing());
        assert_eq!((library.krate(), library.place()), ("", None));
        Ok(())
    }
}
