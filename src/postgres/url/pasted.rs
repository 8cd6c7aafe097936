//! Every parameter that people paste, and docs/connections.md, which lists
//! what becomes of each.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::parameters::{IGNORED, USED};
use super::*;
use crate::postgres::settings::{ChannelBinding, SslMode};

fn parse(text: &str) -> Result<ConnectionSettings, UrlError> {
    parse_in(text, &|_| None)
}

fn keys(settings: &ConnectionSettings) -> Vec<&str> {
    settings.warnings.iter().map(|warning| warning.key.as_str()).collect()
}

/// Whose it is, what it looks like, and the keys that do nothing.
const PASTED: &[(&str, &str, &[&str])] = &[
    ("Neon", "postgresql://o:npg_x@ep-a-1-pooler.eu.aws.neon.tech/db?sslmode=require&channel_binding=require", &[]),
    ("Neon, for old clients", "postgres://o:npg_x@ep-a-1.eu.aws.neon.tech/db?options=endpoint%3Dep-a-1", &["options"]),
    (
        "Neon's keywords",
        "host=ep-a-1.eu.aws.neon.tech user=o password='endpoint=ep-a-1;x' dbname=db sslmode=require",
        &[],
    ),
    ("Supabase, direct", "postgresql://postgres:p@db.abcdef.supabase.co:5432/postgres", &[]),
    (
        "Supabase for Prisma",
        "postgresql://postgres.abcdef:p@aws-0-eu.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1",
        &["pgbouncer", "connection_limit"],
    ),
    (
        "Vercel's of Supabase",
        "postgres://postgres.abcdef:p@aws-0-eu.pooler.supabase.com:6543/postgres?sslmode=require&supa=base-pooler.x",
        &["supa"],
    ),
    (
        "Prisma",
        "postgresql://u:p@h:5432/d?schema=public&sslaccept=strict&pool_timeout=0&socket_timeout=3&sslidentity=c.p12&sslpassword=x&max_idle_connection_lifetime=9",
        &[
            "schema",
            "sslaccept",
            "pool_timeout",
            "socket_timeout",
            "sslidentity",
            "sslpassword",
            "max_idle_connection_lifetime",
        ],
    ),
    (
        "psql",
        "psql \"host=h port=5432 dbname=d user=u password=p sslmode=verify-full sslrootcert=system gssencmode=disable\"",
        &["gssencmode"],
    ),
    (
        "libpq",
        "postgres://u@h/d?target_session_attrs=any&keepalives=1&keepalives_idle=30&tcp_user_timeout=9&client_encoding=utf8&passfile=/x&service=s&sslcert=a&sslkey=b&sslcrl=c&sslsni=1",
        &[
            "target_session_attrs",
            "keepalives",
            "keepalives_idle",
            "tcp_user_timeout",
            "client_encoding",
            "passfile",
            "service",
            "sslcert",
            "sslkey",
            "sslcrl",
            "sslsni",
        ],
    ),
    (
        "node-postgres and Drizzle",
        "postgres://u:p@h/d?sslmode=no-verify&uselibpqcompat=true&statement_timeout=5&query_timeout=6&idle_in_transaction_session_timeout=7",
        &["uselibpqcompat", "statement_timeout", "query_timeout", "idle_in_transaction_session_timeout"],
    ),
    (
        "postgres.js",
        "postgres://u:p@h/d?max=1&idle_timeout=20&prepare=false&ssl=true",
        &["max", "idle_timeout", "prepare"],
    ),
    (
        "SQLAlchemy",
        "postgresql+asyncpg://u:p@h/d?ssl=require&prepared_statement_cache_size=0&command_timeout=9",
        &["prepared_statement_cache_size", "command_timeout"],
    ),
    (
        "SQLAlchemy's psycopg",
        "postgresql+psycopg2://u:p@h/d?sslmode=require&prepare_threshold=0",
        &["prepare_threshold"],
    ),
    (
        "Rails",
        "postgresql://u:p@h/d?pool=5&prepared_statements=false&encoding=unicode",
        &["pool", "prepared_statements", "encoding"],
    ),
    (
        "pgx",
        "postgres://u:p@h/d?pool_max_conns=4&default_query_exec_mode=exec&statement_cache_capacity=0&search_path=x&timezone=UTC",
        &["pool_max_conns", "default_query_exec_mode", "statement_cache_capacity", "search_path", "timezone"],
    ),
];

