//! The loss ledger: every lossy or impossible mapping, as a finding with a
//! stable code.
//!
//! Architecture Invariant: nothing is lost silently. What a target cannot
//! express is a [`Finding`]; findings are printed, written into the artifact
//! where its format has comments, and `--deny` makes them errors.

use serde::Serialize;

mod accept;
mod known;
mod page;

pub use accept::{accept, faults};
pub use known::{Known, RECORD};
pub use page::{PAGE, artifacts};

/// A kind of loss. Each target declares its own in its `findings.rs`; a code
/// is never given to another meaning.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Code {
    /// `AMP012`: three letters for the target, three digits.
    pub id: &'static str,
    /// What is lost, in a few words.
    pub title: &'static str,
    /// What a person can do about it.
    pub way_out: &'static str,
}

/// Declares the codes of a target that names each of them: a static for each,
/// and `ALL` of them by number.
macro_rules! codes {
    ($($name:ident $id:literal $title:literal => $way_out:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: $crate::codegen::loss::Code =
                $crate::codegen::loss::Code { id: $id, title: $title, way_out: $way_out };
        )*
        /// All of them, by number.
        pub const ALL: &[&$crate::codegen::loss::Code] = &[$(&$name),*];
    };
}

pub(crate) use codes;

/// One loss at one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of loss.
    pub code: &'static Code,
    /// The object: `schema.table.column`, `schema.table.constraint`.
    pub path: String,
    /// Why, for this object: a sentence without its full stop.
    pub reason: String,
}

impl Finding {
    pub fn new(code: &'static Code, path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { code, path: path.into(), reason: reason.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.code.id, self.path, self.reason)
    }
}

/// Puts findings into their order, each once.
pub fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(order);
    findings.dedup();
}

/// The order of findings: by code, path and reason.
pub fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    (a.code.id, &a.path, &a.reason).cmp(&(b.code.id, &b.path, &b.reason))
}

/// Which findings are errors: `--deny CODE,CODE`, `--deny new` or `--deny all`.
/// What project.yaml accepts never is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deny {
    all: bool,
    new: bool,
    codes: Vec<String>,
}

impl Deny {
    /// Reads codes, `all`, `new`, or what a code begins with (`AMP`).
    ///
    /// # Errors
    /// A word that no code begins with, for a typing error would deny nothing.
    pub fn new<S: AsRef<str>>(words: &[S]) -> Result<Deny, String> {
        let mut deny = Deny::default();
        for word in
            words.iter().flat_map(|word| word.as_ref().split(',')).map(str::trim).filter(|word| !word.is_empty())
        {
            if word.eq_ignore_ascii_case("all") {
                deny.all = true;
                continue;
            }
            if word.eq_ignore_ascii_case("new") {
                deny.new = true;
                continue;
            }
            let code = word.to_ascii_uppercase();
            if !is_known(&code) {
                return Err(format!("no finding has the code `{word}`"));
            }
            deny.codes.push(code);
        }
        Ok(deny)
    }

    /// `is_new`: whether the finding was not there when it was last generated.
    pub fn denies(&self, finding: &Finding, is_new: bool) -> bool {
        self.all || self.new && is_new || self.codes.iter().any(|code| finding.code.id.starts_with(code.as_str()))
    }
}

/// Whether some code begins so.
fn is_known(code: &str) -> bool {
    !code.is_empty() && crate::codegen::target::codes().any(|known| known.id.starts_with(code))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::codegen::target;

    #[test]
    fn codes_are_unique_and_of_one_style() {
        let mut seen = BTreeSet::new();
        for code in target::codes() {
            assert!(seen.insert(code.id), "{} is given twice", code.id);
            let (letters, digits) = code.id.split_at(3);
            assert!(letters.chars().all(|c| c.is_ascii_uppercase()), "{}", code.id);
            assert!(digits.len() == 3 && digits.chars().all(|c| c.is_ascii_digit()), "{}", code.id);
            for text in [code.title, code.way_out] {
                assert!(!text.starts_with(|c: char| c.is_lowercase()), "{}: {text}", code.id);
                assert!(!text.ends_with('.'), "{}: {text}", code.id);
            }
        }
    }
}
