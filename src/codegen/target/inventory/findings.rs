//! What the inventory finds to be wanting in the schema. The passes that find
//! it are in [`super::inspect`].

use crate::codegen::loss::Code;

pub static ROW_SECURITY_WITHOUT_POLICY: Code = Code {
    id: "INV001",
    title: "Row security is on, but there is no policy",
    way_out: "Add a policy for each role that may read or write, or leave it as it is where only the owner may",
};
pub static FOREIGN_KEY_WITHOUT_INDEX: Code = Code {
    id: "INV002",
    title: "A foreign key has no index",
    way_out: "Create an index whose leading columns are the foreign key's: without it each DELETE or key change in the \
              referenced table reads this whole table",
};
pub static DUPLICATE_INDEX: Code = Code {
    id: "INV003",
    title: "An index is the same as another",
    way_out: "Drop the index: each write pays for both",
};
pub static TABLE_WITHOUT_KEY: Code = Code {
    id: "INV004",
    title: "A table has no key",
    way_out: "Add a primary key: without one a row cannot be named, and logical replication cannot update or delete it",
};
pub static POLICY_WITHOUT_ROW_SECURITY: Code = Code {
    id: "INV005",
    title: "There are policies, but row security is off",
    way_out: "ALTER TABLE … ENABLE ROW LEVEL SECURITY: until then the policies do nothing",
};
pub static DEFINER_WITHOUT_SEARCH_PATH: Code = Code {
    id: "INV006",
    title: "A SECURITY DEFINER function has no search_path of its own",
    way_out: "ALTER FUNCTION … SET search_path = '' and qualify the names in its body: its caller chooses the objects \
              that it runs with otherwise",
};
pub static INVALID_INDEX: Code = Code {
    id: "INV007",
    title: "An index is invalid",
    way_out: "DROP INDEX and create it again, or REINDEX INDEX CONCURRENTLY: writes keep it up, but no query uses it",
};
pub static CONSTRAINT_NOT_VALIDATED: Code = Code {
    id: "INV008",
    title: "A constraint was never checked against the rows that there were",
    way_out: "ALTER TABLE … VALIDATE CONSTRAINT",
};
pub static COVERED_INDEX: Code = Code {
    id: "INV009",
    title: "An index is the beginning of another",
    way_out: "Drop the shorter index, unless its size is what it is for",
};
pub static REFERENCE_OF_ANOTHER_TYPE: Code = Code {
    id: "INV010",
    title: "A foreign key's column has another type than what it refers to",
    way_out: "Give both columns the same type: joins cast, and the smaller one runs out first",
};
pub static TRIGGER_DISABLED: Code =
    Code { id: "INV011", title: "A trigger is disabled", way_out: "ALTER TABLE … ENABLE TRIGGER, or drop it" };
pub static NOT_VISIBLE: Code = Code {
    id: "INV012",
    title: "An object could not be read, so that this inventory lacks it",
    way_out: "Grant the missing privilege to the role that introspects, and introspect again",
};

/// Every code of this target, sorted.
pub static ALL: [&Code; 12] = [
    &ROW_SECURITY_WITHOUT_POLICY,
    &FOREIGN_KEY_WITHOUT_INDEX,
    &DUPLICATE_INDEX,
    &TABLE_WITHOUT_KEY,
    &POLICY_WITHOUT_ROW_SECURITY,
    &DEFINER_WITHOUT_SEARCH_PATH,
    &INVALID_INDEX,
    &CONSTRAINT_NOT_VALIDATED,
    &COVERED_INDEX,
    &REFERENCE_OF_ANOTHER_TYPE,
    &TRIGGER_DISABLED,
    &NOT_VISIBLE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_each_given_once() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
    }
}
