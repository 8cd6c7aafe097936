//! What `models:` in project.yaml decides.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The options of this target, `models:` in project.yaml.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModelsOptions {
    /// The crate whose types dates and times become: `chrono` (the default),
    /// `time` or `jiff`.
    pub dates: Dates,
    /// What `numeric` becomes: `rust_decimal` (the default; wider than its 28
    /// digits: text), `bigdecimal` or `text`.
    pub decimal: DecimalType,
    /// Whether a single-column primary key becomes a newtype (`UserId`) that
    /// the columns referring to it share. True by default.
    pub ids: bool,
    /// The features of the including crate that the models know; all by
    /// default. Nothing is generated for a feature that is not listed.
    pub features: BTreeSet<Feature>,
    /// Rust types of your own choice.
    pub type_overrides: TypeOverrides,
}

impl Default for ModelsOptions {
    fn default() -> Self {
        Self {
            dates: Dates::default(),
            decimal: DecimalType::default(),
            ids: true,
            features: Feature::ALL.into_iter().collect(),
            type_overrides: TypeOverrides::default(),
        }
    }
}

impl ModelsOptions {
    /// Whether anything is generated for the feature. Rows of tokio-postgres
    /// are read by the impls of postgres-types, so the one needs the other.
    pub(super) fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
            || feature == Feature::PostgresTypes && self.features.contains(&Feature::TokioPostgres)
    }
}

/// The crate whose types dates and times become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dates {
    #[default]
    Chrono,
    Time,
    Jiff,
}

/// What `numeric` becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecimalType {
    /// `rust_decimal::Decimal` up to 28 digits; what is wider or free is read
    /// as text.
    #[default]
    RustDecimal,
    /// `bigdecimal::BigDecimal`, in a support type that knows its wire format.
    Bigdecimal,
    /// `String`, by a cast.
    Text,
}

/// A feature of the including crate, by its Cargo name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// `Serialize` and `Deserialize`.
    Serde,
    /// `JsonSchema`.
    Schemars,
    /// `FromSql` and `ToSql`.
    PostgresTypes,
    /// `from_row` of each row; implies `postgres-types`.
    TokioPostgres,
    /// `FromRow` and `Type`.
    Sqlx,
}

impl Feature {
    /// All of them.
    pub const ALL: [Feature; 5] = [Self::Serde, Self::Schemars, Self::PostgresTypes, Self::TokioPostgres, Self::Sqlx];

    /// Its name in the including crate's Cargo.toml.
    pub fn name(self) -> &'static str {
        match self {
            Self::Serde => "serde",
            Self::Schemars => "schemars",
            Self::PostgresTypes => "postgres-types",
            Self::TokioPostgres => "tokio-postgres",
            Self::Sqlx => "sqlx",
        }
    }
}

/// Rust types of the user's choice. A value is a Rust type as it is written
/// (`crate::Email`, `Vec<String>`), or the word `text`: then the value is read
/// and written through `::text` as a `String`. What a type's own crate needs
/// is for the including crate to list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TypeOverrides {
    /// By Postgres type (`timestamptz`, `crm.email`): wherever it is used.
    pub types: BTreeMap<String, String>,
    /// By column, `table.column` or `schema.table.column`, of tables and
    /// views: the whole type, arrays included, but for the `Option` of a
    /// column that may be null.
    pub columns: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_options_and_refuses_a_misspelt_one() {
        let yaml = "dates: jiff\ndecimal: bigdecimal\nids: false\nfeatures: [tokio-postgres]\n";
        let options: ModelsOptions = serde_yaml::from_str(yaml).unwrap();
        assert_eq!((options.dates, options.decimal, options.ids), (Dates::Jiff, DecimalType::Bigdecimal, false));
        assert!(options.has(Feature::PostgresTypes) && !options.has(Feature::Serde));
        assert!(serde_yaml::from_str::<ModelsOptions>("date: jiff").is_err());
    }
}
