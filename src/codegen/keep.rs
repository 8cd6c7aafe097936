//! Hand-written notes in generated Markdown: what stands between
//! `<!-- keep:begin ID -->` and `<!-- keep:end -->` survives regeneration.
//!
//! A target renders its regions empty; the writer, which alone knows what
//! stood there, hands the old text to [`merge`]. So casting stays pure. Each
//! marker is a line of its own, and one within a code fence is code: whatever
//! a manifest's definitions hold, they open no region.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

/// One region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region<'t> {
    pub id: &'t str,
    /// Of its first marker, from 1.
    pub line: usize,
    /// What stands between the markers' lines, in bytes.
    pub body: Range<usize>,
}

/// What is wrong with a file's regions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.what)
    }
}

/// The regions of a Markdown text, in order.
///
/// # Errors
/// Every marker that is malformed, opens what is open or was there, closes
/// nothing or is not closed.
pub fn regions(text: &str) -> Result<Vec<Region<'_>>, Vec<Fault>> {
    let mut regions: Vec<Region<'_>> = Vec::new();
    let mut faults = Vec::new();
    let mut open: Option<Region<'_>> = None;
    let mut seen = BTreeSet::new();
    let mut fence: Option<(char, usize)> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let (start, end, number) = (at, at + line.len(), number + 1);
        at = end;
        if cannot_count(line) {
            continue;
        }
        fence = match (fence, fence_of(line)) {
            (None, Some((marker, length, _))) => Some((marker, length)),
            (Some((marker, length)), Some((closing, run, true))) if closing == marker && run >= length => None,
            (fence, _) => fence,
        };
        if fence.is_some() {
            continue;
        }
        let mut fault = |what: String| faults.push(Fault { line: number, what });
        match marker(line) {
            None => {}
            Some(Marker::Malformed) => fault(format!(
                "`{}` is no marker: write `<!-- keep:begin ID -->`, with an ID of letters, digits, `_` and `-`, or \
                 `<!-- keep:end -->`",
                line.trim()
            )),
            Some(Marker::Begin(id)) => {
                if let Some(region) = &open {
                    fault(format!(
                        "the keep region `{id}` begins before `{}`, of line {}, has ended",
                        region.id, region.line
                    ));
                } else {
                    if !seen.insert(id) {
                        fault(format!("the keep region `{id}` is there twice: give one of them another ID"));
                    }
                    open = Some(Region { id, line: number, body: end..end });
                }
            }
            Some(Marker::End) => match open.take() {
                Some(region) => regions.push(Region { body: region.body.start..start, ..region }),
                None => fault("`keep:end` ends nothing".to_owned()),
            },
        }
    }
    if let Some(region) = open {
        let what = format!("the keep region `{}` is not closed: write `<!-- keep:end -->` behind it", region.id);
        faults.push(Fault { line: region.line, what });
    }
    if faults.is_empty() { Ok(regions) } else { Err(faults) }
}

/// A new text with the notes of the old one in its regions.
///
/// # Errors
/// What is wrong with the old text's regions, or notes in a region that the
/// new text does not have.
pub fn merge(new: &str, old: &str) -> Result<String, Vec<Fault>> {
    let places = regions(new)?;
    let notes = regions(old)?;
    let ids: Vec<&str> = places.iter().map(|place| place.id).collect();
    let lost = |region: &&Region<'_>| !ids.contains(&region.id) && !old[region.body.clone()].trim().is_empty();
    let faults: Vec<Fault> = notes
        .iter()
        .filter(lost)
        .map(|region| {
            let has = if ids.is_empty() { "no region".to_owned() } else { ids.join(", ") };
            let what = format!("the file has no keep region `{}` any more (it has {has}): move its notes", region.id);
            Fault { line: region.line, what }
        })
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut merged = String::with_capacity(new.len());
    let mut at = 0;
    for place in &places {
        merged.push_str(&new[at..place.body.start]);
        let kept = notes.iter().find(|region| region.id == place.id).map(|region| &old[region.body.clone()]);
        merged.push_str(kept.unwrap_or(&new[place.body.clone()]));
        at = place.body.end;
    }
    merged.push_str(&new[at..]);
    Ok(merged)
}

/// The parts of the text that are no notes, in order: what a target is
/// answerable for. A text whose regions are at fault is all of it.
pub fn without_notes(text: &str) -> impl Iterator<Item = &str> {
    let notes = regions(text).unwrap_or_default().into_iter().map(|region| region.body);
    let ends = notes.chain(std::iter::once(text.len()..text.len()));
    ends.scan(0, |at, notes| Some(&text[std::mem::replace(at, notes.end)..notes.start]))
}

