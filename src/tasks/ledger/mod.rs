//! Migrations, and the record of them in the database itself.
//!
//! `migration` is a file and what becomes of it, `table` the ledger's tables,
//! `lock` keeps runners apart, `turn` is what every file goes through before
//! its first statement, `transaction` applies a file with its row in one
//! transaction, `outside` one that cannot be, `watch` cancels what must end
//! (`lock_limit` says whether it waits for a lock too long), and `error` says
//! what went wrong and the way out. Here are the two verbs:
//! [`plan`] and [`apply`]; [`recorded`] and [`free`] are for whoever only
//! looks.
//!
//! Architecture Invariant: everything works behind a transaction pooler. A
//! setting is `SET LOCAL`, a lock is the transaction's, and a file with
//! `-- no-transaction` has a lease instead.

mod error;
mod lock;
mod lock_limit;
mod migration;
mod outside;
mod table;
mod transaction;
mod turn;
mod watch;

pub use self::error::Error;
pub use self::migration::{Decision, Ending, Migration, Options, Outcome, Planned};
use crate::postgres::Session;
use crate::postgres::advice::{File, advise};
use crate::postgres::sql_text::Script;

/// The schema that the ledger is in, which the catalog reader leaves out.
pub use crate::postgres::introspect::LEDGER as SCHEMA;

/// Says what [`apply`] would do with each, in the same order, and changes
/// nothing: it reads in a read-only transaction, and where there is no ledger,
/// nothing was applied.
///
/// # Errors
/// The ledger cannot be read, or a table of another kind has its name. What is
/// wrong with a migration is in its decision.
pub fn plan(session: &mut Session, migrations: &[Migration], options: &Options) -> Result<Vec<Planned>, Error> {
    let settings = session.settings().clone();
    let names: Vec<&str> = migrations.iter().map(|migration| migration.name.as_str()).collect();
    let rows =
        read(
            session,
            async |client, is_there| {
                if is_there { table::rows(client, &settings, &names).await } else { Ok(Default::default()) }
            },
        )?;
    let decide = |migration: &Migration| table::decide(migration, rows.get(&migration.name), options);
    Ok(migrations.iter().map(|m| Planned { name: m.name.clone(), decision: decide(m) }).collect())
}

/// The files that the ledger knows whose names begin with `prefix`, by name:
/// what [`plan`] cannot tell of files that are gone. It changes nothing.
///
/// # Errors
/// As [`plan`].
pub fn recorded(session: &mut Session, prefix: &str) -> Result<Vec<String>, Error> {
    let settings = session.settings().clone();
    read(
        session,
        async |client, is_there| {
            if is_there { table::names(client, &settings, prefix).await } else { Ok(Vec::new()) }
        },
    )
}

/// Says whether a migration could be applied now, as far as other runners go.
/// It takes no lock and changes nothing.
///
/// # Errors
/// [`Error::Busy`] where another runner is at work; or the ledger cannot be
/// read.
pub fn free(session: &mut Session) -> Result<(), Error> {
    let settings = session.settings().clone();
    let holder = read(session, async |client, is_there| lock::holder(client, &settings, is_there).await)?;
    holder.map_or(Ok(()), |holder| Err(holder.into()))
}

/// Does what only reads, in a transaction that takes nothing else; it is told
/// whether there is a ledger.
fn read<T>(
    session: &mut Session,
    work: impl AsyncFnOnce(&tokio_postgres::Client, bool) -> Result<T, Error>,
) -> Result<T, Error> {
    let settings = session.settings().clone();
    session.run(async |client| {
        let failed = |error| table::refused(&settings, "read the ledger", &error);
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(failed)?;
        let outcome = match table::shape(client, &settings).await {
            Ok(shape) => work(client, matches!(shape, table::Shape::Complete)).await,
            Err(error) => Err(error),
        };
        let ended = client.batch_execute("ROLLBACK").await.map_err(failed);
        let outcome = outcome?;
        ended.map(|()| outcome)
    })
}

/// Applies migrations in the order given, each whole with its row in the
/// ledger or not at all, and makes the ledger where there is none.
///
/// What was applied before and is unchanged is skipped. Where one of them is
/// refused beforehand (edited, unfinished, with faults), nothing is applied;
/// where one fails, those after it are not reached. There is one outcome for
/// each, in the same order. The session must be in no transaction, and is in
/// none afterwards; where its connection was lost over a COMMIT it is a new
/// one.
pub fn apply(session: &mut Session, migrations: &[Migration], options: &Options) -> Vec<Outcome> {
    let plan = match plan(session, migrations, options) {
        Ok(plan) => plan,
        Err(error) => return failed_first(migrations, error),
    };
    let refused = plan.iter().any(|planned| matches!(planned.decision, Decision::Refuse(_)));
    let pending = plan.iter().any(|planned| matches!(planned.decision, Decision::Apply));
    if pending && !refused {
        let settings = session.settings().clone();
        let made = session.run(async |client| table::ensure(client, &settings).await);
        if let Err(error) = made {
            return failed_first(migrations, error);
        }
    }
    let mut stopped = refused;
    let mut outcomes = Vec::with_capacity(migrations.len());
    for (migration, planned) in migrations.iter().zip(plan) {
        let ending = match planned.decision {
            Decision::Skip { applied_at, applied_by } => Ending::Skipped { applied_at, applied_by },
            Decision::Refuse(error) => Ending::Failed(error),
            Decision::Apply if stopped => Ending::NotReached,
            Decision::Apply => {
                session.take_notices();
                let ending = apply_one(session, migration, options).unwrap_or_else(|error| {
                    Ending::Failed(advised(error, &session.settings().user, migrations, options))
                });
                stopped = matches!(ending, Ending::Failed(_));
                ending
            }
        };
        let mut outcome = Outcome::new(migration, ending);
        outcome.notices = session.take_notices();
        outcomes.push(outcome);
    }
    outcomes
}

fn apply_one(session: &mut Session, migration: &Migration, options: &Options) -> Result<Ending, Error> {
    let script = migration.script.as_ref().map_err(|faults| Error::Faults(faults.clone()))?;
    if options.is_interrupted() {
        return Err(Error::Interrupted { name: migration.name.clone() });
    }
    if script.transaction {
        transaction::apply(session, migration, script, options)
    } else {
        outside::apply(session, migration, script, options)
    }
}

/// The error with what is known about its kind. What a statement lacks, another
/// of these migrations may bring, or another file of the project.
fn advised(mut error: Error, user: &str, migrations: &[Migration], options: &Options) -> Error {
    if let Error::Statement { error, .. } = &mut error {
        let of = |script: &Script| File { path: script.path.clone(), text: script.text.clone() };
        let mut files = options.files.clone();
        let others = migrations.iter().filter_map(|migration| migration.script.as_ref().ok()).map(of);
        files.extend(others.filter(|file| options.files.iter().all(|known| known.path != file.path)));
        advise(error, user, &files);
    }
    error
}

/// The first of them has the failure that is everyone's.
fn failed_first(migrations: &[Migration], error: Error) -> Vec<Outcome> {
    let mut failure = Some(error);
    let ending = |failure: &mut Option<Error>| failure.take().map_or(Ending::NotReached, Ending::Failed);
    migrations.iter().map(|migration| Outcome::new(migration, ending(&mut failure))).collect()
}
