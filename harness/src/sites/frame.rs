//! One frame of a call stack, and the stable name of its function.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A function and the place in it, as symbolised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Frame(String);

/// Crates whose functions stand between the user's code and the allocator.
const PLUMBING: [&str; 10] = [
    "__rustc",
    "alloc",
    "backtrace",
    "core",
    "dhat",
    "plimsoll",
    "plimsoll_recorder",
    "std",
    "test",
    "thousands",
];

/// Types that no crate defines.
const PRIMITIVES: [&str; 18] = [
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "i128", "isize", "f32", "f64", "T",
];

impl Frame {
    /// Takes dhat's text: `0x5581…: storage::read::presized (storage/src/read.rs:88:5)`. The
    /// address is dropped, since it differs from run to run.
    pub(crate) fn parse(text: &str) -> Self {
        let text = match text.split_once(": ") {
            Some((address, rest)) if address.starts_with("0x") => rest,
            _ => text,
        };
        Self(text.to_owned())
    }

    /// The text: `storage::read::presized (storage/src/read.rs:88:5)`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The crate that the function belongs to: of `<a::T as b::Trait>::f` it is `a`, of `<u8 as
    /// b::Trait>::f`, whose type is of no crate, `b`.
    pub fn krate(&self) -> &str {
        let first = Self::first_name(&self.0);
        match self.0.split_once(" as ") {
            Some((_, of_trait)) if PRIMITIVES.contains(&first) => Self::first_name(of_trait),
            _ => first,
        }
    }

    fn first_name(path: &str) -> &str {
        let path = path.trim_start_matches(['<', '&', '*', '(', '[']);
        let path = path.strip_prefix("mut ").unwrap_or(path);
        let path = path.strip_prefix("dyn ").unwrap_or(path);
        let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
        &path[..end]
    }

    /// Whether the function stands between the user's code and the allocator.
    pub fn is_plumbing(&self) -> bool {
        let krate = self.krate();
        krate.is_empty() || PLUMBING.contains(&krate) || !self.symbol().contains("::")
    }

    /// Whether nothing is known of the function.
    pub(crate) fn is_nameless(&self) -> bool {
        self.symbol() == "???"
    }

    /// Whether the function implements a trait of the standard library for a type, like a derived
    /// `clone`: then its caller is the one to look at.
    pub(crate) fn implements_std(&self) -> bool {
        let of_std = [" as core::", " as alloc::", " as std::"];
        of_std.iter().any(|of| self.symbol().contains(of))
    }

    /// The name without hash, generic arguments or closures: `storage::read::presized`.
    /// It is the same however the compiler has mangled it: a method is `storage::Pool::take`, and not
    /// `<storage::Pool>::take`.
    pub fn function(&self) -> String {
        let name = without_generics(self.symbol());
        let name = unbracketed(&name);
        let name = name.split("::{{closure}}").next().unwrap_or(&name);
        let name = name.split("::{closure").next().unwrap_or(name);
        let name = match name.rsplit_once("::h") {
            Some((rest, hash)) if is_hash(hash) => rest,
            _ => name,
        };
        name.to_owned()
    }

    /// File and line: `storage/src/read.rs:88`.
    pub fn place(&self) -> Option<String> {
        let (_, place) = self.0.rsplit_once(" (")?;
        let place = place.strip_suffix(')')?;
        let (file_and_line, _column) = place.rsplit_once(':')?;
        (!file_and_line.starts_with("???")).then(|| file_and_line.to_owned())
    }

    fn symbol(&self) -> &str {
        self.0.rsplit_once(" (").map_or(self.0.as_str(), |(symbol, _)| symbol)
    }
}

/// A method's path begins with its type in brackets where names are mangled by the v0 scheme.
fn unbracketed(name: &str) -> Cow<'_, str> {
    let is_path = |path: &str| path.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':');
    match name.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        Some((path, rest)) if is_path(path) => format!("{path}{rest}").into(),
        _ => name.into(),
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Drops what stands in angle brackets behind a name; `<T as Trait>` at the start of a path is
/// part of the name and stays, without the generic arguments inside it.
fn without_generics(symbol: &str) -> String {
    let mut out = String::with_capacity(symbol.len());
    let mut dropped = 0usize;
    let mut previous = ' ';
    for c in symbol.chars() {
        let arrow = c == '>' && previous == '-';
        if dropped > 0 {
            match c {
                '<' => dropped += 1,
                '>' if !arrow => dropped -= 1,
                _ => {}
            }
        } else if c == '<' && opens_arguments(&out) {
            dropped = 1;
            if out.ends_with("::") {
                out.truncate(out.len() - 2);
            }
        } else {
            out.push(c);
        }
        previous = c;
    }
    out
}

