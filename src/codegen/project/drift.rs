//! `drift:` in project.yaml: which differences do not count, and why.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::manifest::Kind;

/// The options of `schemacast drift`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DriftOptions {
    /// Differences that do not count. Where several rules match, the last one
    /// decides.
    pub ignore: Vec<IgnoreRule>,
}

/// Differences that do not count, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IgnoreRule {
    /// The objects, as reports name them without their kind: `crm.tmp_*`. `*`
    /// stands for any characters, dots included, and `?` for one. What is in an
    /// ignored object is ignored with it. With `!` in front, what an earlier
    /// rule ignores counts all the same.
    pub path: String,
    /// Only objects of these kinds; without it, of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// Only this attribute of the objects themselves, such as `comment`; a
    /// pattern as `path`. Without it, all of them, and whether they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Why. Every report repeats it.
    pub reason: String,
    /// The last day on which the rule holds; without it, it holds for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// A day, as RFC 3339 writes it: `2027-01-31`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(extend("format" = "date"))]
// In this form the order of the texts is the order of the days.
pub struct Day(String);

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if is_day(&text) { Ok(Self(text)) } else { Err(format!("`{text}` is not a day: write it as 2027-01-31")) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_day(text: &str) -> bool {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if !shape {
        return false;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or_default();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let is_leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::project;

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for day in ["2027-01-31", "2024-02-29", "2000-02-29"] {
            assert!(Day::try_from(day.to_owned()).is_ok(), "{day}");
        }
        for no_day in ["2027-1-31", "2027-02-29", "1900-02-29", "2027-13-01", "2027-00-10", "2027-04-31", "tomorrow"] {
            assert!(Day::try_from(no_day.to_owned()).is_err(), "{no_day}");
        }
        let day = |text: &str| Day::try_from(text.to_owned()).unwrap();
        assert!(day("2026-12-31") < day("2027-01-01"));
    }

    #[test]
    fn rules_are_read_and_their_mistakes_named() {
        let read = |rule: &str| project::read(&format!("drift:\n  ignore:\n  - {rule}\n"));
        let project =
            read("{path: 'crm.tmp_*', kinds: [table, index], reason: made by a job, until: 2027-01-01}").unwrap();
        assert_eq!(project.drift.ignore[0].kinds, [Kind::Table, Kind::Index]);
        for (rule, message) in [
            ("{path: 'a.*'}", "reason"),
            ("{path: 'a.*', reason: x, kinds: [tabel]}", "did you mean `table`?"),
            ("{path: 'a.*', reason: x, until: 2027-02-30}", "is not a day"),
        ] {
            let mistakes = read(rule).unwrap_err();
            assert!(mistakes.iter().any(|mistake| mistake.message.contains(message)), "{rule}: {mistakes:?}");
        }
    }
}
