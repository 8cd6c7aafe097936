//! The crates that the models need of the including crate, and the lines of
//! its Cargo.toml that say so.

use std::collections::BTreeSet;

use super::options::{Feature, ModelsOptions};

/// A crate whose types stand in the models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum External {
    Bigdecimal,
    BitVec,
    Chrono,
    Cidr,
    Eui48,
    Jiff,
    Pgvector,
    RustDecimal,
    SerdeJson,
    Time,
    Uuid,
}

/// How a crate is listed, and what each feature of the including crate switches
/// on for it: in the crate itself (`name/feature`) or in the crate behind the
/// feature (`sqlx/uuid`).
struct Listing {
    dependency: &'static str,
    serde: &'static [&'static str],
    schemars: &'static [&'static str],
    postgres_types: &'static [&'static str],
    sqlx: &'static [&'static str],
}

impl External {
    fn listing(self) -> Listing {
        match self {
            Self::Bigdecimal => Listing {
                dependency: "bigdecimal = \"0.4\"",
                serde: &["bigdecimal/serde"],
                schemars: &["schemars/bigdecimal04"],
                postgres_types: &[],
                sqlx: &[],
            },
            Self::BitVec => Listing {
                // The newest that postgres-types has a feature for.
                dependency: "bit-vec = \"0.9\"",
                serde: &["bit-vec/serde_std"],
                schemars: &[],
                postgres_types: &["postgres-types/with-bit-vec-0_9"],
                sqlx: &[],
            },
            Self::Chrono => Listing {
                dependency: "chrono = { version = \"0.4\", default-features = false, features = [\"std\"] }",
                serde: &["chrono/serde"],
                schemars: &["schemars/chrono04"],
                postgres_types: &["postgres-types/with-chrono-0_4"],
                sqlx: &["sqlx/chrono"],
            },
            Self::Cidr => Listing {
                dependency: "cidr = \"0.3\"",
                serde: &["cidr/serde"],
                schemars: &[],
                postgres_types: &["postgres-types/with-cidr-0_3"],
                sqlx: &[],
            },
            Self::Eui48 => Listing {
                dependency: "eui48 = { version = \"1\", default-features = false }",
                serde: &["eui48/serde"],
                schemars: &[],
                postgres_types: &["postgres-types/with-eui48-1"],
                sqlx: &[],
            },
            Self::Jiff => Listing {
                dependency: "jiff = { version = \"0.2\", default-features = false, features = [\"std\"] }",
                serde: &["jiff/serde"],
                schemars: &["schemars/jiff02"],
                postgres_types: &["postgres-types/with-jiff-0_2"],
                sqlx: &[],
            },
            Self::Pgvector => Listing {
                dependency: "pgvector = \"0.4\"",
                serde: &["pgvector/serde"],
                schemars: &[],
                postgres_types: &["pgvector/postgres"],
                sqlx: &["pgvector/sqlx"],
            },
            Self::RustDecimal => Listing {
                dependency: "rust_decimal = { version = \"1\", default-features = false, features = [\"std\"] }",
                serde: &["rust_decimal/serde"],
                schemars: &["schemars/rust_decimal1"],
                postgres_types: &["rust_decimal/db-tokio-postgres"],
                sqlx: &["sqlx/rust_decimal"],
            },
            Self::SerdeJson => Listing {
                dependency: "serde_json = \"1\"",
                serde: &[],
                schemars: &[],
                postgres_types: &["postgres-types/with-serde_json-1"],
                sqlx: &["sqlx/json"],
            },
            Self::Time => Listing {
                dependency: "time = { version = \"0.3\", default-features = false, features = [\"std\"] }",
                serde: &["time/serde-human-readable"],
                schemars: &[],
                postgres_types: &["postgres-types/with-time-0_3"],
                sqlx: &["sqlx/time"],
            },
            Self::Uuid => Listing {
                dependency: "uuid = \"1\"",
                serde: &["uuid/serde"],
                schemars: &["schemars/uuid1"],
                postgres_types: &["postgres-types/with-uuid-1"],
                sqlx: &["sqlx/uuid"],
            },
        }
    }
}

/// The lines of the including crate's Cargo.toml: what the models' types need,
/// and each feature with what it switches on. `wire` says that support types
/// have wire formats of their own, which write into `bytes`.
pub(super) fn cargo_lines(externals: &BTreeSet<External>, options: &ModelsOptions, wire: bool) -> Vec<String> {
    let listings: Vec<Listing> = externals.iter().map(|external| external.listing()).collect();
    let mut dependencies: Vec<String> = listings.iter().map(|listing| listing.dependency.to_owned()).collect();
    let mut features = Vec::new();
    let mut feature = |feature: Feature, own: &[&str], of: fn(&Listing) -> &'static [&'static str]| {
        let parts: Vec<String> =
            own.iter().chain(listings.iter().flat_map(of)).map(|part| format!("\"{part}\"")).collect();
        features.push(format!("{} = [{}]", feature.name(), parts.join(", ")));
    };
    if options.has(Feature::Serde) {
        dependencies.push("serde = { version = \"1\", features = [\"derive\"], optional = true }".to_owned());
        feature(Feature::Serde, &["dep:serde"], |listing| listing.serde);
    }
    if options.has(Feature::Schemars) {
        dependencies.push("schemars = { version = \"1\", optional = true }".to_owned());
        feature(Feature::Schemars, &["dep:schemars"], |listing| listing.schemars);
    }
    if options.has(Feature::PostgresTypes) {
        dependencies
            .push("postgres-types = { version = \"0.2\", features = [\"derive\"], optional = true }".to_owned());
        if wire {
            dependencies.push("bytes = { version = \"1\", optional = true }".to_owned());
        }
        let own: &[&str] = if wire { &["dep:postgres-types", "dep:bytes"] } else { &["dep:postgres-types"] };
        feature(Feature::PostgresTypes, own, |listing| listing.postgres_types);
    }
    if options.has(Feature::TokioPostgres) {
        dependencies.push("tokio-postgres = { version = \"0.7\", optional = true }".to_owned());
        feature(Feature::TokioPostgres, &["dep:tokio-postgres", "postgres-types"], |_| &[]);
    }
    if options.has(Feature::Sqlx) {
        dependencies.push(
            "sqlx = { version = \"0.8\", default-features = false, features = [\"derive\", \"postgres\"], optional = true }"
                .to_owned(),
        );
        feature(Feature::Sqlx, &["dep:sqlx"], |listing| listing.sqlx);
    }
    dependencies.sort();
    let mut lines = Vec::new();
    if !dependencies.is_empty() {
        lines.push("[dependencies]".to_owned());
        lines.append(&mut dependencies);
    }
    if !features.is_empty() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push("[features]".to_owned());
        lines.append(&mut features);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_is_needed_and_no_more() {
        let options = ModelsOptions { features: BTreeSet::from([Feature::Serde]), ..ModelsOptions::default() };
        assert_eq!(
            cargo_lines(&BTreeSet::from([External::Uuid]), &options, true),
            [
                "[dependencies]",
                "serde = { version = \"1\", features = [\"derive\"], optional = true }",
                "uuid = \"1\"",
                "",
                "[features]",
                "serde = [\"dep:serde\", \"uuid/serde\"]",
            ]
        );
        let none = ModelsOptions { features: BTreeSet::new(), ..ModelsOptions::default() };
        assert!(cargo_lines(&BTreeSet::new(), &none, false).is_empty());
    }
}
