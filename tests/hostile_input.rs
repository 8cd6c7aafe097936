//! Files that mean harm: too large, too deep, aliases upon aliases, no text,
//! paths and links that lead out, words for a shell. Each is refused with its
//! file and place, and the program has little memory to do it in.
#![cfg(all(unix, feature = "cli"))]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

#[path = "common/program.rs"]
mod program;

use program::{said, schemacast};

/// What the program may take of address space, in KiB: its own code, threads'
/// stacks and a few times the largest of the small files below.
const MEMORY: u64 = 1_500_000;

const MANIFEST: &str = "manifests/shop/NEON_SCHEMA_MANIFEST.yaml";
const PROJECT: &str = "manifests/shop/project.yaml";
const REGISTRY: &str = "manifests/shop/task_registry.json";

const TABLE: &str = "  - name: t\n    columns: [{name: id, type: integer, not_null: true}]\n    primary_key: {name: t_pkey, columns: [id]}\n";

fn good_manifest() -> String {
    format!("version: '1.0'\nschemas:\n- name: shop\n  tables:\n{TABLE}")
}

fn good_registry() -> Value {
    json!({"version": "1.0", "project": "shop", "tasks": [{"id": "a", "name": "A", "type": "script", "argv": ["true"]}]})
}

/// A project all of whose files are right.
fn project() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("manifests/shop/migrations")).unwrap();
    write(root.path(), MANIFEST, good_manifest());
    write(root.path(), PROJECT, "targets: [models]\n");
    write(root.path(), REGISTRY, good_registry().to_string());
    root
}

fn write(root: &Path, path: &str, contents: impl AsRef<[u8]>) {
    fs::write(root.join(path), contents).unwrap_or_else(|error| panic!("{path}: {error}"));
}

/// Runs the program in so much address space, for at most two minutes of the
/// processor's time: who needs more is not bounded by what he reads.
fn bounded(root: &Path, memory: u64, arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {memory}; ulimit -t 120; exec \"$0\" \"$@\"")]);
    command.arg(env!("CARGO_BIN_EXE_schemacast")).args(arguments).current_dir(root);
    command.env_remove("DATABASE_URL").env_remove("POSTGRES_URL").output().unwrap()
}

/// The verb that reads a file first.
fn verb(file: &str) -> [&'static str; 2] {
    if file == REGISTRY { ["run-chain", "shop"] } else { ["generate", "shop"] }
}

fn assert_refused(root: &Path, file: &str, expected: &str) {
    let output = bounded(root, MEMORY, &verb(file));
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{file}: {text}");
    assert!(text.contains(file) && text.contains(expected), "{file}: {expected:?} is not in: {text}");
    assert!(!text.contains("panicked") && text.len() < 2_000, "{text}");
    assert!(!root.join("generated").exists(), "something was written");
}

/// A document in the form of a file's kind, with this text for a value.
fn document(file: &str, value: &str) -> String {
    match file {
        MANIFEST => format!("version: '1.0'\nschemas:\n- name: {value}\n"),
        PROJECT => format!("name: {value}\n"),
        _ => format!("{{\"version\": \"1.0\",\n\"project\":\n{value}}}\n"),
    }
}

const FILES: [&str; 3] = [MANIFEST, PROJECT, REGISTRY];

#[test]
fn the_project_that_is_broken_below_is_right() {
    let root = project();
    let generated = bounded(root.path(), MEMORY, &["generate", "shop"]);
    assert_eq!(generated.status.code(), Some(0), "{}", said(&generated));
}

#[test]
fn ten_thousand_levels_are_refused_where_they_begin() {
    for file in FILES {
        for (open, close) in [("[", "]"), ("{\"a\": ", "}"), ("[{\"a\":\n", "}]")] {
            let root = project();
            let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
            write(root.path(), file, document(file, &deep));
            assert_refused(root.path(), file, "brackets are open here");
            // What is not so deep is left to the parser, which has a limit too.
            let deep = format!("{}1{}", open.repeat(300), close.repeat(300));
            write(root.path(), file, document(file, &deep));
            assert_refused(root.path(), file, "recursion limit exceeded");
        }
    }
    for block in ["- ", "? "] {
        let root = project();
        write(root.path(), MANIFEST, format!("version: '1.0'\nschemas:\n{}x\n", block.repeat(10_000)));
        assert_refused(root.path(), MANIFEST, "recursion limit exceeded");
    }
}

#[test]
fn a_billion_laughs_are_not_laughed() {
    for file in [MANIFEST, PROJECT] {
        let root = project();
        let mut text = "version: '1.0'\na: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
        for (one, next) in ('a'..='y').zip('b'..='z') {
            text.push_str(&format!("{next}: &{next} [{}]\n", vec![format!("*{one}"); 9].join(", ")));
        }
        write(root.path(), file, text);
        assert_refused(root.path(), file, "aliases (`*name`) repeat more than is read");
    }
    // One that is its own element never ends, and a few are nothing bad.
    let root = project();
    write(root.path(), MANIFEST, "version: '1.0'\nschemas: &s\n- *s\n");
    assert_refused(root.path(), MANIFEST, "error");
    let shared = "    columns: &c [{name: id, type: integer, not_null: true}]\n";
    let twice = format!(
        "version: '1.0'\nschemas:\n- name: shop\n  tables:\n  - name: t\n{shared}    primary_key: {{name: p, columns: [id]}}\n  - name: u\n    columns: *c\n    primary_key: {{name: q, columns: [id]}}\n"
    );
    write(root.path(), MANIFEST, twice);
    let generated = schemacast(root.path(), &["generate", "shop"]);
    assert_eq!(generated.status.code(), Some(0), "{}", said(&generated));
}

