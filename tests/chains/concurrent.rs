//! Two runners on one database.

use super::*;

fn migrations() -> Value {
    json!([
        {"id": "m1", "name": "1", "type": "migration", "file": "001.sql"},
        {"id": "m2", "name": "2", "type": "migration", "file": "002.sql", "dependencies": ["m1"]}
    ])
}

#[test]
fn the_second_waits_for_the_first_and_applies_nothing_twice() {
    let shop = Shop::new("two", migrations());
    shop.write(
        "migrations/001.sql",
        "CREATE TABLE shop.one (id int);\nSELECT pg_sleep(1.5);\nINSERT INTO shop.one VALUES (1);",
    );
    shop.write("migrations/002.sql", "CREATE TABLE shop.two (id int);\nSELECT pg_sleep(0.2);");
    let first = shop.start(&["run-chain", "shop"]);
    wait_for("the first to begin", || {
        shop.one("SELECT count(*)::text FROM pg_stat_activity WHERE datname = 'two' AND wait_event = 'PgSleep'") == "1"
    });
    let second = shop.start(&["run-chain", "shop", "--verbose"]);
    let (first, second) = (first.wait(), second.wait());
    for output in [&first, &second] {
        assert_eq!(output.status.code(), Some(0), "{}", said(output));
    }
    let text = said(&second);
    assert!(
        text.contains("m1 | waiting: another runner is at work: postgres (schemacast: ")
            && text.contains(", 001.sql, process "),
        "{text}"
    );
    assert!(text.contains("⏭️ m1 skipped"), "{text}");
    assert_eq!(shop.ledger(), "shop/001.sql applied, shop/002.sql applied");
    assert_eq!(shop.one("SELECT count(*)::text FROM shop.one"), "1");
}

#[test]
fn whoever_cannot_wait_says_who_holds_it() {
    let mut tasks = migrations();
    tasks[0]["timeout"] = json!(1);
    let shop = Shop::new("holder", tasks);
    shop.write("migrations/001.sql", "CREATE TABLE shop.one (id int);");
    shop.write("migrations/002.sql", "CREATE TABLE shop.two (id int);");
    // The lock of the ledger, as somebody holds it who is long at work.
    let mut holder = shop.session();
    let take = format!(
        "BEGIN; SET LOCAL application_name = 'night job'; SELECT pg_advisory_xact_lock({})",
        0x7363_6865_6d61_6361_i64
    );
    holder.run(async |client| client.batch_execute(&take).await).unwrap();
    let text = shop.chain(1);
    assert!(text.contains("another runner is at work: postgres (night job, process "), "{text}");
    assert_last_line(&shop, &text, "m1", "wait until the other runner is done");
    shop.assert_recorded(&["m1 failed", "m2 blocked"]);
    assert_eq!(shop.ledger(), "");
    drop(holder);
    let output = shop.run(&["run-chain", "shop", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(shop.ledger(), "shop/001.sql applied, shop/002.sql applied");
}

#[test]
fn a_run_that_is_alive_is_not_resumed() {
    let shop =
        Shop::new("alive", json!([{"id": "long", "name": "L", "type": "sql_query", "sql": "SELECT pg_sleep(30)"}]));
    let runner = shop.start(&["run-chain", "shop"]);
    wait_for("it to run", || said(&shop.run(&["progress", "shop"])).contains("⏳ long"));
    let output = shop.run(&["run-chain", "shop", "--resume"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(&format!("is still going on, in process {}", runner.id())), "{text}");
}
