//! Whoever watches a chain: lines of JSON, `progress` and `logs` from another
//! process, and what the ways to go on after a failure show.

use super::*;

/// A task that says `begun`, and goes on when the file is there.
fn waiting(id: &str, file: &str) -> Value {
    json!({"id": id, "name": id, "type": "script", "argv": ["sh", "-c",
        format!("echo begun {id}; while [ ! -e {file} ]; do sleep 0.02; done; echo done {id}")]})
}

#[test]
fn progress_and_logs_of_a_chain_in_another_process() {
    let mut second = waiting("b", "go_b");
    second["dependencies"] = json!(["a"]);
    let shop = Shop::new("watched", json!([waiting("a", "go_a"), second]));
    let runner = shop.start(&["run-chain", "shop"]);
    let progress = || said(&shop.run(&["progress", "shop"]));
    wait_for("the first", || progress().starts_with("⏳ a  running\n⏸️ b  pending\n0 of 2 tasks done"));
    assert_eq!(shop.run(&["status", "shop:a"]).status.code(), Some(0));
    let mut all = shop.start(&["logs", "shop", "--follow"]);
    let one = shop.start(&["logs", "shop:b", "--follow"]);
    fs::write(shop.root().join("go_a"), "").unwrap();
    wait_for("the second", || {
        let text = progress();
        text.starts_with("✅ a  completed ") && text.contains("\n⏳ b  running\n1 of 2 tasks done")
    });
    assert!(!all.has_ended());
    fs::write(shop.root().join("go_b"), "").unwrap();
    let output = runner.wait();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    // Whoever follows ends with the run, and has seen all of it.
    let lines = |output: Output| -> Vec<String> {
        let text = said(&output);
        text.lines().filter(|line| !line.starts_with('$')).map(str::to_owned).collect()
    };
    let of_b = ["begun b", "done b", "✅ completed"];
    assert_eq!(lines(one.wait())[1..], of_b[1..].iter().map(|line| (*line).to_owned()).collect::<Vec<_>>()[..]);
    let all = lines(all.wait());
    assert_eq!(all, ["── a ──", "begun a", "done a", "✅ completed", "── b ──", "begun b", "done b", "✅ completed"]);
    assert!(progress().ends_with("2 of 2 tasks done\n"));
}

#[test]
fn who_follows_a_run_that_dies_is_let_go() {
    let shop = Shop::new("followed", json!([waiting("a", "never")]));
    let runner = shop.start(&["run-chain", "shop"]);
    wait_for("the first", || said(&shop.run(&["logs", "shop"])).contains("begun a"));
    let follower = shop.start(&["logs", "shop", "--follow"]);
    thread::sleep(Duration::from_millis(100));
    runner.kill();
    assert_eq!(follower.wait().status.code(), Some(0));
}

fn failing(fails: bool) -> Value {
    let argv = if fails { json!(["sh", "-c", "echo bad weather; exit 1"]) } else { json!(["true"]) };
    json!([
        {"id": "a", "name": "A", "type": "script", "argv": argv},
        {"id": "b", "name": "B", "type": "script", "argv": ["true"]},
        {"id": "c", "name": "C", "type": "script", "argv": ["true"], "dependencies": ["a"]},
        {"id": "d", "name": "D", "type": "script", "argv": ["true"], "dependencies": ["b"]}
    ])
}

