//! Types of one's own, as `type_overrides` names them: they have the impls that
//! the features of the including crate ask for, and nothing else.

/// A type that neither std nor Postgres knows.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(transparent))]
#[cfg_attr(feature = "postgres-types", derive(postgres_types::FromSql, postgres_types::ToSql), postgres(transparent))]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
pub struct Word(pub String);

/// Behind a path, with a parameter.
pub mod deep {
    /// What a name says nothing of.
    pub type Same<T> = T;
}
