//! The `mappings` lens: what of a process's memory lies where, by the names that the kernel knows.
//!
//! The other lenses say how much; the counting allocator knows the Rust heap, and nothing of what a
//! library maps for itself. Here each mapping has a line, and those with one name stand together.

use std::cmp::Reverse;
use std::fs::File;
use std::io::Read as _;

use serde::{Deserialize, Serialize};

/// The mappings of one name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The mapped file, without its folder; or what the kernel calls it in brackets; or what can be
    /// done with memory that has no name.
    pub name: String,
    /// How many there are at the end of the work.
    pub count: u64,
    /// Address space at the end.
    pub mapped: u64,
    /// Resident bytes at the start of the work.
    pub start: u64,
    /// Resident bytes at its end.
    pub end: u64,
    /// Those of them that no file has: never written back, and nobody else's.
    pub anonymous: u64,
}

/// As many names are told apart; what comes later is one more, [`OTHERS`].
const NAMES: usize = 48;
/// Bytes of a name that are kept.
const NAME: usize = 48;
const OTHERS: &str = "others";

/// All mappings of a process, by name. It allocates nothing, so that malloc is left as it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mappings {
    all: [Named; NAMES],
    used: usize,
}

#[derive(Debug, Clone, Copy)]
struct Named {
    name: [u8; NAME],
    length: usize,
    count: u64,
    mapped: u64,
    resident: u64,
    anonymous: u64,
}

impl Named {
    const NOTHING: Self =
        Self { name: [0; NAME], length: 0, count: 0, mapped: 0, resident: 0, anonymous: 0 };

    fn name(&self) -> &str {
        self.name.get(..self.length).and_then(|name| str::from_utf8(name).ok()).unwrap_or_default()
    }
}

impl Mappings {
    const NOTHING: Self = Self { all: [Named::NOTHING; NAMES], used: 0 };

    /// As they are now; those of the lenses are left out. None of a kernel that has no `smaps`.
    pub(crate) fn now() -> Self {
        let mut mappings = Self::NOTHING;
        let Ok(mut file) = File::open("/proc/self/smaps") else { return mappings };
        let mut parser = Parser { mappings: &mut mappings, current: None };
        // The kernel hands out whole mappings; a path is at most 4,096 bytes.
        let mut buffer = [0; 16 << 10];
        let mut kept = 0;
        while let Ok(read @ 1..) = file.read(&mut buffer[kept..]) {
            let end = kept + read;
            let lines =
                buffer[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            str::from_utf8(&buffer[..lines])
                .unwrap_or_default()
                .lines()
                .for_each(|line| parser.feed(line));
            buffer.copy_within(lines..end, 0);
            kept = end - lines;
        }
        mappings
    }

    /// These at the end of the work with what they had at its `start`, the most grown first.
    pub(crate) fn since(&self, start: &Self) -> Vec<Mapping> {
        let before = |name: &str| {
            start.used().iter().find(|one| one.name() == name).map_or(0, |one| one.resident)
        };
        let with_start = |one: &Named| Mapping {
            name: one.name().to_owned(),
            count: one.count,
            mapped: one.mapped,
            start: before(one.name()),
            end: one.resident,
            anonymous: one.anonymous,
        };
        let mut all: Vec<Mapping> = self.used().iter().map(with_start).collect();
        let grown = |one: &Mapping| one.end as i64 - one.start as i64;
        all.sort_by_key(|one| (Reverse(grown(one)), one.name.clone()));
        all
    }

    fn used(&self) -> &[Named] {
        self.all.get(..self.used).unwrap_or_default()
    }

    /// The place of a name, which may be new.
    fn place(&mut self, name: &str) -> usize {
        let name = &name[..name.floor_char_boundary(NAME)];
        if let Some(at) = self.used().iter().position(|one| one.name() == name) {
            return at;
        }
        if self.used >= NAMES - 1 && name != OTHERS {
            return self.place(OTHERS);
        }
        let fresh = &mut self.all[self.used];
        fresh.name[..name.len()].copy_from_slice(name.as_bytes());
        fresh.length = name.len();
        self.used += 1;
        self.used - 1
    }
}

/// Of `/proc/<pid>/smaps`: a line with the addresses, the permissions and the name of each mapping,
/// and below it lines like `Rss: 1234 kB`.
struct Parser<'a> {
    mappings: &'a mut Mappings,
    /// The place of the mapping that the next lines speak of.
    current: Option<usize>,
}

impl Parser<'_> {
    fn feed(&mut self, line: &str) {
        let Some((first, rest)) = line.split_once(' ') else { return };
        let Some(figure) = first.strip_suffix(':') else {
            self.current = name_of(rest).map(|name| self.mappings.place(name));
            if let (Some(at), Some(bytes)) = (self.current, length(first)) {
                let mapping = &mut self.mappings.all[at];
                mapping.count += 1;
                mapping.mapped += bytes;
            }
            return;
        };
        let Some(at) = self.current else { return };
        let mapping = &mut self.mappings.all[at];
        let kilobytes = rest.split_whitespace().next().and_then(|word| word.parse::<u64>().ok());
        let bytes = kilobytes.unwrap_or_default().saturating_mul(1_024);
        match figure {
            "Rss" => mapping.resident += bytes,
            "Anonymous" => mapping.anonymous += bytes,
            _ => {}
        }
    }
}

