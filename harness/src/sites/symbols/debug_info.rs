//! An executable's debug information, and the text that dhat would make of it.
//!
//! Every step is that of the `backtrace` crate, which dhat asks: the same reader of the same
//! version, the symbol table where the debug information names nothing, the same demangling.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use addr2line::gimli::{Dwarf, EndianSlice, RunTimeEndian, Section as _, SectionId};
use addr2line::{Context, FrameIter, Location, LookupResult};
use anyhow::{Context as _, anyhow};
use object::{Object as _, ObjectSection, ObjectSymbol as _, ReadCache, ReadRef, SymbolKind};

use super::cache::Answers;
use crate::sites::frame::Frame;

type Reader<'a> = EndianSlice<'a, RunTimeEndian>;

/// How many of a path's last parts dhat prints.
const PARTS: usize = 3;

/// The frames of each of these addresses of `binary`.
///
/// All is borrowed from what is read of the file, and given back with it: hence all addresses at
/// once. Only the sections that are asked for are read.
pub(super) fn frames(binary: &File, addresses: BTreeSet<u64>) -> anyhow::Result<Answers> {
    let bytes = ReadCache::new(binary);
    let object = object::File::parse(&bytes).context("it is no executable of a known kind")?;
    let context = context(&object)?;
    let functions = Functions::of(&object);
    addresses
        .into_iter()
        .map(|address| Ok((address, frames_at(address, &context, &functions)?)))
        .collect()
}

fn context<'a, R: ReadRef<'a>>(
    object: &object::File<'a, R>,
) -> anyhow::Result<Context<Reader<'a>>> {
    let endian = if object.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big };
    let dwarf = Dwarf::load(|id: SectionId| -> anyhow::Result<_> {
        let section = object.section_by_name(id.name());
        let data = section.map_or(Ok(&[][..]), |section| plain(&section));
        let data = data.with_context(|| format!("the section {}", id.name()))?;
        Ok(EndianSlice::new(data, endian))
    })?;
    anyhow::ensure!(
        !dwarf.debug_info.reader().is_empty(),
        "it has no debug information: set `debug = 1` and no `strip` in its profile"
    );
    Context::from_dwarf(dwarf).map_err(|error| anyhow!("its debug information: {error}"))
}

fn plain<'a>(section: &impl ObjectSection<'a>) -> anyhow::Result<&'a [u8]> {
    let compressed = section.compressed_file_range()?;
    anyhow::ensure!(
        compressed.format == object::CompressionFormat::None,
        "it is compressed: leave `--compress-debug-sections` out of the linker's arguments"
    );
    Ok(section.data()?)
}

/// One address's frames, innermost first; none where nothing is known.
fn frames_at<'a>(
    address: u64,
    context: &Context<Reader<'a>>,
    functions: &Functions<'_, 'a, impl ReadRef<'a>>,
) -> anyhow::Result<Vec<Frame>> {
    let found = match context.find_frames(address) {
        LookupResult::Output(found) => found,
        LookupResult::Load { .. } => anyhow::bail!(
            "its debug information lies in other files: set `split-debuginfo = \"off\"` in its \
             profile"
        ),
    };
    let unnamed = functions.name_at(address);
    // What backtrace cannot make sense of it leaves out, and so does this.
    let mut frames = found.map_or_else(|_| Vec::new(), |found| named(found, unnamed));
    if frames.is_empty() {
        frames.extend(unnamed.map(|name| frame(Some(name), None)));
    }
    Ok(frames)
}

fn named(mut found: FrameIter<'_, Reader<'_>>, unnamed: Option<&[u8]>) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Ok(Some(next)) = found.next() {
        let name = next.function.as_ref().map(|function| function.name.slice());
        frames.push(frame(name.or(unnamed), next.location.as_ref()));
    }
    frames
}

/// The text as dhat prints it, without the address: `keys::generate (keys/src/lib.rs:3:5)`.
fn frame(name: Option<&[u8]>, location: Option<&Location<'_>>) -> Frame {
    let name = name.map_or_else(|| "???".to_owned(), demangled);
    let file = location.and_then(|location| location.file).map_or("???".into(), last_parts);
    let line = location.and_then(|location| location.line).unwrap_or(0);
    let column = location.and_then(|location| location.column).unwrap_or(0);
    Frame::parse(&format!("{name} ({file}:{line}:{column})"))
}

/// A Rust name in words, without its hash. Names of C and C++ stay as they are.
pub(super) fn demangled(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    match rustc_demangle::try_demangle(&name) {
        Ok(demangled) => format!("{demangled:#}"),
        Err(_) => name.into_owned(),
    }
}

fn last_parts(path: &str) -> Cow<'_, str> {
    let mut parts = Path::new(path).components();
    match parts.clone().count().checked_sub(PARTS) {
        None | Some(0) => path.into(),
        Some(more) => {
            parts.nth(more - 1);
            parts.as_path().to_string_lossy()
        }
    }
}

/// The symbol table: names of functions without debug information, such as C's.
struct Functions<'o, 'a, R: ReadRef<'a>> {
    object: &'o object::File<'a, R>,
    /// Sorted by address, then size.
    symbols: Vec<Symbol>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Symbol {
    address: u64,
    size: u64,
    index: usize,
}

impl<'o, 'a, R: ReadRef<'a>> Functions<'o, 'a, R> {
    fn of(object: &'o object::File<'a, R>) -> Self {
        let defined = object.symbols().filter(|symbol| {
            matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data) && !symbol.is_undefined()
        });
        let mut symbols: Vec<Symbol> = defined
            .map(|symbol| Symbol {
                address: symbol.address(),
                size: symbol.size(),
                index: symbol.index().0,
            })
            .collect();
        symbols.sort_unstable();
        Self { object, symbols }
    }

    fn name_at(&self, address: u64) -> Option<&'a [u8]> {
        let after = self.symbols.partition_point(|symbol| symbol.address <= address);
        let symbol = &self.symbols[after.checked_sub(1)?];
        let within = address <= symbol.address.saturating_add(symbol.size);
        let index = object::SymbolIndex(symbol.index);
        within.then(|| self.object.symbol_by_index(index).ok()?.name_bytes().ok())?
    }
}

#[cfg(test)]
mod tests {
    use addr2line::Location;

    use super::frame;

    #[test]
    fn a_frame_is_told_in_dhats_words() {
        let place = |file, line, column| Location { file, line, column };
        let mangled = "_ZN4keys8generate17h0123456789abcdefE";
        let table = [
            (
                Some(mangled),
                Some(place(Some("/home/a/keys/src/lib.rs"), Some(3), Some(5))),
                "keys::generate (keys/src/lib.rs:3:5)",
            ),
            (
                Some("_RNvCs1234_4keys8generate"),
                Some(place(Some("src/lib.rs"), Some(3), None)),
                "keys::generate (src/lib.rs:3:0)",
            ),
            (
                Some(mangled),
                Some(place(Some("/src/lib.rs"), None, None)),
                "keys::generate (/src/lib.rs:0:0)",
            ),
            (Some("malloc"), Some(place(None, Some(3), Some(5))), "malloc (???:3:5)"),
            (Some("_ZN3foo3barEv"), None, "_ZN3foo3barEv (???:0:0)"),
            (None, None, "??? (???:0:0)"),
        ];
        for (name, location, text) in table {
            let frame = frame(name.map(str::as_bytes), location.as_ref());
            assert_eq!(frame.as_str(), text);
        }
    }
}
