//! The codes of what an Amplify API cannot express.
//!
//! Architecture Invariant: a code keeps its meaning for ever; a new kind of
//! loss gets a new number at the end.

use crate::codegen::loss::Code;

macro_rules! codes {
    ($($name:ident $id:literal $title:literal => $way_out:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: Code = Code { id: $id, title: $title, way_out: $way_out };
        )*
        /// All of them, by number.
        pub const ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    NO_KEY "AMP001" "a table without a usable key is a plain type" =>
        "give the table a primary key, or declare one under `amplify.tables.<schema.table>.key` in project.yaml";
    VIEW "AMP002" "a view is a plain type" =>
        "declare its key under `amplify.tables.<schema.view>.key` in project.yaml to have it as a read-only model";
    UNIQUE_AS_KEY "AMP003" "a unique key serves as the primary key" =>
        "make the unique key the table's primary key";
    NO_COLUMNS "AMP004" "a table or view without columns has no type" =>
        "give it a column";
    NO_RELATION "AMP005" "a foreign key has no relation" =>
        "let the foreign key refer to the primary key of a table that is a model; until then its columns can be queried";
    MIXED_NULLABILITY "AMP006" "a foreign key of required and nullable columns has no relation" =>
        "make all of its columns NOT NULL, or all of them nullable";
    KEY_TYPES_DIFFER "AMP007" "a foreign key whose types differ from its key's has no relation" =>
        "give both sides the same type";
    TOO_MANY_RELATIONS "AMP008" "a relation beyond DynamoDB's 20 indexes is left out" =>
        "split the table, or use `strategy: postgres`";
    PARTIAL_INDEX "AMP009" "a partial index is left out" =>
        "index the column without a predicate, or filter the query's result";
    EXPRESSION_INDEX "AMP010" "an index over an expression is left out" =>
        "store the expression in a generated column and index that";
    NO_INDEX "AMP011" "an index is left out" =>
        "index other columns, or query the database for it";
    TOO_MANY_INDEXES "AMP012" "an index beyond DynamoDB's 20 is left out" =>
        "drop indexes that no query needs, or use `strategy: postgres`";
    NO_DEFAULT "AMP013" "a default is left out" =>
        "set the value in the client or in a resolver";
    ENUM_AS_STRING "AMP014" "an enum whose labels are no GraphQL names is a String" =>
        "rename its labels to letters, digits and `_`";
    TYPE_AS_STRING "AMP015" "a type is carried as text" =>
        "parse the text in the client";
    TYPE_AS_JSON "AMP016" "a structured type is carried as AWSJSON" =>
        "parse the JSON in the client";
    NESTED_ARRAY "AMP017" "an array of arrays is a flat list" =>
        "store the value as jsonb, or in a table of its own";
    NO_TIME_ZONE "AMP018" "a timestamp without time zone is an AWSDateTime, which has one" =>
        "use timestamptz, or agree on UTC";
    KEY_AS_STRING "AMP019" "a key column of DynamoDB is a String" =>
        "use a text, number or uuid column as the key";
    NO_CHECK "AMP020" "a check is not enforced" =>
        "check in the client or in a resolver, or use `strategy: postgres`";
    NO_UNIQUENESS "AMP021" "uniqueness is not enforced" =>
        "make the columns the primary key, or use `strategy: postgres`";
    NO_TRIGGER "AMP022" "a trigger or rule does not run" =>
        "use a DynamoDB stream or a resolver, or `strategy: postgres`";
    NO_GENERATION "AMP023" "a generated value is not computed" =>
        "compute it in the client or in a resolver, or use `strategy: postgres`";
    NO_ROW_SECURITY "AMP024" "row security is not carried over" =>
        "write the policies as `amplify.auth` rules; they stand in the type's description";
    NO_ACTION "AMP025" "what a foreign key does on update or delete is not done" =>
        "do it in the client or in a resolver, or use `strategy: postgres`";
    TIMESTAMPS "AMP026" "created_at or updated_at is not set by Amplify" =>
        "make the column a timestamptz, or set it in the client";
    REQUIRED_KEY "AMP027" "a key column with a default must be sent" =>
        "send the key's value with each create";
    TOO_MANY_PAIRS "AMP028" "more than 83 relations are refused at deployment" =>
        "cast the schemas into APIs of their own";
    TOO_MANY_MODELS "AMP029" "more than 54 models are refused at deployment" =>
        "cast the schemas into APIs of their own";
    TOO_LARGE "AMP030" "a compiled API over 1 MB is refused at deployment" =>
        "cast the schemas into APIs of their own";
    NO_OWNER "AMP031" "an owner rule has no column" =>
        "name the column with `{allow: owner, owner: <column>}`";
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_numbered_in_order() {
        for (at, code) in super::ALL.iter().enumerate() {
            assert_eq!(code.id, format!("AMP{:03}", at + 1));
            assert!(!code.title.ends_with('.') && !code.way_out.ends_with('.'), "{}", code.id);
        }
    }
}
