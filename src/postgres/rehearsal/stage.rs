//! A scratch database that is made to hold what a manifest says.

use std::path::PathBuf;

use super::RehearsalError;
use super::strangers::{self, StandIns};
use crate::codegen::manifest::{Manifest, ObjectId};
use crate::codegen::project::Profile;
use crate::codegen::sql::identifier;
use crate::diff::{Batch, PREAMBLE, Plan, PlanOptions, Step, batches, compare, plan};
use crate::postgres::bootstrap;
use crate::postgres::connect::Session;
use crate::postgres::introspect;
use crate::postgres::scratch::ScratchServer;

/// A database with everything in it that the manifests do not hold themselves.
pub(super) struct Stage {
    session: Session,
    options: introspect::Options,
}

/// A statement that Postgres refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub object: ObjectId,
    pub statement: String,
    /// In Postgres' words.
    pub message: String,
}

impl Refusal {
    pub fn text(&self) -> String {
        let first = self.statement.lines().next().unwrap_or_default();
        format!("{}: {} (`{first}`)", self.object, self.message)
    }
}

/// The role whose schemas the Supabase profile takes for managed.
const MANAGER: &str = "supabase_admin";

impl Stage {
    /// Makes the database: the project's bootstrap, of which only what is left
    /// out stays, then the roles and the tables of others that are still missing.
    pub fn set(server: &ScratchServer, bootstrap: &[PathBuf], manifests: &[&Manifest]) -> Result<Self, RehearsalError> {
        let session = Session::connect(&server.create_database("rehearsal")?)?;
        let profiles = manifests.iter().filter_map(|manifest| manifest.source.as_ref()?.profile.as_deref());
        let profile = profiles.map(profile).find(|profile| *profile != Profile::None).unwrap_or(Profile::None);
        let held = manifests.iter().flat_map(|manifest| &manifest.schemas).map(|schema| schema.name.clone());
        // Whatever is not left out is read, so that nothing stays unseen.
        let options =
            introspect::Options { profile: Some(profile), include: held.collect(), ..introspect::Options::default() };
        let mut stage = Self { session, options };
        bootstrap::apply(&mut stage.session, bootstrap)?;
        let stand_ins = StandIns::of(manifests);
        if !bootstrap.is_empty() {
            stage.clear(&stand_ins)?;
        }
        let mut roles: Vec<String> = manifests.iter().flat_map(|manifest| strangers::roles(manifest)).collect();
        let owner = (profile == Profile::Supabase).then_some(MANAGER);
        roles.extend(owner.map(str::to_owned));
        for role in roles {
            stage.make_role(&role)?;
        }
        for sql in stand_ins.sql(owner) {
            stage.prepare("what others have", &sql)?;
        }
        // What no profile leaves out is left out by name.
        let visible = stage.read()?.schemas.into_iter().map(|schema| schema.name);
        stage.options.exclude = visible.filter(|name| stand_ins.schemas.contains(name)).collect();
        Ok(stage)
    }

    /// Drops every schema that would be read, so that what a bootstrap makes of
    /// the project's own does not stand in the way of what the manifest says.
    fn clear(&mut self, stand_ins: &StandIns) -> Result<(), RehearsalError> {
        let schemas = self.read()?.schemas;
        for schema in schemas.iter().filter(|schema| !stand_ins.schemas.contains(&schema.name)) {
            let mut sql = format!("DROP SCHEMA {} CASCADE", identifier(&schema.name));
            if schema.name == "public" {
                // As initdb makes it.
                sql.push_str(
                    "; CREATE SCHEMA public AUTHORIZATION pg_database_owner; \
                     GRANT USAGE ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'standard public schema'",
                );
            }
            self.prepare("the bootstrap's own schemas", &sql)?;
        }
        Ok(())
    }

    fn make_role(&mut self, role: &str) -> Result<(), RehearsalError> {
        let known = "SELECT FROM pg_catalog.pg_roles WHERE rolname = $1";
        let found = self.session.run(async |client| {
            client.query_typed(known, &[(&role, tokio_postgres::types::Type::TEXT)]).await.map(|rows| !rows.is_empty())
        });
        match found {
            Ok(true) => Ok(()),
            Ok(false) => self.prepare("roles", &format!("CREATE ROLE {}", identifier(role))),
            Err(error) => Err(RehearsalError::Prepare { what: "roles".to_owned(), message: words(&error) }),
        }
    }

