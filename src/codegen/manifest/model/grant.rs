//! Privileges.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// How the privileges of one role on one object differ from those that a new
/// object of the same owner has (`acldefault`). Where nothing differs, nothing is
/// listed: it makes no difference whether the owner's own rights are spelled out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The role that has the privileges; `public` for PUBLIC.
    pub role: String,
    /// Who granted them, where that is not the owner.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grantor: Option<String>,
    /// In lower case, sorted: `insert`, `select`, `usage`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub privileges: Vec<String>,
    /// Those WITH GRANT OPTION; they are not listed under `privileges` again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grantable: Vec<String>,
    /// What the role would have by default and does not: PUBLIC's EXECUTE on a
    /// function, an owner's own rights.
    #[serde(default, skip_serializing_if = "is_default")]
    pub revoked: Vec<String>,
}

/// ALTER DEFAULT PRIVILEGES: what objects that a role makes later are granted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultPrivilege {
    /// The role whose new objects they are for.
    pub role: String,
    /// Only in this schema; without it, in all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
    pub objects: DefaultPrivilegeObjects,
    /// Against the built-in default; for one schema, against none, for there
    /// privileges are only added.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

/// The sort of object that default privileges are for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DefaultPrivilegeObjects {
    #[default]
    Tables,
    Sequences,
    Functions,
    Types,
    Schemas,
    /// Server 18 and later.
    LargeObjects,
}
