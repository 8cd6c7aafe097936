//! The codes of what Amplify Gen 2's schema builder cannot express although
//! the GraphQL types of the target `amplify` can. What neither can say has a
//! code of that target.
//!
//! Architecture Invariant: a code keeps its meaning for ever; a new kind of
//! loss gets a new number at the end.

use crate::codegen::loss::codes;

codes! {
    KEY_AS_STRING "GEN001" "An enum or JSON column in a key is a string" =>
        "Use a text, number, uuid or date column as the key, or check the text in the client";
    NO_INDEX "GEN002" "An index over a JSON column is left out" =>
        "Index a column of a plain type, or deploy AMPLIFY_TYPES.graphql of the target `amplify`";
    NO_ENUM_DEFAULT "GEN003" "The default of an enum column is left out" =>
        "Set the value in the client; the field is nullable, as it is with a default";
    NULLABLE_TIMESTAMP "GEN004" "A timestamp that Amplify sets is nullable" =>
        "Read it as possibly null; were it required, TypeScript would ask for it in every create";
    TIMESTAMP_NAMES "GEN005" "The names of Amplify's timestamps cannot be chosen" =>
        "Let the fields be createdAt and updatedAt, or deploy AMPLIFY_TYPES.graphql of the target `amplify`";
    OPERATION_NAMES "GEN006" "The names of a model's operations cannot be chosen" =>
        "Rename one of the tables, or deploy AMPLIFY_TYPES.graphql of the target `amplify`";
    NO_MAX_LENGTH "GEN007" "The length of a key is not checked" =>
        "Check it in the client";
    RENAMED_MODEL "GEN008" "A model whose query has another's name is renamed" =>
        "Rename one of the tables, or use the model's new name";
    NO_DESCRIPTIONS "GEN009" "Comments do not reach the API" =>
        "Read them in this file, or deploy AMPLIFY_TYPES.graphql of the target `amplify`";
    BAD_OPTION "GEN010" "An option of project.yaml cannot be carried out" =>
        "Change the option, or leave the target out";
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_numbered_in_order() {
        for (at, code) in super::ALL.iter().enumerate() {
            assert_eq!(code.id, format!("GEN{:03}", at + 1));
        }
    }
}
