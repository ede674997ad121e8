//! Which functions a program has, those that are inlined everywhere among them.

use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use object::{Object as _, ObjectSection as _, ReadCache};

use super::debug_info::demangled;
use crate::sites::frame::Frame;

/// Whether `wanted` says yes to the name of one of the executable's functions, written as pages
/// write it. A function that was inlined everywhere is found by its name in the debug information.
///
/// # Errors
/// When the file is gone or no executable of a known kind.
pub(crate) fn has_function(binary: &Path, wanted: impl Fn(&str) -> bool) -> anyhow::Result<bool> {
    let file = File::open(binary)
        .with_context(|| format!("cannot read the symbols of {}", binary.display()))?;
    let bytes = ReadCache::new(&file);
    let object = object::File::parse(&bytes).context("it is no executable of a known kind")?;
    let names = |section| {
        let section = object.section_by_name(section);
        section.and_then(|section| section.uncompressed_data().ok()).unwrap_or_default()
    };
    Ok([".debug_str", ".strtab"].into_iter().any(|section| {
        names(section).split(|byte| *byte == 0).any(|name| {
            let mangled = name.starts_with(b"_ZN") || name.starts_with(b"_R");
            mangled && wanted(&Frame::parse(&demangled(name)).function())
        })
    }))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::has_function;

    #[inline(always)]
    fn inlined_everywhere(number: u32) -> u32 {
        number.rotate_left(3)
    }

    #[test]
    fn a_function_is_found_though_it_was_inlined() {
        assert_eq!(inlined_everywhere(std::hint::black_box(2)), 16);
        let has = |end: &str| has_function(Path::new("/proc/self/exe"), |name| name.ends_with(end));
        assert!(has("functions::tests::inlined_everywhere").unwrap());
        assert!(has("functions::has_function").unwrap());
        assert!(!has("functions::tests::never_written").unwrap());
    }
}
