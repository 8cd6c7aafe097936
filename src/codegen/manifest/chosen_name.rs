//! The names that the server chooses where SQL gives none.
//!
//! What has such a name is written without it, and the server chooses it again.
//! The rules are those of the server's makeObjectName and ChooseIndexName. They
//! say what is chosen where the name is free: one that got a number behind it,
//! for another object had the name first, is not a chosen one here, and is
//! written out.

/// The longest name, in bytes: NAMEDATALEN less its closing zero.
const LONGEST: usize = 63;

/// What stands last in the name of an index that is given none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexLabel {
    /// An index that no constraint owns.
    Index,
    PrimaryKey,
    Unique,
    Exclusion,
}

impl IndexLabel {
    fn text(self) -> &'static str {
        match self {
            Self::Index => "idx",
            Self::PrimaryKey => "pkey",
            Self::Unique => "key",
            Self::Exclusion => "excl",
        }
    }
}

/// `first_second_label`, cut to what a name holds: bytes are taken from the
/// longer of the two names, of the second where both are as long, and a letter
/// of several bytes goes as a whole. The label is never cut.
///
/// A sequence of a column has the label `seq`, a NOT NULL constraint (server 18
/// and later) `not_null`; that of a domain has no second name.
pub fn chosen_name(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(second.is_some());
    let room = LONGEST.saturating_sub(overhead);
    let (mut first_length, mut second_length) = (first.len(), second.map_or(0, str::len));
    while first_length + second_length > room {
        if first_length > second_length {
            first_length -= 1;
        } else {
            second_length -= 1;
        }
    }
    let mut name = cut(first, first_length).to_owned();
    for part in second.map(|second| cut(second, second_length)).into_iter().chain([label]) {
        name.push('_');
        name.push_str(part);
    }
    name
}

/// The name of an index or of the key behind it: of CREATE INDEX without a name,
/// and of a partition's part of its parent's index.
///
/// `columns` are the names of all its columns in order, those of INCLUDE too. An
/// expression has a name as well: that of the function it calls, of the type it
/// is cast to, or else `expr`; the server keeps it as the index's column name.
pub fn chosen_index_name<S: AsRef<str>>(table: &str, columns: &[S], label: IndexLabel) -> String {
    if label == IndexLabel::PrimaryKey {
        return chosen_name(table, None, label.text());
    }
    let mut distinct: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let name = distinct_name(column.as_ref(), &distinct);
        distinct.push(name);
    }
    let mut addition = String::new();
    for name in &distinct {
        if !addition.is_empty() {
            addition.push('_');
        }
        addition.push_str(name);
        // More than a name holds is cut away in any case.
        if addition.len() > LONGEST {
            break;
        }
    }
    chosen_name(table, Some(&addition), label.text())
}

/// The name, with the first number behind it that makes it unlike the others.
fn distinct_name(name: &str, others: &[String]) -> String {
    let numbered = |number: usize| {
        let number = number.to_string();
        format!("{}{number}", cut(name, LONGEST.saturating_sub(number.len())))
    };
    let candidates = std::iter::once(name.to_owned()).chain((1..=others.len()).map(numbered));
    // Of one more names than there are others, one is unlike all of them.
    candidates.into_iter().find(|candidate| !others.contains(candidate)).unwrap_or_else(|| name.to_owned())
}

/// The first letters of a text, of at most as many bytes.
fn cut(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_too_long_is_cut() {
        assert_eq!(chosen_name("orders", Some("id"), "seq"), "orders_id_seq");
        assert_eq!(chosen_name("email", None, "not_null"), "email_not_null");
        let (long, longer) = ("t".repeat(40), "c".repeat(60));
        assert_eq!(chosen_name(&long, Some(&longer), "seq"), format!("{}_{}_seq", "t".repeat(29), "c".repeat(29)));
        assert_eq!(chosen_name("orders", Some(&longer), "seq"), format!("orders_{}_seq", "c".repeat(52)));
        let accents = "é".repeat(30);
        assert_eq!(chosen_name("orders", Some(&accents), "seq"), format!("orders_{}_seq", "é".repeat(26)));
    }

    #[test]
    fn an_index_is_called_after_its_table_and_columns() {
        assert_eq!(chosen_index_name("orders", &["a", "b"], IndexLabel::PrimaryKey), "orders_pkey");
        assert_eq!(chosen_index_name("orders", &["a", "b"], IndexLabel::Unique), "orders_a_b_key");
        assert_eq!(chosen_index_name("orders", &["lower", "lower"], IndexLabel::Index), "orders_lower_lower1_idx");
        assert_eq!(chosen_index_name("orders", &["a", "a1", "a"], IndexLabel::Exclusion), "orders_a_a1_a2_excl");
    }
}
