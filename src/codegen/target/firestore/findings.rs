//! What Firestore cannot express: the codes of this target, and the ledger
//! that a cast writes them into.
//!
//! Not reported, because every timestamp column would be: Firestore holds the
//! years 1 to 9999, so `infinity` and years beyond cannot be mirrored.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::codegen::loss::{Code, Finding};

/// A kind of loss: its code, and the word that marks it in the artifact (in a
/// field's `lossy` and as the code of a warning).
#[derive(Debug, PartialEq, Eq)]
pub struct Loss {
    pub code: Code,
    pub slug: &'static str,
}

const fn loss(id: &'static str, slug: &'static str, title: &'static str, way_out: &'static str) -> Loss {
    Loss { code: Code { id, title, way_out }, slug }
}

/// Declares the losses, and the list of their codes from the same text.
macro_rules! losses {
    ($($name:ident = $id:literal $slug:literal $title:literal $way_out:literal;)*) => {
        $(pub static $name: Loss = loss($id, $slug, $title, $way_out);)*
        /// Every code of this target, by number.
        pub static CODES: [&Code; [$($id),*].len()] = [$(&$name.code),*];
        #[cfg(test)]
        pub static SLUGS: [&str; [$($id),*].len()] = [$($slug),*];
    };
}

losses! {
    BIG_INTEGER = "FIR001" "js-precision-2-53"
        "A bigint loses digits in JavaScript above 2^53"
        "Read the field as BigInt, keep its values below 2^53, or make the column text";
    LEXICAL_ORDER = "FIR002" "lexical-order"
        "A value that has its own order becomes a string, which is ordered by its bytes"
        "Sort and compare in Postgres, or use a type that Firestore has (numeric of up to 15 digits is a number)";
    ASSUMED_UTC = "FIR003" "timezone-assumed-utc"
        "A timestamp without time zone becomes an instant, read as UTC"
        "Use timestamptz in Postgres";
    JSON_NOT_A_MAP = "FIR004" "json-not-a-map"
        "A JSON document that is no object, or that holds arrays in arrays, has no place in a map"
        "Keep objects in the column: CHECK (jsonb_typeof(column) = 'object')";
    ARRAY_IN_ARRAY = "FIR005" "array-in-array"
        "Firestore has no arrays in arrays: the inner ones are wrapped in maps {values}"
        "Use a table of its own, or one dimension";
    GEOMETRY_AS_TEXT = "FIR006" "geometry-as-text"
        "A geometry other than a longitude/latitude point becomes text"
        "Keep a geometry(Point,4326) beside it for what Firestore shall place on a map";
    VECTOR_NOT_SEARCHABLE = "FIR007" "vector-not-searchable"
        "A vector without a dimension, above 2048, or in an array cannot be a Firestore vector"
        "Declare a dimension of at most 2048, with a column for each vector";
    UNKNOWN_TYPE = "FIR008" "unknown-type"
        "A type of which nothing is known becomes text"
        "Declare the type in the manifest, or its extension";
    COMPARISON = "FIR009" "comparison"
        "Firestore compares strings by their UTF-8 bytes, without the type's or collation's rules"
        "Mirror a generated column that holds the folded text (lower(…)) and query that";
    NESTED_TOO_DEEP = "FIR010" "nested-too-deep"
        "A type that holds itself, or nests deeper or wider than is described, becomes a map without fields"
        "Flatten the type, or use jsonb";
    TEXT_SEARCH = "FIR011" "text-search"
        "Firestore has no full-text search: the value is text only"
        "Search in Postgres or in a search service";
    FIELD_RENAMED = "FIR020" "field-renamed"
        "A column's name is none that a Firestore field may have"
        "Rename the column";
    COLLECTION_RENAMED = "FIR021" "collection-renamed"
        "A table's name is none that a collection may have"
        "Rename the table, or name the collection in project.yaml: firestore.collections";
    NO_PRIMARY_KEY = "FIR022" "no-primary-key"
        "Without a primary key the document id is automatic, so a changed row cannot find its document"
        "Add a primary key";
    LONG_ID = "FIR023" "id-may-be-too-long"
        "A text key may be longer than the 1,500 bytes of a document id"
        "Limit the column's length: varchar(375) or less always fits";
    INHERITANCE = "FIR024" "inheritance"
        "A query on the parent's collection does not see the rows of tables that inherit from it"
        "Use a partitioned table, or query both collections";
    VIEW = "FIR025" "view-not-cast"
        "A view is not mirrored"
        "Set firestore.views: true in project.yaml";
    UNIQUE = "FIR030" "unique-not-enforced"
        "Firestore has no unique keys but the document id"
        "Write through Postgres only, or make the key the document id";
    CHECK = "FIR031" "check-not-enforced"
        "A check is enforced by Postgres only"
        "Write through Postgres only";
    EXCLUSION = "FIR032" "exclusion-not-enforced"
        "Firestore has no exclusion constraints"
        "Write through Postgres only";
    REFERENCE_OUTSIDE = "FIR033" "reference-outside"
        "A foreign key refers to a table that is not mirrored"
        "Take its schema into the manifest";
    REFERENCE_NOT_BY_ID = "FIR034" "reference-not-by-id"
        "A foreign key does not hold the other document's id: reaching it takes a query"
        "Refer to the primary key";
    REFERENCE_SHARED = "FIR035" "reference-shared"
        "A column stands in several foreign keys, and a field names one collection"
        "Read the other one in the collection's constraints";
    PARTIAL_INDEX = "FIR040" "partial-index"
        "Firestore has no partial indexes"
        "Index the whole column as well if the mirror shall be queried by it";
    EXPRESSION_INDEX = "FIR041" "expression-index"
        "Firestore indexes fields, not expressions"
        "Index a generated column that holds the expression";
    UNSUPPORTED_INDEX = "FIR042" "unsupported-index"
        "An index of a kind that Firestore does not have"
        "Run that query in Postgres";
    MANY_INDEXES = "FIR043" "many-indexes"
        "More than 200 composite indexes or field overrides, the limit of a database without billing"
        "Enable billing (the limit is then 1,000), or drop indexes that the mirror does not need";
    TOO_MANY_INDEXES = "FIR044" "too-many-indexes"
        "More than 1,000 composite indexes or field overrides, which no database takes: those beyond are left out"
        "Drop indexes that the mirror does not need, or ask Google for a higher limit";
    POLICY_UNTRANSLATED = "FIR050" "policy-not-translated"
        "A policy has no counterpart in Security Rules, so what it allows is denied"
        "Write it with what docs/firestore-rules.md lists, or read through a server";
    POLICY_NARROWED = "FIR051" "policy-narrowed"
        "Security Rules allow less than a policy"
        "Nothing, where that is enough; else write the policy with what docs/firestore-rules.md lists";
    POLICY_WITHOUT_EFFECT = "FIR052" "policy-without-effect"
        "A policy is for roles that no Firestore client has, or that lack the privilege"
        "Nothing, where that is meant; else a policy TO authenticated or anon, and GRANT what it is for";
    NO_ROW_SECURITY = "FIR053" "no-row-security"
        "Row security is off: Postgres lets in whoever has the privilege, Security Rules nobody"
        "ALTER TABLE … ENABLE ROW LEVEL SECURITY, and a policy";
    READ_ONLY = "FIR054" "read-only"
        "Policies let clients write, and the rules let nobody"
        "Write through Postgres, or set firestore.client_writes: true in project.yaml";
    RULES_BUDGET = "FIR055" "rules-over-budget"
        "A condition costs more than Security Rules evaluate, so it is denied"
        "Make the policy or the table smaller";
    RULES_TOO_LARGE = "FIR056" "rules-too-large"
        "The rules would be larger than the 256 KB that can be deployed, so they deny writes, or everything"
        "Mirror fewer tables, or give each group of them a project of its own";
    COLLECTION_NAMES = "FIR057" "collection-names"
        "Collections cannot be told apart by their names, or project.yaml names one that cannot be"
        "Name them under firestore.collections in project.yaml";
}

