//! A run under way.

use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::{command, doctor, project, schemacast, write};

fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A chain that is ended with the test.
struct Chain(Child);

impl Drop for Chain {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_run_under_way_is_bad_and_one_that_died_a_warning() {
    let root = project();
    let root = root.path();
    // It ends by itself soon after, should its parent die before.
    let tasks = json!({ "version": "1.0", "project": "shop", "tasks": [
        {"id": "long", "name": "Long", "type": "script", "argv": ["sleep", "20"]},
    ]});
    write(root, "manifests/shop/task_registry.json", &tasks.to_string());
    let mut chain = Chain(command(root, &["run-chain", "shop", "--quiet"]).spawn().unwrap());
    wait_for("the run", || doctor(root, &[]).line("no run under way").outcome == "bad");
    let report = doctor(root, &[]);
    report.line("no run under way").is("bad", "schemacast logs shop --follow");
    assert_eq!(report.1, 1);
    chain.0.kill().unwrap();
    chain.0.wait().unwrap();
    doctor(root, &[]).line("no run under way").is("warning", "run-chain shop --resume");
    write(root, "manifests/shop/task_registry.json", &tasks.to_string().replace("20", "0"));
    assert_eq!(schemacast(root, &["run-chain", "shop"]).status.code(), Some(0));
    doctor(root, &[]).line("no run under way").is("good", "completed");
}
