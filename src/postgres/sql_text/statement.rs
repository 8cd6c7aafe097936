//! A script as its statements.

use std::ops::Range;

use super::lexer::{Token, TokenKind, tokens};

/// One statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its bytes in the script: from its first token to its last, without the
    /// semicolon and the comments around it.
    pub span: Range<usize>,
    /// All its tokens but spaces and comments.
    pub tokens: Vec<Token>,
}

impl Statement {
    /// Its text.
    pub fn text<'s>(&self, script: &'s str) -> &'s str {
        &script[self.span.clone()]
    }

    /// Its first words in upper case, up to the first token that is not one:
    /// what it does, and often to what kind of object.
    pub fn command(&self, script: &str) -> Vec<String> {
        let words = self.tokens.iter().take_while(|token| token.kind == TokenKind::Word);
        words.map(|token| script[token.span.clone()].to_ascii_uppercase()).collect()
    }

    /// Whether a token is that keyword.
    pub(super) fn is_word(&self, script: &str, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| is_word(script, token, word))
    }

    /// Where a keyword is among the tokens, from one on.
    pub(super) fn find_word(&self, script: &str, from: usize, word: &str) -> Option<usize> {
        (from..self.tokens.len()).find(|&at| self.is_word(script, at, word))
    }
}

pub(super) fn is_word(script: &str, token: &Token, word: &str) -> bool {
    token.kind == TokenKind::Word && script[token.span.clone()].eq_ignore_ascii_case(word)
}

/// Splits a script at the semicolons that end a statement: those outside of
/// parentheses (a rule's actions stand in them) and of the body of a function
/// in standard SQL, `BEGIN ATOMIC … END`. Statements without a token are none.
///
/// That body is over at an `END` which follows a semicolon or `ATOMIC` itself:
/// inside of a statement there is none, so the `END` of a `CASE` never does.
pub fn statements(script: &str) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    let mut parentheses = 0_usize;
    let mut in_body = false;
    let is_semicolon = |token: &Token| token.kind == TokenKind::Punctuation && &script[token.span.clone()] == ";";
    for token in tokens(script) {
        if matches!(token.kind, TokenKind::Space | TokenKind::LineComment | TokenKind::BlockComment) {
            continue;
        }
        if is_semicolon(&token) && parentheses == 0 && !in_body {
            finish(&mut current, &mut found);
            continue;
        }
        match (&script[token.span.clone()], token.kind) {
            ("(", TokenKind::Punctuation) => parentheses += 1,
            (")", TokenKind::Punctuation) => parentheses = parentheses.saturating_sub(1),
            _ => {}
        }
        if let Some(before) = current.last() {
            if !in_body {
                in_body = parentheses == 0
                    && is_word(script, &token, "ATOMIC")
                    && is_word(script, before, "BEGIN")
                    && makes_routine(script, &current);
            } else if parentheses == 0 && is_word(script, &token, "END") {
                in_body = !(is_semicolon(before) || is_word(script, before, "ATOMIC"));
            }
        }
        current.push(token);
    }
    finish(&mut current, &mut found);
    found
}

fn finish(current: &mut Vec<Token>, found: &mut Vec<Statement>) {
    if let (Some(first), Some(last)) = (current.first(), current.last()) {
        let span = first.span.start..last.span.end;
        found.push(Statement { span, tokens: std::mem::take(current) });
    }
}

fn makes_routine(script: &str, tokens: &[Token]) -> bool {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(script, token, word));
    let kind = if is(1, "OR") && is(2, "REPLACE") { 3 } else { 1 };
    is(0, "CREATE") && (is(kind, "FUNCTION") || is(kind, "PROCEDURE"))
}
