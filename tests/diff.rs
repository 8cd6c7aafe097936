//! Comparing two manifests.

use schemacast::codegen::manifest::read;
use schemacast::diff::{Change, Difference, compare};

const SHOP: &str = "\
version: '1.0'
schemas:
- name: shop
  tables:
  - name: orders
    comment: what was bought
    columns:
    - {name: id, type: bigint, not_null: true}
    - {name: note, type: text, default: \"''::text\"}
    primary_key: {name: orders_pkey, columns: [id]}
    grants:
    - {role: app, privileges: [insert, select]}
";

fn changes(expected: &str, actual: &str) -> Vec<String> {
    let comparison = compare(&read(expected).unwrap(), &read(actual).unwrap());
    comparison.changes.iter().map(text).collect()
}

fn text(change: &Change) -> String {
    let sign = match change.difference {
        Difference::Missing => '-',
        Difference::Unexpected => '+',
        Difference::Changed => '~',
    };
    match &change.attribute {
        Some(attribute) => format!("{sign} {} {attribute}", change.object),
        None => format!("{sign} {}", change.object),
    }
}

#[test]
fn what_is_the_same_has_no_change() {
    assert_eq!(changes(SHOP, SHOP), [""; 0]);
    let reordered = SHOP.replace("[insert, select]", "[select, insert]");
    assert_eq!(changes(SHOP, &reordered), [""; 0]);
}

#[test]
fn each_attribute_is_one_change_and_a_missing_table_is_one() {
    let other = SHOP
        .replace("''::text", "'x'::text")
        .replace("what was bought", "orders")
        .replace("type: bigint", "type: integer");
    assert_eq!(
        changes(SHOP, &other),
        ["~ table shop.orders comment", "~ column shop.orders.id type", "~ column shop.orders.note default"]
    );
    let empty = "version: '1.0'\nschemas:\n- name: shop\n";
    assert_eq!(changes(SHOP, empty), ["- table shop.orders"]);
    assert_eq!(changes(empty, SHOP), ["+ table shop.orders"]);
    let comparison = compare(&read(SHOP).unwrap(), &read(empty).unwrap());
    let counted: Vec<String> =
        comparison.counts.iter().map(|count| format!("{} {}/{}", count.kind, count.matched, count.expected)).collect();
    assert_eq!(counted, ["schema 1/1", "table 0/1", "column 0/2", "primary_key 0/1", "grant 0/1"]);
}

#[test]
fn the_order_of_columns_is_one_fact() {
    let turned = SHOP.replace("    - {name: id, type: bigint, not_null: true}\n", "");
    let turned = turned.replace("text\"}\n", "text\"}\n    - {name: id, type: bigint, not_null: true}\n");
    assert_eq!(changes(SHOP, &turned), ["~ table shop.orders column_order"]);
}