/// `55e0c000-55e0e000`, in bytes.
fn length(addresses: &str) -> Option<u64> {
    let (from, to) = addresses.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    number(to)?.checked_sub(number(from)?)
}

/// Of `r-xp 00000000 00:00 0    /usr/lib/libc.so (deleted)`; none for the lenses' own.
fn name_of(rest: &str) -> Option<&str> {
    let permissions = rest.split(' ').next().unwrap_or_default();
    // Offset, device and inode have no blanks in them; a path may.
    let path = (0..4)
        .fold(rest, |rest, _| rest.trim_start().split_once(' ').map_or("", |(_, behind)| behind));
    let path = path.trim_start();
    match path.strip_suffix(" (deleted)").unwrap_or(path) {
        "" => Some(unnamed(permissions)),
        OWN_TABLES => None,
        path if path.starts_with('/') => path.rsplit('/').next(),
        path => Some(path),
    }
}

/// What `spawn` calls the file of the recorder's tables.
const OWN_TABLES: &str = "/memfd:plimsoll recorder";

fn unnamed(permissions: &str) -> &'static str {
    match permissions.as_bytes() {
        [_, _, b'x', ..] => "no name, executable",
        [_, b'w', ..] => "no name",
        [b'r', ..] => "no name, read-only",
        _ => "no name, reserved",
    }
}

#[cfg(test)]
mod tests {
    use super::{Mapping, Mappings, NAMES, Parser};

    const SMAPS: &str = "\
        1000-3000 rw-p 00000000 00:00 0 \nSize: 8 kB\nRss: 8 kB\nAnonymous: 8 kB\n\
        3000-4000 r-xp 00000000 00:00 0 \nRss: 4 kB\nAnonymous: 4 kB\n\
        5000-6000 ---p 00000000 00:00 0 \nRss: 0 kB\n\
        7000-8000 r--p 00000000 fe:01 12    /a b/module.cwasm\nRss: 4 kB\nAnonymous: 0 kB\n\
        8000-a000 r-xp 00001000 fe:01 12    /a b/module.cwasm\nRss: 4 kB\nVmFlags: rd ex\n\
        b000-c000 rw-s 00000000 00:01 9     /memfd:plimsoll recorder (deleted)\nRss: 4 kB\n\
        c000-d000 rw-s 00000000 00:01 9     /memfd:image (deleted)\nRss: 4 kB\n\
        e000-f000 rw-p 00000000 00:00 0     [heap]\nRss: 4 kB\nAnonymous: 4 kB\n";

    fn parse(smaps: &str) -> Mappings {
        let mut mappings = Mappings::NOTHING;
        let mut parser = Parser { mappings: &mut mappings, current: None };
        smaps.lines().for_each(|line| parser.feed(line));
        mappings
    }

    #[test]
    fn mappings_of_one_name_stand_together_and_the_lenses_own_nowhere() {
        let mapping = |name: &str, count, mapped, end, anonymous| Mapping {
            name: name.to_owned(),
            count,
            mapped,
            start: 0,
            end,
            anonymous,
        };
        let expected = [
            mapping("module.cwasm", 2, 12_288, 8_192, 0),
            mapping("no name", 1, 8_192, 8_192, 8_192),
            mapping("[heap]", 1, 4_096, 4_096, 4_096),
            mapping("memfd:image", 1, 4_096, 4_096, 0),
            mapping("no name, executable", 1, 4_096, 4_096, 4_096),
            mapping("no name, reserved", 1, 4_096, 0, 0),
        ];
        assert_eq!(parse(SMAPS).since(&Mappings::NOTHING), expected);
    }

    #[test]
    fn what_grew_most_comes_first() {
        let start = parse(SMAPS.split_once("7000").unwrap().0);
        let since = parse(SMAPS).since(&start);
        let grown: Vec<(&str, u64)> =
            since.iter().map(|one| (one.name.as_str(), one.end - one.start)).take(3).collect();
        assert_eq!(grown, [("module.cwasm", 8_192), ("[heap]", 4_096), ("memfd:image", 4_096)]);
    }

    #[test]
    fn names_beyond_the_room_are_counted_together() {
        let lines =
            (0..100).map(|at| format!("0-1000 r--p 0 fe:01 12 /{at:060}é{at}\nRss: 4 kB\n"));
        let many: String = lines.chain([SMAPS.to_owned()]).collect();
        let all = parse(&many).since(&Mappings::NOTHING);
        // Of the hundred the first 48 bytes are alike.
        assert_eq!((all.len(), all[0].count), (7, 100));
        let lines = (0..100).map(|at| format!("0-1000 r--p 0 fe:01 12 /{at}\nRss: 4 kB\n"));
        let all = parse(&lines.collect::<String>()).since(&Mappings::NOTHING);
        assert_eq!((all.len(), all.iter().map(|one| one.end).sum::<u64>()), (NAMES, 409_600));
        assert_eq!((all[0].name.as_str(), all[0].count), ("others", 53));
    }

    #[test]
    fn this_process_has_a_stack_and_its_own_program() {
        let all = Mappings::now().since(&Mappings::NOTHING);
        let program = std::env::current_exe().unwrap();
        let program = program.file_name().unwrap().to_str().unwrap();
        for name in ["[stack]", &program[..program.len().min(48)]] {
            assert!(all.iter().any(|one| one.name == name && one.end > 0), "{name}: {all:?}");
        }
    }
}
