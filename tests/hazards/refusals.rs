//! What a server refuses: one clear message each, of what, where, and the fix.

use serde_json::json;

use super::{Shop, ended};

#[test]
fn what_is_refused_at_the_door_is_told_apart() {
    let shop = Shop::new("door", json!([]));
    shop.sql(
        "CREATE ROLE door_full LOGIN CONNECTION LIMIT 0; CREATE ROLE door_shut NOLOGIN; CREATE ROLE door_barred LOGIN;
         REVOKE CONNECT ON DATABASE door FROM PUBLIC; GRANT CONNECT ON DATABASE door TO door_full",
    );
    for (url, parts) in [
        (shop.url("postgres").replace("/door", "/nowhere"), ["there is no database `nowhere`", "CREATE DATABASE"]),
        (shop.url("door_nobody"), ["knows no role `door_nobody`", "CREATE ROLE"]),
        (shop.url("door_shut"), ["does not let `door_shut` in", "pg_hba.conf"]),
        (shop.url("door_barred"), ["`door_barred` may not connect", "GRANT CONNECT ON DATABASE"]),
        (shop.url("door_full"), ["has no connection left", "close others"]),
    ] {
        for verb in ["introspect", "drift", "run-chain"] {
            if verb == "run-chain" {
                shop.write(
                    "task_registry.json",
                    &json!({ "version": "1.0", "project": "shop", "tasks": [
                    {"id": "one", "name": "One", "type": "sql_query", "sql": "SELECT 1"}] })
                    .to_string(),
                );
            }
            if verb == "drift" {
                shop.write("NEON_SCHEMA_MANIFEST.yaml", "version: '1.0'\nschemas:\n- name: shop\n");
            }
            ended(&shop.run(&url, &[verb, "shop"]), 2, &parts);
        }
    }
}

#[test]
fn what_is_refused_inside_is_told_apart() {
    let tasks = json!([
        {"id": "slow", "name": "Slow", "type": "sql_query", "sql": "SELECT pg_sleep(20)"},
        {"id": "secret", "name": "Secret", "type": "sql_query", "sql": "SELECT * FROM shop.orders"},
        {"id": "change", "name": "Change", "type": "migration", "file": "change.sql"},
    ]);
    let shop = Shop::new("inside", tasks);
    shop.write("migrations/change.sql", "CREATE TABLE shop.more (id int);\n");
    shop.sql(
        "CREATE ROLE inside_hasty LOGIN; ALTER ROLE inside_hasty SET statement_timeout = '200ms';
         CREATE ROLE inside_poor LOGIN; GRANT CREATE ON DATABASE inside TO inside_poor",
    );
    let slow = shop.run(&shop.url("inside_hasty"), &["run", "shop:slow"]);
    ended(&slow, 1, &["57014", "statement timeout", "statement_timeout"]);
    let secret = shop.run(&shop.url("inside_poor"), &["run", "shop:secret"]);
    ended(&secret, 1, &["42501", "permission denied for", "GRANT USAGE, CREATE ON SCHEMA shop TO inside_poor"]);
    let change = shop.run(&shop.url("inside_poor"), &["run", "shop:change"]);
    ended(&change, 1, &["42501", "change.sql:1", "permission denied for schema shop"]);
    // Who may see none of the tables reads them all the same.
    ended(&shop.run(&shop.url("inside_poor"), &["introspect", "shop"]), 0, &[]);
    assert!(shop.manifest().contains("name: orders"), "{}", shop.manifest());
}

#[test]
fn what_is_known_of_a_host_is_said_with_the_refusal() {
    let shop = Shop::new("hosts", json!([]));
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let direct = format!("postgres://postgres:x@db.abcdef.supabase.co:{free}/postgres?hostaddr=127.0.0.1");
    let parts = ["refused the connection", "IPv6", "postgres.abcdef:…@aws-0-<region>.pooler.supabase.com:5432"];
    ended(&shop.run(&direct, &["introspect", "shop"]), 2, &parts);
    let pooler = format!("postgres://postgres:x@aws-0-eu.pooler.supabase.com:{free}/postgres?hostaddr=127.0.0.1");
    let parts = ["warning: Supabase's pooler tells projects apart", "`postgres.<project ref>`"];
    ended(&shop.run(&pooler, &["introspect", "shop"]), 2, &parts);
    let plain = format!("postgres://u:x@ep-a-1.eu.aws.neon.tech:{free}/d?hostaddr=127.0.0.1&sslmode=disable");
    ended(&shop.run(&plain, &["introspect", "shop"]), 2, &["this host accepts TLS only", "takes some seconds to wake"]);
}
