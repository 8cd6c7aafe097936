//! The type names that are somebody else's: GraphQL's, AppSync's, the
//! transformer's, and what the transformer makes of the models' own names.

use std::collections::{BTreeMap, BTreeSet};

/// Whether no type or enum may have the name.
pub fn is_reserved_type(name: &str) -> bool {
    NAMES.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
        || name.starts_with("AWS")
        || name.starts_with("__")
        || name.starts_with("Model") && ["Input", "Connection", "Types"].iter().any(|ending| name.ends_with(ending))
        || ["Create", "Update", "Delete"].iter().any(|verb| name.starts_with(verb)) && name.ends_with("Input")
}

/// The names that cannot stay: of each two whose generated types would be one,
/// the longer (both, where they are as long).
pub fn clashes(names: &BTreeMap<String, String>, is_enum: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut owners: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    let mut losers = BTreeSet::new();
    for (key, name) in names {
        for generated in generated(name, is_enum(key)) {
            if FIXED.contains(&generated.as_str()) {
                losers.insert(key.clone());
            }
            owners.entry(generated).or_default().push(key);
        }
    }
    for keys in owners.into_values().filter(|keys| keys.len() > 1) {
        let shortest = keys.iter().map(|key| names[*key].len()).min().unwrap_or_default();
        let tied = keys.iter().filter(|key| names[**key].len() == shortest).count() > 1;
        losers.extend(keys.into_iter().filter(|key| tied || names[*key].len() > shortest).cloned());
    }
    losers
}

/// What the transformer makes of a model's or an enum's name.
fn generated(name: &str, is_enum: bool) -> Vec<String> {
    if is_enum {
        return vec![
            format!("Model{name}Input"),
            format!("Model{name}ListInput"),
            format!("ModelSubscription{name}Input"),
            format!("ModelSubscription{name}ListInput"),
        ];
    }
    vec![
        format!("Model{name}Connection"),
        format!("Model{name}FilterInput"),
        format!("Model{name}ConditionInput"),
        format!("ModelSubscription{name}FilterInput"),
        format!("Create{name}Input"),
        format!("Update{name}Input"),
        format!("Delete{name}Input"),
    ]
}

/// Compared without regard to case. The first block is GraphQL's and
/// AppSync's; then what the transformer declares itself, as its
/// `constructTransformerChain()` lists it; last what it calls its own
/// constructs, whose names a model's stack would take (measured).
const NAMES: [&str; 47] = [
    "Query",
    "Mutation",
    "Subscription",
    "String",
    "Int",
    "Float",
    "Boolean",
    "ID",
    "BigInt",
    "Double",
    "Size",
    "AuthProvider",
    "AuthRule",
    "AuthStrategy",
    "ConversationAuth",
    "ConversationAuthProvider",
    "ConversationAuthStrategy",
    "ConversationHandlerFunctionConfiguration",
    "ConversationInferenceConfiguration",
    "ConversationToolModelOperation",
    "GenerationInferenceConfiguration",
    "HttpHeader",
    "HttpMethod",
    "InvocationType",
    "ModelMutationMap",
    "ModelOperation",
    "ModelQueryMap",
    "ModelSortDirection",
    "ModelAttributeTypes",
    "ModelSubscriptionLevel",
    "ModelSubscriptionMap",
    "PredictionsActions",
    "ProjectionInput",
    "ProjectionType",
    "SearchableQueryMap",
    "TimestampConfiguration",
    "ToolMap",
    "ValidationType",
    "GraphQLAPI",
    "ConnectionStack",
    "AmplifyTableManager",
    "DynamoDBModelTableReadIOPS",
    "DynamoDBModelTableWriteIOPS",
    "DynamoDBBillingMode",
    "DynamoDBEnablePointInTimeRecovery",
    "DynamoDBEnableServerSideEncryption",
    "CustomResourcesjson",
];

/// The inputs that the transformer makes for its scalars.
const FIXED: [&str; 18] = [
    "ModelStringInput",
    "ModelIntInput",
    "ModelFloatInput",
    "ModelBooleanInput",
    "ModelIDInput",
    "ModelSizeInput",
    "ModelSubscriptionStringInput",
    "ModelSubscriptionIntInput",
    "ModelSubscriptionFloatInput",
    "ModelSubscriptionBooleanInput",
    "ModelSubscriptionIDInput",
    "ModelStringKeyConditionInput",
    "ModelIntKeyConditionInput",
    "ModelFloatKeyConditionInput",
    "ModelIDKeyConditionInput",
    "ModelStringListInput",
    "ModelIntListInput",
    "ModelIDListInput",
];
