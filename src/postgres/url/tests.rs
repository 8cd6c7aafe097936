use super::*;
use crate::postgres::settings::{ChannelBinding, Secret, SslMode, SslRootCert};
use std::path::PathBuf;
use std::time::Duration;

fn parse(text: &str) -> ConnectionSettings {
    parse_with(text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn parse_with(text: &str, env: &[(&str, &str)]) -> Result<ConnectionSettings, UrlError> {
    parse_in(text, &|name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

fn fault(text: &str) -> UrlError {
    match parse_with(text, &[]) {
        Ok(settings) => panic!("{text} was read as {settings:?}"),
        Err(error) => error,
    }
}

fn password(settings: &ConnectionSettings) -> Option<&str> {
    settings.password.as_ref().map(Secret::expose)
}

/// The text, then host, port, dbname, user and password as they must be read.
type Case = (&'static str, &'static str, u16, &'static str, &'static str, Option<&'static str>);

const PLACES: &[Case] = &[
    ("postgres://u:p@h:5433/d", "h", 5433, "d", "u", Some("p")),
    ("postgresql://u:p@h/d", "h", 5432, "d", "u", Some("p")),
    ("POSTGRES://u@h/d", "h", 5432, "d", "u", None),
    ("postgres://u@h", "h", 5432, "u", "u", None),
    ("postgres://u@h/", "h", 5432, "u", "u", None),
    ("postgres://u:@h/d", "h", 5432, "d", "u", None),
    ("postgres://u@h:/d", "h", 5432, "d", "u", None),
    // Raw passwords, which other readers take apart.
    ("postgres://user:p@ss#w/rd@host:5432/db", "host", 5432, "db", "user", Some("p@ss#w/rd")),
    ("postgres://u:p@ss/w@h/d", "h", 5432, "d", "u", Some("p@ss/w")),
    ("postgres://u:p?w@h/d?sslmode=disable", "h", 5432, "d", "u", Some("p?w")),
    ("postgres://u:p@ss?a=b@h/d", "h", 5432, "d", "u", Some("p@ss?a=b")),
    ("postgres://u:p?@h/d", "h", 5432, "d", "u", Some("p?")),
    ("postgres://u:a:b@h/d", "h", 5432, "d", "u", Some("a:b")),
    ("postgres://u:100%sure@h/d", "h", 5432, "d", "u", Some("100%sure")),
    ("postgres://u:%@h/d", "h", 5432, "d", "u", Some("%")),
    ("postgres://u:a+b c@h/d", "h", 5432, "d", "u", Some("a+b c")),
    ("postgres://u:[x]@h/d", "h", 5432, "d", "u", Some("[x]")),
    // The same, encoded.
    ("postgres://u:p%40ss%23w%2Frd@h/d", "h", 5432, "d", "u", Some("p@ss#w/rd")),
    ("postgres://u%40corp:p@h/my%20db", "h", 5432, "my db", "u@corp", Some("p")),
    ("postgres://u:%C3%A4@h/d", "h", 5432, "d", "u", Some("ä")),
    // A query may hold an @ where its names are known.
    ("postgres://u:p@h/d?application_name=me@work", "h", 5432, "d", "u", Some("p")),
    ("postgres://h/d?user=me@corp&password=p%26q", "h", 5432, "d", "me@corp", Some("p&q")),
    ("postgres://u:old@h/d?password=new&port=6543&dbname=e", "h", 6543, "e", "u", Some("new")),
    // Addresses and sockets.
    ("postgres://u@127.0.0.1:5/d", "127.0.0.1", 5, "d", "u", None),
    ("postgres://u:p@[::1]:5433/d", "::1", 5433, "d", "u", Some("p")),
    ("postgres://u@[2001:db8::1]/d", "2001:db8::1", 5432, "d", "u", None),
    ("postgres://u@[fe80::1%25eth0]/d", "fe80::1%eth0", 5432, "d", "u", None),
    ("postgres://u@%2Fvar%2Frun%2Fpostgresql/d", "/var/run/postgresql", 5432, "d", "u", None),
    ("postgres://u@%2Ftmp:5433/d", "/tmp", 5433, "d", "u", None),
    ("postgres://u@/d?host=/tmp", "/tmp", 5432, "d", "u", None),
    ("postgresql:///d?host=/tmp&user=u", "/tmp", 5432, "d", "u", None),
    // As they are pasted.
    (" postgres://u:p@h/d\n", "h", 5432, "d", "u", Some("p")),
    ("\"postgres://u:p@h/d\"", "h", 5432, "d", "u", Some("p")),
    ("psql 'postgresql://u:p@h/d?sslmode=require'", "h", 5432, "d", "u", Some("p")),
    // Keywords.
    ("host=h port=6 dbname=d user=u password=p", "h", 6, "d", "u", Some("p")),
    ("host = h user = 'u' password = 'it\\'s a \\\\'", "h", 5432, "u", "u", Some("it's a \\")),
    ("host=h user=u password=a://b dbname=''", "h", 5432, "u", "u", Some("a://b")),
    ("host=/tmp user=u password=p@ss#w/rd", "/tmp", 5432, "u", "u", Some("p@ss#w/rd")),
];

#[test]
fn a_place_is_read_from_every_form() {
    for (text, host, port, dbname, user, expected) in PLACES {
        let settings = parse(text);
        let read = (settings.host.as_str(), settings.port, settings.dbname.as_str(), settings.user.as_str());
        assert_eq!(read, (*host, *port, *dbname, *user), "{text}");
        assert_eq!(password(&settings), *expected, "{text}");
    }
}

#[test]
fn what_neon_gives_is_read() {
    let settings = parse(
        "postgresql://neondb_owner:npg_x@ep-cool-1-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require&options=endpoint%3Dep-cool-1",
    );
    assert_eq!((settings.sslmode, settings.channel_binding), (SslMode::Require, ChannelBinding::Require));
    assert!(settings.is_neon());
    let ignored: Vec<&str> = settings.warnings.iter().map(|warning| warning.key.as_str()).collect();
    assert_eq!(ignored, ["options"]);
    assert!(!settings.warnings[0].to_string().contains("ep-cool"));
}

#[test]
fn what_prisma_and_supabase_give_is_read() {
    let settings = parse(
        "postgresql://postgres.abcdef:pw@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1&schema=public&statement_cache_size=0&connect_timeout=30&sslaccept=strict",
    );
    assert_eq!((settings.port, settings.user.as_str()), (6543, "postgres.abcdef"));
    assert_eq!(settings.connect_timeout, Some(Duration::from_secs(30)));
    let ignored: Vec<&str> = settings.warnings.iter().map(|warning| warning.key.as_str()).collect();
    assert_eq!(ignored, ["pgbouncer", "connection_limit", "schema", "statement_cache_size", "sslaccept"]);
    assert_eq!(settings.hints(), Vec::<String>::new());

    let wrong = parse("postgresql://postgres:pw@aws-0-eu-central-1.pooler.supabase.com:6543/postgres");
    assert!(wrong.hints()[0].contains("`postgres.<project ref>`"));
    let direct = parse("postgresql://postgres:pw@db.abcdef.supabase.co:5432/postgres");
    assert_eq!(direct.supabase_direct_ref(), Some("abcdef"));
}

#[test]
fn tls_is_read_as_libpq_does() {
    let mode = |query: &str| parse(&format!("postgres://u@h/d?{query}")).sslmode;
    assert_eq!(mode(""), SslMode::Prefer);
    assert_eq!(mode("sslmode=disable"), SslMode::Disable);
    assert_eq!(mode("sslmode=verify-ca"), SslMode::VerifyCa);
    assert_eq!(mode("sslmode=verify-full&gssencmode=disable&uselibpqcompat=true"), SslMode::VerifyFull);
    assert_eq!(mode("sslrootcert=system"), SslMode::VerifyFull);
    assert_eq!(mode("ssl=true"), SslMode::Require);
    assert_eq!(fault("postgres://u@h/d?sslmode=require&sslrootcert=system"), UrlError::WeakSystemRoots);
    let file = parse("postgres://u@h/d?sslmode=verify-ca&sslrootcert=/etc/ca.pem").sslrootcert;
    assert_eq!(file, Some(SslRootCert::File(PathBuf::from("/etc/ca.pem"))));
    assert!(parse("postgres://u@h/d?sslmode=require&sslnegotiation=direct").direct_tls);
    assert!(matches!(fault("postgres://u@h/d?sslnegotiation=direct"), UrlError::Value { .. }));
}

#[test]
fn timeouts_are_read_as_libpq_does() {
    let timeout = |value: &str| parse(&format!("postgres://u@h/d?connect_timeout={value}")).connect_timeout;
    assert_eq!(timeout("1"), Some(Duration::from_secs(2)));
    assert_eq!(timeout("0"), None);
    assert_eq!(timeout("-1"), None);
    assert_eq!(parse("postgres://u@h/d").connect_timeout, Some(Duration::from_secs(15)));
}

#[test]
fn the_environment_fills_in_and_never_overrules() {
    let env = [
        ("PGHOST", "eh"),
        ("PGPORT", "7"),
        ("PGUSER", "eu"),
        ("PGPASSWORD", "ep"),
        ("PGDATABASE", "ed"),
        ("PGSSLMODE", "require"),
        ("PGAPPNAME", "ea"),
    ];
    let settings = parse_with("postgres://", &env).expect("an empty URL is all defaults");
    assert_eq!(settings.place(), "eh:7/ed");
    assert_eq!((settings.user.as_str(), password(&settings)), ("eu", Some("ep")));
    assert_eq!((settings.sslmode, settings.application_name.as_str()), (SslMode::Require, "ea"));
    let settings = parse_with("postgres://u:p@h:1/d?sslmode=disable", &env).expect("a URL");
    assert_eq!((settings.place().as_str(), password(&settings)), ("h:1/d", Some("p")));
    let settings = parse_with("postgres://h", &[("USER", "me")]).expect("a URL");
    assert_eq!((settings.user.as_str(), settings.dbname.as_str()), ("me", "me"));
}

#[test]
fn faults_say_what_to_write() {
    for (text, expected) in [
        ("", UrlError::Empty),
        ("  ''", UrlError::Empty),
        ("localhost", UrlError::Form),
        ("mysql://u:p@h/d", UrlError::Scheme { scheme: "mysql".to_owned() }),
        ("postgresql+odbc://u:p@h/d", UrlError::Scheme { scheme: "postgresql+odbc".to_owned() }),
        ("Host=h;Username=u;Password=p;Database=d", UrlError::DotNet),
        ("Server=h;User Id=u;Password=p", UrlError::DotNet),
        // A scheme that is none may be a password.
        ("u:hunter2://h/d", UrlError::Form),
        ("jdbc:postgresql://h/d", UrlError::Scheme { scheme: "jdbc:postgresql".to_owned() }),
        ("prisma://accelerate/?api_key=x", UrlError::Prisma),
        ("postgres://u:p@h:port/d", UrlError::Port),
        ("postgres://u:p@h:0/d", UrlError::Port),
        ("postgres://u:p@h:99999/d", UrlError::Port),
        ("postgres://u:p@a,b/d", UrlError::SeveralHosts),
        ("postgres://u:p@[::1/d", UrlError::Host),
        ("postgres://u:p@[nope]/d", UrlError::Host),
        ("postgres://u:p@h h/d", UrlError::Host),
        ("postgres://u:p@h/d%2", UrlError::Escape { part: "the database's name" }),
        ("postgres://u:%FF@h/d", UrlError::NotUtf8 { part: "the password" }),
        ("postgres://u:%00@h/d", UrlError::ZeroByte { part: "the password" }),
        ("postgres://u:[YOUR-PASSWORD]@h/d", UrlError::Placeholder),
        ("host=h password='open", UrlError::OpenQuote),
        ("host=h nonsense", UrlError::Pair),
    ] {
        assert_eq!(fault(text), expected, "{text}");
    }
    assert!(matches!(fault("postgres://u@h/d?sslmode=on"), UrlError::Value { key: "sslmode", .. }));
    assert!(matches!(fault("postgres://u@h/d?channel_binding=1"), UrlError::Value { .. }));
    assert!(matches!(fault("postgres://u@h/d?connect_timeout=soon"), UrlError::Value { .. }));
}

#[test]
fn no_form_of_a_password_goes_out() {
    let settings = parse("postgres://user:p@ss#w/rd \"ä@host:5432/db");
    let said = format!("{settings:?} {settings:#?}");
    assert!(!said.contains("ss#w"), "{said}");
    for leak in [
        "p@ss#w/rd \"ä",
        "p%40ss%23w%2Frd%20%22%C3%A4",
        "p%40ss%23w%2frd%20%22%c3%a4",
        "p%40ss%23w%2Frd+%22%C3%A4",
        "p@ss#w/rd \\\"ä",
    ] {
        assert_eq!(settings.redact(&format!("tried {leak} twice: {leak}")), "tried *** twice: ***", "{leak}");
    }
    // Encoded in a way of its own, as only the URL has it.
    let settings = parse("postgres://user:%70ss%2f@host/db");
    assert_eq!(settings.redact("%70ss%2f pss/ pss%2F"), "*** *** ***");
    // No password, nothing to hide.
    assert_eq!(parse("postgres://user@host/db").redact("all of it"), "all of it");
}

#[test]
fn a_piece_of_a_password_is_no_parameters_name() {
    let settings = parse("postgres://u@h/d?s3cret%21word=x&nonsense=hunter2");
    let warnings: Vec<String> = settings.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "the connection parameter `(unreadable)` is ignored: no such parameter is known",
            "the connection parameter `nonsense` is ignored: no such parameter is known",
        ]
    );
}

/// Found by the fuzz target `url`: a place in the value was taken for one in
/// the text before it, which has blanks in front.
#[test]
fn blanks_before_a_value_that_is_not_ascii_are_passed_over() {
    assert_eq!(ConnectionSettings::parse("host= é;x=1"), Err(UrlError::DotNet));
    assert_eq!(ConnectionSettings::parse("host=  é;x=1"), Err(UrlError::DotNet));
    assert!(is_connection_string("password=   \u{fffd};=1"));
}
