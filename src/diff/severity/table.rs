//! Kind, difference and attribute, and what they mean.

use super::{Hazard, Judgement, Severity};
use crate::codegen::manifest::Kind;
use crate::diff::change::Difference;

use Difference::{Changed, Missing, Unexpected};
use Hazard::*;
use Severity::*;

/// A line of the table. The first line that fits a change judges it.
struct Row {
    /// None: every kind.
    kinds: &'static [Kind],
    difference: Difference,
    /// What of the object; an attribute also stands for the parts that have a
    /// dot behind it. None: all of it.
    attributes: &'static [&'static str],
    severity: Severity,
    hazards: &'static [Hazard],
}

const fn row(
    kinds: &'static [Kind],
    difference: Difference,
    attributes: &'static [&'static str],
    severity: Severity,
    hazards: &'static [Hazard],
) -> Row {
    Row { kinds, difference, attributes, severity, hazards }
}

const ANY: &[Kind] = &[];
const RELATIONS: &[Kind] = &[Kind::Table, Kind::Partition, Kind::ForeignTable];
const VIEWS: &[Kind] = &[Kind::View, Kind::MaterializedView];
const COLUMNS: &[Kind] = &[Kind::Column];
const KEYS: &[Kind] = &[Kind::PrimaryKey, Kind::Unique, Kind::Exclusion];
const CONDITIONS: &[Kind] = &[Kind::ForeignKey, Kind::Check, Kind::DomainCheck];
const ROUTINES: &[Kind] = &[Kind::Function, Kind::Procedure, Kind::Aggregate, Kind::WindowFunction];
const RIGHTS: &[Kind] = &[Kind::Policy, Kind::Grant, Kind::DefaultPrivilege, Kind::UserMapping];
/// What runs by itself, and what nobody names in a query.
const IN_THE_BACKGROUND: &[Kind] = &[
    Kind::Trigger,
    Kind::Rule,
    Kind::EventTrigger,
    Kind::Publication,
    Kind::PublicationTable,
    Kind::Subscription,
    Kind::CronJob,
    Kind::Transform,
    Kind::Conversion,
];