#[test]
fn what_people_paste_is_read() {
    for (whose, text, ignored) in PASTED {
        let settings = parse(text).unwrap_or_else(|error| panic!("{whose}: {error}"));
        assert_eq!(keys(&settings), *ignored, "{whose}");
        assert!(!settings.host.is_empty() && !settings.dbname.is_empty(), "{whose}");
    }
    let mode = |query: &str| parse(&format!("postgres://u@h/d?{query}")).map(|settings| settings.sslmode);
    for switch in ["ssl=true", "ssl=1", "ssl=no-verify", "ssl=require", "sslmode=no-verify"] {
        assert_eq!(mode(switch), Ok(SslMode::Require), "{switch}");
    }
    assert_eq!((mode("ssl=false"), mode("ssl=verify-full")), (Ok(SslMode::Prefer), Ok(SslMode::VerifyFull)));
    assert!(matches!(mode("ssl=maybe"), Err(UrlError::Value { key: "ssl", .. })));
}

#[test]
fn each_parameter_that_is_used_does_something() {
    let plain = parse("postgres://u@h/d").unwrap();
    for (key, value) in [
        ("host", "other"),
        ("hostaddr", "192.0.2.1"),
        ("port", "6543"),
        ("dbname", "other"),
        ("user", "other"),
        ("password", "other"),
        ("sslmode", "verify-full"),
        ("sslrootcert", "system"),
        ("sslnegotiation", "direct&sslmode=require"),
        ("channel_binding", "require"),
        ("connect_timeout", "60"),
        ("application_name", "mine"),
        ("fallback_application_name", "mine"),
        ("ssl", "true"),
    ] {
        assert!(USED.contains(&key), "{key}");
        let settings = parse(&format!("postgres://u@h/d?{key}={value}")).unwrap();
        assert!(settings != plain && settings.warnings.is_empty(), "{key}");
    }
    assert_eq!(USED.len(), 14);
    let settings = parse("postgres://u@h/d?connect_timeout=60&channel_binding=disable").unwrap();
    assert_eq!(settings.connect_timeout, Some(Duration::from_secs(60)));
    assert_eq!(settings.channel_binding, ChannelBinding::Disable);
}

#[test]
fn a_warning_shows_the_key_and_never_the_value() {
    for (key, reason) in IGNORED.iter().copied().chain([("pasword", "no such parameter is known")]) {
        let settings = parse(&format!("postgres://u@h/d?{key}=hunter%2F2")).unwrap();
        let warnings: Vec<String> = settings.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(warnings, [format!("the connection parameter `{key}` is ignored: {reason}")]);
        let said = format!("{settings:?}");
        assert!(!said.contains("hunter"), "{said}");
        // What else has the URL, a command's output, is without it too where
        // it may be a secret.
        let is_secret = parameters::SECRET.contains(&key) || key == "pasword";
        assert_eq!(settings.redact("hunter/2 hunter%2f2") == "*** ***", is_secret, "{key}");
    }
}

#[test]
fn the_document_lists_what_the_reader_knows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/connections.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = |title: &str| -> Vec<(String, String)> {
        let (_, rest) = text.split_once(&format!("## {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
        let rows = rest.split("\n## ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| `"));
        let cells = rows.map(|row| row.trim_matches('|').split_once('|').unwrap_or_else(|| panic!("{row}")));
        cells.map(|(key, rest)| (key.trim().trim_matches('`').to_owned(), rest.trim().to_owned())).collect()
    };
    let used: Vec<String> = section("The parameters that do something").into_iter().map(|(key, _)| key).collect();
    assert_eq!(used, USED);
    let ignored = section("The parameters that do nothing");
    let known: Vec<(String, String)> =
        IGNORED.iter().map(|(key, why)| ((*key).to_owned(), (*why).to_owned())).collect();
    assert_eq!(ignored, known);
    let all: BTreeSet<&str> = USED.iter().copied().chain(IGNORED.iter().map(|(key, _)| *key)).collect();
    assert_eq!(all.len(), USED.len() + IGNORED.len(), "none is there twice");
}
