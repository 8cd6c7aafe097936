//! What project.yaml says about this target.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The options of this target, `amplify:` in project.yaml.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmplifyOptions {
    /// Where the models' data lives.
    pub strategy: Strategy,
    /// The directives' version. Those of version 1 are for projects that have
    /// not migrated: Amplify's transformer of version 2 refuses them.
    pub directives: Directives,
    /// Who may do what, for every model that has no rules of its own under
    /// `tables`. Amplify refuses every operation of a model without a rule,
    /// so there is always one.
    pub auth: Auth,
    /// Who calls the API where nothing else is said; AMPLIFY_API.graphql has
    /// directives wherever a rule lets others in.
    pub default_authorization: DefaultAuthorization,
    /// What a bigint is that is in no key. A key's bigint is always an ID.
    pub bigint: BigInt,
    /// Adds `@validate(type: maxLength)` to varchar(n) and char(n) columns.
    pub max_length: bool,
    /// Which operations are spelt out in `@model`.
    pub operations: Operations,
    /// Settings for one table or view, by its qualified name (`crm.contacts`).
    pub tables: BTreeMap<String, TableOptions>,
}

/// Where the models' data lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// A DynamoDB table for each model, made by Amplify.
    #[default]
    Dynamodb,
    /// The Postgres database itself, behind Amplify's SQL resolvers.
    Postgres,
}

impl Strategy {
    /// As project.yaml names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dynamodb => "dynamodb",
            Self::Postgres => "postgres",
        }
    }
}

/// Which directives the models carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Directives {
    /// `@primaryKey`, `@index`, `@belongsTo`, `@hasMany`, `@hasOne`, `@default`.
    #[default]
    V2,
    /// `@key` and `@connection`, on DynamoDB alone. There is no
    /// AMPLIFY_API.graphql, which is what version 2 compiles the models to.
    V1,
}

/// The API's default authorization mode, as `authorizationModes` of an Amplify
/// backend names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DefaultAuthorization {
    /// An API key.
    #[default]
    ApiKey,
    /// IAM, by the roles of an identity pool.
    IdentityPool,
    /// A Cognito user pool.
    UserPool,
}

impl DefaultAuthorization {
    /// As project.yaml names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::IdentityPool => "identity_pool",
            Self::UserPool => "user_pool",
        }
    }
}

/// What a bigint outside of keys becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BigInt {
    /// Every value survives.
    #[default]
    String,
    /// A number, exact up to 2^53.
    Float,
}

/// Which operations `@model` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operations {
    /// Those whose default name would collide with another operation's.
    #[default]
    Default,
    /// All of them.
    Explicit,
}

/// Settings for one table or view.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TableOptions {
    /// The model's rules, instead of the target's.
    pub auth: Option<Auth>,
    /// The columns that tell the rows of a view, or of a table without a
    /// primary key, apart. The view or table is then a read-only model.
    pub key: Vec<String>,
}

/// Who may do what: one word, or a list of rules as Amplify writes them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Auth {
    /// `private`, `owner` or `public`.
    One(Allow),
    /// `[{allow: groups, groups: [Admins]}, {allow: owner}]`.
    Rules(Vec<AuthRule>),
}

impl Default for Auth {
    fn default() -> Self {
        Self::One(Allow::Private)
    }
}

impl Auth {
    /// The rules, of which there may be none in an empty list.
    pub fn rules(&self) -> Vec<AuthRule> {
        match self {
            Self::One(allow) => vec![AuthRule { allow: *allow, ..AuthRule::default() }],
            Self::Rules(rules) => rules.clone(),
        }
    }
}

/// Whom a rule lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Allow {
    /// Everyone who is signed in.
    #[default]
    Private,
    /// Whoever created the record.
    Owner,
    /// Everyone who has the API key.
    Public,
    /// The members of `groups`.
    Groups,
}

/// One rule of `@auth`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthRule {
    pub allow: Allow,
    /// The groups of an `allow: groups` rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// The column that holds the owner, of an `allow: owner` rule; without
    /// it, a field `owner` that Amplify adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The operations that the rule allows; without it, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
}

/// What a rule allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    Create,
    Read,
    Update,
    Delete,
}

impl Operation {
    /// As `@auth` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::project::{self, Project};

    #[test]
    fn reads_one_word_and_rules() {
        let text = "{strategy: postgres, auth: owner, tables: {a.b: {auth: [{allow: groups, groups: [G], operations: [read]}]}}}";
        let options: AmplifyOptions = serde_yaml::from_str(text).unwrap();
        assert_eq!(options.strategy, Strategy::Postgres);
        assert_eq!(options.auth, Auth::One(Allow::Owner));
        let rules = options.tables["a.b"].auth.as_ref().unwrap().rules();
        assert_eq!(rules[0].groups, ["G"]);
        assert!(serde_yaml::from_str::<AmplifyOptions>("{strategies: postgres}").is_err());
    }

    #[test]
    fn an_option_can_be_set_beside_a_list_of_rules() {
        let amplify = AmplifyOptions { auth: Auth::Rules(vec![AuthRule::default()]), ..AmplifyOptions::default() };
        let project = Project { amplify, ..Project::default() };
        let project = project::set(&project, "amplify.strategy", "postgres").unwrap();
        assert_eq!(project.amplify.strategy, Strategy::Postgres);
        let project = project::set(&project, "amplify.auth", "[{allow: groups, groups: [G]}]").unwrap();
        assert_eq!(project.amplify.auth.rules()[0].groups, ["G"]);
        let fault = project::set(&project, "amplify.auth", "[{allow: everyone}]").unwrap_err();
        assert!(fault.contains("amplify.auth[0].allow") && fault.contains("everyone"), "{fault}");
    }
}
