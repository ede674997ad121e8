//! Answers of earlier runs, in one file for each build of the executable.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::os::files::write_whole;
use crate::sites::frame::Frame;

/// The frames of each address, innermost first.
pub(super) type Answers = BTreeMap<u64, Vec<Frame>>;

/// Files that nobody has added to for longer than this are removed: builds come and go.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The file's ending.
const ENDING: &str = "symbols";

/// Where the answers for one build are kept.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    identity: String,
}

/// The file, below its first line. Most frames are many addresses', so each is written once.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswersWire {
    frames: Vec<Frame>,
    answers: BTreeMap<u64, Vec<usize>>,
}

impl Cache {
    pub(super) fn of(folder: &Path, identity: String) -> Self {
        Self { folder: folder.to_path_buf(), identity }
    }

    pub(super) fn identity(&self) -> &str {
        &self.identity
    }

    fn file(&self) -> PathBuf {
        self.folder.join(&self.identity).with_extension(ENDING)
    }

    /// What is known. A file that is not exactly what was written for this build is as good as
    /// none: a wrong answer would be told as a fact, a missing one is only looked up again.
    pub(super) fn read(&self) -> Answers {
        let text = fs::read_to_string(self.file()).unwrap_or_default();
        let body = text.split_once('\n').filter(|(head, body)| *head == self.head(body));
        let wire = body.and_then(|(_, body)| serde_json::from_str::<AnswersWire>(body).ok());
        wire.and_then(AnswersWire::answers).unwrap_or_default()
    }

    pub(super) fn write(&self, answers: &Answers) -> anyhow::Result<()> {
        let body = serde_json::to_string(&AnswersWire::of(answers))?;
        let text = format!("{}\n{body}", self.head(&body));
        write_whole(&self.file(), text.as_bytes())?;
        remove_old(&self.folder);
        Ok(())
    }

    /// The first line: whose answers these are, and a checksum of them.
    fn head(&self, body: &str) -> String {
        let mut hasher = DefaultHasher::new();
        hasher.write(body.as_bytes());
        format!("plimsoll symbols 1 of {} {:016x}", self.identity, hasher.finish())
    }
}

impl AnswersWire {
    fn of(answers: &Answers) -> Self {
        let frames: BTreeSet<&Frame> = answers.values().flatten().collect();
        let numbers: BTreeMap<&Frame, usize> = frames.iter().copied().zip(0..).collect();
        let numbered = |frames: &Vec<Frame>| frames.iter().map(|frame| numbers[frame]).collect();
        Self {
            frames: frames.into_iter().cloned().collect(),
            answers: answers.iter().map(|(&at, frames)| (at, numbered(frames))).collect(),
        }
    }

    /// `None` when a number stands for no frame.
    fn answers(self) -> Option<Answers> {
        let Self { frames, answers } = self;
        let named = |numbers: Vec<usize>| -> Option<Vec<Frame>> {
            numbers.iter().map(|&at| frames.get(at).cloned()).collect()
        };
        answers.into_iter().map(|(at, numbers)| Some((at, named(numbers)?))).collect()
    }
}

/// A file that cannot be removed now is removed by a later run: nothing depends on it.
fn remove_old(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let ours = path.extension().is_some_and(|ending| ending == ENDING || ending == "part");
        let modified = entry.metadata().and_then(|data| data.modified());
        let age = modified.ok().and_then(|time| time.elapsed().ok());
        if ours && age.is_some_and(|age| age > KEPT) {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::{Answers, Cache, KEPT};
    use crate::sites::frame::Frame;

    fn answers() -> Answers {
        let frame = |text: &str| Frame::parse(text);
        let inner = frame("<[u8; 4] as keys::Words>::say (keys/src/lib.rs:3:5)");
        let outer = frame("keys::main (keys/src/main.rs:1:1)");
        Answers::from([
            (0x10, vec![inner, outer.clone()]),
            (0x20, vec![outer]),
            (u64::MAX, Vec::new()),
        ])
    }

    #[test]
    fn what_was_written_is_read() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let cache = Cache::of(&folder.path().join("new"), "2a-1f".to_owned());
        assert!(cache.read().is_empty());
        cache.write(&answers())?;
        assert_eq!(cache.read(), answers());
        Ok(())
    }

    #[test]
    fn a_file_of_another_build_is_not_believed() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let cache = Cache::of(folder.path(), "2a-1f".to_owned());
        let other = Cache::of(folder.path(), "2a-20".to_owned());
        cache.write(&answers())?;
        fs::copy(cache.file(), other.file())?;
        assert!(other.read().is_empty());
        Ok(())
    }

    #[test]
    fn a_damaged_file_is_not_believed_but_replaced() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let cache = Cache::of(folder.path(), "2a-1f".to_owned());
        cache.write(&answers())?;
        let whole = fs::read(cache.file())?;
        for at in 0..whole.len() {
            let mut bent = whole.clone();
            bent[at] ^= 1;
            fs::write(cache.file(), &bent)?;
            assert!(cache.read().is_empty(), "byte {at} is wrong, and nobody noticed");
            fs::write(cache.file(), &whole[..at])?;
            assert!(cache.read().is_empty(), "it ends at byte {at}, and nobody noticed");
        }
        cache.write(&answers())?;
        assert_eq!(cache.read(), answers());
        Ok(())
    }

    #[test]
    fn numbers_of_no_frame_are_not_believed() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let cache = Cache::of(folder.path(), "2a-1f".to_owned());
        let body = r#"{"frames":["keys::main (a.rs:1:1)"],"answers":{"16":[0],"32":[1]}}"#;
        fs::write(cache.file(), format!("{}\n{body}", cache.head(body)))?;
        assert!(cache.read().is_empty());
        Ok(())
    }

    #[test]
    fn files_of_builds_long_gone_are_removed() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let (old, recent, foreign) = ("1-1.symbols", "1-2.symbols", "notes.txt");
        let ages = [(old, KEPT + Duration::from_secs(60)), (recent, KEPT / 2), (foreign, KEPT * 2)];
        for (name, age) in ages {
            let file = File::create(folder.path().join(name))?;
            file.set_modified(SystemTime::now() - age)?;
        }
        Cache::of(folder.path(), "2a-1f".to_owned()).write(&answers())?;
        let there = |name: &str| folder.path().join(name).exists();
        assert_eq!([there(old), there(recent), there(foreign)], [false, true, true]);
        Ok(())
    }
}
