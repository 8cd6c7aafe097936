//! What the template lays out: enums and types with everything decided.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::codegen::catalog::Catalog;
use crate::codegen::loss::{self, Finding};
use crate::codegen::target::amplify::directives::Directive;
use crate::codegen::target::amplify::indexes::{self, ModelIndex};
use crate::codegen::target::amplify::names::{self, TypeNames, Wanted};
use crate::codegen::target::amplify::objects::{self, Object};
use crate::codegen::target::amplify::operations::{self, QueryNames, WantedIndex};
use crate::codegen::target::amplify::options::AmplifyOptions;
use crate::codegen::target::amplify::relations::{self, Link};
use crate::codegen::target::amplify::type_map::{Base, bad_label, path};
use crate::codegen::target::amplify::{auth, columns, constraints, findings, relation_fields, sizes};
use crate::codegen::target::{CastError, Input};

/// The whole file.
#[derive(Debug)]
pub struct View {
    pub enums: Vec<EnumType>,
    pub types: Vec<ObjectType>,
}

/// An enum.
#[derive(Debug)]
pub struct EnumType {
    pub name: String,
    pub description: Option<String>,
    pub values: Vec<String>,
}

/// A model, or a plain type, which has no directives.
#[derive(Debug)]
pub struct ObjectType {
    /// The table's or view's: `schema.name`.
    pub path: String,
    /// The paths of its columns, whose fields come first, in the same order.
    pub columns: Vec<String>,
    pub name: String,
    pub description: Option<String>,
    pub directives: Vec<Directive>,
    pub fields: Vec<Field>,
}

/// A field: a column, or one side of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub description: Option<String>,
    pub type_ref: TypeRef,
    pub directives: Vec<Directive>,
}

impl Field {
    /// Whether it is one side of a relation, and no column.
    pub fn is_relation(&self) -> bool {
        self.directives.iter().any(|directive| {
            matches!(
                directive,
                Directive::BelongsTo { .. }
                    | Directive::HasMany { .. }
                    | Directive::HasOne { .. }
                    | Directive::Connection { .. }
            )
        })
    }
}

/// A type where it is used, written `ID!` or `[String]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRef {
    /// The scalar, enum, type or input, without what is around it.
    pub name: String,
    pub list: bool,
    pub required: bool,
}

impl TypeRef {
    /// The type alone, nullable.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), list: false, required: false }
    }

    /// A nullable list of it.
    pub fn list_of(name: impl Into<String>) -> Self {
        Self { list: true, ..Self::named(name) }
    }

    /// The same, required or not.
    #[must_use]
    pub fn with_required(self, required: bool) -> Self {
        Self { required, ..self }
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [open, close] = if self.list { ["[", "]"] } else { ["", ""] };
        write!(f, "{open}{}{close}{}", self.name, if self.required { "!" } else { "" })
    }
}

impl ObjectType {
    /// Whether it is a model.
    pub fn is_model(&self) -> bool {
        self.directives.iter().any(|directive| matches!(directive, Directive::Model(_)))
    }
}

/// Everything that the parts of the view are made from.
pub struct Plan<'m> {
    pub catalog: &'m Catalog<'m>,
    pub options: &'m AmplifyOptions,
    /// By path.
    pub objects: Vec<Object<'m>>,
    /// Sorted by child.
    pub links: Vec<Link<'m>>,
    /// The places of the objects that links lead to.
    pub parents: BTreeSet<usize>,
    /// By the object's place.
    pub indexes: Vec<Vec<ModelIndex<'m>>>,
    pub names: TypeNames,
    /// By the object's place: its columns' fields.
    pub fields: Vec<BTreeMap<String, String>>,
    pub queries: QueryNames,
}

/// The document that the decisions make, and what is lost with it; `findings`
/// has those of the plan.
///
/// # Errors
/// Where project.yaml names what is not there.
pub fn view(plan: &Plan<'_>, mut findings: Vec<Finding>) -> Result<(View, Vec<Finding>), CastError> {
    let enums = enums(plan, &mut findings);
    let mut types = Vec::new();
    let relation_fields = relation_fields::relation_fields(plan);
    for ((at, object), relation_fields) in plan.objects.iter().enumerate().zip(relation_fields) {
        let mut fields = columns::columns(plan, at, &mut findings);
        fields.extend(relation_fields);
        types.push(ObjectType {
            path: object.path.clone(),
            columns: object.columns.iter().map(|column| object.member(&column.name)).collect(),
            name: plan.names.objects[&object.path].clone(),
            description: description(object),
            directives: columns::type_directives(plan, at, &mut findings)?,
            fields,
        });
    }
    let view = View { enums, types };
    constraints::constraints(plan, &mut findings);
    sizes::sizes(plan, &view, &mut findings);
    loss::sort(&mut findings);
    Ok((view, findings))
}

