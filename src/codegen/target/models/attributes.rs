//! The attributes of generated items: what is derived, and under which feature
//! of the including crate.

use super::idents::unraw;
use super::options::{Feature, ModelsOptions};
use super::rust_type::{Cast, RustType, Traits};
use super::sql::{literal, regtype};

/// Writes attributes for the features that the options list.
pub(super) struct Attributes<'o> {
    pub options: &'o ModelsOptions,
}

impl Attributes<'_> {
    /// A row, or the values for one.
    pub fn row(&self, traits: Traits, default: bool, readable: bool) -> Vec<String> {
        let mut attributes = vec![derive("Debug, Clone", traits, default)];
        self.push_data(&mut attributes);
        if readable {
            self.push(&mut attributes, Feature::Sqlx, "derive(sqlx::FromRow)");
        }
        attributes
    }

    /// A field of a row or composite: its true name, and the type whose JSON
    /// Schema stands in. `sqlx` says that the struct derives FromRow.
    pub fn field(&self, ident: &str, name: &str, rust: &RustType, sqlx: bool) -> Vec<String> {
        let mut attributes = Vec::new();
        // A raw identifier's own name is what the derives see.
        let rename = (unraw(ident) != name).then(|| format!("rename = {}", literal(name)));
        if let Some(rename) = &rename {
            self.push(&mut attributes, Feature::Serde, &format!("serde({rename})"));
        }
        self.push_schemars(&mut attributes, rename.as_deref(), rust);
        if let (Some(rename), true) = (&rename, sqlx) {
            self.push(&mut attributes, Feature::Sqlx, &format!("sqlx({rename})"));
        }
        attributes
    }

    /// A field whose absence says "leave it" and whose null says NULL.
    pub fn optional_field(&self, ident: &str, name: &str, rust: &RustType, nullable: bool) -> Vec<String> {
        let mut attributes = self.field(ident, name, rust, false);
        let serde = match nullable {
            true => {
                "serde(default, skip_serializing_if = \"Option::is_none\", \
                 deserialize_with = \"super::super::support::present\")"
            }
            false => "serde(default, skip_serializing_if = \"Option::is_none\")",
        };
        self.push(&mut attributes, Feature::Serde, serde);
        attributes
    }

    /// A newtype id.
    pub fn id(&self, rust: &RustType) -> Vec<String> {
        let mut attributes = vec![derive("Debug, Clone, PartialOrd, Ord", rust.traits, false)];
        self.push_data(&mut attributes);
        self.push(&mut attributes, Feature::Serde, "serde(transparent)");
        self.push(&mut attributes, Feature::Schemars, "schemars(transparent)");
        self.push(&mut attributes, Feature::PostgresTypes, "derive(postgres_types::FromSql, postgres_types::ToSql)");
        self.push(&mut attributes, Feature::PostgresTypes, "postgres(transparent)");
        self.push(&mut attributes, Feature::Sqlx, "derive(sqlx::Type)");
        self.push(&mut attributes, Feature::Sqlx, "sqlx(transparent)");
        attributes
    }

    /// A domain. Where its base type travels as text, the domain does too.
    pub fn domain(&self, name: &str, rust: &RustType) -> Vec<String> {
        let mut attributes = vec![derive("Debug, Clone", rust.traits, false)];
        self.push_data(&mut attributes);
        self.push(&mut attributes, Feature::Serde, "serde(transparent)");
        self.push(&mut attributes, Feature::Schemars, "schemars(transparent)");
        self.push(&mut attributes, Feature::PostgresTypes, "derive(postgres_types::FromSql, postgres_types::ToSql)");
        let kind = match rust.cast {
            // A transparent newtype could be read, but not written: the
            // server says that the parameter is the domain.
            None => format!("postgres(name = {})", literal(name)),
            Some(Cast::Text | Cast::TextArray) => "postgres(transparent)".to_owned(),
        };
        self.push(&mut attributes, Feature::PostgresTypes, &kind);
        if rust.traits.sqlx {
            self.push(&mut attributes, Feature::Sqlx, "derive(sqlx::Type)");
            let array = if rust.traits.sqlx_array { "" } else { ", no_pg_array" };
            self.push(&mut attributes, Feature::Sqlx, &format!("sqlx(transparent{array})"));
        }
        attributes
    }

    /// The one field of a newtype.
    pub fn newtype_field(&self, rust: &RustType) -> Vec<String> {
        let mut attributes = Vec::new();
        self.push_schemars(&mut attributes, None, rust);
        attributes
    }

    /// A composite; `traits` is what its attributes have in common, `None`
    /// where it has no codec.
    pub fn composite(&self, schema: &str, name: &str, derived: Traits, codec: Option<Traits>) -> Vec<String> {
        let mut attributes = vec![derive("Debug, Clone", Traits { copy: false, ..derived }, true)];
        self.push_data(&mut attributes);
        if let Some(traits) = codec {
            self.push(
                &mut attributes,
                Feature::PostgresTypes,
                "derive(postgres_types::FromSql, postgres_types::ToSql)",
            );
            self.push(&mut attributes, Feature::PostgresTypes, &format!("postgres(name = {})", literal(name)));
            if traits.sqlx {
                self.push(&mut attributes, Feature::Sqlx, "derive(sqlx::Type)");
                let type_name = literal(&regtype(schema, name));
                self.push(&mut attributes, Feature::Sqlx, &format!("sqlx(type_name = {type_name})"));
            }
        }
        attributes
    }

    /// An attribute of a composite that has a codec; postgres-types looks it
    /// up by its true name.
    pub fn composite_field(&self, ident: &str, name: &str, rust: &RustType, codec: bool) -> Vec<String> {
        let mut attributes = self.field(ident, name, rust, false);
        if codec && ident != name {
            self.push(&mut attributes, Feature::PostgresTypes, &format!("postgres(name = {})", literal(name)));
        }
        attributes
    }

    /// An enum. One without labels has no value to read or write, and no field
    /// is of its type.
    pub fn enumeration(&self, schema: &str, name: &str, has_labels: bool) -> Vec<String> {
        let mut attributes = vec![derive("Debug, Clone, PartialOrd, Ord", Traits::SMALL, false)];
        if !has_labels {
            return attributes;
        }
        self.push_data(&mut attributes);
        self.push(&mut attributes, Feature::PostgresTypes, "derive(postgres_types::FromSql, postgres_types::ToSql)");
        self.push(&mut attributes, Feature::PostgresTypes, &format!("postgres(name = {})", literal(name)));
        self.push(&mut attributes, Feature::Sqlx, "derive(sqlx::Type)");
        let type_name = literal(&regtype(schema, name));
        self.push(&mut attributes, Feature::Sqlx, &format!("sqlx(type_name = {type_name})"));
        attributes
    }

    /// A variant: its true label, for every derive.
    pub fn variant(&self, label: &str) -> Vec<String> {
        let label = literal(label);
        let mut attributes = Vec::new();
        self.push(&mut attributes, Feature::Serde, &format!("serde(rename = {label})"));
        self.push(&mut attributes, Feature::Schemars, &format!("schemars(rename = {label})"));
        self.push(&mut attributes, Feature::PostgresTypes, &format!("postgres(name = {label})"));
        self.push(&mut attributes, Feature::Sqlx, &format!("sqlx(rename = {label})"));
        attributes
    }

    fn push_data(&self, attributes: &mut Vec<String>) {
        self.push(attributes, Feature::Serde, "derive(serde::Serialize, serde::Deserialize)");
        self.push(attributes, Feature::Schemars, "derive(schemars::JsonSchema)");
    }

    fn push_schemars(&self, attributes: &mut Vec<String>, rename: Option<&str>, rust: &RustType) {
        let with = rust.stand_in().map(|path| format!("with = {}", literal(path)));
        let parts: Vec<&str> = rename.into_iter().chain(with.as_deref()).collect();
        if !parts.is_empty() {
            self.push(attributes, Feature::Schemars, &format!("schemars({})", parts.join(", ")));
        }
    }

    fn push(&self, attributes: &mut Vec<String>, feature: Feature, attribute: &str) {
        if self.options.has(feature) {
            attributes.push(["cfg_attr(feature = \"", feature.name(), "\", ", attribute, ")"].concat());
        }
    }
}

/// The derives of std. PartialEq everywhere, Eq and Hash where every field has
/// them.
fn derive(first: &str, traits: Traits, default: bool) -> String {
    let mut list = vec![first, "PartialEq"];
    list.extend(traits.copy.then_some("Copy"));
    list.extend(traits.eq.then_some("Eq"));
    list.extend((traits.eq && traits.hash).then_some("Hash"));
    list.extend(default.then_some("Default"));
    format!("derive({})", list.join(", "))
}
