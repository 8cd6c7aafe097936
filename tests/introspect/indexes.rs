//! Indexes, against the server's own text.

use super::*;

/// The structure says what the server's own text says: each index is written
/// from it and compared.
#[test]
fn indexes_are_what_the_server_prints() {
    let (settings, manifest) = &*NASTY;
    let mut session = Session::connect(settings).unwrap();
    let sql = "SELECT n.nspname::text, i.relname::text, pg_get_indexdef(i.oid)
                 FROM pg_class AS i JOIN pg_namespace AS n ON n.oid = i.relnamespace
                WHERE i.relkind IN ('i', 'I') AND n.nspname NOT LIKE 'pg\\_%'";
    let printed = session.run(async |client| {
        client.batch_execute("SET search_path = ''").await?;
        client.query_typed(sql, &[]).await
    });
    let printed: Vec<(String, String, String)> =
        printed.unwrap().iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    let mut compared = 0;
    for schema in &manifest.schemas {
        let tables = schema.tables.iter().map(|table| (&table.name, &table.indexes, table.partition_by.is_some()));
        let views = schema.materialized_views.iter().map(|view| (&view.name, &view.indexes, false));
        for (table, indexes, partitioned) in tables.chain(views) {
            for index in indexes {
                let on = format!("{}{}.{table}", if partitioned { "ONLY " } else { "" }, schema.name);
                let found =
                    printed.iter().find(|(namespace, name, _)| *namespace == schema.name && *name == index.name);
                assert_eq!(index_sql(index, &on), found.unwrap().2);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 12);
    let by_expression = contacts().indexes.iter().find(|index| index.name == "by_expression").unwrap();
    assert_eq!(by_expression.keys[1].statistics, Some(77));
    let by_sort = contacts().indexes.iter().find(|index| index.name == "by_sort").unwrap();
    assert_eq!(by_sort.comment.as_deref(), Some("sorted"));
}

fn index_sql(index: &Index, on: &str) -> String {
    let key = |key: &IndexKey| {
        let mut sql = key.column.clone().or(key.expression.clone().into_inner()).unwrap();
        sql.extend(key.collation.iter().map(|collation| format!(" COLLATE {collation}")));
        sql.extend(key.operator_class.iter().map(|class| format!(" {class}")));
        sql.push_str(if key.descending { " DESC" } else { "" });
        sql.push_str(match key.nulls {
            Some(Nulls::First) => " NULLS FIRST",
            Some(Nulls::Last) => " NULLS LAST",
            None => "",
        });
        sql
    };
    let keys: Vec<String> = index.keys.iter().map(key).collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut sql = format!("CREATE {unique}INDEX {} ON {on} USING {} ({})", index.name, index.method(), keys.join(", "));
    if !index.include.is_empty() {
        sql.push_str(&format!(" INCLUDE ({})", index.include.join(", ")));
    }
    sql.push_str(if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" });
    if let [option] = index.options.as_slice() {
        let (name, value) = option.split_once('=').unwrap();
        sql.push_str(&format!(" WITH ({name}='{value}')").replace("'off'", "off"));
    }
    sql.extend(index.predicate.iter().map(|predicate| format!(" WHERE {predicate}")));
    sql
}
