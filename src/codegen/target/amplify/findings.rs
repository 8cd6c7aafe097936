//! The codes of what an Amplify API cannot express.
//!
//! Architecture Invariant: a code keeps its meaning for ever; a new kind of
//! loss gets a new number at the end.

use crate::codegen::loss::codes;

codes! {
    NO_KEY "AMP001" "A table without a usable key is a plain type" =>
        "Give the table a primary key, or declare one under `amplify.tables.<schema.table>.key` in project.yaml";
    VIEW "AMP002" "A view is a plain type" =>
        "Declare its key under `amplify.tables.<schema.view>.key` in project.yaml to have it as a read-only model";
    UNIQUE_AS_KEY "AMP003" "A unique key serves as the primary key" =>
        "Make the unique key the table's primary key";
    NO_COLUMNS "AMP004" "A table or view without columns has no type" =>
        "Give it a column";
    NO_RELATION "AMP005" "A foreign key has no relation" =>
        "Let the foreign key refer to the primary key of a table that is a model; until then its columns can be queried";
    MIXED_NULLABILITY "AMP006" "A foreign key of required and nullable columns has no relation" =>
        "Make all of its columns NOT NULL, or all of them nullable";
    KEY_TYPES_DIFFER "AMP007" "A foreign key whose types differ from its key's has no relation" =>
        "Give both sides the same type";
    TOO_MANY_RELATIONS "AMP008" "A relation beyond DynamoDB's 20 indexes is left out" =>
        "Split the table, or use `strategy: postgres`";
    PARTIAL_INDEX "AMP009" "A partial index is left out" =>
        "Index the column without a predicate, or filter the query's result";
    EXPRESSION_INDEX "AMP010" "An index over an expression is left out" =>
        "Store the expression in a generated column and index that";
    NO_INDEX "AMP011" "An index is left out" =>
        "Index other columns, or query the database for it";
    TOO_MANY_INDEXES "AMP012" "An index beyond DynamoDB's 20 is left out" =>
        "Drop indexes that no query needs, or use `strategy: postgres`";
    NO_DEFAULT "AMP013" "A default is left out" =>
        "Set the value in the client or in a resolver";
    ENUM_AS_STRING "AMP014" "An enum whose labels are no GraphQL names is a String" =>
        "Rename its labels to letters, digits and `_`";
    TYPE_AS_STRING "AMP015" "A type is carried as text" =>
        "Parse the text in the client";
    TYPE_AS_JSON "AMP016" "A structured type is carried as AWSJSON" =>
        "Parse the JSON in the client";
    NESTED_ARRAY "AMP017" "An array of arrays is a flat list" =>
        "Store the value as jsonb, or in a table of its own";
    NO_TIME_ZONE "AMP018" "A timestamp without time zone is an AWSDateTime, which has one" =>
        "Use timestamptz, or agree on UTC";
    KEY_AS_STRING "AMP019" "A key column of DynamoDB is a String" =>
        "Use a text, number or uuid column as the key";
    NO_CHECK "AMP020" "A check is not enforced" =>
        "Check in the client or in a resolver, or use `strategy: postgres`";
    NO_UNIQUENESS "AMP021" "Uniqueness is not enforced" =>
        "Make the columns the primary key, or use `strategy: postgres`";
    NO_TRIGGER "AMP022" "A trigger or rule does not run" =>
        "Use a DynamoDB stream or a resolver, or `strategy: postgres`";
    NO_GENERATION "AMP023" "A generated value is not computed" =>
        "Compute it in the client or in a resolver, or use `strategy: postgres`";
    NO_ROW_SECURITY "AMP024" "Row security is not carried over" =>
        "Write the policies as `amplify.auth` rules; they stand in the type's description";
    NO_ACTION "AMP025" "What a foreign key does on update or delete is not done" =>
        "Do it in the client or in a resolver, or use `strategy: postgres`";
    TIMESTAMPS "AMP026" "Created_at or updated_at is not set by Amplify" =>
        "Make the column a timestamptz, or set it in the client";
    REQUIRED_KEY "AMP027" "A key column with a default must be sent" =>
        "Send the key's value with each create";
    TOO_MANY_PAIRS "AMP028" "More than 83 relations are refused at deployment" =>
        "Cast the schemas into APIs of their own";
    TOO_MANY_MODELS "AMP029" "More than 54 models are refused at deployment" =>
        "Cast the schemas into APIs of their own";
    TOO_LARGE "AMP030" "A compiled API over 1 MB is refused at deployment" =>
        "Cast the schemas into APIs of their own";
    NO_OWNER "AMP031" "An owner rule has no column" =>
        "Name the column with `{allow: owner, owner: <column>}`";
    NO_CONNECTION "AMP032" "One side of a relation has no `@connection` of version 1" =>
        "Query the other table by its columns, or use `directives: v2`";
    NO_VERSION_1_DEFAULT "AMP033" "Version 1 has no `@default`" =>
        "Set the value in the client or in a resolver, or use `directives: v2`";
    NO_VERSION_1_LENGTH "AMP034" "Version 1 does not check lengths" =>
        "Check in the client or in a resolver, or use `directives: v2`";
    NO_MODEL "AMP035" "There is no model, and so no API" =>
        "Give a table a primary key, or declare one under `amplify.tables.<schema.table>.key` in project.yaml";
    BAD_OPTION "AMP036" "An option of project.yaml cannot be carried out" =>
        "Change the option, or the table that it is about";
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
