//! Who is let in where: the directives by which AppSync knows which kinds of
//! authorization a type or an operation takes.
//!
//! AppSync lets the API's default authorization in wherever nothing is
//! written. So the transformer writes nothing for an operation whose rules are
//! all of the default kind, and all kinds where there are others.

use std::collections::{HashMap, HashSet};

use crate::codegen::target::amplify::api::model::Model;
use crate::codegen::target::amplify::directives::{Directive, Rule};
use crate::codegen::target::amplify::options::{Allow, DefaultAuthorization, Operation};

/// The directives of types and of operations.
#[derive(Debug, Default)]
pub struct Access<'a> {
    /// By model: of its type.
    types: HashMap<&'a str, Providers>,
    /// By model: of the type of its pages.
    connections: HashMap<&'a str, Providers>,
    /// By root type and field.
    operations: HashMap<(Root, &'a str), Providers>,
}

/// A root type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    Query,
    Mutation,
    Subscription,
}

/// Kinds of authorization: a bit for each of [`KINDS`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Providers(u8);

/// All kinds in the order of their directives, and those.
const KINDS: [(DefaultAuthorization, &str); 3] = [
    (DefaultAuthorization::ApiKey, " @aws_api_key"),
    (DefaultAuthorization::IdentityPool, " @aws_iam"),
    (DefaultAuthorization::UserPool, " @aws_cognito_user_pools"),
];

/// What a model's operations need to be allowed.
#[derive(Debug, Clone, Copy)]
enum Need {
    Create,
    Read,
    Update,
    Delete,
}

/// What the transformer writes for these models.
pub fn access<'a>(models: &'a [Model<'_>], default: DefaultAuthorization) -> Access<'a> {
    let mut access = Access::default();
    // The models to whose connections a relation has led already.
    let mut seen = HashSet::new();
    for model in models {
        let all: Providers = model.rules.iter().map(provider).collect();
        access.types.entry(model.name()).or_default().add(written(all, default, false));
        operations(&mut access, model, default);
        // A connection that a relation leads to takes on the directives of
        // that model as well, and from the second relation on the default's.
        for field in &model.object.fields {
            if !field.directives.iter().any(|directive| matches!(directive, Directive::HasMany { .. })) {
                continue;
            }
            let child = field.type_ref.name.as_str();
            let directives = written(all, default, !seen.insert(child));
            access.connections.entry(child).or_default().add(directives);
        }
    }
    access
}

fn operations<'a>(access: &mut Access<'a>, model: &'a Model<'_>, default: DefaultAuthorization) {
    let directives = |need| {
        let providers: Providers = model.rules.iter().filter(|rule| allows(rule, need)).map(provider).collect();
        written(providers, default, false)
    };
    let reading = directives(Need::Read);
    access.types.entry(model.name()).or_default().add(reading);
    access.connections.entry(model.name()).or_default().add(reading);
    let mut on = |root, name: &'a str, directives| access.operations.entry((root, name)).or_default().add(directives);
    on(Root::Query, &model.queries.get, reading);
    on(Root::Query, &model.queries.list, reading);
    for index in &model.indexes {
        on(Root::Query, index.query_field, reading);
    }
    if let Some(names) = &model.subscriptions {
        for name in [&names.create, &names.update, &names.delete] {
            on(Root::Subscription, name, reading);
        }
    }
    if let Some(names) = &model.mutations {
        for (name, need) in
            [(&names.create, Need::Create), (&names.update, Need::Update), (&names.delete, Need::Delete)]
        {
            let directives = directives(need);
            on(Root::Mutation, name, directives);
            access.types.entry(model.name()).or_default().add(directives);
        }
    }
}

/// The kinds that are written down for rules of these kinds.
fn written(providers: Providers, default: DefaultAuthorization, with_default: bool) -> Providers {
    let default: Providers = [default].into_iter().collect();
    let others = Providers(providers.0 & !default.0);
    if others.0 == 0 || !with_default && providers.0 & default.0 == 0 {
        return others;
    }
    Providers(others.0 | default.0)
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

impl Access<'_> {
    /// Who is let in to a model's type; nobody is said for a type that is none.
    pub fn of_type(&self, model: &str) -> Providers {
        self.types.get(model).copied().unwrap_or_default()
    }

    /// Who is let in to the pages of a model.
    pub fn of_connection(&self, model: &str) -> Providers {
        self.connections.get(model).copied().unwrap_or_default()
    }

    /// Who is let in to an operation.
    pub fn of_operation(&self, root: Root, name: &str) -> Providers {
        self.operations.get(&(root, name)).copied().unwrap_or_default()
    }
}

impl Providers {
    fn add(&mut self, others: Providers) {
        self.0 |= others.0;
    }

    /// Writes the directives, each behind a blank.
    pub fn write(self, text: &mut String) {
        for (at, (_, directive)) in KINDS.iter().enumerate() {
            text.push_str(if self.0 & 1 << at == 0 { "" } else { directive });
        }
    }
}

impl FromIterator<DefaultAuthorization> for Providers {
    fn from_iter<I: IntoIterator<Item = DefaultAuthorization>>(kinds: I) -> Self {
        let bit = |kind: DefaultAuthorization| KINDS.iter().position(|(own, _)| *own == kind).map_or(0, |at| 1 << at);
        Self(kinds.into_iter().fold(0, |bits, kind| bits | bit(kind)))
    }
}
