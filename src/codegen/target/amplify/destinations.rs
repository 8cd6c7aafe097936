//! Which type and fields each table became.

use crate::codegen::target::destination::{Destination, Destinations};

use super::TYPES;
use super::view::Plan;

/// The types and fields, by the plan that the view is made from.
pub(super) fn destinations(plan: &Plan<'_>) -> Destinations {
    let destination = |(object, fields): (&super::objects::Object<'_>, &std::collections::BTreeMap<String, String>)| {
        let name = plan.names.objects[&object.path].clone();
        let columns = fields.iter().map(|(column, field)| (column.clone(), format!("{name}.{field}"))).collect();
        let key = (object.schema.to_owned(), object.name.to_owned());
        (key, Destination { object: name, file: TYPES.to_owned(), columns })
    };
    plan.objects.iter().zip(&plan.fields).map(destination).collect()
}
