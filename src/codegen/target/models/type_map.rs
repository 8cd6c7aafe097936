//! The type map: what each Postgres type becomes.
//!
//! The rule throughout: what tokio-postgres reads without loss is its Rust
//! type; what has a plain wire format is a type of support.rs; all else is text
//! by a cast, which loses nothing, with a finding.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::Composite;
use crate::codegen::types::{Family, Named, PgType};

use super::external::External;
use super::findings::{ARRAY_OF_ARRAYS, READ_AS_TEXT, UNKNOWN_TYPE, UNREADABLE_COMPOSITE};
use super::naming::{Kind, Names};
use super::options::{Dates, DecimalType, ModelsOptions};
use super::overrides::Overrides;
use super::rust_type::{RustType, Support, Traits, Trap};

/// Maps types for one manifest and its options.
pub(super) struct TypeMap<'m, 'a> {
    pub catalog: &'a Catalog<'m>,
    pub names: &'a Names,
    pub overrides: &'a Overrides,
    options: &'a ModelsOptions,
    /// What was found of a composite, by schema and name: what its fields have
    /// in common, or why it has no codec.
    composites: RefCell<BTreeMap<(String, String), Result<Traits, String>>>,
}

impl<'m, 'a> TypeMap<'m, 'a> {
    pub fn new(
        catalog: &'a Catalog<'m>,
        names: &'a Names,
        overrides: &'a Overrides,
        options: &'a ModelsOptions,
    ) -> Self {
        Self { catalog, names, overrides, options, composites: RefCell::default() }
    }

    /// What a type becomes in a file of the schema `from`.
    pub fn map(&self, from: &str, pg: &PgType<'m>) -> RustType {
        if let Some(overridden) = self.overrides.of_type(pg) {
            return overridden.clone();
        }
        match pg.dimensions {
            0 => self.scalar(from, &pg.family),
            1 => {
                let element = self.map(from, &pg.element());
                match &pg.family {
                    // A cast reaches the elements, not what is in them.
                    Family::Domain { base, .. } if base.without_domains().is_array() => {
                        RustType::text(&ARRAY_OF_ARRAYS, "an array of a domain over an array is an array in an array")
                    }
                    // sqlx would take the array for one of the base type.
                    Family::Domain { .. } => {
                        let array = element.array();
                        RustType { traits: array.traits.without_sqlx(), ..array }
                    }
                    _ => element.array(),
                }
            }
            _ => RustType::text(
                &ARRAY_OF_ARRAYS,
                "tokio-postgres and sqlx refuse arrays of more than one dimension when they meet one",
            ),
        }
    }

