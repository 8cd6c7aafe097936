//! The jobs of pg_cron.
//!
//! Its table is there only where the extension is, and a query that names a
//! table that is not there fails. So the first round asks whether it is and
//! whether the role may read it, and the second has a query of the jobs or one
//! that gives nothing: the number of queries is the same.

use super::Error;
use super::pipeline::{Answer, Cells, Query};
use crate::codegen::manifest::{CronJob, Kind, NotVisible};

pub(super) const CRON: Query = Query { what: "pg_cron", sql: include_str!("sql/cron.sql") };
const JOBS: Query = Query { what: "jobs of pg_cron", sql: include_str!("sql/cron_jobs.sql") };
const NO_JOBS: Query = Query { what: "jobs of pg_cron", sql: include_str!("sql/no_cron_jobs.sql") };

/// Whether there are jobs, and what of them the role sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cron {
    Absent,
    Closed,
    /// Row security shows a role its own jobs.
    OwnJobs,
    Open,
}

impl Cron {
    pub fn read(answer: &Answer) -> Result<Self, Error> {
        let Some(mut cells) = answer.cells().next() else { return Ok(Self::Absent) };
        let (readable, own_jobs): (bool, bool) = (cells.take()?, cells.take()?);
        Ok(match (readable, own_jobs) {
            (false, _) => Self::Closed,
            (true, true) => Self::OwnJobs,
            (true, false) => Self::Open,
        })
    }

    pub fn query(self) -> &'static Query {
        match self {
            Self::Absent | Self::Closed => &NO_JOBS,
            Self::OwnJobs | Self::Open => &JOBS,
        }
    }

    /// What the role does not see. `*` stands for all jobs that are not read.
    pub fn not_visible(self) -> Option<NotVisible> {
        let reason = match self {
            Self::Absent | Self::Open => return None,
            Self::Closed => "the role may not read cron.job; grant it USAGE on the schema cron and SELECT on the table",
            Self::OwnJobs => "row security of cron.job shows a role its own jobs only",
        };
        let kind = Kind::CronJob.word().to_owned();
        Some(NotVisible { kind, name: "*".to_owned(), reason: reason.to_owned() })
    }
}

pub(super) fn jobs(answer: &Answer) -> Result<Vec<CronJob>, Error> {
    let job = |mut cells: Cells<'_>| {
        Ok(CronJob {
            name: cells.take()?,
            schedule: cells.take()?,
            command: cells.take()?,
            database: cells.take()?,
            role: cells.take()?,
            inactive: cells.take()?,
        })
    };
    answer.cells().map(job).collect()
}
