//! Holds the symbols to what dhat, and `backtrace` below it, say of the same addresses of this
//! very test binary.

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::fs;
use std::hint::black_box;
use std::ops::Range;
use std::path::Path;

use anyhow::Context as _;

use super::Loaded;
use crate::sites::frame::Frame;

/// The mappings of this test binary whose permissions contain `permission`.
fn mapped(permission: &str) -> anyhow::Result<Vec<Range<u64>>> {
    let own = std::env::current_exe()?;
    let maps = fs::read_to_string("/proc/self/maps")?;
    let column = |line: &str, at: usize| line.split_whitespace().nth(at).map(str::to_owned);
    let own = maps.lines().filter(|line| column(line, 5).is_some_and(|path| own == *path));
    let permitted = own.filter(|line| column(line, 1).is_some_and(|own| own.contains(permission)));
    permitted.map(range_of).collect()
}

/// Where this test binary lies. Its first segment begins at 0 in the file, as that of every
/// position-independent executable does.
fn loaded() -> anyhow::Result<Loaded> {
    let ranges = mapped("")?;
    let start = ranges.iter().map(|range| range.start).min().context("no mapping")?;
    let end = ranges.iter().map(|range| range.end).max().context("no mapping")?;
    Ok(Loaded { bias: start, range: start..end })
}

fn range_of(line: &str) -> anyhow::Result<Range<u64>> {
    let (start, rest) = line.split_once('-').context("no range")?;
    let (end, _) = rest.split_once(' ').context("no range")?;
    Ok(u64::from_str_radix(start, 16)?..u64::from_str_radix(end, 16)?)
}

/// An address in this file that is in a function of this crate.
pub(super) fn address_of_a_function() -> anyhow::Result<u64> {
    let in_memory = outer as fn() as usize as u64;
    Ok(in_memory - loaded()?.bias)
}

#[inline(never)]
fn outer() {
    in_between(black_box(3_u8));
    in_between(black_box("three"));
    black_box(0);
}

#[inline(always)]
fn in_between<T: Event>(value: T) {
    let record = || value.record();
    black_box(record());
    black_box(0);
}

trait Event {
    fn record(&self) -> usize;
}

impl Event for u8 {
    #[inline(never)]
    fn record(&self) -> usize {
        let words = [4, 5].map(|weight| {
            dhat::ad_hoc_event(black_box(weight));
            weight
        });
        black_box(words.len())
    }
}

impl Event for &str {
    #[inline]
    fn record(&self) -> usize {
        let later: Box<dyn Fn(usize)> = Box::new(|weight| dhat::ad_hoc_event(weight + 1));
        black_box(later)(6);
        self.len()
    }
}

/// What dhat prints for each return address, innermost first.
fn printed_by_dhat(work: impl FnOnce()) -> anyhow::Result<BTreeMap<u64, Vec<String>>> {
    let mut profiler = dhat::Profiler::builder().ad_hoc().trim_backtraces(None).build();
    work();
    let text = profiler.drop_and_get_memory_output();
    std::mem::forget(profiler); // A second time it would panic.
    let profile: serde_json::Value = serde_json::from_str(&text)?;
    let table = profile["ftbl"].as_array().context("no frames")?;
    let numbers = |point: &serde_json::Value| point["fs"].as_array().cloned().unwrap_or_default();
    let mut printed = BTreeMap::<u64, Vec<String>>::new();
    for point in profile["pps"].as_array().context("no stacks")? {
        let mut of_this_stack = BTreeMap::<u64, Vec<String>>::new();
        for number in numbers(point) {
            let number = number.as_u64().context("no number")?;
            let text = table[usize::try_from(number)?].as_str().context("no text")?;
            let (address, text) = text.split_once(": ").context("no address")?;
            let address = u64::from_str_radix(address.trim_start_matches("0x"), 16)?;
            of_this_stack.entry(address).or_default().push(text.to_owned());
        }
        printed.extend(of_this_stack);
    }
    Ok(printed)
}

fn texts(frames: Vec<Frame>) -> Vec<String> {
    frames.iter().map(|frame| frame.as_str().to_owned()).collect()
}

/// dhat prints the address to which a call returns, and looks up the one before it.
#[test]
fn stacks_are_told_in_dhats_words() -> anyhow::Result<()> {
    let printed = printed_by_dhat(outer)?;
    let loaded = loaded()?;
    let folder = tempfile::tempdir()?;
    let mut symbols = super::tests::open(Path::new("/proc/self/exe"), folder.path())?;
    let mut own = Vec::new();
    for (address, expected) in printed {
        let answer = texts(symbols.stacks(&[&[address]], &loaded)?.swap_remove(0));
        if loaded.range.contains(&address) {
            assert_eq!(answer, expected, "{address:#x}");
            own.extend(expected.into_iter().filter(|text| text.contains("like_dhat::")));
        } else {
            assert_eq!(answer, ["??? [library]"], "dhat: {expected:?}");
        }
    }
    let seen = |name: &str| own.iter().any(|text| text.contains(name));
    let record = format!("as {}::Event>::record (", module_path!());
    let names = ["::outer (", "::in_between", &record];
    assert!(names.into_iter().all(seen) && seen("{{closure}}"), "{own:#?}");
    Ok(())
}

/// As dhat prints what `backtrace` answers; it is asked for return addresses.
fn printed_by_backtrace(address: u64) -> Vec<String> {
    let mut printed = Vec::new();
    backtrace::resolve(address as usize as *mut c_void, |symbol| {
        let name = symbol.name().map_or("???".to_owned(), |name| format!("{name:#}"));
        let file = symbol.filename().map_or("???".into(), |path| {
            let parts = path.components().count();
            let mut rest = path.components();
            rest.by_ref().take(parts.saturating_sub(3)).for_each(drop);
            rest.as_path().display().to_string()
        });
        let (line, column) = (symbol.lineno().unwrap_or(0), symbol.colno().unwrap_or(0));
        printed.push(format!("{name} ({file}:{line}:{column})"));
    });
    printed
}

/// All over the code: this crate, std, dependencies, C start-up code, padding between functions.
///
/// Where the compiler has merged functions, the byte behind their code has all their names, and
/// `backtrace` takes any: one address in 70,000, from which nobody calls.
#[test]
fn every_address_is_told_in_dhats_words() -> anyhow::Result<()> {
    const STEP: usize = 1_009;
    let loaded = loaded()?;
    let code = mapped("x")?;
    let returns: Vec<u64> = code.into_iter().flat_map(|range| range.step_by(STEP)).collect();
    let folder = tempfile::tempdir()?;
    let mut symbols = super::tests::open(Path::new("/proc/self/exe"), folder.path())?;
    let stacks: Vec<&[u64]> = returns.chunks(1).collect();
    let answers: Vec<_> = symbols.stacks(&stacks, &loaded)?.into_iter().map(texts).collect();
    let expected: Vec<_> = returns.iter().map(|&address| printed_by_backtrace(address)).collect();
    let different: Vec<_> = answers.iter().zip(&expected).filter(|(own, its)| own != its).collect();
    assert!(different.len() * 1_000 <= returns.len(), "{different:#?}");
    let named = answers.iter().filter(|answer| !answer.is_empty()).count();
    assert!(named > 1_000, "{named} of {} addresses have a name", returns.len());
    Ok(())
}