/// A bracket opens generic arguments when it follows a name or a turbofish.
fn opens_arguments(before: &str) -> bool {
    before.ends_with("::") || before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::Frame;

    #[test]
    fn names_lose_what_differs_between_builds() {
        let table = [
            (
                "0x5581a: storage::read::presized (storage/src/read.rs:88:5)",
                "storage::read::presized",
            ),
            (
                "0x1: storage::read::prepare::{{closure}} (src/read.rs:1:2)",
                "storage::read::prepare",
            ),
            (
                "0x1: storage::read::prepare::{{closure}}::{{closure}} (a.rs:1:2)",
                "storage::read::prepare",
            ),
            ("0x1: storage::read::prepare::{closure#0} (a.rs:1:2)", "storage::read::prepare"),
            ("0x1: storage::copy::h0123456789abcdef (a.rs:1:2)", "storage::copy"),
            ("0x1: storage::copy<u8, alloc::vec::Vec<u8>> (a.rs:1:2)", "storage::copy"),
            ("0x1: storage::copy::<fn() -> u8>::inner (a.rs:1:2)", "storage::copy::inner"),
            (
                "0x1: <storage::Pool<T> as core::ops::Drop>::drop (a.rs:1:2)",
                "<storage::Pool as core::ops::Drop>::drop",
            ),
            // The same four under v0.
            ("0x1: <storage::Pool>::take (a.rs:1:2)", "storage::Pool::take"),
            ("0x1: <storage::Pool<u8>>::take::<[u8; 4]> (a.rs:1:2)", "storage::Pool::take"),
            (
                "0x1: <storage::Pool>::take::{closure#0}::{closure#1} (a.rs:1:2)",
                "storage::Pool::take",
            ),
            (
                "0x1: <storage::Pool<T> as core::ops::drop::Drop>::drop::{closure#0} (a.rs:1:2)",
                "<storage::Pool as core::ops::drop::Drop>::drop",
            ),
            ("0x1: <[storage::Pool]>::take (a.rs:1:2)", "<[storage::Pool]>::take"),
        ];
        for (text, name) in table {
            assert_eq!(Frame::parse(text).function(), name, "{text}");
        }
    }

    #[test]
    fn the_crate_is_that_of_the_implementing_type() {
        let table = [
            ("0x1: storage::read::presized (a.rs:1:2)", "storage"),
            ("0x1: <storage::Pool as core::ops::Drop>::drop (a.rs:1:2)", "storage"),
            ("0x1: <&mut storage::Pool as std::io::Read>::read (a.rs:1:2)", "storage"),
            ("0x1: <alloc::vec::Vec<T> as core::clone::Clone>::clone (a.rs:1:2)", "alloc"),
            (
                "0x1: <u8 as alloc::vec::spec_from_elem::SpecFromElem>::from_elem (a.rs:1:2)",
                "alloc",
            ),
            ("0x1: clone3 (clone3.S:81:0)", "clone3"),
        ];
        for (text, krate) in table {
            assert_eq!(Frame::parse(text).krate(), krate, "{text}");
        }
    }

    #[test]
    fn frames_of_no_crate_are_plumbing() {
        for text in [
            "0x1: ???",
            "0x1: malloc (malloc.c:1:0)",
            "0x1: __rustc::__rust_alloc",
            "0x1: std::rt::lang_start (a.rs:1:2)",
        ] {
            assert!(Frame::parse(text).is_plumbing(), "{text}");
        }
        assert!(!Frame::parse("0x1: tokio::runtime::spawn (a.rs:1:2)").is_plumbing());
    }

    #[test]
    fn a_place_is_file_and_line() {
        let frame = Frame::parse("0x1: storage::read::presized (storage/src/read.rs:88:5)");
        assert_eq!(frame.place().as_deref(), Some("storage/src/read.rs:88"));
        assert_eq!(Frame::parse("0x1: storage::f (???:0:0)").place(), None);
    }
}
