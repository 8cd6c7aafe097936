//! A runner that is killed: what it leaves, and what the next one makes of it.

use std::io::Write as _;

use schemacast::codegen::manifest::Manifest;
use schemacast::postgres::introspect::{self, introspect};

use super::*;

/// Of `xorshift64*`: small, and the same on every machine for a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }
}

/// The processes whose command line has this in it, from the system's own list.
pub fn processes_with(mark: &str) -> Vec<String> {
    let output = Command::new("ps").args(["-eo", "pid=,args="]).output().expect("ps runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // Not the shells that tests themselves are started from.
    text.lines().filter(|line| line.contains(&format!("sleep {mark}"))).map(str::to_owned).collect()
}

const MIGRATIONS: [(&str, &str); 5] = [
    ("001.sql", "CREATE TABLE shop.a (id int PRIMARY KEY);\nSELECT pg_sleep(0.1);\nINSERT INTO shop.a VALUES (1);"),
    ("002.sql", "ALTER TABLE shop.a ADD COLUMN b text;\nSELECT pg_sleep(0.15);\nCREATE INDEX a_b ON shop.a (b);"),
    (
        "003.sql",
        "CREATE VIEW shop.v AS SELECT id, b FROM shop.a;\nSELECT pg_sleep(0.05);\nCOMMENT ON VIEW shop.v IS 'whole';",
    ),
    (
        "004.sql",
        "CREATE TYPE shop.mood AS ENUM ('glad');\nSELECT pg_sleep(0.2);\nALTER TABLE shop.a ADD COLUMN mood shop.mood;",
    ),
    (
        "005.sql",
        "CREATE FUNCTION shop.f() RETURNS int LANGUAGE sql RETURN 1;\nSELECT pg_sleep(0.1);\nCREATE TABLE shop.z ();",
    ),
];

fn chain() -> Value {
    json!([
        {"id": "t1", "name": "look", "type": "sql_query", "sql": "SELECT 1 AS one, pg_sleep(0.05)", "retries": 1},
        {"id": "t2", "name": "a", "type": "migration", "file": "001.sql", "dependencies": ["t1"]},
        {"id": "t3", "name": "b", "type": "migration", "file": "002.sql", "dependencies": ["t2"]},
        {"id": "t4", "name": "wait", "type": "script", "argv": ["sleep", "0.1"], "dependencies": ["t3"]},
        {"id": "t5", "name": "v", "type": "migration", "file": "003.sql", "dependencies": ["t4"],
         "validation": [{"sql": "SELECT 1 FROM pg_views WHERE schemaname = 'shop'"}]},
        {"id": "t6", "name": "mood", "type": "migration", "file": "004.sql", "dependencies": ["t5"]},
        {"id": "t7", "name": "f", "type": "migration", "file": "005.sql", "dependencies": ["t6"]},
        {"id": "t8", "name": "read", "type": "script", "action": "introspect", "dependencies": ["t7"]}
    ])
}

fn shop(database: &str) -> Shop {
    let shop = Shop::new(database, chain());
    for (file, sql) in MIGRATIONS {
        shop.write(&format!("migrations/{file}"), sql);
    }
    shop
}

/// What is in the database, without the ledger, and without when it was read.
fn catalog(shop: &Shop) -> Manifest {
    let options = introspect::Options::default();
    let mut manifest = shop.session().run(async |client| introspect(client, &options).await).unwrap();
    manifest.source = Default::default();
    manifest
}

fn rows(shop: &Shop) -> String {
    shop.one("SELECT (SELECT string_agg(a::text, ' ') FROM shop.a AS a) || ', ' || (SELECT count(*) FROM shop.orders)")
}

#[test]
fn killed_at_any_moment_a_chain_is_resumed_to_the_same_end() {
    let seed = std::env::var("SCHEMACAST_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_251_023);
    // If nobody reads stderr, nobody misses the line.
    let _ = writeln!(std::io::stderr(), "the moments of the kills: SCHEMACAST_TEST_SEED={seed}");
    let mut random = Random(seed);
    let undisturbed = shop("undisturbed");
    let begun = Instant::now();
    undisturbed.chain(0);
    let whole = u64::try_from(begun.elapsed().as_millis()).unwrap();
    let (expected, expected_rows, ledger) = (catalog(&undisturbed), rows(&undisturbed), undisturbed.ledger());
    assert_eq!(ledger, MIGRATIONS.map(|(file, _)| format!("shop/{file} applied")).join(", "));

    let mut interrupted = 0;
    for kill in 0..20 {
        let moment = Duration::from_millis(random.below(whole));
        let context = format!("seed {seed}, kill {kill} after {moment:?}");
        let shop = shop(&format!("killed_{kill}"));
        let runner = shop.start(&["run-chain", "shop"]);
        let process = runner.id();
        wait_for("the run's record", || shop.run(&["progress", "shop"]).status.code() != Some(2));
        thread::sleep(moment);
        interrupted += usize::from(assert_truth(&shop, process, true, &context));
        runner.kill();
        let was_cut = assert_truth(&shop, process, false, &context);

        if was_cut {
            // Every other time the next runner comes at once, while the server
            // may not have found out that the first is gone.
            if kill % 2 == 0 {
                assert_nothing_half(&shop, &context);
            }
            let resumed = shop.run(&["run-chain", "shop", "--resume"]);
            assert_eq!(resumed.status.code(), Some(0), "{context}: {}", said(&resumed));
        }
        assert_eq!(shop.ledger(), ledger, "{context}");
        assert_eq!(catalog(&shop), expected, "{context}");
        assert_eq!(rows(&shop), expected_rows, "{context}");
        assert_eq!(shop.one("SELECT count(*)::text FROM schemacast.lease"), "0", "{context}");
        let locks = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND database = \
                     (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(shop.one(locks), "0", "{context}");
        let progress = said(&shop.run(&["progress", "shop"]));
        assert!(progress.ends_with("8 of 8 tasks done\n"), "{context}: {progress}");
    }
    // Else the moments were not those of a chain that runs.
    assert!(interrupted >= 5, "seed {seed}: only {interrupted} runs were seen while they ran");
}

/// Whatever is in the ledger is whole, before anybody mends anything.
fn assert_nothing_half(shop: &Shop, context: &str) {
    settle(shop);
    for (file, leaves) in [("001.sql", "shop.a"), ("003.sql", "shop.v"), ("005.sql", "shop.z")] {
        let is_applied = shop.ledger().contains(&format!("shop/{file} applied"));
        let is_there = shop.one(&format!("SELECT (to_regclass('{leaves}') IS NOT NULL)::text")) == "true";
        assert_eq!(is_applied, is_there, "{context}: {file}");
    }
}

/// Waits until the server has found out that the runner is gone.
fn settle(shop: &Shop) {
    let others = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() \
                  AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    wait_for("the server to hang up", || shop.one(others) == "0");
}

/// `status` and `progress` say what is so. A run that has not ended is running
/// where it is alive and interrupted where it is not, and so is at most one of
/// its tasks. Whether it has not ended.
fn assert_truth(shop: &Shop, process: u32, is_alive: bool, context: &str) -> bool {
    let run = shop.status();
    assert_eq!(run["process"], process, "{context}");
    let (state, sign) = if is_alive { ("running", "⏳") } else { ("interrupted", "❌") };
    let of = |wanted: &str| states(&run).iter().filter(|line| line.ends_with(&format!(" {wanted}"))).count();
    if run["state"] == "completed" {
        assert_eq!((of("running"), of("interrupted")), (0, 0), "{context}: {run:#}");
        return false;
    }
    assert_eq!(run["state"], state, "{context}: {run:#}");
    assert!(of(state) <= 1 && of("completed") + of("pending") + of(state) == 8, "{context}: {run:#}");
    let progress = shop.run(&["progress", "shop"]);
    let text = said(&progress);
    if !is_alive {
        // Nothing changes any more: the two verbs say the same.
        assert_eq!(progress.status.code(), Some(1), "{context}: {text}");
        let lines = text.lines().filter(|line| line.starts_with(sign) && line.contains("interrupted")).count();
        assert_eq!(lines, of("interrupted"), "{context}: {text}");
        assert!(!text.contains("running"), "{context}: {text}");
    }
    true
}

#[test]
fn a_command_and_what_it_started_die_with_the_runner() {
    let argv = json!(["sh", "-c", "sleep 71.25 & sleep 71.25 & echo begun; wait"]);
    let shop = Shop::new("orphans", json!([{"id": "long", "name": "L", "type": "script", "argv": argv}]));
    let runner = shop.start(&["run-chain", "shop"]);
    wait_for("the command's children", || processes_with("71.25").len() >= 2);
    runner.kill();
    wait_for("the children to end", || processes_with("71.25").is_empty());
    shop.assert_interrupted("long");
}

#[test]
fn a_command_alone_dies_with_the_runner_at_once() {
    let shop = Shop::new(
        "orphan",
        json!([{"id": "long", "name": "L", "type": "script", "argv": ["sh", "-c", "trap '' TERM HUP INT; exec sleep 72.25"]}]),
    );
    let runner = shop.start(&["run-chain", "shop"]);
    wait_for("the command", || processes_with("72.25").iter().any(|line| !line.contains("sh -c")));
    runner.kill();
    wait_for("it to end", || processes_with("72.25").is_empty());
    shop.assert_interrupted("long");
}

#[test]
fn a_command_outlives_neither_an_interrupt_nor_its_success() {
    let tasks = json!([
        {"id": "a_leaves", "name": "L", "type": "script", "argv": ["sh", "-c", "sleep 73.25 & echo begun"]},
        {"id": "b_long", "name": "L", "type": "script", "argv": ["sh", "-c", "sleep 74.25; true"]}
    ]);
    let shop = Shop::new("polite", tasks);
    let runner = shop.start(&["run-chain", "shop"]);
    wait_for("the second command", || !processes_with("74.25").is_empty());
    // What holds the output of a command that is done is ended with it.
    assert!(processes_with("73.25").is_empty());
    assert!(Command::new("kill").args(["-TERM", &runner.id().to_string()]).status().unwrap().success());
    assert_eq!(runner.wait().status.code(), Some(130));
    assert!(processes_with("74.25").is_empty());
    shop.assert_recorded(&["a_leaves completed", "b_long cancelled"]);
}

impl Shop {
    fn assert_interrupted(&self, task: &str) {
        let run = self.status();
        assert_eq!((run["state"].as_str(), states(&run)), (Some("interrupted"), vec![format!("{task} interrupted")]));
    }
}
