//! The manifest that the passes are measured on: what introspection reads of
//! the database that `tables.sql` makes, without a server.

use std::fmt::Write as _;

/// The text of a manifest of that many tables, each with 12 columns, two
/// indexes and a foreign key to the table before it; a policy for every other
/// one, a view and a function for every ten.
pub fn text(tables: usize) -> String {
    let mut text = String::from("version: '1.0'\nschemas:\n- name: bench\n  tables:\n");
    for number in 1..=tables {
        table(&mut text, number);
    }
    text.push_str("  views:\n");
    for number in (10..=tables).step_by(10) {
        view(&mut text, number);
    }
    text.push_str("  functions:\n");
    for number in (10..=tables).step_by(10) {
        function(&mut text, number);
    }
    text
}

const COLUMNS: &str = "    columns:
    - {name: id, type: bigint, not_null: true, identity: {generation: always}}
    - {name: parent_id, type: bigint}
    - {name: code, type: character varying(40), not_null: true}
    - {name: name, type: text, not_null: true}
    - {name: amount, type: 'numeric(12,2)', not_null: true, default: '0'}
    - {name: ratio, type: double precision}
    - {name: active, type: boolean, not_null: true, default: 'true'}
    - {name: tags, type: 'text[]', not_null: true, default: \"'{}'::text[]\"}
    - {name: payload, type: jsonb}
    - {name: token, type: uuid, default: gen_random_uuid()}
    - {name: created_at, type: timestamp with time zone, not_null: true, default: now()}
    - {name: updated_at, type: timestamp with time zone}
";

fn table(text: &mut String, number: usize) {
    let parent = number.saturating_sub(1).max(1);
    let _ = writeln!(text, "  - name: table_{number}");
    if number.is_multiple_of(2) {
        text.push_str("    row_security: true\n");
    }
    text.push_str(COLUMNS);
    let _ = write!(
        text,
        "    primary_key: {{name: table_{number}_pkey, columns: [id]}}
    foreign_keys:
    - name: table_{number}_parent_id_fkey
      columns: [parent_id]
      references: {{schema: bench, table: table_{parent}, columns: [id]}}
      on_delete: cascade
    indexes:
    - name: table_{number}_name
      keys:
      - {{column: name}}
      - {{column: created_at, descending: true}}
    - name: table_{number}_parent_id
      keys:
      - {{column: parent_id}}
"
    );
    if number.is_multiple_of(2) {
        text.push_str("    policies:\n    - {name: active_rows, command: select, using: '(active AND (amount >= (0)::numeric))'}\n");
    }
}

fn view(text: &mut String, number: usize) {
    let parent = number - 1;
    let _ = write!(
        text,
        "  - name: view_{number}
    columns:
    - {{name: id, type: bigint, not_null: true}}
    - {{name: name, type: text, not_null: true}}
    - {{name: parent_name, type: text}}
    - {{name: entries, type: bigint, not_null: true}}
    - {{name: total, type: numeric}}
    definition: |-
      SELECT child.id,
          child.name,
          parent.name AS parent_name,
          count(*) AS entries,
          sum(child.amount) AS total
         FROM (bench.table_{number} child
           LEFT JOIN bench.table_{parent} parent ON ((parent.id = child.parent_id)))
        WHERE child.active
        GROUP BY child.id, parent.id
"
    );
}

fn function(text: &mut String, number: usize) {
    let _ = write!(
        text,
        "  - name: total_{number}
    arguments:
    - {{name: since, type: timestamp with time zone, default: now()}}
    returns: numeric
    language: sql
    volatility: stable
    body: SELECT sum(amount) FROM bench.table_{number} WHERE created_at >= since
"
    );
}