/// The findings of one cast as they come up.
#[derive(Debug, Default)]
pub struct Ledger<'v> {
    warnings: Vec<Warning<'v>>,
}

/// A finding as FIRESTORE_SCHEMA.json lists it.
#[derive(Debug)]
pub struct Warning<'v> {
    pub finding: Finding,
    slug: &'static str,
    collection: Option<&'v str>,
    field: Option<&'v str>,
}

impl Serialize for Warning<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Finding { code, path, reason, .. } = &self.finding;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.slug)?;
        if let Some(collection) = self.collection {
            map.serialize_entry("collection", collection)?;
        }
        if let Some(field) = self.field {
            map.serialize_entry("field", field)?;
        }
        // The object in Postgres.
        map.serialize_entry("object", path)?;
        map.serialize_entry("message", &format_args!("{}: {reason}.", code.id))?;
        map.end()
    }
}

impl<'v> Ledger<'v> {
    /// Notes a loss at `path`, an object's path in Postgres; `collection` and
    /// `field` are where in Firestore, as far as that is one place.
    pub fn note(
        &mut self,
        loss: &'static Loss,
        path: impl Into<String>,
        collection: Option<&'v str>,
        field: Option<&'v str>,
        reason: impl Into<String>,
    ) {
        let finding = Finding::new(&loss.code, path, reason);
        self.warnings.push(Warning { finding, slug: loss.slug, collection, field });
    }

    /// The findings in the order of code and path, each once.
    pub fn close(mut self) -> Vec<Warning<'v>> {
        fn key<'w>(warning: &'w Warning<'_>) -> (&'w str, &'w str, &'w str, Option<&'w str>) {
            let Finding { code, path, reason, .. } = &warning.finding;
            (code.id, path, reason, warning.field)
        }
        self.warnings.sort_by(|a, b| key(a).cmp(&key(b)));
        self.warnings.dedup_by(|a, b| key(a) == key(b));
        self.warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_slugs_are_given_once() {
        for (at, code) in CODES.iter().enumerate() {
            assert!(code.id.starts_with("FIR") && code.id.len() == 6, "{}", code.id);
            assert!(CODES[at + 1..].iter().all(|later| later.id > code.id), "{}", code.id);
            assert!(!code.title.is_empty() && !code.way_out.is_empty());
        }
        let mut slugs = SLUGS.to_vec();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), SLUGS.len());
    }
}
