//! Bytes into the text of a document, and what is refused before a parser
//! sees it: what would take it more time or memory than any project needs.

use serde_json::Value;

use super::{Fault, Mistake, Path, Position, parse, place};

/// The largest document that is read, in bytes. A table takes two or three
/// thousand, so it is room for some twenty thousand of them. What cannot be read
/// in pieces takes memory in proportion: about fifty times as much.
pub const LARGEST: u64 = 64 << 20;

/// The most brackets that may be open at once. The parsers refuse far fewer
/// levels (128), but only after a scanner whose time grows with their square.
/// They are counted without regard to quotes, where an interval such as
/// `[0, 10)` leaves one open: hence so many.
const MOST_OPEN: usize = 5_000;

/// The bytes of a document as its text, without a byte order mark.
///
/// # Errors
/// It is not UTF-8, or has a character that no document holds, or is one that
/// only somebody who means harm writes; with the place.
pub fn text(bytes: Vec<u8>) -> Result<String, Mistake> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(mistake(b"", "this is UTF-16; save it as UTF-8"));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        mistake(valid, "this byte is not UTF-8; save the file as UTF-8")
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    check(&text)?;
    Ok(text)
}

/// Refuses a text for one of its characters, or for its depth.
///
/// # Errors
/// The first such character.
pub fn check(text: &str) -> Result<(), Mistake> {
    if is_harmless(text.as_bytes()) { Ok(()) } else { check_each_byte(text) }
}

fn check_each_byte(text: &str) -> Result<(), Mistake> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            // YAML 1.2, 5.1, and RFC 8259, 7: neither holds them raw.
            0..=8 | 11 | 12 | 14..=31 => {
                let message = format!("the control character {byte:#04x} cannot stand here; take it out");
                return Err(mistake(&text.as_bytes()[..at], &message));
            }
            _ => {}
        }
        if open > MOST_OPEN {
            let message = format!("more than {MOST_OPEN} brackets are open here, which nobody means; close them");
            return Err(mistake(&text.as_bytes()[..at], &message));
        }
    }
    Ok(())
}

/// Whether [`check`] surely finds nothing, told without a look at each byte by
/// itself: what is counted of a part at once, a processor counts for many bytes
/// at once.
fn is_harmless(text: &[u8]) -> bool {
    // No fewer than are open before a part. Behind it are open those of before
    // and its own, less what it closes; or, where it closes more than are open,
    // some of its own.
    let mut most_open = 0;
    text.chunks(128).all(|part| {
        let (mut opened, mut closed, mut refused) = (0_u8, 0_u8, false);
        for byte in part {
            opened += u8::from(matches!(byte, b'[' | b'{'));
            closed += u8::from(matches!(byte, b']' | b'}'));
            refused |= *byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r');
        }
        let (opened, closed) = (usize::from(opened), usize::from(closed));
        let most = most_open + opened;
        most_open = most.saturating_sub(closed).max(opened);
        !refused && most <= MOST_OPEN
    })
}

/// The keys and texts of a document that hold a zero character, which can be
/// written as an escape: Postgres holds it nowhere (manual, 8.3), so that it
/// is in no name or definition of a database.
pub fn zero_characters(text: &str) -> Vec<Mistake> {
    if !["\\0", "\\x00", "\\u0000", "\\U00000000"].iter().any(|escape| text.contains(escape)) {
        return Vec::new();
    }
    let Ok(value) = parse(text) else { return Vec::new() };
    let mut faults = Vec::new();
    walk(&value, &Path::default(), &mut faults);
    place(text, faults)
}

fn walk(value: &Value, path: &Path, faults: &mut Vec<Fault>) {
    let mut add = |path: &Path, at_key| {
        let message = "a zero character, which Postgres holds in no text; take it out".to_owned();
        faults.push(Fault { path: path.clone(), at_key, message });
    };
    match value {
        Value::String(text) if text.contains('\0') => add(path, false),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| walk(item, &path.index(at), faults)),
        Value::Object(entries) => {
            entries.keys().filter(|key| key.contains('\0')).for_each(|key| add(&path.key(key), true));
            for (key, value) in entries {
                walk(value, &path.key(key), faults);
            }
        }
        _ => {}
    }
}

/// A mistake after so many bytes of valid text.
fn mistake(before: &[u8], message: &str) -> Mistake {
    let before = String::from_utf8_lossy(before);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Mistake { position: Some(Position { line, column }), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_at_once_is_what_a_look_at_each_byte_tells() {
        let row = "- {name: id, type: 'numeric(12,2)', keys: [a, b]}\t# [open\r\n";
        let deep = "[".repeat(MOST_OPEN);
        let closed = "]".repeat(MOST_OPEN);
        let harmless =
            [String::new(), row.repeat(4_000), deep.clone(), format!("{closed}{deep}"), "ü\u{7f}".to_owned()];
        for text in &harmless {
            assert!(is_harmless(text.as_bytes()) && check_each_byte(text).is_ok());
        }
        // More are closed than are open: those are not owed to what comes later.
        let refused =
            ["\0", "a\u{b}", "\u{1f}", &format!("{row}\u{1b}"), &format!("{deep}{{"), &format!("{closed}[{deep}")];
        for text in refused {
            assert!(!is_harmless(text.as_bytes()) && check(text).is_err());
        }
        let saturated = format!("{}{}{deep}", "]".repeat(100), "[]".repeat(MOST_OPEN));
        assert!(check(&saturated).is_ok());
    }
}
