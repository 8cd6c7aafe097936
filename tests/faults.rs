//! A disk that is full, folders that cannot be written, and signals at any
//! moment, in generate, introspect and a chain: each file is the old one or
//! the new one, whole; nothing is left over, and the next run works.
//!
//! What a killed chain leaves in its database is tests/chains.
#![cfg(all(unix, feature = "cli"))]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use schemacast::codegen::manifest;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session, scratch};
use serde_json::json;

#[path = "common/account.rs"]
mod account;
#[path = "common/program.rs"]
mod program;
#[path = "random_schemas/rng.rs"]
#[allow(dead_code)]
mod rng;

use program::{command, said, schemacast};
use rng::Rng;

const MANIFEST: &str = "manifests/shop/NEON_SCHEMA_MANIFEST.yaml";

static SERVER: LazyLock<ScratchServer> =
    LazyLock::new(|| ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}")));

/// The URL of a new database. (A server of the program's own would be what
/// meets the fault.)
fn database(name: &str) -> (ConnectionSettings, String) {
    let settings = SERVER.create_database(name).unwrap_or_else(|error| panic!("{error}"));
    let ConnectionSettings { host, port, dbname, .. } = &settings;
    let url = format!("postgres://postgres@{}:{port}/{dbname}", host.replace('/', "%2F"));
    (settings, url)
}

/// A manifest of some tables, whose every file says which of the two it is of.
fn schema(which: &str) -> String {
    let mut text = "version: '1.0'\nschemas:\n- name: shop\n  tables:\n".to_owned();
    for table in 0..12 {
        text.push_str(&format!(
            "  - name: table_{table}\n    comment: {which}\n    columns:\n    - {{name: id, type: integer, not_null: true}}\n    \
             - {{name: {which}, type: text}}\n    primary_key: {{name: table_{table}_pkey, columns: [id]}}\n"
        ));
    }
    text
}

fn project() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("manifests/shop/bootstrap")).unwrap();
    fs::write(root.path().join("manifests/shop/project.yaml"), "targets: [models, firestore, inventory]\n").unwrap();
    fs::write(root.path().join(MANIFEST), schema("old")).unwrap();
    let tasks = json!([
        {"id": "first", "name": "F", "type": "script", "argv": ["true"]},
        {"id": "make", "name": "M", "type": "script", "action": "generate:all", "dependencies": ["first"]},
        {"id": "last", "name": "L", "type": "script", "argv": ["true"], "dependencies": ["make"]}
    ]);
    let registry = json!({"version": "1.0", "project": "shop", "tasks": tasks});
    fs::write(root.path().join("manifests/shop/task_registry.json"), registry.to_string()).unwrap();
    root
}

/// Every file below a folder, by its path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Those of them that are no file's final name.
fn temporary(folder: &Path) -> Vec<PathBuf> {
    files(folder).into_keys().filter(|path| path.extension().is_some_and(|extension| extension == "tmp")).collect()
}

fn generated(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(&root.join("generated"))
}