/// The whole table, from the particular to the general.
const TABLE: &[Row] = &[
    // Whoever reads a comment, and the planner.
    row(ANY, Changed, &["comment", "index_comment", "identity.comment", "not_null_constraint.comment"], Cosmetic, &[]),
    row(RELATIONS, Changed, &["column_order"], Cosmetic, &[]),
    row(ANY, Changed, &["cluster_on", "not_null_constraint.name", "identity.sequence"], Cosmetic, &[]),
    row(COLUMNS, Changed, &["statistics"], Cosmetic, &[]),
    row(&[Kind::Statistics], Missing, &[], Cosmetic, &[]),
    row(&[Kind::Statistics], Unexpected, &[], Cosmetic, &[]),
    row(&[Kind::Statistics], Changed, &[], Cosmetic, &[]),
    // Rights.
    row(RIGHTS, Missing, &[], Security, &[ChangesRights]),
    row(RIGHTS, Unexpected, &[], Security, &[ChangesRights]),
    row(RIGHTS, Changed, &[], Security, &[ChangesRights]),
    row(RELATIONS, Changed, &["row_security", "force_row_security"], Security, &[ChangesRights]),
    row(ROUTINES, Changed, &["security_definer", "leakproof"], Security, &[ChangesRights]),
    row(COLUMNS, Changed, &["identity.grants"], Security, &[ChangesRights]),
    row(&[Kind::Language], Changed, &["trusted"], Security, &[ChangesRights]),
    // Relations and their columns.
    row(RELATIONS, Missing, &[], Breaking, &[]),
    row(&[Kind::Table, Kind::Partition, Kind::MaterializedView], Unexpected, &[], Risky, &[DeletesData, BreaksClients]),
    row(RELATIONS, Changed, &["persistence", "access_method", "tablespace"], Risky, &[RewritesTable, LocksTable]),
    row(RELATIONS, Changed, &["partition_by", "bound"], Breaking, &[RewritesTable, LocksTable, BreaksClients]),
    row(RELATIONS, Changed, &["options", "attached_indexes"], Safe, &[]),
    row(COLUMNS, Missing, &[], Breaking, &[]),
    row(COLUMNS, Unexpected, &[], Risky, &[DeletesData, BreaksClients]),
    row(COLUMNS, Changed, &["type", "generated"], Breaking, &[RewritesTable, LocksTable, BreaksClients]),
    row(COLUMNS, Changed, &["not_null"], Breaking, &[LocksTable, ScansTable, BreaksClients]),
    row(COLUMNS, Changed, &["not_null_constraint.not_valid"], Risky, &[ScansTable]),
    row(COLUMNS, Changed, &["collation"], Risky, &[LocksTable, BuildsIndex]),
    row(COLUMNS, Changed, &["identity.generation"], Breaking, &[BreaksClients]),
    row(COLUMNS, Changed, &["storage", "compression", "options", "inherited", "not_null_constraint"], Safe, &[]),
    // Constraints and indexes.
    row(KEYS, Missing, &[], Breaking, &[LocksTable, BuildsIndex, BreaksClients]),
    row(KEYS, Unexpected, &[], Risky, &[BreaksClients]),
    row(KEYS, Changed, &["options", "tablespace"], Safe, &[]),
    row(KEYS, Changed, &[], Breaking, &[LocksTable, BuildsIndex, BreaksClients]),
    row(CONDITIONS, Missing, &[], Breaking, &[LocksTable, ScansTable, BreaksClients]),
    row(CONDITIONS, Changed, &["not_valid"], Risky, &[ScansTable]),
    row(CONDITIONS, Changed, &["deferrable", "initially_deferred", "inherited", "no_inherit"], Risky, &[]),
    row(CONDITIONS, Changed, &[], Breaking, &[LocksTable, ScansTable, BreaksClients]),
    row(&[Kind::Index], Missing, &[], Risky, &[BuildsIndex]),
    row(&[Kind::Index], Unexpected, &[], Safe, &[]),
    row(&[Kind::Index], Changed, &["options", "tablespace"], Safe, &[]),
    row(&[Kind::Index], Changed, &["unique", "nulls_not_distinct"], Breaking, &[BuildsIndex, BreaksClients]),
    row(&[Kind::Index], Changed, &[], Risky, &[BuildsIndex]),
    // Views, routines and what runs by itself.
    row(VIEWS, Unexpected, &[], Risky, &[BreaksClients]),
    row(VIEWS, Changed, &["options", "tablespace", "access_method"], Safe, &[]),
    row(VIEWS, Changed, &[], Risky, &[BreaksClients]),
    row(ROUTINES, Changed, &["returns", "arguments"], Breaking, &[BreaksClients]),
    row(ROUTINES, Changed, &["cost", "rows", "parallel", "support"], Safe, &[]),
    row(IN_THE_BACKGROUND, Missing, &[], Risky, &[]),
    // Types and sequences.
    row(&[Kind::Attribute], Unexpected, &[], Risky, &[DeletesData, BreaksClients]),
    row(&[Kind::Attribute, Kind::Range], Changed, &[], Breaking, &[BreaksClients]),
    row(&[Kind::Composite], Changed, &["attribute_order"], Breaking, &[BreaksClients]),
    row(&[Kind::Domain], Changed, &["type", "collation"], Breaking, &[RewritesTable, LocksTable, BreaksClients]),
    row(&[Kind::Domain], Changed, &["not_null"], Breaking, &[LocksTable, ScansTable, BreaksClients]),
    row(&[Kind::Sequence], Changed, &["owned_by"], Safe, &[]),
    row(&[Kind::Sequence], Unexpected, &[], Risky, &[DeletesData, BreaksClients]),
    // To drop an extension is to drop the columns of its types.
    row(&[Kind::Extension], Unexpected, &[], Risky, &[DeletesData, BreaksClients]),
    // What is in a schema has lines of its own.
    row(&[Kind::Schema], Unexpected, &[], Safe, &[]),
    // Whatever is named in a query and is not there; whatever else differs.
    row(ANY, Missing, &[], Breaking, &[]),
    row(ANY, Unexpected, &[], Risky, &[]),
    row(ANY, Changed, &[], Risky, &[]),
];

/// What the table says of a change of this kind.
pub fn judgement(kind: Kind, difference: Difference, attribute: Option<&str>) -> Judgement {
    let fits = |row: &&Row| {
        row.difference == difference
            && (row.kinds.is_empty() || row.kinds.contains(&kind))
            && (row.attributes.is_empty() || attribute.is_some_and(|attribute| speaks_of(row.attributes, attribute)))
    };
    // The last lines fit everything.
    TABLE.iter().find(fits).map_or((Risky, &[]), |row| (row.severity, row.hazards))
}

fn speaks_of(attributes: &[&str], attribute: &str) -> bool {
    attributes
        .iter()
        .any(|named| attribute.strip_prefix(named).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_can_be_reached_and_lists_its_hazards_in_order() {
        for (at, row) in TABLE.iter().enumerate() {
            assert!(row.hazards.windows(2).all(|pair| pair[0] < pair[1]), "line {at}: {:?}", row.hazards);
            let kinds = if row.kinds.is_empty() { &Kind::ALL } else { row.kinds };
            let attributes: Vec<Option<&str>> = match row.attributes {
                [] => vec![None, Some("an attribute of no line")],
                some => some.iter().map(|attribute| Some(*attribute)).collect(),
            };
            for attribute in attributes {
                let reached = kinds.iter().any(|kind| {
                    let first = TABLE.iter().position(|other| {
                        other.difference == row.difference
                            && (other.kinds.is_empty() || other.kinds.contains(kind))
                            && (other.attributes.is_empty()
                                || attribute.is_some_and(|attribute| speaks_of(other.attributes, attribute)))
                    });
                    first == Some(at)
                });
                assert!(
                    reached || attribute.is_none() && row.difference == Changed,
                    "line {at} never judges {attribute:?}"
                );
            }
        }
    }
}