/// Whether a person wrote anything into a region. Where the regions are at
/// fault, that cannot be ruled out.
pub fn has_notes(text: &str) -> bool {
    match regions(text) {
        Ok(regions) => regions.iter().any(|region| !text[region.body.clone()].trim().is_empty()),
        Err(_) => true,
    }
}

/// Whether a line can be neither a marker nor a fence, by what it begins with:
/// most lines are looked at no further.
fn cannot_count(line: &str) -> bool {
    let first = line.bytes().find(|byte| *byte != b' ');
    !matches!(first, Some(b'<' | b'`' | b'~' | b'\t'..=b'\r' | 0x80..))
}

enum Marker<'t> {
    Begin(&'t str),
    End,
    Malformed,
}

/// The marker that a line is. Four blanks before it make code of it.
fn marker(line: &str) -> Option<Marker<'_>> {
    if indent(line) > 3 {
        return None;
    }
    let inside = line.trim().strip_prefix("<!--")?.trim_start().strip_prefix("keep:")?;
    let Some(word) = inside.strip_suffix("-->").map(str::trim_end) else { return Some(Marker::Malformed) };
    let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    Some(match word.split_once(' ').map(|(word, id)| (word, id.trim())) {
        None if word == "end" => Marker::End,
        Some(("begin", id)) if !id.is_empty() && id.chars().all(is_id) => Marker::Begin(id),
        _ => Marker::Malformed,
    })
}

/// The fence that a line may be: its character, its length, and whether
/// nothing else stands on the line, as a closing one wants.
fn fence_of(line: &str) -> Option<(char, usize, bool)> {
    let text = line.trim();
    let character = text.chars().next().filter(|c| matches!(c, '`' | '~') && indent(line) <= 3)?;
    let length = text.chars().take_while(|c| *c == character).count();
    let rest = &text[length..];
    // A backtick behind an opening fence makes a code span of it.
    let is_fence = length >= 3 && !(character == '`' && rest.contains('`'));
    is_fence.then_some((character, length, rest.is_empty()))
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|c| *c == ' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "# A\n<!-- keep:begin notes -->\n<!-- keep:end -->\nnew\n";

    #[test]
    fn notes_are_kept_and_the_rest_is_new() {
        let old = "# Old\n\n<!-- keep:begin notes -->\nAsk *Ada*.\n\n```\n<!-- keep:end -->\n```\n<!-- keep:end -->\n";
        let merged = merge(NEW, old).unwrap();
        assert_eq!(
            merged,
            "# A\n<!-- keep:begin notes -->\nAsk *Ada*.\n\n```\n<!-- keep:end -->\n```\n<!-- keep:end -->\nnew\n"
        );
        assert_eq!(merge(NEW, &merged).unwrap(), merged, "a second time changes nothing");
        assert_eq!(without_notes(&merged).collect::<String>(), NEW);
        assert!(has_notes(&merged) && !has_notes(NEW));
        assert_eq!(merge(NEW, "").unwrap(), NEW);
    }

    #[test]
    fn what_is_at_fault_is_named_with_its_line() {
        let faults = |text: &str| {
            regions(text).unwrap_err().iter().map(|fault| (fault.line, fault.what.clone())).collect::<Vec<_>>()
        };
        let begin = "<!-- keep:begin a -->\n";
        let unclosed = faults(&format!("x\n{begin}y\n"));
        assert!(unclosed[0].0 == 2 && unclosed[0].1.contains("`a` is not closed"), "{unclosed:?}");
        let nested = faults(&format!("{begin}<!-- keep:begin b -->\n<!-- keep:end -->\n"));
        assert!(nested[0].0 == 2 && nested[0].1.contains("before `a`, of line 1"), "{nested:?}");
        let twice = faults(&format!("{begin}<!-- keep:end -->\n{begin}<!-- keep:end -->\n"));
        assert!(twice[0].0 == 3 && twice[0].1.contains("twice"), "{twice:?}");
        assert!(faults("<!-- keep:end -->\n")[0].1.contains("ends nothing"));
        for malformed in ["<!-- keep:begin -->", "<!-- keep:begin a b -->", "<!-- keep:stop -->", "<!-- keep:begin a"] {
            assert!(faults(malformed)[0].1.contains("is no marker"), "{malformed}");
        }
        let gone = merge(NEW, "<!-- keep:begin other -->\nx\n<!-- keep:end -->\n").unwrap_err();
        assert!(gone[0].line == 1 && gone[0].what.contains("it has notes"), "{gone:?}");
    }

    #[test]
    fn an_empty_region_may_go() {
        assert_eq!(merge("new\n", "<!-- keep:begin x -->\n\n<!-- keep:end -->\n").unwrap(), "new\n");
    }
}
