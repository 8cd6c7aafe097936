//! The MCP server, by a client of its own: what it describes, what it refuses,
//! and chains that are followed and cancelled.

#![cfg(unix)]

mod client;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use client::Client;

#[path = "../common/shop.rs"]
mod shop;

use shop::project;

fn quick() -> Value {
    json!([
        {"id": "view", "name": "View", "type": "migration", "file": "001_view.sql"},
        {"id": "read", "name": "Read", "type": "script", "action": "introspect", "dependencies": ["view"]},
        {"id": "cast", "name": "Cast", "type": "script", "action": "generate:all", "dependencies": ["read"]}
    ])
}

fn long() -> Value {
    json!([
        {"id": "first", "name": "First", "type": "sql_query", "sql": "SELECT 1 AS one"},
        {"id": "long", "name": "Long", "type": "script", "argv": ["sleep", "120"], "dependencies": ["first"]},
        {"id": "after", "name": "After", "type": "script", "argv": ["true"], "dependencies": ["long"]}
    ])
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            found.insert(format!("{} {:?}", entry.path().display(), entry.metadata().unwrap().modified().unwrap()));
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            }
        }
    }
    found
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn every_tool_is_described() {
    let root = project(quick());
    let reader = Client::start(root.path(), &[]);
    let writer = Client::start(root.path(), &["--allow-write"]);
    let names: Vec<&str> = reader.tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    let expected = [
        "list_tasks",
        "task_status",
        "task_logs",
        "progress",
        "introspect",
        "drift",
        "generate",
        "diff",
        "run_task",
        "run_chain",
    ];
    assert_eq!(names, expected);
    for tool in &reader.tools {
        let validator = jsonschema::draft202012::new(&tool["inputSchema"]).unwrap();
        let examples = tool["inputSchema"]["examples"].as_array().unwrap();
        assert!(!examples.is_empty());
        for example in examples {
            assert!(validator.is_valid(example), "{}: {example}", tool["name"]);
            let mut unknown = example.clone();
            unknown["database_url"] = json!("postgres://h/d");
            assert!(!validator.is_valid(&unknown), "{}", tool["name"]);
        }
        assert!(tool["description"].as_str().unwrap().len() > 100, "{tool}");
        assert_eq!(tool["outputSchema"]["type"], "object", "{tool}");
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
    }
    let hints = |name: &str| {
        let hints = &writer.tool(name)["annotations"];
        ["readOnlyHint", "destructiveHint", "idempotentHint"].map(|hint| hints[hint].as_bool().unwrap())
    };
    assert_eq!(hints("run_chain"), [false, true, false]);
    assert_eq!(hints("introspect"), [false, true, true]);
    assert_eq!(hints("drift"), [false, false, true]);
    assert_eq!(hints("progress"), [true, false, true]);
    assert_eq!(reader.leave(), Some(0));
}

