//! The kinds that few databases have. Their queries are sent in one go with
//! those of the common kinds, and their answers go straight into the manifest:
//! nothing joins them with tables or columns.

use super::cron::{self, Cron};
use super::grants::{self, Grants};
use super::pipeline::{Answer, Query};
use super::profile::Scope;
use super::text_search::{self, Answers};
use super::{Error, coverage, database_wide, foreign, left_out, operators, replication};
use crate::codegen::manifest::Manifest;

/// How many queries there are.
pub(super) const COUNT: usize = 27;

/// The queries, of which only the last depends on the database.
pub(super) fn queries(cron: Cron) -> [&'static Query; COUNT] {
    [
        &operators::COLLATIONS,
        &operators::CONVERSIONS,
        &operators::OPERATORS,
        &operators::FAMILIES,
        &operators::CLASSES,
        &operators::MEMBERS,
        &operators::CASTS,
        &text_search::PARSERS,
        &text_search::TEMPLATES,
        &text_search::DICTIONARIES,
        &text_search::CONFIGURATIONS,
        &text_search::MAPPINGS,
        &database_wide::LANGUAGES,
        &database_wide::TRANSFORMS,
        &database_wide::ACCESS_METHODS,
        &database_wide::EVENT_TRIGGERS,
        &foreign::WRAPPERS,
        &foreign::SERVERS,
        &foreign::USER_MAPPINGS,
        &replication::PUBLICATIONS,
        &replication::TABLES,
        &replication::SUBSCRIPTIONS,
        &left_out::TRIGGERS,
        &left_out::POLICIES,
        &coverage::COVERAGE,
        &grants::GRANTS,
        cron.query(),
    ]
}

/// Joins the answers to [`queries`], which come in the same order: what has a
/// schema goes into that, and what has none is in the manifest that is
/// returned, which holds nothing
/// else; with it what is left of the privileges.
pub(super) fn attach(answers: &[Answer; COUNT], cron: Cron, scope: &mut Scope) -> Result<(Manifest, Grants), Error> {
    let [
        collations,
        conversions,
        operators,
        families,
        classes,
        members,
        casts,
        parsers,
        templates,
        dictionaries,
        configurations,
        mappings,
        languages,
        transforms,
        access_methods,
        event_triggers,
        wrappers,
        servers,
        user_mappings,
        publications,
        publication_tables,
        subscriptions,
        triggers,
        policies,
        coverage,
        grant_rows,
        jobs,
    ] = answers;
    let schemas = &mut scope.schemas;
    operators::attach_collations(collations, schemas)?;
    operators::attach_conversions(conversions, schemas)?;
    operators::attach_operators(operators, schemas)?;
    operators::attach_families_and_classes(families, classes, members, schemas)?;
    text_search::attach(&Answers { parsers, templates, dictionaries, configurations, mappings }, schemas)?;
    left_out::attach(triggers, policies, &mut scope.left_out)?;
    let mut grants = Grants::read(grant_rows)?;
    let (servers, mut not_visible) = foreign::servers(servers, user_mappings, &mut grants)?;
    not_visible.extend(cron.not_visible());
    let manifest = Manifest {
        not_visible,
        not_modelled: coverage::read(coverage)?,
        casts: operators::read_casts(casts)?,
        languages: database_wide::languages(languages, &mut grants)?,
        transforms: database_wide::transforms(transforms)?,
        access_methods: database_wide::access_methods(access_methods)?,
        event_triggers: database_wide::event_triggers(event_triggers)?,
        foreign_data_wrappers: foreign::wrappers(wrappers, &mut grants)?,
        servers,
        publications: replication::publications(publications, publication_tables)?,
        subscriptions: replication::subscriptions(subscriptions)?,
        cron_jobs: cron::jobs(jobs)?,
        ..Manifest::default()
    };
    Ok((manifest, grants))
}
