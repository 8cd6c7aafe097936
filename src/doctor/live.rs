//! The checks that need the database.

use std::time::{Duration, Instant};

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::address::{self, Address, Scratch};
use super::check::Check;
use super::{Limits, Subject, applied, extensions, pooler, rights, server};
use crate::codegen::manifest::Manifest;
use crate::postgres::connect::{explain, is_lost, read_again};
use crate::postgres::{ConnectionSettings, Session, introspect};
use crate::tasks::Interrupt;
use crate::tasks::database::{Connection, Stopped};
use crate::workspace::wanted::Target;
use crate::workspace::{Tell, Workspace, database};

/// An open database, whose answers are waited for no longer than they should.
pub(super) struct Live {
    connection: Connection,
    limit: Duration,
    /// How long ago its connection was asked for.
    begun: Instant,
    /// How often its connection was lost and opened again.
    lost: u32,
}

/// Looks at the address, and at the database where it can be opened.
pub(super) fn look(
    workspace: &Workspace,
    subject: &Subject,
    target: Target<'_>,
    scratch: &Scratch,
    limits: &Limits,
    tell: &mut dyn Tell,
) -> Vec<Check> {
    let (mut checks, address) = address::look(workspace, subject, target, scratch);
    let begun = Instant::now();
    let opened = match address {
        Address::None => {
            let fix = "set the URL, or look at a scratch server with --scratch";
            checks.push(Check::not_made(
                "server",
                "there is no database to open, and nothing of one was looked at",
                fix,
            ));
            return checks;
        }
        Address::Scratch => {
            let default = Default::default();
            let settings = subject.settings.as_ref().unwrap_or(&default);
            let target = Target { scratch: true, url: None };
            let opened = database::open_for_tasks(workspace, target, &subject.places.layout, settings, tell);
            opened.map_err(|error| Check::bad("server", error.to_string(), "mend what is named; the message says how"))
        }
        Address::Database { url, mut settings } => {
            // A URL may ask to wait for ever.
            settings.connect_timeout =
                Some(settings.connect_timeout.map_or(limits.connect, |set| set.min(limits.connect)));
            let opened = Session::connect_telling(&settings, &mut |line| tell.note(line));
            opened.map(|session| Connection::to_database(session, url)).map_err(|error| {
                let fix = "do what the message says; nothing else was asked of the database";
                Check::bad("server", error.to_string(), fix).redacted(&settings)
            })
        }
    };
    match opened {
        Ok(connection) => {
            let settings = connection.settings().clone();
            let mut live = Live { connection, limit: limits.statement, begun, lost: 0 };
            checks.extend(ask(subject, &mut live).into_iter().map(|check| check.redacted(&settings)));
        }
        Err(check) => checks.extend([check, rest()]),
    }
    checks
}

/// What stands for all the checks that a server would have had to answer.
fn rest() -> Check {
    let names = "clock, pooler, catalog, writes, timeouts, rights, extensions, migrations applied, lock of the ledger";
    Check::not_made(
        "database",
        format!("the server did not answer, and was not asked for {names}"),
        "mend the line above",
    )
}

fn ask(subject: &Subject, live: &mut Live) -> Vec<Check> {
    let facts = match server::facts(live) {
        Ok(facts) => facts,
        Err(why) => return vec![Check::not_made("server", why, "try again"), rest()],
    };
    let mut checks = vec![server::version(&facts), server::clock(&facts)];
    checks.push(pooler::look(live, &facts, &subject.migrations));
    let (catalog, manifest) = catalog(subject, live);
    checks.push(catalog);
    let (ledger, pending) = applied::look(live, subject);
    checks.push(server::writes(&facts, pending));
    checks.push(server::timeouts(&facts, pending));
    checks.extend(rights::look(live, &facts, manifest.as_ref(), pending));
    checks.push(extensions::look(live, subject));
    checks.push(ledger);
    checks.push(applied::lock(live));
    if live.lost > 0 {
        checks.push(Check::warning(
            "connection",
            format!("lost while the server was asked, and opened again ({}x)", live.lost),
            "look at what stands between: a migration whose connection is lost is not sent again",
        ));
    }
    checks
}