    fn prepare(&mut self, what: &str, sql: &str) -> Result<(), RehearsalError> {
        self.execute(sql).map_err(|message| RehearsalError::Prepare { what: what.to_owned(), message })
    }

    fn execute(&mut self, sql: &str) -> Result<(), String> {
        self.session.run(async |client| client.batch_execute(sql).await).map_err(|error| words(&error))
    }

    /// What the database holds.
    pub fn read(&mut self) -> Result<Manifest, RehearsalError> {
        let options = self.options.clone();
        Ok(self.session.run(async |client| introspect::introspect(client, &options).await)?)
    }

    /// Makes the database hold what a manifest says, as far as it can: what
    /// Postgres refuses is told, and what can be without it is there.
    pub fn hold(&mut self, wanted: &Manifest) -> Result<Vec<Refusal>, RehearsalError> {
        let there = self.read()?;
        let changes = compare(wanted, &there).changes;
        let options = PlanOptions { allow_destructive: true, concurrently: false };
        let plan = plan(&there, wanted, &changes, options);
        let mut refused: Vec<Refusal> = plan
            .impossible
            .iter()
            .map(|impossible| Refusal {
                object: impossible.object.clone(),
                statement: impossible.attribute.clone().unwrap_or_default(),
                message: impossible.reason.clone(),
            })
            .collect();
        for batch in batches(&plan) {
            match batch {
                Batch::Alone(step) => refused.extend(self.try_step(step, false)),
                Batch::Together(steps) => {
                    self.prepare("a transaction", &format!("BEGIN;{PREAMBLE}"))?;
                    refused.extend(steps.into_iter().filter_map(|step| self.try_step(step, true)).collect::<Vec<_>>());
                    // What waits for the end is checked here.
                    self.prepare("the end of a transaction", "COMMIT")?;
                }
            }
        }
        Ok(refused)
    }

    /// Runs one statement; inside a transaction the rest goes on without it.
    fn try_step(&mut self, step: &Step, inside: bool) -> Option<Refusal> {
        let sql = match inside {
            true => format!("SAVEPOINT step;{};RELEASE step", step.statement.sql),
            false => step.statement.sql.clone(),
        };
        let message = self.execute(&sql).err()?;
        if inside {
            // It fails where the connection is gone, and then the next statement says so.
            let _ = self.execute("ROLLBACK TO step");
        }
        Some(Refusal { object: step.object.clone(), statement: step.statement.sql.clone(), message })
    }

    /// Applies a plan as psql would apply its script with ON_ERROR_STOP.
    ///
    /// # Errors
    /// Inside: the statement that Postgres refuses.
    pub fn perform(&mut self, plan: &Plan) -> Result<Result<(), Refusal>, RehearsalError> {
        for batch in batches(plan) {
            let steps = match &batch {
                Batch::Alone(step) => std::slice::from_ref(step),
                Batch::Together(steps) => {
                    self.prepare("a transaction", &format!("BEGIN;{PREAMBLE}"))?;
                    steps.as_slice()
                }
            };
            for step in steps {
                if let Err(message) = self.execute(&step.statement.sql) {
                    let (object, statement) = (step.object.clone(), step.statement.sql.clone());
                    return Ok(Err(Refusal { object, statement, message }));
                }
            }
            if let (Batch::Together(steps), Some(last)) = (&batch, steps.last())
                && let Err(message) = self.execute("COMMIT")
            {
                let statement = format!("COMMIT after {} statements", steps.len());
                return Ok(Err(Refusal { object: last.object.clone(), statement, message }));
            }
        }
        Ok(Ok(()))
    }
}

fn profile(name: &str) -> Profile {
    match name {
        "supabase" => Profile::Supabase,
        "neon" => Profile::Neon,
        _ => Profile::None,
    }
}

/// What Postgres says, with its detail.
fn words(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => match error.detail() {
            Some(detail) => format!("{} ({detail})", error.message()),
            None => error.message().to_owned(),
        },
        None => error.to_string(),
    }
}