/// Every decision that the view is made from.
///
/// # Errors
/// Where no table can be a model, and where project.yaml names what is not
/// there.
pub fn plan<'m>(input: &Input<'m>, findings: &mut Vec<Finding>) -> Result<Plan<'m>, CastError> {
    let (catalog, options) = (input.catalog, &input.project.amplify);
    let mut objects = objects::objects(catalog, options, findings)?;
    if !objects.iter().any(Object::is_model) {
        return Err(no_model(findings));
    }
    let links = relations::links(catalog, &mut objects, options.strategy, findings);
    let mut indexes: Vec<Vec<ModelIndex<'m>>> = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        indexes.push(indexes::indexes(object, relations::of_child(&links, at), options.strategy, findings));
    }
    let names = type_names(catalog, &objects);
    let fields: Vec<BTreeMap<String, String>> = objects.iter().map(|object| columns::field_names(object)).collect();
    for (fields, indexes) in fields.iter().zip(&mut indexes) {
        columns::drop_clashing_indexes(fields, indexes, findings);
    }
    let queries = query_names(&objects, &names, &fields, &indexes);
    let parents = links.iter().map(|link| link.parent).collect();
    Ok(Plan { catalog, options, objects, links, parents, indexes, names, fields, queries })
}

/// Why there is nothing to make an API of, and what would help.
fn no_model(findings: &mut Vec<Finding>) -> CastError {
    loss::sort(findings);
    let why = if findings.is_empty() {
        "the manifest has no table".to_owned()
    } else {
        let reasons: Vec<String> =
            findings.iter().take(3).map(|finding| format!("{}: {}", finding.path, finding.reason)).collect();
        let more = if findings.len() > 3 { format!(", and {} more", findings.len() - 3) } else { String::new() };
        format!("{}{more}", reasons.join("; "))
    };
    let reason = format!(
        "an Amplify API needs a model, and no table can be one ({why}); give a table a primary key, or declare one under `amplify.tables.<schema.table>.key` in project.yaml"
    );
    CastError::impossible(&findings::NO_MODEL, reason)
}

fn type_names(catalog: &Catalog<'_>, objects: &[Object<'_>]) -> TypeNames {
    let mut wanted: Vec<Wanted<'_>> = objects
        .iter()
        .map(|object| Wanted { path: &object.path, schema: object.schema, name: object.name, is_enum: false })
        .collect();
    let enums: Vec<(String, &str, &str)> = catalog
        .manifest
        .schemas
        .iter()
        .flat_map(|schema| schema.enums.iter().map(move |item| (schema, item)))
        .filter(|(_, item)| bad_label(item).is_none())
        .map(|(schema, item)| (path(&schema.name, &item.name), schema.name.as_str(), item.name.as_str()))
        .collect();
    wanted.extend(enums.iter().map(|(path, schema, name)| Wanted { path, schema, name, is_enum: true }));
    names::type_names(&wanted)
}

fn query_names(
    objects: &[Object<'_>],
    names: &TypeNames,
    fields: &[BTreeMap<String, String>],
    indexes: &[Vec<ModelIndex<'_>>],
) -> QueryNames {
    let models: Vec<&str> =
        objects.iter().filter(|object| object.is_model()).map(|object| names.objects[&object.path].as_str()).collect();
    let mut wanted = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        for index in &indexes[at] {
            wanted.push(WantedIndex {
                identity: &index.path,
                name: &index.name,
                model: &names.objects[&object.path],
                fields: index.columns.iter().map(|column| fields[at][*column].as_str()).collect(),
            });
        }
    }
    operations::query_names(&models, &wanted)
}

/// One for each enum of the manifest whose labels are names.
fn enums(plan: &Plan<'_>, findings: &mut Vec<Finding>) -> Vec<EnumType> {
    let mut enums = Vec::new();
    let mut seen = BTreeSet::new();
    for schema in &plan.catalog.manifest.schemas {
        for item in &schema.enums {
            let path = path(&schema.name, &item.name);
            if !seen.insert(path.clone()) {
                continue;
            }
            match bad_label(item) {
                Some("") if item.labels.is_empty() => {
                    findings.push(Finding::new(&findings::ENUM_AS_STRING, path, "it has no labels"));
                }
                Some(label) => {
                    let why = format!("`{label}` is no GraphQL name, or stands there twice");
                    findings.push(Finding::new(&findings::ENUM_AS_STRING, path, why));
                }
                None => enums.push(EnumType {
                    name: plan.names.enums[&path].clone(),
                    description: text(item.comment.as_deref()),
                    values: item.labels.clone(),
                }),
            }
        }
    }
    enums
}

/// A type's comment, and its row policies as a proposal.
fn description(object: &Object<'_>) -> Option<String> {
    let policies = auth::row_security(object);
    let comment = object.comment.unwrap_or_default().trim();
    let both = if comment.is_empty() || policies.is_empty() { "" } else { "\n\n" };
    text(Some(&format!("{comment}{both}{policies}")))
}

/// A description, where there is something to say.
pub fn text(comment: Option<&str>) -> Option<String> {
    comment.map(str::trim).filter(|comment| !comment.is_empty()).map(str::to_owned)
}

/// A field's type.
pub fn type_ref(plan: &Plan<'_>, base: &Base, list: bool, required: bool) -> TypeRef {
    let name = match base {
        Base::Enum(path) => plan.names.enums[path].as_str(),
        scalar => scalar.scalar().unwrap_or("String"),
    };
    TypeRef { name: name.to_owned(), list, required }
}