    fn scalar(&self, from: &str, family: &Family<'m>) -> RustType {
        let small = |path: &str| RustType::new(path, Traits { display: true, ..Traits::SMALL });
        let as_text = |reason: String| RustType::text(&READ_AS_TEXT, reason);
        match family {
            Family::Boolean => small("bool"),
            Family::Int2 => small("i16"),
            Family::Int4 => small("i32"),
            Family::Int8 => small("i64"),
            // sqlx has a type of its own for it, that nothing else reads.
            Family::Oid => {
                let oid = small("u32");
                RustType { traits: oid.traits.without_sqlx(), ..oid }
            }
            Family::InternalChar => small("i8"),
            Family::Float4 => float("f32"),
            Family::Float8 => float("f64"),
            Family::Numeric { precision, scale } => self.numeric(*precision, *scale),
            Family::Money => wire("Money", Support::Money, Traits::SMALL),
            Family::Text | Family::Varchar { .. } | Family::Char { .. } | Family::Name | Family::Citext => {
                RustType::new("String", Traits { display: true, ..Traits::KEY })
            }
            Family::Ltree(_) => {
                // sqlx has types of its own for these; String reads none of them.
                RustType::new("String", Traits { display: true, ..Traits::KEY }.without_sqlx())
            }
            Family::Bytea => RustType::new("Vec<u8>", Traits::KEY),
            Family::Bit { .. } | Family::Varbit { .. } => {
                // sqlx knows an older bit-vec, whose type is another.
                let mut bits = RustType::new("bit_vec::BitVec", Traits::KEY.without_sqlx())
                    .of_crate(External::BitVec)
                    .schema("super::super::support::Bits");
                bits.support.insert(Support::Bits);
                bits
            }
            Family::Date | Family::Time | Family::Timestamp | Family::TimestampTz => self.date(family),
            Family::TimeTz => wire("TimeTz", Support::TimeTz, Traits::SMALL),
            Family::Interval => wire("Interval", Support::Interval, Traits::SMALL),
            Family::Json | Family::Jsonb => {
                let traits = Traits { hash: false, ..Traits::KEY };
                let value = RustType::new("serde_json::Value", traits).of_crate(External::SerdeJson);
                let value = value.trap(Trap::JsonNumber);
                if matches!(family, Family::Json) { value.trap(Trap::JsonText) } else { value }
            }
            Family::Hstore => RustType::new(
                "std::collections::HashMap<String, Option<String>>",
                Traits { hash: false, ..Traits::KEY }.without_sqlx(),
            ),
            Family::Uuid => {
                RustType::new("uuid::Uuid", Traits { display: true, ..Traits::SMALL }).of_crate(External::Uuid)
            }
            Family::Inet => foreign("cidr::IpInet", External::Cidr),
            Family::Cidr => foreign("cidr::IpCidr", External::Cidr),
            Family::Macaddr => foreign("eui48::MacAddress", External::Eui48),
            Family::PgLsn => wire("PgLsn", Support::PgLsn, Traits { display: true, ..Traits::SMALL }),
            Family::Vector { .. } => {
                let traits = Traits { sqlx: true, sqlx_array: true, ..Traits::PLAIN };
                RustType::new("pgvector::Vector", traits).of_crate(External::Pgvector).schema("Vec<f32>")
            }
            Family::Range { name, subtype } => self.range(from, name, subtype, false),
            Family::Multirange { name, subtype } => self.range(from, name, subtype, true),
            Family::Enum(named) if named.item.labels.is_empty() => {
                as_text(format!("{} has no labels", named.item.name))
            }
            Family::Enum(named) => {
                RustType::new(&self.names.path(from, named.schema, Kind::Enum, &named.item.name), Traits::SMALL)
            }
            Family::Domain { domain, base } => {
                let inner = self.map(from, base);
                RustType {
                    path: self.names.path(from, domain.schema, Kind::Domain, &domain.item.name),
                    schema_path: self.names.path(from, domain.schema, Kind::Domain, &domain.item.name),
                    ..inner
                }
            }
            Family::Composite(named) => self.composite(from, *named),
            Family::Row { schema, name, .. } => RustType::text(
                &UNREADABLE_COMPOSITE,
                format!("the row type of {schema}.{name} has no codec of its own"),
            ),
            Family::Unknown(name) => RustType::text(&UNKNOWN_TYPE, format!("nothing is known of the type `{name}`")),
            Family::Jsonpath => as_text("jsonpath has no Rust type".to_owned()),
            Family::Xml => as_text("xml has no Rust type".to_owned()),
            Family::Macaddr8 => as_text("macaddr8 has no Rust type that tokio-postgres reads".to_owned()),
            Family::Tsvector => as_text("tsvector has no Rust type".to_owned()),
            Family::Tsquery => as_text("tsquery has no Rust type".to_owned()),
            Family::Point => as_text("point has no Rust type that tokio-postgres and sqlx share".to_owned()),
            Family::Geometric(name) | Family::Reg(name) | Family::SystemId(name) | Family::Snapshot(name) => {
                as_text(format!("{name} has no Rust type"))
            }
            Family::Geometry { geography, .. } => {
                let name = if *geography { "geography" } else { "geometry" };
                as_text(format!("{name} is read as the hexadecimal digits of its EWKB"))
            }
            Family::Halfvec { .. } => as_text("halfvec has no Rust type here".to_owned()),
            Family::Sparsevec { .. } => as_text("sparsevec has no Rust type here".to_owned()),
        }
    }

