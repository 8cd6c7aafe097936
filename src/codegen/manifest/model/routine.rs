use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Grant, is_default};

/// A function, procedure, aggregate or window function.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Routine {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: RoutineKind,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// In order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub arguments: Vec<Argument>,
    /// An ordered-set aggregate: how many arguments stand before ORDER BY.
    #[serde(default, skip_serializing_if = "is_default")]
    pub direct_arguments: Option<i16>,
    /// As the server prints it: `integer`, `SETOF crm.contacts`,
    /// `TABLE(id uuid, n bigint)`. A procedure has none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub returns: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub language: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub volatility: Volatility,
    /// STRICT: a null argument gives null.
    #[serde(default, skip_serializing_if = "is_default")]
    pub strict: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub security_definer: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub leakproof: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub parallel: Parallel,
    /// Left out where it is the default: 1 for C and internal, else 100.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cost: Option<f32>,
    /// Left out where it is the default: 1000 for a set, else 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rows: Option<f32>,
    /// The planner's support function.
    #[serde(default, skip_serializing_if = "is_default")]
    pub support: Option<String>,
    /// SET clauses as `name=value`, in the server's order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub settings: Vec<String>,
    /// TRANSFORM FOR TYPE, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transforms: Vec<String>,
    /// The library of a C function; its symbol is the body.
    #[serde(default, skip_serializing_if = "is_default")]
    pub library: Option<String>,
    /// The text between the quotes of AS.
    #[serde(default, skip_serializing_if = "is_default")]
    pub body: Option<String>,
    /// An SQL-standard body (BEGIN ATOMIC … END, or RETURN …).
    #[serde(default, skip_serializing_if = "is_default")]
    pub sql_body: Option<String>,
    /// What CREATE AGGREGATE takes between its parentheses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub definition: Option<String>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

impl Routine {
    /// `name(type, type)`: the input types tell overloaded routines apart.
    pub fn signature(&self) -> String {
        format!("{}({})", self.name, self.input_types().join(", "))
    }

    /// The types of what a caller passes, in order.
    pub fn input_types(&self) -> Vec<&str> {
        let inputs = self.arguments.iter().filter(|argument| argument.mode.is_input());
        inputs.map(|argument| argument.type_name.as_str()).collect()
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoutineKind {
    #[default]
    Function,
    Procedure,
    Aggregate,
    Window,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: ArgumentMode,
    #[serde(rename = "type")]
    pub type_name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArgumentMode {
    #[default]
    In,
    Out,
    Inout,
    Variadic,
    /// A column of RETURNS TABLE.
    Table,
}

impl ArgumentMode {
    /// Whether a caller passes this argument.
    pub fn is_input(self) -> bool {
        matches!(self, Self::In | Self::Inout | Self::Variadic)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Volatility {
    Immutable,
    Stable,
    #[default]
    Volatile,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Parallel {
    Safe,
    Restricted,
    #[default]
    Unsafe,
}
