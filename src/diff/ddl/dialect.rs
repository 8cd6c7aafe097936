use crate::codegen::manifest::Manifest;

/// What the server that runs the SQL has that older ones have not. A server
/// that nobody knows is taken for an old one, whose SQL all of them read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dialect {
    major: u32,
}

impl Dialect {
    /// Of the server that a manifest was read from; of the other manifest's,
    /// where this one was read from none: what is made in an empty database.
    pub fn of(actual: &Manifest, expected: &Manifest) -> Self {
        let major = |manifest: &Manifest| -> Option<u32> {
            let version = &manifest.source.as_ref()?.server_version;
            version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
        };
        Self { major: major(actual).or_else(|| major(expected)).unwrap_or_default() }
    }

    /// ALTER COLUMN … SET EXPRESSION.
    pub fn sets_expressions(self) -> bool {
        self.major >= 17
    }

    /// The NOT NULL of a column is a constraint with a name.
    pub fn names_not_null(self) -> bool {
        self.major >= 18
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::Source;

    #[test]
    fn the_server_that_runs_it_decides() {
        let of = |version: &str| Manifest {
            source: Some(Source { server_version: version.to_owned(), profile: None }),
            ..Manifest::default()
        };
        assert!(!Dialect::of(&of("16.14"), &of("18.4")).sets_expressions());
        assert!(Dialect::of(&of("17beta2"), &of("15.1")).sets_expressions());
        assert!(!Dialect::of(&of("17.10"), &of("18.4")).names_not_null());
        assert!(Dialect::of(&Manifest::default(), &of("18.4")).names_not_null());
        assert!(!Dialect::of(&Manifest::default(), &Manifest::default()).sets_expressions());
    }
}