/// Whether the catalog can be read, by reading it.
fn catalog(subject: &Subject, live: &mut Live) -> (Check, Option<Manifest>) {
    let name = "catalog";
    let options = subject.settings.as_ref().map(crate::tasks::action::options).unwrap_or_default();
    let read = live.read(
        |session| session.run(async |client| introspect::introspect(client, &options).await),
        introspect::Error::is_lost,
    );
    let why = match read {
        Ok(Ok(manifest)) => {
            let mut note = format!("read: {}", crate::tasks::action::introspect::Counts::of(&manifest));
            if !manifest.left_out.is_empty() {
                let names: Vec<&str> = manifest.left_out.iter().map(|left_out| left_out.schema.as_str()).collect();
                note.push_str(&format!("; left out: {}", names.join(", ")));
            }
            return (Check::good(name, note), Some(manifest));
        }
        Ok(Err(error)) => error.to_string(),
        Err(why) => why,
    };
    let fix = "the message says what stands in the way; introspect and drift would fail as well";
    (Check::bad(name, why, fix), None)
}

impl Live {
    pub(super) fn settings(&self) -> &ConnectionSettings {
        self.connection.settings()
    }

    pub(super) fn is_scratch(&self) -> bool {
        self.connection.is_scratch
    }

    pub(super) fn since(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    /// Does work on the session, which the server is told to end where it
    /// takes too long.
    pub(super) fn work<T>(&mut self, work: impl FnOnce(&mut Session) -> T) -> Result<T, String> {
        let limit = self.limit;
        match self.connection.with_limit(Some(limit), &Interrupt::default(), work) {
            Ok((_, Some(Stopped::TimedOut | Stopped::Interrupted))) => {
                Err(format!("the server did not answer within {} s", limit.as_secs()))
            }
            Ok((outcome, None)) => Ok(outcome),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Does work that only reads, and again over a new connection where the
    /// connection was lost in the middle, as `is_lost` says.
    pub(super) fn read<T, E>(
        &mut self,
        work: impl Fn(&mut Session) -> Result<T, E>,
        is_lost: impl Fn(&E) -> bool,
    ) -> Result<Result<T, E>, String> {
        // What the work failed with, or why it could not be done to its end.
        let read = |live: &mut Live| live.work(&work).map_err(Err)?.map_err(Ok);
        let reopen = |live: &mut Live, error| {
            // Where none is to be had any more, the loss says more.
            if live.connection.reopen().is_err() {
                return Err(error);
            }
            live.lost += 1;
            Ok(())
        };
        let is_lost = |error: &Result<E, String>| error.as_ref().is_ok_and(&is_lost);
        match read_again(self, read, is_lost, reopen) {
            Ok(read) => Ok(Ok(read)),
            Err(Ok(error)) => Ok(Err(error)),
            Err(Err(why)) => Err(why),
        }
    }

    /// Asks for rows. A server that does not answer at all is waited for no
    /// longer than one that is slow.
    pub(super) fn rows(
        &mut self,
        doing: &str,
        sql: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, String> {
        let limit = self.limit;
        let ask = |session: &mut Session| {
            let answer =
                session.run(async |client| tokio::time::timeout(limit, ask_for(client, sql, parameters)).await);
            // None: there was no answer, and it would not come a second time either.
            answer.map_err(|_| None).and_then(|answer| answer.map_err(Some))
        };
        self.read(ask, |error| error.as_ref().is_some_and(is_lost))?.map_err(|error| match error {
            Some(error) => explain(self.settings(), doing, &error),
            None => format!("cannot {doing}: the server did not answer within {} s", limit.as_secs()),
        })
    }

    /// The one column of each row, as text.
    pub(super) fn texts(
        &mut self,
        doing: &str,
        sql: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<String>, String> {
        let rows = self.rows(doing, sql, parameters)?;
        rows.iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()
            .map_err(|error| format!("cannot {doing}: {error}"))
    }
}

async fn ask_for(
    client: &Client,
    sql: &str,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    client.query_typed(sql, parameters).await
}
