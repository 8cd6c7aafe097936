//! A text is a manifest or has mistakes with places in it; what reads is
//! written, and read back as it was. Read in pieces, it says the same. So does
//! what is read without the YAML library, whatever it is.

use crate::codegen::{document, manifest};

/// # Panics
/// Where it does not hold.
pub fn holds(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(read) = document::read_laid_out::<serde_json::Value>(text) {
        assert_eq!(Some(read), serde_yaml::from_str(text).ok());
    }
    if let Some(read) = document::read_laid_out::<manifest::Manifest>(text) {
        assert_eq!(Some(read), serde_yaml::from_str(text).ok());
    }
    let read = manifest::read(text);
    if let Some(in_pieces) = manifest::read_in_pieces(text, 1, 1) {
        assert_eq!(Ok(&in_pieces), read.as_ref(), "in pieces");
    }
    match read {
        Ok(read) => {
            let written = manifest::to_yaml(&read);
            let back = manifest::read(&written)
                .unwrap_or_else(|mistakes| panic!("what was read and written is not read: {mistakes:?}\n{written}"));
            assert_eq!(back, read, "{written}");
            if let Some(in_pieces) = manifest::read_in_pieces(&written, 1, 1) {
                assert_eq!(in_pieces, read, "{written}");
            }
            assert_eq!(manifest::to_yaml(&back), written);
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused without a reason");
            // All that YAML 1.1 breaks a line at, which its reader counts by.
            let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
            for mistake in mistakes {
                assert!(!mistake.message.is_empty());
                if let Some(position) = mistake.position {
                    assert!(position.line <= lines + 1, "{mistake} in a text of {lines} lines");
                }
            }
        }
    }
}
