//! Watches a file by looking at it: whatever way it is saved, over itself or by a new file in its place.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

/// So often the file is looked at. One that has changed is read when it looks the same twice: a program may be
/// in the middle of writing it.
const EVERY: Duration = Duration::from_millis(200);

/// So many looks long it may be away: programs put a new file in an old one's place.
const AWAY: usize = 15;

/// What tells a save: when the file was written, and its size; nothing where there is none.
type Look = Option<(Option<SystemTime>, u64)>;

/// Calls `changed` at once and after every save of the file, or of one that stands beside it and was asked for the last
/// time: `changed` says which these are. Never comes back.
pub(super) fn watch(file: &Path, changed: &mut dyn FnMut(&Path) -> Vec<PathBuf>) {
    let mut beside = Vec::new();
    let mut known = None;
    loop {
        if known.as_ref() != Some(&looks(file, &beside)) {
            let seen = settled(file, &beside);
            let asked = changed(file);
            // As they looked before they were read: a save in between is seen as another one. How a file looked that was
            // asked for the first time nobody knows: all are read once more.
            known = (asked == beside).then_some(seen);
            beside = asked;
        }
        thread::sleep(EVERY);
    }
}

/// How the files look once nobody is writing them.
fn settled(file: &Path, beside: &[PathBuf]) -> Vec<Look> {
    let (mut seen, mut away) = (looks(file, beside), 0);
    loop {
        thread::sleep(EVERY);
        let again = looks(file, beside);
        away = if again[0].is_none() { away + 1 } else { 0 };
        if again == seen && !(1..AWAY).contains(&away) {
            return seen;
        }
        seen = again;
    }
}

fn looks(file: &Path, beside: &[PathBuf]) -> Vec<Look> {
    [file].into_iter().chain(beside.iter().map(PathBuf::as_path)).map(look).collect()
}

fn look(path: &Path) -> Look {
    let about = fs::metadata(path).ok()?;
    Some((about.modified().ok(), about.len()))
}
