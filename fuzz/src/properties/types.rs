//! A text is a type's name or an error; what was taken apart is the same when
//! it is put together with quotes, and a column of it can be looked up.

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::Manifest;
use crate::codegen::sql;
use crate::codegen::types::TypeName;

/// # Panics
/// Where it does not hold.
pub fn holds(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let manifest = Manifest::default();
    let resolved = Catalog::new(&manifest).resolve(text);
    let _ = resolved.without_domains();
    let _ = sql::requoted(text);
    let Ok(read) = TypeName::parse(text) else { return };
    let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    // A quoted name is its own, so what a built-in type is called cannot be
    // compared there: only its parts.
    let mut whole = read.schema.as_deref().map(|schema| format!("{}.", quote(schema))).unwrap_or_default();
    whole.push_str(&quote(&read.name));
    if !read.modifiers.is_empty() {
        whole.push_str(&format!("({})", read.modifiers.join(",")));
    }
    whole.push_str(&"[]".repeat(read.dimensions));
    let again = TypeName::parse(&whole).unwrap_or_else(|error| panic!("{whole:?} of {text:?}: {error}"));
    assert_eq!(
        (again.schema, again.name, again.modifiers, again.dimensions),
        (read.schema, read.name, read.modifiers, read.dimensions),
        "{whole:?} of {text:?}"
    );
}
