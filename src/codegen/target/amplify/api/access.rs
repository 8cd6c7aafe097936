//! Who is let in where: the directives by which AppSync knows which kinds of
//! authorization a type or an operation takes.
//!
//! AppSync lets the API's default authorization in wherever nothing is
//! written. So the transformer writes nothing for an operation whose rules are
//! all of the default kind, and all kinds where there are others.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::target::amplify::api::model::Model;
use crate::codegen::target::amplify::directives::{Directive, Rule};
use crate::codegen::target::amplify::options::{Allow, DefaultAuthorization, Operation};

/// The directives of types and of operations.
#[derive(Debug, Default)]
pub struct Access {
    types: BTreeMap<String, Providers>,
    /// By root type and field.
    operations: BTreeMap<(Root, String), Providers>,
}

/// A root type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    Query,
    Mutation,
    Subscription,
}

/// Kinds of authorization.
type Providers = BTreeSet<DefaultAuthorization>;

/// What a model's operations need to be allowed.
#[derive(Debug, Clone, Copy)]
enum Need {
    Create,
    Read,
    Update,
    Delete,
}

/// What the transformer writes for these models.
pub fn access(models: &[Model<'_>], default: DefaultAuthorization) -> Access {
    let mut access = Access::default();
    // The connections that a relation has led to already.
    let mut seen: BTreeMap<String, Providers> = BTreeMap::new();
    for model in models {
        let all: Providers = model.rules.iter().map(provider).collect();
        access.on_type(model.name(), &written(&all, default, false));
        operations(&mut access, model, default);
        // A connection that a relation leads to takes on the directives of
        // that model as well, and from the second relation on the default's.
        for field in &model.object.fields {
            if !field.directives.iter().any(|directive| matches!(directive, Directive::HasMany { .. })) {
                continue;
            }
            let connection = format!("Model{}Connection", field.type_ref.name);
            let directives = written(&all, default, seen.contains_key(&connection));
            access.on_type(&connection, &directives);
            seen.entry(connection).or_default().extend(directives);
        }
    }
    access
}

fn operations(access: &mut Access, model: &Model<'_>, default: DefaultAuthorization) {
    let connection = format!("Model{}Connection", model.name());
    let mut on = |root, name: &str, returned: &str, need| {
        let providers: Providers = model.rules.iter().filter(|rule| allows(rule, need)).map(provider).collect();
        let directives = written(&providers, default, false);
        access.on_type(returned, &directives);
        access.operations.entry((root, name.to_owned())).or_default().extend(directives);
    };
    on(Root::Query, &model.queries.get, model.name(), Need::Read);
    on(Root::Query, &model.queries.list, &connection, Need::Read);
    for index in &model.indexes {
        on(Root::Query, index.query_field, &connection, Need::Read);
    }
    if let Some(names) = &model.mutations {
        on(Root::Mutation, &names.create, model.name(), Need::Create);
        on(Root::Mutation, &names.update, model.name(), Need::Update);
        on(Root::Mutation, &names.delete, model.name(), Need::Delete);
    }
    if let Some(names) = &model.subscriptions {
        for name in [&names.create, &names.update, &names.delete] {
            on(Root::Subscription, name, model.name(), Need::Read);
        }
    }
}

/// The kinds that are written down for rules of these kinds.
fn written(providers: &Providers, default: DefaultAuthorization, with_default: bool) -> Providers {
    let others: Providers = providers.iter().copied().filter(|provider| *provider != default).collect();
    if others.is_empty() || !with_default && !providers.contains(&default) {
        return others;
    }
    others.into_iter().chain([default]).collect()
}

fn provider(rule: &Rule) -> DefaultAuthorization {
    match rule.allow {
        Allow::Public => DefaultAuthorization::ApiKey,
        Allow::Private | Allow::Owner | Allow::Groups => DefaultAuthorization::UserPool,
    }
}

fn allows(rule: &Rule, need: Need) -> bool {
    let operation = match need {
        Need::Create => Operation::Create,
        Need::Read => Operation::Read,
        Need::Update => Operation::Update,
        Need::Delete => Operation::Delete,
    };
    rule.operations.is_empty() || rule.operations.contains(&operation)
}

/// Whether a rule lets a user read, and so listen.
pub fn allows_reading(rule: &Rule) -> bool {
    allows(rule, Need::Read)
}

impl Access {
    fn on_type(&mut self, name: &str, directives: &Providers) {
        self.types.entry(name.to_owned()).or_default().extend(directives);
    }

    /// The directives of a type.
    pub fn of_type(&self, name: &str) -> Vec<String> {
        directives(self.types.get(name))
    }

    /// The directives of an operation.
    pub fn of_operation(&self, root: Root, name: &str) -> Vec<String> {
        directives(self.operations.get(&(root, name.to_owned())))
    }
}

fn directives(providers: Option<&Providers>) -> Vec<String> {
    let directive = |provider: &DefaultAuthorization| match provider {
        DefaultAuthorization::ApiKey => "@aws_api_key",
        DefaultAuthorization::IdentityPool => "@aws_iam",
        DefaultAuthorization::UserPool => "@aws_cognito_user_pools",
    };
    providers.into_iter().flatten().map(|provider| directive(provider).to_owned()).collect()
}
