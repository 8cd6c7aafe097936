//! docs/tasks.md, done as it stands: its files are written, and its commands
//! run in their order on a scratch Postgres.

use super::*;

/// The fenced blocks of a Markdown file: what is behind the fence, and the text.
fn blocks(markdown: &str) -> Vec<(&str, &str)> {
    let mut parts = markdown.split("\n```");
    parts.next();
    let mut blocks = Vec::new();
    while let Some(block) = parts.next() {
        blocks.push(block.split_once('\n').unwrap());
        parts.next().expect("the block ends");
    }
    blocks
}

#[test]
fn the_documented_files_and_commands_do_what_is_said() {
    let root = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_schemacast")).parent().unwrap();
    let path = std::env::join_paths(
        [program.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let path = path.unwrap();
    let run = |line: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(root.path()).env("PATH", &path);
        command.env_remove("DATABASE_URL").env_remove("POSTGRES_URL").output().unwrap()
    };
    let mut commands = 0;
    for (kind, text) in blocks(include_str!("../../docs/tasks.md")) {
        if let Some((_, file)) = kind.split_once(' ') {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, format!("{text}\n")).unwrap();
            continue;
        }
        assert_eq!(kind, "sh");
        for line in text.lines() {
            let expected = line.split_once("# exits with ").map_or(0, |(_, code)| code.trim().parse().unwrap());
            let output = run(line);
            assert_eq!(output.status.code(), Some(expected), "{line}: {}", said(&output));
            commands += usize::from(line.starts_with("schemacast"));
        }
    }
    assert!(commands >= 20, "{commands}");
    let log = said(&run("schemacast logs shop:tell"));
    assert!(log.contains("\nshop is ready\n"), "{log}");
}
