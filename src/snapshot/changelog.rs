//! Entries for a CHANGELOG, in the shape of Keep a Changelog 1.1.0.

use std::fmt::Write as _;

use super::compare::{Comparison, Difference, ObjectChange};
use super::select::Pick;
use super::verdict::Verdict;
use crate::codegen::markdown::Inline;

/// What a new file begins with.
const HEAD: &str = "# Changelog\n\nThe format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).\n";

/// The section of a comparison; `None` where nothing differs.
pub fn entry(comparison: &Comparison, from: &Pick, to: &Pick) -> Option<String> {
    if comparison.is_equal() {
        return None;
    }
    let mut text = format!("{}\n\nSince {}.\n", heading(to), Inline::text(&from.name()));
    for difference in [Difference::Added, Difference::Changed, Difference::Removed] {
        let changes: Vec<&ObjectChange> =
            comparison.changes.iter().filter(|change| change.change == difference).collect();
        if changes.is_empty() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n### {}\n", difference.heading());
        for change in changes {
            text.push_str(&line(change));
        }
    }
    Some(text)
}

fn heading(to: &Pick) -> String {
    let day = to.snapshot.time_in_seconds();
    format!("## Snapshot {} - {}", Inline::text(&to.name()), day.get(..10).unwrap_or(&day))
}

fn line(change: &ObjectChange) -> String {
    let mark = match change.audiences(Verdict::Breaking).as_slice() {
        [] => String::new(),
        audiences => {
            let words: Vec<&str> = audiences.iter().map(|audience| audience.word()).collect();
            format!("**Breaking** ({}): ", words.join(", "))
        }
    };
    let kind = change.kind.replace('_', " ");
    let mut text = format!("- {mark}{} {}", Inline::text(&kind), Inline::code(&change.identity));
    let mut told: Vec<&str> = change.effects.iter().map(|effect| effect.text.as_str()).collect();
    told.dedup();
    if change.change == Difference::Changed && !told.is_empty() {
        let _ = write!(text, ": {}", Inline::code(&told.join("; ")));
    }
    text.push('\n');
    text
}

/// The file with an entry on top: above the newest version, and below a section
/// of what is not released yet. Nothing that is there is lost. `None` where it
/// has the entry already.
pub fn prepend(file: Option<&str>, entry: &str) -> Option<String> {
    let Some(file) = file.filter(|file| !file.trim().is_empty()) else {
        return Some(format!("{HEAD}\n{entry}"));
    };
    let newline = if file.contains("\r\n") { "\r\n" } else { "\n" };
    let entry = entry.replace('\n', newline);
    let heading = entry.lines().next().unwrap_or_default();
    let mut place = None;
    let (mut at, mut fence) = (0, None::<&str>);
    for line in file.split_inclusive('\n') {
        let text = line.trim_end();
        let ticks = ["```", "~~~"].into_iter().find(|ticks| text.trim_start().starts_with(ticks));
        match (fence, ticks) {
            (None, Some(_)) => fence = ticks,
            (Some(open), Some(ticks)) if open == ticks => fence = None,
            (None, None) if text == heading => return None,
            (None, None) if text.starts_with("## ") && place.is_none() && !is_unreleased(text) => place = Some(at),
            _ => {}
        }
        at += line.len();
    }
    let (before, after) = file.split_at(place.unwrap_or(file.len()));
    let mut whole = before.to_owned();
    if !whole.is_empty() {
        if !whole.ends_with('\n') {
            whole.push_str(newline);
        }
        if !whole.ends_with(&newline.repeat(2)) {
            whole.push_str(newline);
        }
    }
    whole.push_str(&entry);
    if !after.is_empty() {
        whole.push_str(newline);
        whole.push_str(after);
    }
    Some(whole)
}

fn is_unreleased(heading: &str) -> bool {
    heading.trim_start_matches(['#', ' ', '[']).to_ascii_lowercase().starts_with("unreleased")
}

#[cfg(test)]
mod tests {
    use super::prepend;

    const ENTRY: &str = "## Snapshot 2 - 2026-01-02\n\n### Added\n\n- table `a.b`\n";

    #[test]
    fn an_entry_goes_on_top_and_nothing_is_lost() {
        let new = prepend(None, ENTRY).unwrap();
        assert!(new.starts_with("# Changelog\n\n") && new.ends_with(ENTRY), "{new}");
        let file = "# Changelog\n\nMine.\n\n```\n## 0.0.0\n```\n\n## [Unreleased]\n\n- soon\n\n## 1.0.0\n\n- first\n";
        let with_it = prepend(Some(file), ENTRY).unwrap();
        assert_eq!(with_it, file.replace("## 1.0.0", &format!("{ENTRY}\n## 1.0.0")));
        assert_eq!(prepend(Some(&with_it), ENTRY), None, "it is there already");
        assert_eq!(prepend(Some("Only words"), ENTRY).unwrap(), format!("Only words\n\n{ENTRY}"));
        let windows = prepend(Some("# C\r\n\r\n## 1\r\n"), ENTRY).unwrap();
        assert_eq!(windows.matches('\n').count(), windows.matches("\r\n").count(), "{windows:?}");
        assert!(windows.ends_with("\r\n\r\n## 1\r\n"), "{windows:?}");
    }
}
