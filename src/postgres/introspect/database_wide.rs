//! What belongs to the database and to no schema: languages, transforms,
//! access methods and event triggers.

use super::Error;
use super::grants::{Grants, PG_LANGUAGE};
use super::pipeline::{Answer, Cells, Query};
use super::triggers::state;
use crate::codegen::manifest::{AccessMethod, EventTrigger, Language, Transform};

pub(super) const LANGUAGES: Query = Query { what: "languages", sql: include_str!("sql/languages.sql") };
pub(super) const TRANSFORMS: Query = Query { what: "transforms", sql: include_str!("sql/transforms.sql") };
pub(super) const ACCESS_METHODS: Query = Query { what: "access methods", sql: include_str!("sql/access_methods.sql") };
pub(super) const EVENT_TRIGGERS: Query = Query { what: "event triggers", sql: include_str!("sql/event_triggers.sql") };

pub(super) fn languages(answer: &Answer, grants: &mut Grants) -> Result<Vec<Language>, Error> {
    let language = |mut cells: Cells<'_>| {
        let oid: u32 = cells.take()?;
        Ok(Language {
            name: cells.take()?,
            trusted: cells.take()?,
            handler: cells.take()?,
            inline: cells.take()?,
            validator: cells.take()?,
            comment: cells.take()?,
            grants: grants.take(PG_LANGUAGE, oid, 0),
        })
    };
    answer.cells().map(language).collect()
}

pub(super) fn transforms(answer: &Answer) -> Result<Vec<Transform>, Error> {
    let transform = |mut cells: Cells<'_>| {
        Ok(Transform {
            type_name: cells.take()?,
            language: cells.take()?,
            from_sql: cells.take()?,
            to_sql: cells.take()?,
            comment: cells.take()?,
        })
    };
    answer.cells().map(transform).collect()
}

pub(super) fn access_methods(answer: &Answer) -> Result<Vec<AccessMethod>, Error> {
    let method = |mut cells: Cells<'_>| {
        Ok(AccessMethod {
            name: cells.take()?,
            kind: if cells.code()? == 't' { "table" } else { "index" }.to_owned(),
            handler: cells.take()?,
            comment: cells.take()?,
        })
    };
    answer.cells().map(method).collect()
}

pub(super) fn event_triggers(answer: &Answer) -> Result<Vec<EventTrigger>, Error> {
    let trigger = |mut cells: Cells<'_>| {
        Ok(EventTrigger {
            name: cells.take()?,
            event: cells.take()?,
            tags: cells.list()?,
            function: cells.take()?,
            enabled: state(cells.code()?),
            comment: cells.take()?,
        })
    };
    answer.cells().map(trigger).collect()
}
