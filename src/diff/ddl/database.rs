//! What belongs to the database and to no schema: languages, event triggers,
//! transforms, access methods, and the jobs of pg_cron.

use super::text::literal;
use super::{Alter, Statement};
use crate::codegen::manifest::{AccessMethod, CronJob, EventTrigger, Language, Transform, TriggerState};
use crate::codegen::sql::identifier as name;

/// CREATE LANGUAGE.
pub fn create_language(language: &Language) -> Vec<Statement> {
    vec![Statement::new(language_text("CREATE", language))]
}

/// DROP LANGUAGE.
pub fn drop_language(language: &Language) -> Statement {
    Statement::new(format!("DROP LANGUAGE {}", name(&language.name)))
}

/// CREATE OR REPLACE says all of it again.
pub fn alter_language(_from: &Language, to: &Language, _attribute: &str) -> Alter {
    Alter::by(language_text("CREATE OR REPLACE", to))
}

fn language_text(verb: &str, language: &Language) -> String {
    let trusted = if language.trusted { "TRUSTED " } else { "" };
    let mut text = format!("{verb} {trusted}PROCEDURAL LANGUAGE {}", name(&language.name));
    let functions = [("HANDLER", &language.handler), ("INLINE", &language.inline), ("VALIDATOR", &language.validator)];
    for (word, function) in functions {
        if let Some(function) = function {
            text.push_str(&format!(" {word} {function}"));
        }
    }
    text
}

/// CREATE EVENT TRIGGER, and its state where that is not the one it is made in.
pub fn create_event_trigger(trigger: &EventTrigger) -> Vec<Statement> {
    let (own, event) = (name(&trigger.name), name(&trigger.event));
    let tags: Vec<String> = trigger.tags.iter().map(|tag| literal(tag)).collect();
    let tags = if tags.is_empty() { String::new() } else { format!(" WHEN TAG IN ({})", tags.join(", ")) };
    let create = format!("CREATE EVENT TRIGGER {own} ON {event}{tags} EXECUTE FUNCTION {}()", trigger.function);
    let mut statements = vec![Statement::new(create)];
    if trigger.enabled != TriggerState::Origin {
        statements.push(Statement::new(enable(trigger)));
    }
    statements
}

/// DROP EVENT TRIGGER.
pub fn drop_event_trigger(trigger: &EventTrigger) -> Statement {
    Statement::new(format!("DROP EVENT TRIGGER {}", name(&trigger.name)))
}

/// The state in place; all else is for life.
pub fn alter_event_trigger(_from: &EventTrigger, to: &EventTrigger, attribute: &str) -> Alter {
    if attribute == "enabled" { Alter::by(enable(to)) } else { Alter::Recreate }
}

fn enable(trigger: &EventTrigger) -> String {
    let state = match trigger.enabled {
        TriggerState::Origin => "ENABLE",
        TriggerState::Disabled => "DISABLE",
        TriggerState::Replica => "ENABLE REPLICA",
        TriggerState::Always => "ENABLE ALWAYS",
    };
    format!("ALTER EVENT TRIGGER {} {state}", name(&trigger.name))
}

/// CREATE TRANSFORM.
pub fn create_transform(transform: &Transform) -> Vec<Statement> {
    vec![Statement::new(transform_text("CREATE", transform))]
}

/// DROP TRANSFORM.
pub fn drop_transform(transform: &Transform) -> Statement {
    Statement::new(format!("DROP TRANSFORM FOR {} LANGUAGE {}", transform.type_name, name(&transform.language)))
}

/// CREATE OR REPLACE says both functions again.
pub fn alter_transform(_from: &Transform, to: &Transform, _attribute: &str) -> Alter {
    Alter::by(transform_text("CREATE OR REPLACE", to))
}

fn transform_text(verb: &str, transform: &Transform) -> String {
    let functions = [("FROM", &transform.from_sql), ("TO", &transform.to_sql)];
    let functions: Vec<String> = functions
        .iter()
        .filter_map(|(word, function)| Some(format!("{word} SQL WITH FUNCTION {}", function.as_deref()?)))
        .collect();
    let language = name(&transform.language);
    format!("{verb} TRANSFORM FOR {} LANGUAGE {language} ({})", transform.type_name, functions.join(", "))
}

