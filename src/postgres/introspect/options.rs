use std::time::Duration;

use crate::codegen::project::Profile;

/// What to read, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whose managed schemas are left out; without it, what the database
    /// looks like.
    pub profile: Option<Profile>,
    /// Schemas to read although a profile or an extension leaves them out. A
    /// name that the database does not have is passed over.
    pub include: Vec<String>,
    /// Schemas to leave out although nothing else does; it overrules `include`.
    pub exclude: Vec<String>,
    /// How many connections read at most, the first included; without it, one
    /// for a small catalog and a few for a big one.
    pub jobs: Option<u16>,
    /// How long one query may take. Zero: as long as it takes.
    pub statement_timeout: Duration,
    /// How long to wait for a table that another session holds locked (the
    /// server locks a view's tables while it prints the view). Zero: for ever.
    pub lock_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: None,
            include: Vec::new(),
            exclude: Vec::new(),
            jobs: None,
            statement_timeout: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(10),
        }
    }
}

impl Options {
    /// Opens the transaction. Every setting is LOCAL, for behind a pooler a
    /// plain SET would stay with the next client.
    ///
    /// Four of them spare time: no compiling of queries that run once, no start
    /// of workers, and only hash joins, for the planner's knowledge of the
    /// catalogs is as old as the last ANALYZE (a scratch server never has one),
    /// so that it takes them for empty and looks up thousands of rows one by
    /// one. The others are the settings that the server's printing of
    /// definitions depends on: a literal prints in the session's date style,
    /// interval style and time zone.
    pub(super) fn begin(&self) -> String {
        format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
             SET LOCAL search_path = '';
             SET LOCAL statement_timeout = {};
             SET LOCAL lock_timeout = {};
             SET LOCAL jit = off;
             SET LOCAL max_parallel_workers_per_gather = 0;
             SET LOCAL enable_nestloop = off;
             SET LOCAL enable_mergejoin = off;
             SET LOCAL quote_all_identifiers = off;
             SET LOCAL standard_conforming_strings = on;
             SET LOCAL datestyle = 'ISO, MDY';
             SET LOCAL intervalstyle = 'postgres';
             SET LOCAL timezone = 'UTC';
             SET LOCAL extra_float_digits = 1;
             SET LOCAL bytea_output = 'hex';
             SET LOCAL lc_monetary = 'C'",
            milliseconds(self.statement_timeout),
            milliseconds(self.lock_timeout),
        )
    }
}

/// The server's unit, of which it takes as many as fit 31 bits. What is less
/// than one is one, for zero means no limit.
fn milliseconds(duration: Duration) -> i32 {
    if duration.is_zero() { 0 } else { i32::try_from(duration.as_millis()).unwrap_or(i32::MAX).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_never_turned_into_none() {
        assert_eq!(milliseconds(Duration::ZERO), 0);
        assert_eq!(milliseconds(Duration::from_micros(3)), 1);
        assert_eq!(milliseconds(Duration::from_secs(60)), 60_000);
        assert_eq!(milliseconds(Duration::MAX), i32::MAX);
    }
}