#[test]
fn what_is_no_text_is_refused_at_its_byte() {
    for file in FILES {
        let root = project();
        let at = if file == PROJECT { "1:" } else { "3:" };
        let bytes = |middle: &[u8]| {
            let text = document(file, "\"a@b\"");
            let (before, after) = text.split_once('@').unwrap();
            [before.as_bytes(), middle, after.as_bytes()].concat()
        };
        for (middle, expected) in [
            (b"\xff".as_slice(), "this byte is not UTF-8"),
            (b"\xc3", "this byte is not UTF-8"),
            (b"\xed\xa0\x80", "this byte is not UTF-8"),
            (b"\0", "the control character 0x00"),
            (b"\x1b", "the control character 0x1b"),
        ] {
            write(root.path(), file, bytes(middle));
            assert_refused(root.path(), file, &format!("{}:{at}", file.rsplit('/').next().unwrap()));
            assert_refused(root.path(), file, expected);
        }
        // An escape is right in YAML and JSON, and what it stands for nowhere in Postgres.
        write(root.path(), file, bytes(b"\\u0000"));
        assert_refused(root.path(), file, "a zero character, which Postgres holds in no text");
        let utf16: Vec<u8> = "\u{feff}version: 1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        write(root.path(), file, utf16);
        assert_refused(root.path(), file, "this is UTF-16");
    }
}

