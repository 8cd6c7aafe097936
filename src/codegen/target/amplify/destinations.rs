//! Which type and fields each table became.

use crate::codegen::target::destination::{Destination, Destinations};
use crate::codegen::target::{CastError, Input};

use super::{TYPES, view};

/// The types and fields, by the plan that the view is made from.
///
/// # Errors
/// Where no table can be a model, as for the target itself.
pub(super) fn destinations(input: &Input<'_>) -> Result<Destinations, CastError> {
    let plan = view::plan(input, &mut Vec::new())?;
    let destination = |(object, fields): (&super::objects::Object<'_>, &std::collections::BTreeMap<String, String>)| {
        let name = plan.names.objects[&object.path].clone();
        let columns = fields.iter().map(|(column, field)| (column.clone(), format!("{name}.{field}"))).collect();
        let key = (object.schema.to_owned(), object.name.to_owned());
        (key, Destination { object: name, file: TYPES.to_owned(), columns })
    };
    Ok(plan.objects.iter().zip(&plan.fields).map(destination).collect())
}