/// CREATE ACCESS METHOD.
pub fn create_access_method(method: &AccessMethod) -> Vec<Statement> {
    let kind = method.kind.to_ascii_uppercase();
    let own = name(&method.name);
    vec![Statement::new(format!("CREATE ACCESS METHOD {own} TYPE {kind} HANDLER {}", method.handler))]
}

/// DROP ACCESS METHOD.
pub fn drop_access_method(method: &AccessMethod) -> Statement {
    Statement::new(format!("DROP ACCESS METHOD {}", name(&method.name)))
}

/// Postgres has no ALTER ACCESS METHOD.
pub fn alter_access_method(_from: &AccessMethod, _to: &AccessMethod, _attribute: &str) -> Alter {
    Alter::Recreate
}

/// `cron.schedule`, or `cron.schedule_in_database` (pg_cron 1.4) where the job
/// says more than a schedule and a command.
///
/// A job without a name becomes one without a name only in its own database and
/// by its own role: `schedule_in_database` wants a name.
pub fn create_cron_job(job: &CronJob) -> Vec<Statement> {
    let (schedule, command) = (literal(&job.schedule), literal(&job.command));
    let Some(own) = &job.name else {
        let mut statements = vec![Statement::new(format!("SELECT cron.schedule({schedule}, {command})"))];
        if job.database.is_some() || job.role.is_some() || job.inactive {
            statements.push(Statement::new(alter_job(job, &[database(job), role(job), active(job)].concat())));
        }
        return statements;
    };
    let own = literal(own);
    if job.database.is_none() && job.role.is_none() && !job.inactive {
        return vec![Statement::new(format!("SELECT cron.schedule({own}, {schedule}, {command})"))];
    }
    let place = job.database.as_deref().map_or("current_database()".to_owned(), literal);
    let further = [role(job), active(job)].concat();
    vec![Statement::new(format!("SELECT cron.schedule_in_database({own}, {schedule}, {command}, {place}{further})"))]
}

/// `cron.unschedule`.
pub fn drop_cron_job(job: &CronJob) -> Statement {
    Statement::new(format!("SELECT cron.unschedule(jobid) FROM cron.job WHERE {}", which(job)))
}

/// `cron.alter_job` (pg_cron 1.4), which leaves the job its number and history.
pub fn alter_cron_job(_from: &CronJob, to: &CronJob, attribute: &str) -> Alter {
    let changed = match attribute {
        "schedule" => format!(", schedule => {}", literal(&to.schedule)),
        "command" => format!(", command => {}", literal(&to.command)),
        "database" => {
            let place = to.database.as_deref().map_or("current_database()".to_owned(), literal);
            format!(", database => {place}")
        }
        "role" => {
            let role = to.role.as_deref().map_or("current_user".to_owned(), literal);
            format!(", username => {role}")
        }
        "inactive" => format!(", active => {}", !to.inactive),
        _ => return Alter::Recreate,
    };
    Alter::by(alter_job(to, &changed))
}

fn alter_job(job: &CronJob, changed: &str) -> String {
    format!("SELECT cron.alter_job(jobid{changed}) FROM cron.job WHERE {}", which(job))
}

/// A job's name is what it is called by, and its command where it has none.
fn which(job: &CronJob) -> String {
    match &job.name {
        Some(own) => format!("jobname = {}", literal(own)),
        None => format!("jobname IS NULL AND command = {}", literal(&job.command)),
    }
}

fn database(job: &CronJob) -> String {
    job.database.as_ref().map(|database| format!(", database => {}", literal(database))).unwrap_or_default()
}

fn role(job: &CronJob) -> String {
    job.role.as_ref().map(|role| format!(", username => {}", literal(role))).unwrap_or_default()
}

fn active(job: &CronJob) -> String {
    if job.inactive { ", active => false".to_owned() } else { String::new() }
}
