//! The same where nothing can be connected to, or where the URL stands where
//! it does not belong; and over MCP.

use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::watch::{files_hold_none, holds_none, leak, run};
use super::{ENCODED, Given, INPUTS, PASSWORD, SERVER, Shop};

#[test]
fn whatever_is_wrong_with_a_url_it_is_not_quoted() {
    let shop = Shop::new("wrong", Given::RawUrl);
    shop.ends(&["introspect", "shop"], 0);
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let port = SERVER.port;
    for url in [
        format!("postgres://app:{PASSWORD}@no-such-host.invalid/wrong"),
        format!("postgres://app:{PASSWORD}@127.0.0.1:{free}/wrong"),
        format!("postgres://app:{PASSWORD}x@127.0.0.1:{port}/wrong"),
        format!("postgres://nobody:{ENCODED}@127.0.0.1:{port}/wrong"),
        format!("postgres://app:{PASSWORD}@127.0.0.1:{port}/nowhere"),
        format!("postgres://app:{ENCODED}@127.0.0.1:{port}/wrong?sslmode=require"),
        format!("postgres://app:{PASSWORD}@127.0.0.1:{port}/wrong?sslmode=verify-full&sslrootcert=/nowhere.crt"),
        format!("postgres://app:{PASSWORD}@127.0.0.1:{port}/wrong?sslmode=sometimes"),
        format!("postgres://app:{PASSWORD}@127.0.0.1:port/wrong"),
        format!("postgres://app:{PASSWORD}@one,two/wrong"),
        format!("postgres://app:{PASSWORD}@h/wrong?channel_binding={PASSWORD}"),
        format!("postgres://app@127.0.0.1:{free}/wrong?pasword={ENCODED}"),
        format!("postgres://app@127.0.0.1:{free}/wrong?sslpassword={ENCODED}&oauth_client_secret={PASSWORD}"),
        format!("postgres://app:{PASSWORD}/wrong"),
        format!("app:{PASSWORD}@127.0.0.1/wrong"),
        format!("mysql://app:{PASSWORD}@127.0.0.1/wrong"),
        format!("postgresql+odbc://app:{PASSWORD}@127.0.0.1/wrong"),
        format!("host=127.0.0.1 password='{PASSWORD}"),
        format!("host=127.0.0.1 {PASSWORD}"),
        format!("Host=127.0.0.1;Username=app;Password={PASSWORD}"),
    ] {
        for arguments in [
            &["introspect", "shop"][..],
            &["drift", "shop", "--format", "json"],
            &["doctor", "shop"],
            &["run", "shop:prints", "--verbose"],
            &["init", "copied"],
        ] {
            // A chain of commands alone needs no database that answers.
            let mut command = shop.command(arguments);
            let said = run(command.env("DATABASE_URL", &url), "");
            assert!(said.code.is_some_and(|code| code < 3), "{arguments:?}: {}", said.text);
            files_hold_none(shop.root(), &INPUTS);
        }
    }
}

#[test]
fn a_url_that_stands_in_the_wrong_place_is_not_quoted() {
    let shop = Shop::new("misplaced", Given::DotEnv);
    shop.write(".env", "");
    let bad = format!("postgresql+odbc://app:{PASSWORD}@127.0.0.1/misplaced");
    for url in [shop.url(PASSWORD), shop.url(ENCODED), bad, format!("host=127.0.0.1 password={PASSWORD} user=app")] {
        let set = format!("amplify.strategy={url}");
        let joined = format!("--databse-url={url}");
        let task = format!("shop:{url}");
        for arguments in [
            &["drift", &url][..],
            &["introspect", "shop", &url],
            &["run", &task],
            &["run-chain", "shop", "--tasks", &url],
            &["generate", "--manifest", &url],
            &["generate", "shop", "--target", &url],
            &["generate", "shop", "--set", &set],
            &["diff", &url, "shop"],
            &["diff", "empty", &url, &url],
            &["logs", &url],
            &["status", "shop", &joined],
            &[&url],
            &["--root", &url, "doctor"],
            &["snapshot", "diff", "shop", "--offline", "--from", &url],
            &["init", &url],
            &["doctor", &url],
            &["schema", &url],
        ] {
            let said = run(&mut shop.command(arguments), "");
            assert!(said.code.is_some(), "{}", said.text);
            files_hold_none(shop.root(), &INPUTS);
        }
    }
}

#[test]
fn an_agent_never_sees_it() {
    let shop = Shop::new("agent", Given::OwnVariable);
    let call = |id: u32, name: &str, arguments: serde_json::Value| json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": name, "arguments": arguments}});
    let hello =
        json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}});
    let project = json!({"project": "shop"});
    let url = shop.url(PASSWORD);
    let lines = [
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        call(2, "introspect", project.clone()),
        call(3, "run_chain", project.clone()),
        call(4, "run_task", json!({"project": "shop", "task": "fails"})),
        call(5, "task_logs", json!({"project": "shop", "task": "prints"})),
        call(6, "drift", project.clone()),
        call(7, "progress", project),
        call(8, "drift", json!({"project": url, "database_url": url})),
    ];
    // The server ends with its input, so each answer is waited for here.
    let mut input = String::new();
    for line in &lines {
        input.push_str(&format!("{line}\n"));
    }
    let mut command = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_schemacast");
    // The requests come one by one, and the last is followed by a pause.
    command.args([
        "-c",
        &format!("while read -r line; do printf '%s\\n' \"$line\"; sleep 2; done | {program} mcp --allow-write"),
    ]);
    command.current_dir(shop.root()).env_remove("DATABASE_URL").env("SHOP_URL", shop.url(ENCODED));
    let said = run(&mut command, &input);
    for id in 2..=8 {
        assert!(said.text.contains(&format!("\"id\":{id}")), "no answer {id}: {}", said.text);
    }
    // What the commands printed is there, and its URL without the password.
    assert!(said.text.contains("DATABASE_URL=postgres://app:***@127.0.0.1"), "{}", said.text);
    files_hold_none(shop.root(), &INPUTS);
}

#[test]
fn the_list_of_processes_is_without_it_soon() {
    // One that accepts and says nothing keeps the program at work.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let shop = Shop::new("listed", Given::DotEnv);
    shop.write(".env", "");
    for (option, password) in [("--database-url=", PASSWORD), ("--database-url=", ENCODED)] {
        let url = format!("{option}postgres://app:{password}@127.0.0.1:{port}/d?sslmode=disable&connect_timeout=60");
        let mut command = shop.command(&["introspect", "shop", &url]);
        let mut child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        let listed = || std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default();
        if cfg!(target_os = "linux") {
            // Before the system has started it, what is listed is not its own.
            let is_hidden = |listed: Vec<u8>| listed.windows(4).any(|part| part == b"****");
            while (leak(&listed()).is_some() || !is_hidden(listed())) && begun.elapsed() < Duration::from_secs(10) {
                thread::sleep(Duration::from_millis(10));
            }
            let listed = listed();
            holds_none("the list", &listed);
            let text = String::from_utf8_lossy(&listed).into_owned();
            assert!(text.contains("postgres://app:****") && text.contains("127.0.0.1"), "{text}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