#[test]
fn the_manual_names_every_tool_and_argument() {
    let manual = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mcp.md")).unwrap();
    let root = project(quick());
    for tool in &Client::start(root.path(), &[]).tools {
        let head = format!("### `{}`\n", tool["name"].as_str().unwrap());
        let section = manual.split(&head).nth(1).unwrap_or_else(|| panic!("no section {head}"));
        let section = section.split("\n#").next().unwrap();
        let told: BTreeSet<&str> =
            section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        let taken = tool["inputSchema"]["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(told, taken, "{head}");
    }
}

#[test]
fn without_allow_write_nothing_is_written() {
    let root = project(quick());
    let manifest = "version: '1.0'\nschemas:\n- name: shop\n  tables:\n  - name: orders\n    columns:\n    - {name: id, type: bigint}\n";
    fs::write(root.path().join("manifests/shop/NEON_SCHEMA_MANIFEST.yaml"), manifest).unwrap();
    let before = files(root.path());
    let mut client = Client::start(root.path(), &[]);
    for (tool, arguments, instead) in [
        ("run_task", json!({"project": "shop", "task": "read"}), "dry_run"),
        ("run_chain", json!({"project": "shop", "database": "scratch"}), "dry_run"),
        ("run_chain", json!({"project": "shop", "tasks": ["cast"], "no_dependencies": true}), "dry_run"),
        ("introspect", json!({"project": "shop", "database": "scratch"}), "check"),
        ("generate", json!({}), "check"),
        ("drift", json!({"project": "shop", "database": "scratch", "write_report": true}), "write_report"),
    ] {
        let message = client.failed(tool, arguments);
        assert!(message.contains("`schemacast mcp --allow-write`") && message.contains(instead), "{tool}: {message}");
    }
    let plan = client.found("run_chain", json!({"project": "shop", "dry_run": true}));
    assert_eq!(plan["plan"][2]["id"], "cast");
    assert_eq!(
        client.found("run_task", json!({"project": "shop", "task": "read", "dry_run": true}))["plan"][1]["id"],
        "read"
    );
    assert_eq!(
        client.found("introspect", json!({"project": "shop", "database": "scratch", "check": true}))["changed"],
        true
    );
    let drift = client.found("drift", json!({"project": "shop", "database": "scratch", "stable": true}));
    assert_eq!((drift["clean"].as_bool(), drift["project"].as_str()), (Some(false), Some("shop")));
    let generated = client.found("generate", json!({"check": true, "targets": ["models"], "places": true}));
    assert_eq!(generated["stale"], true);
    assert_eq!(generated["projects"][0]["kept"], json!([]));
    let diff = client.found("diff", json!({"a": "shop", "b": "manifests/shop/NEON_SCHEMA_MANIFEST.yaml"}));
    assert_eq!(diff["clean"], true);
    assert_eq!(files(root.path()), before);
}

#[test]
fn findings_are_marked_as_new_and_as_accepted() {
    let root = project(json!([]));
    let folder = root.path().join("manifests/shop");
    let write = |columns: &str| {
        let manifest = format!(
            "version: '1.0'\nschemas:\n- name: shop\n  tables:\n  - name: orders\n    columns:\n{columns}    primary_key: {{columns: [id]}}\n"
        );
        fs::write(folder.join("NEON_SCHEMA_MANIFEST.yaml"), manifest).unwrap();
    };
    let rule = "accept: [{code: FIR001, path: shop.orders.id, reason: Below 2^53}]";
    fs::write(folder.join("project.yaml"), format!("name: shop\n{rule}\n")).unwrap();
    write("    - {name: id, type: bigint, not_null: true}\n");
    let mut client = Client::start(root.path(), &["--allow-write"]);
    let first = client.found("generate", json!({}));
    let lost = |generated: &Value| {
        let findings = generated["projects"][0]["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|loss| loss["code"] == "FIR001").unwrap()
    };
    assert_eq!(lost(&first)["accepted"], 1);
    write("    - {name: id, type: bigint, not_null: true}\n    - {name: total, type: bigint}\n");
    let second = lost(&client.found("generate", json!({"check": true, "places": true})));
    assert_eq!((&second["count"], &second["new"], &second["accepted"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!((&second["at"][0]["new"], &second["at"][0]["accepted"]), (&json!(false), &json!("Below 2^53")));
    assert_eq!((&second["at"][1]["path"], &second["at"][1]["new"]), (&json!("shop.orders.total"), &json!(true)));
}

#[test]
fn arguments_are_what_the_schema_says() {
    let root = project(quick());
    let mut client = Client::start(root.path(), &["--allow-write"]);
    let mut refused =
        |tool: &str, arguments: Value| client.refused("tools/call", json!({"name": tool, "arguments": arguments}));
    let message = refused("run_chain", json!({"projct": "shop", "jobs": 0, "dry_run": "yes"}));
    for part in
        ["unknown argument `projct`; did you mean `project`?", "`jobs`", "`dry_run`", "\"project\" is a required"]
    {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(refused("run_chian", json!({})).contains("did you mean `run_chain`?"));
    assert!(refused("run_chain", json!({"project": "shop", "force": true})).contains("`resume`"));
    assert!(refused("run_chain", json!({"project": "shop", "resume": true, "from": "read"})).contains("leave"));
    assert!(refused("generate", json!({"deny": ["XYZ999"]})).contains("XYZ999"));
    assert!(refused("drift", json!({"project": "shop", "deny": ["XYZ999"]})).contains("XYZ999"));
    // A secret in the wrong place is not told again.
    let url = "postgres://shop:can-ary-4711@h/d";
    for (tool, arguments) in [
        ("drift", json!({"project": "shop", "database": url})),
        ("diff", json!({"a": "shop", "b": url})),
        ("progress", json!({"project": url})),
        ("generate", json!({"targets": [url]})),
        ("diff", json!({"a": "host=h password=can-ary-4711", "b": "shop"})),
        ("introspect", json!({"project": "shop", "database_url": url})),
    ] {
        let message = refused(tool, arguments);
        assert!(!message.contains("ary-4711"), "{message}");
    }
    // What is no mistake of form is an answer that helps.
    let message = client.failed("progress", json!({"project": "shpo"}));
    assert!(message.contains("did you mean `shop`?"), "{message}");
    let message = client.failed("run_task", json!({"project": "shop", "task": "raed", "dry_run": true}));
    assert!(message.contains("did you mean `read`?"), "{message}");
    let message = client.failed("drift", json!({"project": "shop"}));
    assert!(message.contains("there is no manifest"), "{message}");
    let message = client.failed("introspect", json!({"project": "shop"}));
    assert!(message.contains("`database: \"scratch\"`"), "{message}");
    let message = client.failed("run_chain", json!({"project": "shop", "database": "configured"}));
    assert!(message.contains("no database is configured"), "{message}");
}

#[test]
fn paths_stay_below_the_root() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.yaml"), "version: '1.0'\nschemas: []\n").unwrap();
    fs::create_dir(outside.path().join("evil")).unwrap();
    fs::write(outside.path().join("evil/project.yaml"), "name: evil\n").unwrap();
    let root = project(quick());
    let manifests = root.path().join("manifests");
    fs::write(manifests.join("shop/NEON_SCHEMA_MANIFEST.yaml"), "version: '1.0'\nschemas: []\n").unwrap();
    fs::write(root.path().join("in.yaml"), "version: '1.0'\nschemas: []\n").unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), root.path().join("link.yaml")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("evil"), manifests.join("evil")).unwrap();
    // The root need not be where the server was started.
    let mut client = Client::start(outside.path(), &["--root", root.path().to_str().unwrap(), "--allow-write"]);
    assert_eq!(client.found("diff", json!({"a": "in.yaml", "b": "shop"}))["clean"], true);
    let absolute = outside.path().join("secret.yaml");
    let beside = format!("../{}/secret.yaml", outside.path().file_name().unwrap().to_str().unwrap());
    for path in [absolute.to_str().unwrap(), &beside, "manifests/../../secret.yaml", "link.yaml", "live:evil", "evil"] {
        let message = client.failed("diff", json!({"a": path, "b": "shop"}));
        assert!(message.contains("root"), "{path}: {message}");
    }
    for tool in ["introspect", "drift", "progress", "run_chain", "generate"] {
        let message = client.failed(tool, json!({"project": "evil"}));
        assert!(message.contains("leads out of the root"), "{tool}: {message}");
    }
    let listed = client.found("list_tasks", json!({}));
    assert!(listed["projects"][0]["error"].as_str().unwrap().contains("leads out of the root"), "{listed}");
    assert_eq!(listed["projects"][1]["tasks"].as_array().unwrap().len(), 3, "{listed}");
    let generated = root.path().join("generated/shop");
    fs::create_dir_all(&generated).unwrap();
    std::os::unix::fs::symlink(outside.path(), generated.join("models")).unwrap();
    let message = client.failed("generate", json!({"project": "shop"}));
    assert!(message.contains("leads out of the root"), "{message}");
    for uri in [
        "schemacast://shop/artifacts/../../manifests/shop/project.yaml",
        "schemacast://shop/artifacts/%2e%2e/x",
        "schemacast://shop/reports/project.yaml",
        "schemacast://shop/runs/../x/run.json",
        "schemacast://evil/manifest",
        "schemacast://nobody/manifest",
        "file:///etc/passwd",
    ] {
        client.refused("resources/read", json!({"uri": uri}));
    }
}

#[test]
fn a_chain_makes_what_resources_show() {
    let root = project(quick());
    let mut client = Client::start(root.path(), &["--allow-write"]);
    let id = client.send(
        "tools/call",
        json!({"name": "run_chain", "arguments": {"project": "shop"}, "_meta": {"progressToken": "p"}}),
    );
    let answer = client.answer(id);
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    let run = &answer["result"]["structuredContent"]["run"];
    assert_eq!(run["state"], "completed", "{answer}");
    let steps: Vec<f64> =
        client.heard.iter().map(|told| told["params"]["progress"].as_f64().unwrap_or_default()).collect();
    assert_eq!(steps, [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]);
    assert!(client.heard.iter().all(|told| told["params"]["progressToken"] == "p" && told["params"]["total"] == 3.0));
    assert_eq!(
        client.found("task_status", json!({"project": "shop", "task": "view"}))["tasks"][0]["state"],
        "completed"
    );
    let logs = client.found("task_logs", json!({"project": "shop", "task": "view", "lines": 1}));
    assert_eq!(logs["logs"][0]["log"], "✅ completed");
    assert!(logs["logs"][0]["left_out"].as_u64().unwrap_or_default() > 0);
    assert_eq!(client.found("list_tasks", json!({}))["projects"][0]["tasks"][0]["last"], "completed");

    let answer = client.ask("resources/list", json!({}));
    let listed = answer["result"]["resources"].as_array().unwrap();
    let mut kinds = BTreeSet::new();
    for resource in listed {
        let uri = resource["uri"].as_str().unwrap();
        let read = client.ask("resources/read", json!({"uri": uri}));
        let contents = &read["result"]["contents"][0];
        assert_eq!(contents["mimeType"], resource["mimeType"], "{uri}: {read}");
        assert_eq!(contents["text"].as_str().unwrap().len() as u64, resource["size"].as_u64().unwrap(), "{uri}");
        kinds.insert(uri.split('/').nth(3).unwrap().to_owned());
    }
    assert_eq!(kinds, ["artifacts", "manifest", "runs"].map(str::to_owned).into());
    assert_eq!(
        client.ask("resources/templates/list", json!({}))["result"]["resourceTemplates"].as_array().unwrap().len(),
        5
    );

    // What the chain made is what the tools find.
    let scratch = |more: Value| {
        let mut arguments = json!({"project": "shop", "database": "scratch"});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    assert_eq!(client.found("introspect", scratch(json!({"check": true})))["changed"], false);
    assert_eq!(client.found("generate", json!({"check": true}))["stale"], false);
    let drift = client.found("drift", scratch(json!({"write_report": true, "verify": true})));
    assert_eq!(drift["verification"]["verdict"], "converges", "{}", drift["verification"]);
    let report = client.ask("resources/read", json!({"uri": "schemacast://shop/reports/SCHEMA_DRIFT_REPORT.md"}));
    assert!(report["result"]["contents"][0]["text"].as_str().unwrap().contains("No Drift Detected"), "{report}");
}

/// A chain that has come to its long task, and the id of its request and run.
fn begun(client: &mut Client) -> (u64, String) {
    let call = json!({"name": "run_chain", "arguments": {"project": "shop"}, "_meta": {"progressToken": 7}});
    let id = client.send("tools/call", call);
    while !client.hear()["params"]["message"].as_str().unwrap().contains("⏳ long") {}
    let standing = client.found("progress", json!({"project": "shop"}));
    assert_eq!((standing["state"].as_str(), standing["done"].as_u64()), (Some("running"), Some(1)));
    (id, standing["run"].as_str().unwrap().to_owned())
}

#[test]
fn a_chain_is_followed_and_cancelled() {
    let root = project(long());
    let mut client = Client::start(root.path(), &["--allow-write"]);
    let (id, run) = begun(&mut client);
    // Its turn is taken, for this server and another.
    for (tool, arguments) in [
        ("run_chain", json!({"project": "shop"})),
        ("run_task", json!({"project": "shop", "task": "first"})),
        ("introspect", json!({"project": "shop", "database": "scratch"})),
    ] {
        let message = client.failed(tool, arguments);
        assert!(message.contains(&run), "{tool}: {message}");
    }
    let mut other = Client::start(root.path(), &["--allow-write"]);
    assert!(other.failed("run_chain", json!({"project": "shop"})).contains(&run));
    assert!(other.failed("generate", json!({})).contains(&run));
    client.notify("notifications/cancelled", json!({"requestId": id, "reason": "enough"}));
    wait_for("the cancellation", || client.found("progress", json!({"project": "shop"}))["state"] == "cancelled");
    // Who has cancelled a request gets no answer to it, and may run again.
    assert!(!client.has_answer(id));
    let only_first = json!({"project": "shop", "tasks": ["first"]});
    wait_for("the turn", || client.call("run_chain", only_first.clone())["result"]["isError"] == false);
}

#[test]
fn a_chain_is_stopped_with_its_server() {
    let root = project(long());
    let mut client = Client::start(root.path(), &["--allow-write"]);
    let (_, run) = begun(&mut client);
    assert_eq!(client.terminate(), Some(0));
    let mut client = Client::start(root.path(), &["--allow-write"]);
    let status = client.found("task_status", json!({"project": "shop"}));
    assert_eq!((status["id"].as_str(), status["state"].as_str()), (Some(run.as_str()), Some("cancelled")));

    // The same when the client goes.
    let (_, run) = begun(&mut client);
    assert_eq!(client.leave(), Some(0));
    let mut client = Client::start(root.path(), &[]);
    let status = client.found("task_status", json!({"project": "shop"}));
    assert_eq!((status["id"].as_str(), status["state"].as_str()), (Some(run.as_str()), Some("cancelled")));
}

#[test]
fn a_failed_chain_says_what_to_do_and_no_secret_is_told() {
    let root = project(json!([
        {"id": "ask", "name": "Ask", "type": "script", "argv": ["sh", "-c", "echo its p@ss-4711; exit 3"], "on_failure": ["look at the numbers"]},
        {"id": "after", "name": "After", "type": "script", "argv": ["true"], "dependencies": ["ask"]}
    ]));
    let folder = root.path().join("manifests/shop");
    fs::write(folder.join("NEON_SCHEMA_MANIFEST.yaml"), "version: '1.0'\nschemas: []\n").unwrap();
    fs::write(folder.join("SCHEMA_DRIFT_REPORT.md"), "found postgres://u:p%40ss-4711@h/d\n").unwrap();
    let mut client = Client::start(root.path(), &["--allow-write"]);
    let message = client.failed("run_chain", json!({"project": "shop", "database": "scratch"}));
    assert!(message.contains("❌ ask failed: look at the numbers; log: .schemacast/shop/runs/"), "{message}");
    let logs = client.found("task_logs", json!({"project": "shop", "failed": true}));
    assert!(logs["logs"][0]["log"].as_str().unwrap().contains("its p@ss-4711"), "{logs}");

    fs::write(root.path().join(".env"), "DATABASE_URL=postgres://shop:p%40ss-4711@127.0.0.1:1/shop\n").unwrap();
    let mut client = Client::start(root.path(), &["--allow-write"]);
    let logs = client.found("task_logs", json!({"project": "shop", "failed": true}));
    assert!(logs["logs"][0]["log"].as_str().unwrap().contains("its ***"), "{logs}");
    let message = client.failed("drift", json!({"project": "shop", "database": "configured"}));
    assert!(message.contains("127.0.0.1") && !message.contains("ss-4711"), "{message}");
    let report = client.ask("resources/read", json!({"uri": "schemacast://shop/reports/SCHEMA_DRIFT_REPORT.md"}));
    assert!(report["result"].is_object() && !report.to_string().contains("ss-4711"), "{report}");
}
