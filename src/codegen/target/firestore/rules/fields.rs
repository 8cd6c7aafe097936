use super::formula::Formula;
use super::operand::UUID;
use super::text;
use crate::codegen::target::firestore::document_id::{DocumentId, SEPARATOR, Strategy};
use crate::codegen::target::firestore::value::{Field, Kind, Shape};

/// The tests that a document which a client writes has the fields of the
/// collection and no others, and that its id is its key. They are functions,
/// so that no single one is long.
pub struct WriteTests {
    /// Tests of one document, `row`.
    pub groups: Vec<Formula>,
    /// That the id is the key's, of `documentId` and `row`.
    pub id: Formula,
}

/// How many fields one function tests.
const GROUP: usize = 20;

/// The tests of a collection's fields, or why a client cannot write them.
///
/// # Errors
/// A clause that says which field stands in the way.
pub fn write_tests(fields: &[(&str, Field<'_>)], id: &DocumentId<'_>) -> Result<WriteTests, String> {
    let mut tests = Vec::new();
    let mut names = Vec::new();
    for (name, field) in fields {
        let Some(quoted) = text::string(name) else {
            return Err(format!("the field's name `{}` cannot be written in rules", text::comment(name)));
        };
        if field.generated {
            return Err(format!("the field `{name}` is computed by Postgres"));
        }
        names.push(quoted.clone());
        let value = text::member("row", name).unwrap_or_default();
        let of_type = of_type(&value, &field.shape)?;
        tests.push(if field.required {
            of_type
        } else {
            let missing = Formula::test(format!("row.get({quoted}, null) == null"));
            Formula::any([missing, of_type])
        });
    }
    let only = Formula::test(format!("row.keys().hasOnly([{}])", names.join(", ")));
    let mut groups = vec![only];
    groups.extend(tests.chunks(GROUP).map(|group| Formula::all(group.to_vec())));
    Ok(WriteTests { groups, id: key(fields, id)? })
}

/// That a value is of a field's type.
fn of_type(value: &str, shape: &Shape<'_>) -> Result<Formula, String> {
    let is = |kind: &str| Formula::test(format!("{value} is {kind}"));
    Ok(match shape.kind {
        Kind::String if !shape.labels.is_empty() => Formula::test(format!("{value} in [{}]", labels(&shape.labels)?)),
        Kind::String => {
            let uuid =
                (shape.format.as_deref() == Some("uuid")).then(|| Formula::test(format!("{value}.matches('{UUID}')")));
            let length = shape.max_length.map(|length| Formula::test(format!("{value}.size() <= {length}")));
            Formula::all([is("string")].into_iter().chain(uuid).chain(length))
        }
        Kind::Number => match shape.number_format {
            Some("int16") => Formula::all([is("int"), between(value, i16::MIN.into(), i16::MAX.into())]),
            Some("int32") => Formula::all([is("int"), between(value, i32::MIN.into(), i32::MAX.into())]),
            Some("int64") => is("int"),
            // 1.0 may arrive as an integer.
            _ => is("number"),
        },
        Kind::Boolean => is("bool"),
        Kind::Timestamp => is("timestamp"),
        Kind::Bytes => is("bytes"),
        Kind::Geopoint => is("latlng"),
        Kind::Reference => is("path"),
        Kind::Map => is("map"),
        Kind::Vector => is("vector"),
        Kind::Array => match shape.items.as_ref().filter(|item| !item.shape.labels.is_empty() && !item.nullable) {
            Some(item) => {
                let only = format!("{value}.hasOnly([{}])", labels(&item.shape.labels)?);
                Formula::all([is("list"), Formula::test(only)])
            }
            None => is("list"),
        },
    })
}

fn between(value: &str, least: i64, most: i64) -> Formula {
    Formula::all([Formula::test(format!("{value} >= {least}")), Formula::test(format!("{value} <= {most}"))])
}

fn labels(labels: &[&str]) -> Result<String, String> {
    let labels: Option<Vec<String>> = labels.iter().map(|label| text::string(label)).collect();
    labels.map(|labels| labels.join(", ")).ok_or_else(|| "a label cannot be written in rules".to_owned())
}

/// That a document's id is its key. Who could write a row of one key under
/// another's id would be found by lookups as somebody else.
fn key(fields: &[(&str, Field<'_>)], id: &DocumentId<'_>) -> Result<Formula, String> {
    if id.strategy == Strategy::Auto {
        return Ok(Formula::Always);
    }
    let mut parts = Vec::new();
    for name in &id.fields {
        let Some((_, field)) = fields.iter().find(|(field, _)| field == name) else {
            return Err(format!("the key's field `{name}` is not there"));
        };
        let value = text::member("row", name).unwrap_or_default();
        let integer = matches!(field.shape.number_format, Some("int16" | "int32" | "int64"));
        let uuid = field.shape.format.as_deref() == Some("uuid");
        let plain_labels = !field.shape.labels.is_empty()
            && field.shape.labels.iter().all(|label| {
                label.starts_with(|c: char| c.is_ascii_alphanumeric())
                    && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            });
        match field.shape.kind {
            Kind::Number if integer => parts.push(format!("string({value})")),
            Kind::String if uuid || plain_labels => parts.push(value),
            _ => {
                return Err(format!(
                    "the id is made of `{name}`, whose text may need an escape that rules cannot make"
                ));
            }
        }
    }
    Ok(Formula::test(format!("id == {}", parts.join(&format!(" + '{SEPARATOR}' + ")))))
}