/// Runs the program, and says how long it took.
fn succeed(root: &Path, arguments: &[&str]) -> Duration {
    let begun = Instant::now();
    let output = schemacast(root, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    begun.elapsed()
}

/// Runs the program where no file may grow beyond some KiB: a disk that is
/// full in the middle of a file, as far as a process can tell.
fn with_full_disk(root: &Path, blocks: u32, arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    // 512 bytes a block (POSIX, ulimit). A write beyond fails, once the signal is ignored.
    command.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    command.arg(env!("CARGO_BIN_EXE_schemacast")).args(arguments).current_dir(root);
    command.env_remove("DATABASE_URL").env_remove("POSTGRES_URL").output().unwrap()
}

#[test]
fn a_full_disk_leaves_the_old_files() {
    let root = project();
    let root = root.path();
    succeed(root, &["generate", "shop"]);
    let before = generated(root);
    fs::write(root.join(MANIFEST), schema("new")).unwrap();
    let output = with_full_disk(root, 8, &["generate", "shop"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("cannot write generated/shop/"), "{}", said(&output));
    assert!(generated(root) == before, "a file changed, or more are there");

    let (_, url) = database("full");
    let run_chain = ["run-chain", "shop", "--database-url", &url];
    let chain = with_full_disk(root, 16, &run_chain);
    assert_eq!(chain.status.code(), Some(1), "{}", said(&chain));
    assert!(said(&chain).contains("❌ make failed"), "{}", said(&chain));
    assert!(generated(root) == before, "a file changed, or more are there");
    let status = schemacast(root, &["status", "shop"]);
    assert!(said(&status).contains("blocked"), "{}", said(&status));

    succeed(root, &run_chain);
    succeed(root, &["generate", "shop", "--check"]);
    assert!(generated(root) != before);
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_left() {
    let root = project();
    let root = root.path();
    succeed(root, &["generate", "shop"]);
    let before = generated(root);
    fs::write(root.join(MANIFEST), schema("new")).unwrap();
    // Rights do not bind root: the program runs as an account whose all is
    // but the one folder.
    if let Some((user, group)) = account::ids() {
        let all = Command::new("chown").args(["-R", &format!("{user}:{group}")]).arg(root).status().unwrap();
        assert!(all.success());
    }
    let folder = root.join("generated/shop/models/shop");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let as_account = |arguments: &[&str]| {
        let mut command = command(root, arguments);
        account::apply(&mut command);
        command.output().unwrap()
    };
    let (_, url) = database("unwritable");
    let run_chain = ["run-chain", "shop", "--database-url", &url];
    for arguments in [&run_chain[..], &["generate", "shop"]] {
        let output = as_account(arguments);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{}", said(&output));
        let text = said(&output);
        assert!(
            text.contains("cannot write generated/shop/models/shop/") && text.contains("Permission denied"),
            "{text}"
        );
        assert!(generated(root) == before, "{arguments:?}: a file changed, or more are there");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let output = as_account(&run_chain);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(temporary(root), Vec::<PathBuf>::new());
}

fn seed() -> u64 {
    let seed = std::env::var("SCHEMACAST_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
    // If nobody reads stderr, nobody misses the line.
    let _ = writeln!(std::io::stderr(), "the moments of the signals: SCHEMACAST_TEST_SEED={seed}");
    seed
}

const SIGNALS: [&str; 3] = ["INT", "TERM", "KILL"];

/// Starts the program, and sends it a signal at a moment of as long as it
/// takes. Whether it was still there, and did not end by itself.
fn interrupted(mut command: Command, signal: &str, moment: Duration) -> bool {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(moment);
    let was_there = child.try_wait().unwrap().is_none();
    if was_there {
        let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
    let code = child.wait_with_output().unwrap().status.code();
    was_there && code != Some(0)
}

/// A moment of the run, every other time of its last third: that is when
/// files are written.
fn moment(rng: &mut Rng, at: usize, whole: Duration) -> Duration {
    let percent = if at.is_multiple_of(2) { rng.below(100) } else { 67 + rng.below(34) };
    whole * u32::try_from(percent).unwrap() / 100
}

/// Interrupts a verb that generates at many moments: each file is of the old
/// or of the new manifest, and the next run makes what an undisturbed one does.
fn generates_whole_files(arguments: &[&str], times: usize) {
    let seed = seed();
    let mut rng = Rng::new(seed);
    let root = project();
    let root = root.path();
    let mut whole = Duration::ZERO;
    let expected = ["old", "new"].map(|which| {
        fs::write(root.join(MANIFEST), schema(which)).unwrap();
        whole = succeed(root, arguments);
        generated(root)
    });
    let mut cut = 0;
    for at in 0..times {
        // It stands at the new files for an odd turn.
        fs::write(root.join(MANIFEST), schema(["old", "new"][at % 2])).unwrap();
        let signal = SIGNALS[at % 3];
        let moment = moment(&mut rng, at, whole);
        let context = format!("seed {seed}, turn {at}: SIG{signal} after {moment:?}");
        cut += usize::from(interrupted(command(root, arguments), signal, moment));
        for (path, contents) in generated(root) {
            let is_whole = expected.iter().any(|files| files.get(&path) == Some(&contents));
            assert!(is_whole || path.extension().is_some_and(|extension| extension == "tmp"), "{context}: {path:?}");
        }
        let status = schemacast(root, &["status", "shop"]);
        assert!(!said(&status).contains("running"), "{context}: {}", said(&status));
        whole = succeed(root, arguments);
        assert!(generated(root) == expected[at % 2], "{context}: {:?}", temporary(root));
    }
    assert!(cut >= times / 3, "seed {seed}: only {cut} of {times} runs were interrupted");
}

#[test]
fn generate_is_interrupted_at_any_moment() {
    generates_whole_files(&["generate", "shop"], 18);
}

#[test]
fn a_chain_is_interrupted_at_any_moment() {
    let (_, url) = database("chain");
    generates_whole_files(&["run-chain", "shop", "--database-url", &url], 12);
}

#[test]
fn temporary_files_of_the_dead_are_removed_and_of_the_living_left() {
    let root = project();
    let root = root.path();
    succeed(root, &["generate", "shop"]);
    let folder = root.join("generated/shop/models");
    // No process has so high an id.
    let [dead, living] =
        [4_000_000_001_u32, 4_000_000_002].map(|process| folder.join(format!(".mod.rs.{process}.tmp")));
    let stranger = folder.join(".notes.4000000001.tmp");
    for path in [&dead, &living, &stranger] {
        fs::write(path, "half").unwrap();
    }
    let lock = fs::File::open(&living).unwrap();
    lock.lock().unwrap();
    succeed(root, &["generate", "shop", "--check"]);
    assert!(dead.exists(), "a check changes nothing");
    succeed(root, &["generate", "shop"]);
    assert_eq!([&dead, &living, &stranger].map(|path| path.exists()), [false, true, true]);
    drop(lock);
    succeed(root, &["generate", "shop"]);
    assert!(!living.exists());
}

#[test]
fn what_a_killed_run_had_written_is_no_hand_edit() {
    let root = project();
    let root = root.path();
    let record = root.join("generated/shop/.schemacast-files");
    let generate = |which: &str| {
        fs::write(root.join(MANIFEST), schema(which)).unwrap();
        said(&schemacast(root, &["generate", "shop"]))
    };
    generate("old");
    let before = fs::read(&record).unwrap();
    generate("new");
    // Killed when all but the record, which is the last, had its name.
    let after = fs::read(&record).unwrap();
    assert_ne!(after, before);
    fs::write(&record, before).unwrap();
    let left = record.with_file_name("..schemacast-files.4000000001.tmp");
    fs::write(&left, &after).unwrap();
    let said = generate("old");
    assert!(said.contains("written") && !said.contains("by hand"), "{said}");
    assert!(!left.exists());
    // Without what the killed run left, nobody knows who wrote them.
    let old = fs::read(&record).unwrap();
    generate("new");
    fs::write(&record, old).unwrap();
    let said = generate("old");
    assert!(said.contains("by hand"), "{said}");
}

#[test]
fn introspect_leaves_a_whole_manifest_on_a_full_disk_and_at_any_signal() {
    let seed = seed();
    let mut rng = Rng::new(seed);
    let (settings, url) = database("shop");
    let mut session = Session::connect(&settings).unwrap();
    let mut execute = |sql: &str| session.run(async |client| client.batch_execute(sql).await).unwrap();
    execute("CREATE SCHEMA shop");
    for table in 0..60 {
        execute(&format!(
            "CREATE TABLE shop.table_{table} (id int PRIMARY KEY, a text, b timestamptz, c numeric(10,2))"
        ));
    }
    let root = project();
    let root = root.path();
    let introspect = ["introspect", "shop", "--database-url", &url];
    let mut whole = succeed(root, &introspect);
    let read = || {
        let text = fs::read_to_string(root.join(MANIFEST)).unwrap();
        let read = manifest::read(&text).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        read.schemas.iter().find(|schema| schema.name == "shop").map_or(0, |schema| schema.tables.len())
    };
    assert_eq!(read(), 60);

    execute("CREATE TABLE shop.another (id int PRIMARY KEY)");
    let before = files(&root.join("manifests"));
    let output = with_full_disk(root, 8, &introspect);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("cannot write manifests/"), "{}", said(&output));
    assert!(files(&root.join("manifests")) == before, "a file changed, or more are there");
    succeed(root, &introspect);
    let mut count = 61;
    assert_eq!(read(), count);

    let mut cut = 0;
    for at in 0..12 {
        execute(&format!("CREATE TABLE shop.more_{at} (id int PRIMARY KEY)"));
        let signal = SIGNALS[at % 3];
        let moment = moment(&mut rng, at, whole);
        let context = format!("seed {seed}, turn {at}: SIG{signal} after {moment:?}");
        cut += usize::from(interrupted(command(root, &introspect), signal, moment));
        let found = read();
        assert!(found == count || found == count + 1, "{context}: {found} tables");
        whole = succeed(root, &introspect);
        count += 1;
        assert_eq!((read(), temporary(root)), (count, Vec::new()), "{context}");
    }
    assert!(cut >= 4, "seed {seed}: only {cut} runs were interrupted");
    let others = "DO $$ BEGIN FOR i IN 1..100 LOOP PERFORM pg_stat_clear_snapshot(); EXIT WHEN NOT EXISTS (SELECT FROM \
                  pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = 'shop') AND pid <> \
                  pg_backend_pid()); PERFORM pg_sleep(0.05); ASSERT i < 100, 'locks are left'; END LOOP; END $$";
    execute(others);
}
