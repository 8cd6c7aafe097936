//! What a rehearsal of the SQL showed.

use schemars::JsonSchema;
use serde::Serialize;

use crate::codegen::manifest::ObjectId;

/// What became of a copy of the actual side to which the SQL was applied. The
/// copy has no rows: that rows do not stand in the way is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verification {
    pub verdict: Proof,
    /// The version of the scratch Postgres that the copy was in; none where
    /// there was nothing to run.
    pub server_version: Option<String>,
    /// What still differs, less what is held back and what no SQL mends.
    pub left: Vec<Remark>,
    /// Objects that the copy could not have, and which the SQL does not touch:
    /// they were left out of the proof.
    pub not_rehearsed: Vec<Remark>,
    /// Why it could not be proved, or at what the SQL failed.
    pub reason: Option<String>,
    /// Statements that did not run, since they lose data.
    pub held_back: usize,
    /// Differences that no SQL of ours mends.
    pub impossible: usize,
}

/// The outcome of a rehearsal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The SQL ran, and nothing is left that it was to mend.
    Converges,
    /// The SQL failed, or something is left.
    Differs,
    /// It could not be found out.
    NotProved,
}

/// Something about one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Remark {
    pub object: ObjectId,
    pub attribute: Option<String>,
    pub message: String,
}

impl Verification {
    /// Nothing was rehearsed, for this reason.
    pub fn not_proved(reason: String) -> Self {
        Self { reason: Some(reason), ..Self::of(Proof::NotProved) }
    }

    /// With nothing to tell.
    pub fn of(verdict: Proof) -> Self {
        Self {
            verdict,
            server_version: None,
            left: Vec::new(),
            not_rehearsed: Vec::new(),
            reason: None,
            held_back: 0,
            impossible: 0,
        }
    }

    /// One line, without the names of what is left.
    pub fn line(&self) -> String {
        let mut line = match self.verdict {
            Proof::Converges => "verified: converges".to_owned(),
            Proof::Differs => match self.left.len() {
                0 => "verified: does not converge".to_owned(),
                1 => "verified: does not converge, 1 difference is left".to_owned(),
                count => format!("verified: does not converge, {count} differences are left"),
            },
            Proof::NotProved => "not verified".to_owned(),
        };
        let but: Vec<String> = [
            (self.held_back, "held back"),
            (self.impossible, "that no SQL mends"),
            (self.not_rehearsed.len(), "that could not be rehearsed"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        if !but.is_empty() {
            line.push_str(&format!(", but for {}", but.join(", ")));
        }
        if let Some(version) = &self.server_version {
            line.push_str(&format!(" (on a scratch Postgres {version}, without rows)"));
        }
        if let Some(reason) = &self.reason {
            line.push_str(&format!(": {reason}"));
        }
        line
    }
}

impl Remark {
    /// `column crm.t.a type: …`.
    pub fn text(&self) -> String {
        let attribute = self.attribute.as_ref().map(|attribute| format!(" {attribute}")).unwrap_or_default();
        format!("{}{attribute}: {}", self.object, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_all_but_the_names() {
        assert_eq!(Verification::of(Proof::Converges).line(), "verified: converges");
        let some = Verification {
            server_version: Some("15.1".to_owned()),
            held_back: 2,
            impossible: 1,
            ..Verification::of(Proof::Converges)
        };
        let said =
            "verified: converges, but for 2 held back, 1 that no SQL mends (on a scratch Postgres 15.1, without rows)";
        assert_eq!(some.line(), said);
        assert_eq!(Verification::not_proved("no npm".to_owned()).line(), "not verified: no npm");
    }
}
