//! Where a result comes from: the machine, the build, the commit.
//!
//! Read once in a process, and only when a result is written: listing costs nothing.

mod commit;

use std::fs::{self, File};
use std::path::Path;

use object::{Object as _, ObjectSection as _, ReadCache};
use serde::{Deserialize, Serialize};

use crate::measure::allocator;
use crate::measure::embedded::Build;
use crate::os::binary::own_binary;
use crate::report::snapshot;

/// What a figure can hang on besides the program. `unknown` is what could not be found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// `x86_64-linux-gnu`.
    pub target: String,
    /// Who gave the blocks.
    pub allocator: String,
    /// The C library and its version.
    pub libc: String,
    /// The compiler, as it signs what it makes.
    pub rustc: String,
    /// How the test binary was built: `opt-level 3, debug assertions`.
    pub profile: String,
    /// Bytes of a page.
    pub page_size: u64,
    /// When the kernel makes huge pages by itself: `always`, `madvise` or `never`.
    pub huge_pages: String,
    /// The processor.
    pub cpu: String,
    /// Hardware threads that the process may use.
    pub cores: u64,
    /// What was checked out. There may have been changes on top of it.
    pub commit: String,
}

impl Provenance {
    /// That of the results of this process, whose checkout is at `root`.
    pub(crate) fn here(build: &Build, root: &Path) -> Self {
        let assertions = if build.debug_assertions { ", debug assertions" } else { "" };
        Self {
            target: snapshot::target(),
            allocator: allocator::name(),
            libc: libc_version(),
            rustc: known(rustc()),
            profile: format!("opt-level {}{assertions}", build.opt_level),
            page_size: page_size(),
            huge_pages: known(huge_pages()),
            cpu: known(cpu()),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64),
            commit: known(commit::of(root)),
        }
    }

    /// Every property with its name, in the order in which they are shown.
    pub fn rows(&self) -> [(&'static str, String); 10] {
        [
            ("target", self.target.clone()),
            ("allocator", self.allocator.clone()),
            ("libc", self.libc.clone()),
            ("rustc", self.rustc.clone()),
            ("profile", self.profile.clone()),
            ("page size", format!("{} B", self.page_size)),
            ("huge pages", self.huge_pages.clone()),
            ("cpu", self.cpu.clone()),
            ("cores", self.cores.to_string()),
            ("commit", self.commit.clone()),
        ]
    }
}

fn known(found: Option<String>) -> String {
    found.unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn libc_version() -> String {
    allocator::glibc_version()
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn libc_version() -> String {
    if cfg!(target_env = "musl") { "musl" } else { "the system's" }.to_owned()
}

/// Compilers sign a program in the section `.comment`, each in a string of C's.
fn rustc() -> Option<String> {
    let file = File::open(own_binary().ok()?).ok()?;
    let bytes = ReadCache::new(&file);
    let object = object::File::parse(&bytes).ok()?;
    let comment = object.section_by_name(".comment")?.data().ok()?;
    signature(comment)
}

fn signature(comment: &[u8]) -> Option<String> {
    let mut signatures =
        comment.split(|byte| *byte == 0).filter_map(|one| str::from_utf8(one).ok());
    let rustc = signatures.find_map(|one| one.strip_prefix("rustc version "))?;
    Some(rustc.to_owned())
}

#[cfg(unix)]
fn page_size() -> u64 {
    rustix::param::page_size() as u64
}

#[cfg(not(unix))]
fn page_size() -> u64 {
    4096
}

fn huge_pages() -> Option<String> {
    chosen(&fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").ok()?)
}

/// The one of several words that is in brackets.
fn chosen(text: &str) -> Option<String> {
    let word = text.split_whitespace().find(|word| word.starts_with('['))?;
    Some(word.trim_matches(['[', ']']).to_owned())
}

fn cpu() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let model = text.lines().find(|line| line.starts_with("model name"))?;
    Some(model.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{chosen, signature};

    #[test]
    fn the_compiler_is_found_among_those_that_signed() {
        let comment = b"GCC: (Debian 12.2.0) 12.2.0\0rustc version 1.95.0 (59807616e 2026-04-14)\0";
        assert_eq!(signature(comment).unwrap(), "1.95.0 (59807616e 2026-04-14)");
        assert_eq!(signature(b"GCC: (Debian 12.2.0) 12.2.0\0"), None);
    }

    #[test]
    fn the_choice_stands_in_brackets() {
        assert_eq!(chosen("always [madvise] never\n").unwrap(), "madvise");
        assert_eq!(chosen("always\n"), None);
    }
}
