//! What to change in a manifest to accept what is there instead.

use serde_yaml::Value as Yaml;

use super::finding::{Finding, Patch, PatchAction};
use crate::codegen::document::{Path, Step};
use crate::codegen::manifest::{ObjectId, to_yaml};
use crate::diff::change::Difference;
use crate::diff::object::Object;
use crate::diff::place::{Places, within};

/// Both sides' objects, for what a patch quotes of them.
pub(super) struct Patches<'r> {
    /// Those of the expected side's file.
    pub places: &'r Places,
    pub expected: &'r [Object<'r>],
    pub actual: &'r [Object<'r>],
}

impl Patches<'_> {
    /// `None` where there is nothing in the file to hang it on: the object is
    /// in another that is unexpected itself.
    pub fn patch(&self, finding: &Finding) -> Option<Patch> {
        let id = &finding.object;
        let remove = |path: Path| Patch { action: PatchAction::Remove, path: path.to_string(), value: None };
        match (finding.difference, finding.attribute.as_deref()) {
            (Difference::Missing, _) => Some(remove(self.places.path(id)?.clone())),
            (Difference::Unexpected, _) => self.addition(id),
            (Difference::Changed, attribute) => {
                let attribute = attribute?;
                let path = within(self.places.path(id)?, id.kind, attribute);
                let value = match attribute {
                    "column_order" | "attribute_order" => to_yaml(&self.reordered(finding, attribute)?),
                    _ => match &finding.actual {
                        Some(value) => to_yaml(value),
                        None => return Some(remove(path)),
                    },
                };
                Some(Patch { action: PatchAction::Set, path: path.to_string(), value: Some(value) })
            }
        }
    }

    /// The whole object, into the list that it stands in on the actual side.
    fn addition(&self, id: &ObjectId) -> Option<Patch> {
        let object = find(self.actual, id)?;
        let parent = object.parent.as_ref().and_then(|parent| find(self.actual, parent));
        let (base, own) = match (&object.parent, parent) {
            (None, _) => (Path::default(), object.place.0.as_slice()),
            (Some(_), Some(parent)) => {
                (self.places.path(&parent.id)?.clone(), object.place.0.strip_prefix(parent.place.0.as_slice())?)
            }
            (Some(_), None) => return None,
        };
        let list = match own {
            [list @ .., Step::Index(_)] => list,
            key => key,
        };
        let path = Path([base.0.as_slice(), list].concat());
        let value = to_yaml(&object.item);
        Some(Patch { action: PatchAction::Add, path: path.to_string(), value: Some(value) })
    }

    /// The expected side's list in the order of the actual side; what only the
    /// expected side has comes last.
    fn reordered(&self, finding: &Finding, attribute: &str) -> Option<Yaml> {
        let item = serde_yaml::to_value(find(self.expected, &finding.object)?.item).ok()?;
        let list = if attribute == "column_order" { "columns" } else { "attributes" };
        let mut items = item.get(list)?.as_sequence()?.clone();
        let order = finding.actual.as_ref()?.as_array()?;
        let name = |item: &Yaml| item.get("name").unwrap_or(item).as_str().map(str::to_owned);
        items.sort_by_key(|item| {
            order.iter().position(|other| other.as_str() == name(item).as_deref()).unwrap_or(usize::MAX)
        });
        Some(Yaml::Sequence(items))
    }
}

fn find<'o, 'm>(objects: &'o [Object<'m>], id: &ObjectId) -> Option<&'o Object<'m>> {
    objects.iter().find(|object| object.id == *id)
}
