use std::fmt;

/// A condition of Security Rules, put together from tests.
///
/// It is true, or it is false or an error, which both deny. Nothing negates a
/// formula: what SQL negates is translated by what makes it false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    Always,
    Never,
    /// An expression that binds more tightly than `&&`.
    Test(String),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// How many tests stand in a row. The compiler refuses an expression that is
/// 99 levels deep, and each `&&` is a level; groups in parentheses are flat.
const LONGEST_ROW: usize = 24;

impl Formula {
    pub fn test(text: impl Into<String>) -> Formula {
        Formula::Test(text.into())
    }

    /// True where all parts are.
    pub fn all(parts: impl IntoIterator<Item = Formula>) -> Formula {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Formula::Always => {}
                Formula::Never => return Formula::Never,
                Formula::All(inner) => inner.into_iter().for_each(|part| push(&mut kept, part)),
                part => push(&mut kept, part),
            }
        }
        match kept.len() {
            0 => Formula::Always,
            1 => kept.remove(0),
            _ => Formula::All(kept),
        }
    }

    /// True where one part is.
    pub fn any(parts: impl IntoIterator<Item = Formula>) -> Formula {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Formula::Never => {}
                Formula::Always => return Formula::Always,
                Formula::Any(inner) => inner.into_iter().for_each(|part| push(&mut kept, part)),
                part => push(&mut kept, part),
            }
        }
        match kept.len() {
            0 => Formula::Never,
            1 => kept.remove(0),
            _ => Formula::Any(kept),
        }
    }
}

/// Each part once: a policy often says the same for two roles.
fn push(kept: &mut Vec<Formula>, part: Formula) {
    if !kept.contains(&part) {
        kept.push(part);
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Formula::Always => f.write_str("true"),
            Formula::Never => f.write_str("false"),
            Formula::Test(text) => f.write_str(text),
            Formula::All(parts) => row(f, parts, " && "),
            Formula::Any(parts) => row(f, parts, " || "),
        }
    }
}

fn row(f: &mut fmt::Formatter<'_>, parts: &[Formula], operator: &str) -> fmt::Result {
    if parts.len() > LONGEST_ROW {
        let size = parts.len().div_ceil(parts.len().div_ceil(LONGEST_ROW)).max(2);
        for (at, group) in parts.chunks(size).enumerate() {
            f.write_str(if at > 0 { operator } else { "" })?;
            f.write_str("(")?;
            row(f, group, operator)?;
            f.write_str(")")?;
        }
        return Ok(());
    }
    for (at, part) in parts.iter().enumerate() {
        f.write_str(if at > 0 { operator } else { "" })?;
        match part {
            Formula::All(_) | Formula::Any(_) => write!(f, "({part})")?,
            part => write!(f, "{part}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simplifies_without_changing_the_meaning() {
        let a = || Formula::test("a");
        let b = || Formula::test("b");
        assert_eq!(Formula::all([a(), Formula::Always, a(), b()]).to_string(), "a && b");
        assert_eq!(Formula::all([a(), Formula::Never]), Formula::Never);
        assert_eq!(Formula::any([a(), Formula::Never]), a());
        assert_eq!(Formula::any([Formula::all([a(), b()]), b()]).to_string(), "(a && b) || b");
        assert_eq!(Formula::all([]), Formula::Always);
        assert_eq!(Formula::any([]), Formula::Never);
    }

    #[test]
    fn a_long_row_is_not_deep() {
        let text = Formula::all((0..600).map(|n| Formula::test(format!("t{n}")))).to_string();
        let mut depth = 0usize;
        let mut deepest = 0;
        for c in text.chars() {
            depth = if c == '(' { depth + 1 } else { depth - usize::from(c == ')') };
            deepest = deepest.max(depth);
        }
        assert_eq!(deepest, 1);
        assert_eq!(text.matches("&&").count(), 599);
        let groups = text.split(") && (").map(|group| group.matches("&&").count()).max();
        assert!(groups < Some(LONGEST_ROW));
    }
}
