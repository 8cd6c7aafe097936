//! The codes of a comparison's findings and notes.

use crate::codegen::loss::Code;

pub static MISSING: Code = Code {
    id: "DRF001",
    title: "Expected, and not there",
    way_out: "Make it in the database, or take it out of the manifest",
};
pub static UNEXPECTED: Code = Code {
    id: "DRF002",
    title: "There, and not expected",
    way_out: "Drop it from the database, or take it into the manifest",
};
pub static CHANGED: Code = Code {
    id: "DRF003",
    title: "Not as expected",
    way_out: "Alter it in the database, or take the change into the manifest",
};
pub static COLUMN_ORDER: Code = Code {
    id: "DRF004",
    title: "The columns are in another order",
    way_out: "Take the order into the manifest; a database only changes it by making the table again",
};
pub static LIKELY_RENAME: Code = Code {
    id: "DRF005",
    title: "Likely there under another name",
    way_out: "Rename it in the database or in the manifest; if it is another thing, add the one and drop the other",
};
pub static NOT_VISIBLE: Code = Code {
    id: "DRF006",
    title: "Not visible to the role that read the database",
    way_out: "Grant the role the privilege, or read with another role",
};
pub static NOT_COMPARED: Code = Code {
    id: "DRF007",
    title: "Of a kind that is not compared",
    way_out: "Compare it by hand; `--strict-coverage` makes it a difference",
};
pub static UNUSED_RULE: Code = Code {
    id: "DRF008",
    title: "An ignore rule that ignores nothing",
    way_out: "Take the rule out of project.yaml, or mend its pattern",
};
pub static EXPIRED_RULE: Code = Code {
    id: "DRF009",
    title: "An ignore rule that has expired",
    way_out: "Mend what it ignored, or give it another day",
};

/// Every code, in order.
pub static ALL: [&Code; 9] = [
    &MISSING,
    &UNEXPECTED,
    &CHANGED,
    &COLUMN_ORDER,
    &LIKELY_RENAME,
    &NOT_VISIBLE,
    &NOT_COMPARED,
    &UNUSED_RULE,
    &EXPIRED_RULE,
];

/// The codes of notes, which are no differences unless they are denied.
pub static NOTES: [&Code; 4] = [&NOT_VISIBLE, &NOT_COMPARED, &UNUSED_RULE, &EXPIRED_RULE];

/// The notes that `--deny` makes differences: codes, what codes begin with, or
/// `all`.
///
/// # Errors
/// A word that no note's code begins with, for a typing error would deny nothing.
pub fn denied(words: &[String]) -> Result<Vec<&'static Code>, String> {
    let mut denied = Vec::new();
    for word in words.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
        let code = word.to_ascii_uppercase();
        let named = NOTES.iter().filter(|note| code == "ALL" || note.id.starts_with(&code));
        let before = denied.len();
        denied.extend(named.copied());
        if denied.len() == before {
            let notes: Vec<&str> = NOTES.iter().map(|note| note.id).collect();
            return Err(format!("no note has the code `{word}`; there are: {}, all", notes.join(", ")));
        }
    }
    Ok(denied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_up_and_none_is_another_targets() {
        for (at, code) in ALL.iter().enumerate() {
            assert_eq!(code.id, format!("DRF{:03}", at + 1));
            assert!(!code.title.ends_with('.') && !code.way_out.ends_with('.'), "{}", code.id);
        }
        assert!(crate::codegen::target::codes().all(|code| !code.id.starts_with("DRF")));
    }

    #[test]
    fn denied_notes_are_known_by_code_beginning_or_all() {
        let ids = |words: &[&str]| -> Vec<&str> {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            denied(&words).unwrap().iter().map(|code| code.id).collect()
        };
        assert_eq!(ids(&["drf008"]), ["DRF008"]);
        assert_eq!(ids(&["all"]).len(), 4);
        assert!(denied(&["DRF001".to_owned()]).is_err(), "a difference always counts");
    }
}