#[test]
fn a_mark_of_byte_order_and_other_ends_of_lines_change_nothing() {
    let plain = project();
    let odd = project();
    let made = |root: &Path| {
        let output = bounded(root, MEMORY, &["generate", "shop"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let chain = bounded(root, MEMORY, &["run-chain", "shop"]);
        assert_eq!(chain.status.code(), Some(0), "{}", said(&chain));
        fs::read_to_string(root.join("generated/shop/models/shop/tables.rs")).unwrap()
    };
    for file in FILES {
        let text = fs::read_to_string(odd.path().join(file)).unwrap();
        write(odd.path(), file, format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    assert_eq!(made(odd.path()), made(plain.path()));
}

#[test]
fn a_hundred_megabytes_are_refused_before_they_are_read() {
    for (file, filler) in [(MANIFEST, "# 0123456789\n"), (PROJECT, "# 0123456789\n"), (REGISTRY, "            \n")] {
        let root = project();
        let mut text = fs::read_to_string(root.path().join(file)).unwrap();
        text.push_str(&filler.repeat((100 << 20) / filler.len()));
        write(root.path(), file, text);
        assert_refused(root.path(), file, "larger than the 64 MiB that are read");
    }
    // A giant scalar too; and what never ends, which has no size.
    let root = project();
    write(root.path(), MANIFEST, good_manifest() + "    comment: " + &"x".repeat(100 << 20) + "\n");
    assert_refused(root.path(), MANIFEST, "larger than the 64 MiB that are read");
    fs::remove_file(root.path().join(MANIFEST)).unwrap();
    symlink("/dev/zero", root.path().join(MANIFEST)).unwrap();
    assert_refused(root.path(), MANIFEST, "larger than the 64 MiB that are read");
}

#[test]
fn a_large_manifest_takes_memory_in_proportion() {
    let tables = |count: usize| {
        let mut text = "version: '1.0'\nschemas:\n- name: shop\n  tables:\n".to_owned();
        for table in 0..count {
            text.push_str(&format!(
                "  - name: t{table}\n    columns:\n    - {{name: id, type: integer, not_null: true}}\n"
            ));
            for column in 0..20 {
                text.push_str(&format!(
                    "    - {{name: column_{column}, type: text, comment: of some length as they are}}\n"
                ));
            }
            text.push_str(&format!("    primary_key: {{name: t{table}_pkey, columns: [id]}}\n"));
        }
        text
    };
    // A megabyte in 100 times as much; `diff` of a file with itself reads it twice and makes nothing.
    let root = project();
    let text = tables(700);
    assert!(text.len() > 1 << 20, "{}", text.len());
    write(root.path(), MANIFEST, &text);
    let output = bounded(root.path(), 100 * 1024 + 300_000, &["diff", MANIFEST, MANIFEST]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    // And a scalar of 8 MB is no more than a few of it.
    write(root.path(), MANIFEST, good_manifest() + "    comment: " + &"x".repeat(8 << 20) + "\n");
    let output = bounded(root.path(), MEMORY, &["diff", MANIFEST, MANIFEST]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn no_path_of_a_registry_leaves_the_root() {
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.sql", "SELECT 'a secret';");
    let root = project();
    let absolute = outside.path().join("secret.sql");
    symlink(&absolute, root.path().join("manifests/shop/migrations/link.sql")).unwrap();
    symlink(outside.path(), root.path().join("manifests/shop/out")).unwrap();
    type Task = fn(&str) -> Value;
    let keys: [(&str, Task); 4] = [
        ("file", |path| json!({"id": "a", "name": "A", "type": "migration", "file": path})),
        ("file", |path| json!({"id": "a", "name": "A", "type": "sql_query", "file": path})),
        ("output", |path| json!({"id": "a", "name": "A", "type": "script", "argv": ["true"], "output": [path]})),
        (
            "json",
            |path| json!({"id": "a", "name": "A", "type": "script", "argv": ["true"], "validation": [{"json": path}]}),
        ),
    ];
    for (key, task) in keys {
        for path in ["../secret.sql", "a/../../secret.sql", absolute.to_str().unwrap(), "link.sql", "out/secret.sql"] {
            let registry = json!({"version": "1.0", "project": "shop", "tasks": [task(path)]});
            write(root.path(), REGISTRY, serde_json::to_string_pretty(&registry).unwrap());
            assert_refused(root.path(), REGISTRY, &format!("the path `{path}` must stay below the root"));
            let text = said(&schemacast(root.path(), &["run-chain", "shop"]));
            let line =
                text.split(':').nth(2).and_then(|line| line.parse::<usize>().ok()).unwrap_or_else(|| panic!("{text}"));
            let written = fs::read_to_string(root.path().join(REGISTRY)).unwrap();
            let around = written.lines().skip(line.saturating_sub(2)).take(2).collect::<String>();
            assert!(around.contains(key), "{key} is not at line {line}: {text}");
            assert!(!text.contains("a secret"), "{text}");
        }
    }
    // A link that stays is as good as a file.
    fs::remove_file(root.path().join("manifests/shop/out")).unwrap();
    write(root.path(), "there.json", "{}");
    symlink("../../there.json", root.path().join("manifests/shop/here.json")).unwrap();
    let registry = json!({"version": "1.0", "project": "shop", "tasks": [keys[3].1("here.json")]});
    write(root.path(), REGISTRY, registry.to_string());
    let output = schemacast(root.path(), &["run-chain", "shop"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn nothing_is_written_through_a_folder_that_is_a_link() {
    let outside = tempfile::tempdir().unwrap();
    let root = project();
    fs::create_dir_all(root.path().join("generated/shop")).unwrap();
    symlink(outside.path(), root.path().join("generated/shop/models")).unwrap();
    let output = schemacast(root.path(), &["generate", "shop"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("generated/shop/models leads out of the folder by a link"), "{}", said(&output));
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);

    // A file that is a link is replaced, and what it led to stays as it was.
    fs::remove_file(root.path().join("generated/shop/models")).unwrap();
    fs::create_dir_all(root.path().join("generated/shop/models")).unwrap();
    write(outside.path(), "mine.rs", "// @generated by schemacast, says a stranger\n");
    symlink(outside.path().join("mine.rs"), root.path().join("generated/shop/models/mod.rs")).unwrap();
    let output = schemacast(root.path(), &["generate", "shop"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!root.path().join("generated/shop/models/mod.rs").is_symlink());
    assert!(fs::read_to_string(outside.path().join("mine.rs")).unwrap().contains("a stranger"));
}

#[test]
fn a_bootstrap_file_is_not_read_through_a_link_that_leads_out() {
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.sql", "a secret;");
    let root = project();
    fs::create_dir_all(root.path().join("manifests/shop/bootstrap")).unwrap();
    symlink(outside.path().join("secret.sql"), root.path().join("manifests/shop/bootstrap/01.sql")).unwrap();
    let output = schemacast(root.path(), &["introspect", "shop", "--scratch"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("manifests/shop/bootstrap/01.sql is a link that leads out"), "{text}");
    assert!(!text.contains("a secret"), "{text}");
}

#[test]
fn arguments_of_a_command_are_no_words_for_a_shell() {
    let root = project();
    let hostile = [
        "; touch made",
        "$(touch made)",
        "`touch made`",
        "| touch made",
        "&& touch made",
        "\n touch made",
        "> made",
        "*",
    ];
    let argv: Vec<&str> = ["printf", "%s|"].into_iter().chain(hostile).collect();
    let tasks = json!([
        {"id": "a", "name": "A; touch made", "type": "script", "argv": argv},
        {"id": "b", "name": "B", "type": "script", "argv": ["true; touch made"], "optional": true}
    ]);
    write(root.path(), REGISTRY, json!({"version": "1.0", "project": "shop", "tasks": tasks}).to_string());
    let output = schemacast(root.path(), &["run-chain", "shop"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("cannot start `true; touch made`"), "{}", said(&output));
    assert!(!root.path().join("made").exists());
    let log = said(&schemacast(root.path(), &["logs", "shop:a"]));
    assert!(log.contains("; touch made|$(touch made)|`touch made`|"), "{log}");
}