#[test]
fn after_a_failure_it_goes_on_or_stops_and_logs_are_found_again() {
    let shop = Shop::new("failing", failing(true));
    shop.chain(1);
    shop.assert_recorded(&["a failed", "b completed", "c blocked", "d completed"]);
    let going_on = shop.status()["id"].as_str().unwrap().to_owned();
    let output = shop.run(&["run-chain", "shop", "--stop-on-error"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    shop.assert_recorded(&["a failed", "b cancelled", "c blocked", "d cancelled"]);
    let stopped = shop.status()["id"].as_str().unwrap().to_owned();

    shop.tasks(failing(false));
    shop.chain(0);
    // The last run is shown, unless one that failed is asked for, or one by name.
    assert!(!said(&shop.run(&["logs", "shop"])).contains("bad weather"));
    let failed = said(&shop.run(&["logs", "shop", "--failed"]));
    assert!(failed.contains("── a ──") && failed.contains("bad weather") && !failed.contains("── b ──"), "{failed}");
    let json: Value =
        serde_json::from_slice(&shop.run(&["logs", "shop", "--failed", "--output", "json"]).stdout).unwrap();
    assert_eq!((json[0]["run"].as_str(), json[0]["task"].as_str()), (Some(stopped.as_str()), Some("a")));
    let first = said(&shop.run(&["logs", "shop", "--run", &going_on]));
    assert!(first.contains("bad weather") && first.contains("⏸️ blocked: a failed"), "{first}");
    let output = shop.run(&["logs", "shop", "--run", "20200101T000000000Z-0000"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("there is no run `20200101T000000000Z-0000`; there is "), "{}", said(&output));
}

#[test]
fn what_touches_no_database_runs_side_by_side() {
    // Each waits for what the other does, so that neither ends alone.
    let meet = |id: &str, other: &str| {
        let script = format!(
            "touch met_{id}; n=0; until [ -e met_{other} ]; do n=$((n+1)); [ $n -lt 100 ] || exit 1; sleep 0.02; done"
        );
        json!({"id": id, "name": id, "type": "script", "argv": ["sh", "-c", script]})
    };
    let shop = Shop::new("beside", json!([meet("a", "b"), meet("b", "a")]));
    let output = shop.run(&["run-chain", "shop", "-j", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for file in ["met_a", "met_b"] {
        fs::remove_file(shop.root().join(file)).unwrap();
    }
    let output = shop.run(&["run-chain", "shop"]);
    assert_eq!(output.status.code(), Some(1), "one at a time, the first cannot meet: {}", said(&output));
}

#[test]
fn json_is_a_line_for_each_event() {
    let shop = Shop::new(
        "json",
        json!([
            {"id": "a", "name": "A", "type": "sql_query", "sql": "SELECT 7 AS seven"},
            {"id": "b", "name": "B", "type": "script", "argv": ["sh", "-c", "echo one; echo two; exit 1"], "dependencies": ["a"],
             "on_failure": ["look"]}
        ]),
    );
    let mut runner = shop.start(&["run-chain", "shop", "--output", "json"]);
    let mut child = runner.0.take().unwrap();
    let lines: Vec<Value> = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()))
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
    let short = |line: &Value| match line["event"].as_str().unwrap() {
        "line" => format!("line {} {}", line["id"].as_str().unwrap(), line["text"].as_str().unwrap()),
        event @ ("began" | "run") => format!("{event} {}", line["state"].as_str().unwrap()),
        event => format!("{event} {} {}", line["id"].as_str().unwrap(), line["state"].as_str().unwrap()),
    };
    let expected = [
        "began running",
        "started a running",
        "line a {\n  \"seven\": 7\n}",
        "ended a completed",
        "started b running",
        "line b $ sh -c echo one; echo two; exit 1",
        "line b one",
        "line b two",
        "ended b failed",
        "run failed",
    ];
    assert_eq!(lines.iter().map(short).collect::<Vec<_>>(), expected);
    assert_eq!(lines[3]["outcome"]["seven"], 7);
    assert_eq!(lines[8]["hints"][0], "look");
    // The last line is what `status` has.
    let mut run = lines[9].clone();
    assert_eq!(run.as_object_mut().unwrap().remove("event"), Some(json!("run")));
    assert_eq!(run, shop.status());

    let output = shop.run(&["run", "shop:a", "--output", "json"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!((output.status.code(), text.lines().count()), (Some(0), 5), "{text}");
    // A plan is one document: nothing happens.
    let plan: Value =
        serde_json::from_slice(&shop.run(&["run-chain", "shop", "--dry-run", "--output", "json"]).stdout).unwrap();
    assert_eq!(plan.as_array().map(Vec::len), Some(2));
}
