//! Any text has tokens, which are the text; its statements are parts of it, in
//! order, and what is between them is space, comments and semicolons.

use std::path::Path;

use crate::postgres::sql_text::{Script, TokenKind, classify, line, mark, place, statements, tokens};

/// # Panics
/// Where it does not hold.
pub fn holds(data: &[u8]) {
    let parsed = Script::parse(Path::new("fuzz.sql"), data);
    if let Err(faults) = &parsed {
        assert!(!faults.is_empty(), "refused without a reason");
        for fault in faults {
            assert!(fault.to_string().starts_with("fuzz.sql:"), "{fault}");
        }
    }
    let Ok(text) = std::str::from_utf8(data) else {
        assert!(parsed.is_err());
        return;
    };
    let mut end = 0;
    for token in tokens(text) {
        assert_eq!(token.span.start, end, "{text:?}");
        assert!(token.span.end > end && text.is_char_boundary(token.span.end), "{token:?} in {text:?}");
        end = token.span.end;
        let _ = (line(text, token.span.start), place(text, token.span.start), mark(text, token.span.start));
    }
    assert_eq!(end, text.len());
    let mut end = 0;
    for statement in statements(text) {
        assert!(statement.span.start >= end && !statement.span.is_empty(), "{text:?}");
        assert_is_nothing(text, end, statement.span.start);
        end = statement.span.end;
        let own = &statement.tokens;
        assert_eq!((own[0].span.start, own[own.len() - 1].span.end), (statement.span.start, end));
        let _ = (classify(text, &statement), statement.command(text));
    }
    assert_is_nothing(text, end, text.len());
    if let Ok(script) = parsed {
        assert!(!tokens(&script.text).any(|token| token.unterminated), "{text:?}");
    }
}

/// Between two statements is nothing that a server would run.
fn assert_is_nothing(text: &str, from: usize, to: usize) {
    for token in tokens(text).filter(|token| token.span.start >= from && token.span.end <= to) {
        let is_nothing = matches!(token.kind, TokenKind::Space | TokenKind::LineComment | TokenKind::BlockComment);
        assert!(is_nothing || &text[token.span.clone()] == ";", "{:?} is in no statement of {text:?}", token);
    }
}