    fn numeric(&self, precision: Option<u32>, scale: Option<i32>) -> RustType {
        match self.options.decimal {
            DecimalType::Text => RustType::text(&READ_AS_TEXT, "models.decimal says so"),
            DecimalType::Bigdecimal => {
                let rust = wire("Numeric", Support::Numeric, Traits { copy: false, display: true, ..Traits::SMALL });
                RustType { traits: Traits { sqlx: true, sqlx_array: true, ..rust.traits }, ..rust }
                    .of_crate(External::Bigdecimal)
                    .trap(Trap::NotANumber)
            }
            DecimalType::RustDecimal => {
                // Decimal holds 28 digits whatever they are, and 28 of them
                // behind the point. A negative scale adds digits before it.
                let scale = scale.unwrap_or(0);
                let fits = precision.is_some_and(|precision| {
                    i64::from(precision) + i64::from(scale.min(0).unsigned_abs()) <= 28 && scale <= 28
                });
                if !fits {
                    let what = match precision {
                        Some(precision) => format!("numeric({precision},{scale})"),
                        None => "numeric without a precision".to_owned(),
                    };
                    let reason = format!("{what} may hold more than the 28 digits of rust_decimal::Decimal");
                    return RustType::text(&READ_AS_TEXT, reason);
                }
                RustType::new("rust_decimal::Decimal", Traits { display: true, ..Traits::SMALL })
                    .of_crate(External::RustDecimal)
                    .trap(Trap::NotANumber)
            }
        }
    }

    fn date(&self, family: &Family<'m>) -> RustType {
        let paths = match self.options.dates {
            Dates::Chrono => {
                ["chrono::NaiveDate", "chrono::NaiveTime", "chrono::NaiveDateTime", "chrono::DateTime<chrono::Utc>"]
            }
            Dates::Time => ["time::Date", "time::Time", "time::PrimitiveDateTime", "time::OffsetDateTime"],
            Dates::Jiff => ["jiff::civil::Date", "jiff::civil::Time", "jiff::civil::DateTime", "jiff::Timestamp"],
        };
        let (path, trap) = match family {
            Family::Date => (paths[0], Trap::Infinity),
            Family::Time => (paths[1], Trap::EndOfDay),
            Family::Timestamp => (paths[2], Trap::Infinity),
            _ => (paths[3], Trap::Infinity),
        };
        let rust = RustType::new(path, Traits::SMALL).trap(trap);
        match self.options.dates {
            Dates::Chrono => rust.of_crate(External::Chrono),
            Dates::Time => rust.of_crate(External::Time).schema("String"),
            Dates::Jiff => RustType { traits: Traits::SMALL.without_sqlx(), ..rust }.of_crate(External::Jiff),
        }
    }

    /// A range or multirange. tokio-postgres knows the subtype of every range
    /// and of the multiranges that Postgres comes with, but takes those of
    /// other ranges for opaque.
    fn range(&self, from: &str, name: &str, subtype: &PgType<'m>, multi: bool) -> RustType {
        let bound = self.map(from, subtype);
        if bound.cast.is_some() {
            return RustType::text(&READ_AS_TEXT, format!("the bounds of {name} have no Rust type"));
        }
        if multi && !crate::codegen::types::is_builtin_name(name) {
            return RustType::text(&READ_AS_TEXT, format!("tokio-postgres does not know the bounds of {name}"));
        }
        let (ident, support) = if multi { ("Multirange", Support::Multirange) } else { ("Range", Support::Range) };
        let mut rust = RustType {
            path: format!("super::super::support::{ident}<{}>", bound.path),
            schema_path: format!("super::super::support::{ident}<{}>", bound.schema_path),
            // sqlx reads an empty range as one without bounds: better not at all.
            traits: Traits { copy: bound.traits.copy && !multi, display: false, ..bound.traits }.without_sqlx(),
            ..bound
        };
        rust.support.insert(Support::Range);
        rust.support.insert(support);
        rust
    }

