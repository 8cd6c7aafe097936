use askama::Template;

use super::budget;
use super::text;
use super::view::{RulesView, SecurityRules};
use crate::codegen::target::firestore::findings::{self, Ledger};

impl RulesView {
    /// Leaves out functions that nothing calls.
    pub(super) fn keep_what_is_called(&mut self) {
        let texts = self.collections.iter().flat_map(|collection| {
            let bodies = collection.functions.iter().map(|function| function.body.as_str());
            bodies.chain(collection.allows.iter().map(|allow| allow.condition.as_str()))
        });
        let all = texts.collect::<Vec<_>>().join("\n");
        let called = |name: &str| text::calls(&all, name);
        self.lookups.retain(|lookup| called(&format!("{}_has", lookup.name)));
        for lookup in &mut self.lookups {
            lookup.reads = called(&format!("{}_at", lookup.name));
        }
        self.shared.retain(|function| called(function.name));
    }

    /// A file above the limit is not deployed. It is made without comments
    /// then; where that does not help, without what clients create and update,
    /// which is most of it, for each field is tested; else it allows nothing.
    pub(super) fn keep_to_the_size(&mut self, ledger: &mut Ledger<'_>, securities: &mut [SecurityRules]) {
        let fits = |view: &RulesView| view.render().is_ok_and(|text| text.len() <= budget::LARGEST);
        if fits(self) {
            return;
        }
        for collection in &mut self.collections {
            collection.comments.clear();
            collection.functions.iter_mut().for_each(|function| function.comment.clear());
        }
        self.collections.retain(|collection| collection.path.is_some());
        if fits(self) {
            return;
        }
        let mut too_large = |what: &str| {
            let reason = format!("the rules of all collections have more than 256 KB, so they deny {what}");
            ledger.note(&findings::RULES_TOO_LARGE, "firestore.rules", None, None, reason);
        };
        let is_kept = |operations: &str| !matches!(operations, "create" | "update");
        for collection in &mut self.collections {
            collection.allows.retain(|allow| is_kept(&allow.operations));
            let called = |name: &str| collection.allows.iter().any(|allow| text::calls(&allow.condition, name));
            collection.functions.retain(|function| called(&function.name));
        }
        self.collections.retain(|collection| !collection.allows.is_empty());
        self.keep_what_is_called();
        if fits(self) {
            too_large("creating and updating");
            for security in securities {
                security.rules.retain(|rule| is_kept(&rule.operations.join(", ")));
            }
            return;
        }
        too_large("everything");
        self.collections.clear();
        self.lookups.clear();
        self.shared.clear();
        securities.iter_mut().for_each(|security| security.rules.clear());
    }
}
