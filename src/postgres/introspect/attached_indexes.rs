//! The parts that a partition has of its parent's indexes and keys.
//!
//! A part that is just what the server makes of the whole says nothing, and is
//! left out: its name is the one that the server chooses, and its options, table
//! space and keys are those of the whole. A part whose name was chosen while the
//! first choice was taken has a number behind it; it is listed, for where it is
//! made anew the name may be free.

use super::indexes::RelationIndex;
use super::relations::{Body, Relation};
use crate::codegen::manifest::{AttachedIndex, chosen_index_name};

/// Lists the part with its partition where there is something to say.
pub(super) fn attach(part: &RelationIndex, whole: &RelationIndex, relation: &mut Relation) {
    let Body::Partition { partition, .. } = &mut relation.body else { return };
    let (own, parents) = (&part.index, &whole.index);
    let is_made_of_the_whole = own.name == chosen_index_name(&partition.name, &whole.column_names, whole.label)
        && own.keys == parents.keys
        && own.options == parents.options
        && own.tablespace == parents.tablespace
        && own.comment.is_none()
        && part.constraint_comment.is_none()
        && !own.invalid
        && !parents.invalid;
    if is_made_of_the_whole {
        return;
    }
    partition.attached_indexes.push(AttachedIndex {
        parent: parents.name.clone(),
        name: own.name.clone(),
        keys: if own.keys == parents.keys { Vec::new() } else { own.keys.clone() },
        options: own.options.to_vec(),
        tablespace: own.tablespace.as_deref().map(str::to_owned),
        comment: own.comment.as_deref().map(str::to_owned),
        constraint_comment: part.constraint_comment.clone(),
        invalid: own.invalid,
    });
}