    fn composite(&self, from: &str, named: Named<'m, Composite>) -> RustType {
        match self.composite_traits(named) {
            Ok(traits) => {
                let path = self.names.path(from, named.schema, Kind::Composite, &named.item.name);
                // What its fields are made of is counted where the composite is.
                RustType::new(&path, Traits { copy: false, display: false, sqlx_array: traits.sqlx, ..traits })
            }
            Err(reason) => RustType::text(&UNREADABLE_COMPOSITE, reason),
        }
    }

    /// What a composite's attributes have in common, or why the composite has
    /// no codec in Rust.
    pub fn composite_traits(&self, named: Named<'m, Composite>) -> Result<Traits, String> {
        let key = (named.schema.to_owned(), named.item.name.clone());
        if let Some(found) = self.composites.borrow().get(&key) {
            return found.clone();
        }
        let found = self.find_composite_traits(named);
        self.composites.borrow_mut().insert(key, found.clone());
        found
    }

    fn find_composite_traits(&self, named: Named<'m, Composite>) -> Result<Traits, String> {
        let path = format!("{}.{}", named.schema, named.item.name);
        if named.item.attributes.is_empty() {
            return Err(format!("{path} has no attributes"));
        }
        if self.holds_itself(named) {
            return Err(format!("{path} holds itself"));
        }
        let mut traits = Traits { copy: true, ..Traits::KEY };
        for attribute in &named.item.attributes {
            let pg = self.catalog.resolve(&attribute.type_name);
            let rust = self.map(named.schema, &pg);
            if rust.cast.is_some() {
                return Err(format!("{path} has the attribute {}, which is read as text", attribute.name));
            }
            traits = traits.both(rust.traits);
            // sqlx takes the domain's newtype for the base type, and refuses
            // the attribute, whose type is the domain's.
            if matches!(pg.family, Family::Domain { .. }) {
                traits = traits.without_sqlx();
            }
        }
        Ok(traits)
    }

    /// Whether a composite can be reached from its own attributes. Postgres
    /// makes none such; a manifest may say so.
    fn holds_itself(&self, start: Named<'m, Composite>) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![start];
        while let Some(named) = open.pop() {
            for attribute in &named.item.attributes {
                let mut pg = self.catalog.resolve(&attribute.type_name).without_domains();
                while let Family::Range { subtype, .. } | Family::Multirange { subtype, .. } = &pg.family {
                    pg = subtype.without_domains();
                }
                if let Family::Composite(inner) = pg.family {
                    if inner == start {
                        return true;
                    }
                    if seen.insert((inner.schema, inner.item.name.as_str())) {
                        open.push(inner);
                    }
                }
            }
        }
        false
    }
}

fn float(path: &str) -> RustType {
    RustType::new(path, Traits { copy: true, display: true, sqlx: true, sqlx_array: true, ..Traits::PLAIN })
}

/// A type of support.rs, which has codecs for both drivers, but no array type
/// for sqlx.
fn wire(ident: &str, support: Support, traits: Traits) -> RustType {
    let traits = Traits { sqlx_array: false, ..traits };
    let mut rust = RustType::new(&format!("super::super::support::{ident}"), traits);
    rust.support.insert(support);
    rust
}

/// A type that sqlx and schemars have nothing for; it is a string in JSON.
fn foreign(path: &str, external: External) -> RustType {
    RustType::new(path, Traits { display: true, ..Traits::SMALL }.without_sqlx()).of_crate(external).schema("String")
}
