use serde_json::json;

use super::*;
use crate::codegen::manifest::ObjectId;

fn changed(kind: Kind, attribute: &str, actual: Value, expected: Value) -> Change {
    let side = |value: Value| Some(value).filter(|value| !value.is_null());
    Change {
        difference: Difference::Changed,
        object: ObjectId::new(kind, &["crm", "x"]),
        attribute: Some(attribute.to_owned()),
        expected: side(expected),
        actual: side(actual),
    }
}

fn whole(kind: Kind, difference: Difference, facts: Value) -> Change {
    let (expected, actual) = match difference {
        Difference::Unexpected => (None, Some(facts)),
        _ => (Some(facts), None),
    };
    Change { difference, object: ObjectId::new(kind, &["crm", "x"]), attribute: None, expected, actual }
}

#[test]
fn what_is_there_or_not() {
    use Difference::{Missing, Unexpected};
    for (kind, difference, facts, expected, hazard) in [
        (Kind::Table, Missing, json!({}), Severity::Breaking, None),
        (Kind::Table, Unexpected, json!({}), Severity::Risky, Some(Hazard::DeletesData)),
        (Kind::Column, Unexpected, json!({}), Severity::Risky, Some(Hazard::DeletesData)),
        (Kind::ForeignTable, Unexpected, json!({}), Severity::Risky, None),
        (Kind::Policy, Missing, json!({}), Severity::Security, Some(Hazard::ChangesRights)),
        (Kind::Grant, Unexpected, json!({}), Severity::Security, Some(Hazard::ChangesRights)),
        (Kind::Index, Missing, json!({}), Severity::Risky, Some(Hazard::BuildsIndex)),
        (Kind::Index, Missing, json!({"unique": true}), Severity::Breaking, Some(Hazard::BuildsIndex)),
        (Kind::Index, Unexpected, json!({}), Severity::Safe, None),
        (Kind::Index, Unexpected, json!({"unique": true}), Severity::Risky, None),
        (Kind::ForeignKey, Missing, json!({}), Severity::Breaking, Some(Hazard::ScansTable)),
        (Kind::Check, Unexpected, json!({}), Severity::Risky, None),
        (Kind::Function, Missing, json!({}), Severity::Breaking, None),
        (Kind::Trigger, Missing, json!({}), Severity::Risky, None),
        (Kind::Statistics, Missing, json!({}), Severity::Cosmetic, None),
        (Kind::Schema, Unexpected, json!({}), Severity::Safe, None),
    ] {
        let change = whole(kind, difference, facts.clone());
        assert_eq!(severity(&change), expected, "{kind} {difference:?} {facts}");
        match hazard {
            Some(hazard) => assert!(hazards(&change).contains(&hazard), "{kind} {difference:?}"),
            None => assert_eq!(hazards(&change), [], "{kind} {difference:?}"),
        }
    }
}

#[test]
fn what_is_another() {
    for (kind, attribute, actual, expected, wanted) in [
        (Kind::Column, "type", json!("integer"), json!("bigint"), Severity::Risky),
        (Kind::Column, "type", json!("bigint"), json!("integer"), Severity::Breaking),
        (Kind::Column, "type", json!("character varying(5)"), json!("character varying(9)"), Severity::Safe),
        (Kind::Column, "not_null", Value::Null, json!(true), Severity::Breaking),
        (Kind::Column, "not_null", json!(true), Value::Null, Severity::Risky),
        (Kind::Column, "comment", json!("a"), json!("b"), Severity::Cosmetic),
        (Kind::Column, "statistics", json!(1), json!(2), Severity::Cosmetic),
        (Kind::Column, "default", json!("1"), json!("2"), Severity::Risky),
        (Kind::Column, "generated.expression", json!("a"), json!("b"), Severity::Breaking),
        (Kind::Column, "identity.options.start", json!(1), json!(2), Severity::Risky),
        (Kind::Table, "column_order", json!(["a", "b"]), json!(["b", "a"]), Severity::Cosmetic),
        (Kind::Composite, "attribute_order", json!(["a", "b"]), json!(["b", "a"]), Severity::Breaking),
        (Kind::Table, "row_security", Value::Null, json!(true), Severity::Security),
        (Kind::Table, "options", json!(["fillfactor=70"]), Value::Null, Severity::Safe),
        (Kind::Function, "security_definer", json!(true), Value::Null, Severity::Security),
        (Kind::Function, "settings", json!(["search_path=crm"]), Value::Null, Severity::Security),
        (Kind::Function, "settings", json!(["work_mem=1MB"]), Value::Null, Severity::Risky),
        (Kind::Function, "body", json!("a"), json!("b"), Severity::Risky),
        (Kind::Function, "returns", json!("integer"), json!("bigint"), Severity::Breaking),
        (Kind::View, "options", json!(["security_invoker=true"]), Value::Null, Severity::Security),
        (Kind::View, "options", json!(["check_option=local"]), Value::Null, Severity::Safe),
        (Kind::View, "definition", json!("a"), json!("b"), Severity::Risky),
        (Kind::Enum, "labels", json!(["a", "c"]), json!(["a", "b", "c"]), Severity::Risky),
        (Kind::Enum, "labels", json!(["a", "b"]), json!(["b", "a"]), Severity::Breaking),
        (Kind::Enum, "labels", json!(["a", "b"]), json!(["a"]), Severity::Breaking),
        (Kind::Policy, "using", json!("a"), json!("b"), Severity::Security),
        (Kind::Policy, "comment", json!("a"), json!("b"), Severity::Cosmetic),
        (Kind::Index, "predicate", json!("a"), json!("b"), Severity::Risky),
        (Kind::ForeignKey, "not_valid", json!(true), Value::Null, Severity::Risky),
    ] {
        let change = changed(kind, attribute, actual, expected);
        assert_eq!(severity(&change), wanted, "{kind} {attribute} {:?} {:?}", change.actual, change.expected);
    }
}

#[test]
fn a_wider_varchar_is_no_work_and_a_wider_integer_rewrites() {
    let wider = changed(Kind::Column, "type", json!("integer"), json!("bigint"));
    assert_eq!(hazards(&wider), [Hazard::RewritesTable, Hazard::LocksTable]);
    let longer = changed(Kind::Column, "type", json!("character varying(5)"), json!("text"));
    assert_eq!(hazards(&longer), []);
}
