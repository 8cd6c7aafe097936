use askama::Template;
use serde::Serialize;

use super::budget::{self, Costs, cost};
use super::clients::Clients;
use super::fields::write_tests;
use super::formula::Formula;
use super::policy::{Function, Part, Sheet, Untranslated, policies};
use super::shared::{self, Shared};
use super::text;
use super::translator::Translator;
use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::{Command, Generation, Schema, Table};
use crate::codegen::target::firestore::document_id::DocumentId;
use crate::codegen::target::firestore::findings::{self, Ledger};
use crate::codegen::target::firestore::value::Field;
use crate::codegen::target::firestore::{FirestoreOptions, Names};

/// What templates/firestore/firestore.rules lays out.
#[derive(Debug, Template)]
#[template(path = "firestore/firestore.rules", escape = "none")]
pub struct RulesView {
    manifest: String,
    client_writes: bool,
    pub(super) shared: Vec<Shared>,
    pub(super) lookups: Vec<LookupView>,
    pub(super) collections: Vec<CollectionView>,
}

/// The two functions that look a collection's documents up.
#[derive(Debug)]
pub struct LookupView {
    pub(super) name: String,
    /// Whether the row is asked for as well, and not only that it is there.
    pub(super) reads: bool,
    pub(super) parameters: String,
    pub(super) path: String,
}

/// One collection: its `match`, and what stands in it.
#[derive(Debug)]
pub struct CollectionView {
    /// What it mirrors, and what is denied in it.
    pub(super) comments: Vec<String>,
    /// What `match` says; nothing is allowed where there is none.
    pub(super) path: Option<String>,
    pub(super) functions: Vec<FunctionView>,
    pub(super) allows: Vec<AllowView>,
}

/// A function of a collection's, with its body as it is laid out.
#[derive(Debug)]
pub struct FunctionView {
    pub(super) comment: String,
    pub(super) name: String,
    pub(super) parameters: String,
    pub(super) body: String,
}

/// One `allow`, of operations joined by commas.
#[derive(Debug)]
pub struct AllowView {
    pub(super) operations: String,
    pub(super) condition: String,
}

/// What FIRESTORE_SCHEMA.json says of a collection's security.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityRules {
    default: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    row_level_security: Option<&'static str>,
    pub(super) rules: Vec<Rule>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    untranslated: Vec<Untranslated>,
}

/// An `allow` as FIRESTORE_SCHEMA.json lists it, with the policies it comes from.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    pub(super) operations: Vec<&'static str>,
    condition: String,
    source: String,
}

/// A collection to make rules for.
pub struct Subject<'s, 'm> {
    pub id: &'m str,
    /// None for a view, which has no policies.
    pub table: Option<(&'m Schema, &'m Table)>,
    pub fields: &'s [(&'m str, Field<'m>)],
    pub document_id: &'s DocumentId<'m>,
}

/// The rules of all collections, and what the schema says of each, in the
/// order of `subjects`.
pub fn rules<'m>(
    catalog: &Catalog<'m>,
    options: &FirestoreOptions,
    names: &Names<'_>,
    manifest: &str,
    subjects: &[Subject<'_, 'm>],
    ledger: &mut Ledger<'m>,
) -> (RulesView, Vec<SecurityRules>) {
    let mut translator = Translator::new(catalog, options, names);
    let mut collections = Vec::new();
    let mut securities = Vec::new();
    let mut unwritten = Vec::new();
    for subject in subjects {
        let mut maker = Maker {
            subject,
            translator: &mut translator,
            options,
            ledger,
            allows: Vec::new(),
            comments: Vec::new(),
            unwritten: false,
        };
        let (collection, security) = maker.collection();
        if maker.unwritten {
            unwritten.push(subject.id);
        }
        collections.push(collection);
        securities.push(security);
    }
    if !unwritten.is_empty() {
        let reason = format!("policies let clients write to {}, and the rules let nobody", unwritten.join(", "));
        ledger.note(&findings::READ_ONLY, "firestore.client_writes", None, None, reason);
    }
    let lookups: Vec<LookupView> = translator
        .lookups
        .iter()
        .map(|(name, lookup)| LookupView {
            name: name.clone(),
            reads: true,
            parameters: lookup.parameters.clone(),
            path: lookup.path.clone(),
        })
        .collect();
    let mut view = RulesView {
        manifest: text::comment(manifest),
        client_writes: options.client_writes,
        shared: shared::all().to_vec(),
        lookups,
        collections,
    };
    view.keep_what_is_called();
    view.keep_to_the_size(ledger, &mut securities);
    (view, securities)
}

/// Makes the rules of one collection.
struct Maker<'a, 's, 'c, 'm> {
    subject: &'a Subject<'s, 'm>,
    translator: &'a mut Translator<'c, 'm>,
    options: &'a FirestoreOptions,
    ledger: &'a mut Ledger<'m>,
    allows: Vec<(Vec<&'static str>, Formula, String)>,
    comments: Vec<String>,
    /// A policy allows what the rules are not to allow.
    unwritten: bool,
}

const EXISTING: &str = "resource.data";
const NEW: &str = "request.resource.data";

impl<'m> Maker<'_, '_, '_, 'm> {
    fn collection(&mut self) -> (CollectionView, SecurityRules) {
        let Some((schema, table)) = self.subject.table else {
            self.comments.push(format!("{}: a view has no policies, so it is denied.", text::comment(self.subject.id)));
            return self.denied(None, Vec::new());
        };
        let path = format!("{}.{}", schema.name, table.name);
        self.comments.push(text::comment(&path));
        let state = match (table.row_security, table.force_row_security) {
            (true, true) => "forced",
            (true, false) => "enabled",
            (false, _) => "disabled",
        };
        let mut sheet = Sheet::new(schema, table);
        if !table.row_security {
            self.without_row_security(&sheet, &path);
            return self.denied(Some(state), Vec::new());
        }
        self.policies_without_effect(&sheet, &path);
        self.reads(&mut sheet);
        if self.options.client_writes {
            self.writes(&mut sheet, &path);
        } else {
            self.unwritten = [(Command::Insert, "insert"), (Command::Update, "update"), (Command::Delete, "delete")]
                .into_iter()
                .any(|(command, privilege)| {
                    !policies(table, command).is_empty() && !sheet.clients(&[privilege]).is_nobody()
                });
        }
        self.report(&sheet, &path);
        self.laid_out(sheet, state)
    }

    fn denied(
        &mut self,
        state: Option<&'static str>,
        untranslated: Vec<Untranslated>,
    ) -> (CollectionView, SecurityRules) {
        let comments = std::mem::take(&mut self.comments);
        let view = CollectionView { comments, path: None, functions: Vec::new(), allows: Vec::new() };
        let security = SecurityRules { default: "deny", row_level_security: state, rules: Vec::new(), untranslated };
        (view, security)
    }

    /// Without row security Postgres lets in whoever has the privilege, which
    /// rules do not: nobody wrote down that it is meant so.
    fn without_row_security(&mut self, sheet: &Sheet<'m>, path: &str) {
        self.comments.push("Denied: row level security is off.".into());
        if !sheet.clients(&["select"]).is_nobody() {
            let reason = "row level security is off, so Postgres lets in clients that the rules do not";
            self.ledger.note(&findings::NO_ROW_SECURITY, path, Some(self.subject.id), None, reason);
        }
    }

    /// Policies for roles that no client of Firestore has, and those whose
    /// roles lack the privilege, allow nothing.
    fn policies_without_effect(&mut self, sheet: &Sheet<'m>, path: &str) {
        if sheet.table.policies.is_empty() {
            self.comments.push("Denied: there is no policy.".into());
        }
        for policy in &sheet.table.policies {
            let clients = Clients::of(&policy.roles);
            let needed: &[&str] = match policy.command {
                Command::All | Command::Select => &["select"],
                Command::Insert => &["insert"],
                Command::Update => &["select", "update"],
                Command::Delete => &["select", "delete"],
            };
            let reason = if clients.is_nobody() {
                format!("no client of Firestore has the role {}", policy.roles.join(", "))
            } else if clients.and(sheet.clients(needed)).is_nobody() {
                format!("its roles have no privilege to {} here", needed.join(" and "))
            } else {
                continue;
            };
            self.comments.push(text::comment(&format!("{}: without effect, for {reason}.", policy.name)));
            let object = format!("{path}.{}", policy.name);
            self.ledger.note(&findings::POLICY_WITHOUT_EFFECT, object, Some(self.subject.id), None, reason);
        }
    }

    fn reads(&mut self, sheet: &mut Sheet<'m>) {
        let clients = sheet.clients(&["select"]);
        let formula = sheet.condition(self.translator, Command::Select, Part::Existing, clients, EXISTING);
        self.allow(vec!["get", "list"], formula, "SELECT");
    }

    /// What clients write. UPDATE and DELETE find their row first, so it must
    /// be one that SELECT shows, and an updated row must stay so (CREATE
    /// POLICY, "Policies Applied by Command Type").
    fn writes(&mut self, sheet: &mut Sheet<'m>, path: &str) {
        let numbered =
            sheet.table.columns.iter().find(|column| {
                column.identity.as_ref().is_some_and(|identity| identity.generation == Generation::Always)
            });
        let tests = match (numbered, write_tests(self.subject.fields, self.subject.document_id)) {
            (Some(column), _) => Err(format!("Postgres alone numbers the field `{}`", column.name)),
            (None, tests) => tests,
        };
        let translator = &mut *self.translator;
        let existing = |sheet: &mut Sheet<'m>, translator: &mut Translator<'_, 'm>, command, privileges: &[&str]| {
            let clients = sheet.clients(privileges);
            let own = sheet.condition(translator, command, Part::Existing, clients, EXISTING);
            let seen = sheet.condition(translator, Command::Select, Part::Existing, clients, EXISTING);
            Formula::all([seen, own])
        };
        let insert = {
            let clients = sheet.clients(&["insert"]);
            sheet.condition(translator, Command::Insert, Part::New, clients, NEW)
        };
        let update = {
            let before = existing(sheet, translator, Command::Update, &["select", "update"]);
            let clients = sheet.clients(&["select", "update"]);
            let seen = sheet.condition(translator, Command::Select, Part::Existing, clients, NEW);
            let checked = sheet.condition(translator, Command::Update, Part::New, clients, NEW);
            Formula::all([before, seen, checked])
        };
        let delete = existing(sheet, translator, Command::Delete, &["select", "delete"]);
        match tests {
            Ok(tests) => {
                for (at, group) in tests.groups.iter().enumerate() {
                    sheet.functions.push(Function {
                        comment: if at == 0 {
                            "The fields that there are, and their types.".into()
                        } else {
                            String::new()
                        },
                        name: format!("fields_{}", at + 1),
                        parameters: "row".into(),
                        formula: group.clone(),
                    });
                }
                let mut valid: Vec<Formula> =
                    (1..=tests.groups.len()).map(|n| Formula::test(format!("fields_{n}({NEW})"))).collect();
                if tests.id != Formula::Always {
                    sheet.functions.push(Function {
                        comment: "The document's id is its key.".into(),
                        name: "id_is_key".into(),
                        parameters: "id, row".into(),
                        formula: tests.id.clone(),
                    });
                    valid.push(Formula::test(format!("id_is_key(documentId, {NEW})")));
                }
                let valid = Formula::all(valid);
                self.allow(vec!["create"], Formula::all([insert, valid.clone()]), "INSERT");
                self.allow(vec!["update"], Formula::all([update, valid]), "UPDATE");
            }
            Err(reason) => {
                if insert != Formula::Never || update != Formula::Never {
                    self.comments.push(text::comment(&format!("Creating and updating are denied: {reason}.")));
                    let reason = format!("clients can neither create nor update: {reason}");
                    self.ledger.note(&findings::POLICY_NARROWED, path, Some(self.subject.id), None, reason);
                }
            }
        }
        self.allow(vec!["delete"], delete, "DELETE");
    }

    fn allow(&mut self, operations: Vec<&'static str>, formula: Formula, source: &str) {
        if formula != Formula::Never {
            self.allows.push((operations, formula, source.to_owned()));
        }
    }

    /// What is not translated, and what is translated to less.
    fn report(&mut self, sheet: &Sheet<'m>, path: &str) {
        for untranslated in &sheet.untranslated {
            let Untranslated { policy, reason, expression } = untranslated;
            self.comments.push(text::comment(&format!("{policy}: not translated, so denied: {reason}.")));
            self.comments.push(text::comment(&format!("  {expression}")));
            let object = format!("{path}.{policy}");
            self.ledger.note(&findings::POLICY_UNTRANSLATED, object, Some(self.subject.id), None, reason.clone());
        }
        for (policy, reason) in &sheet.narrowed {
            self.comments.push(text::comment(&format!("{policy}: allows less than in Postgres: {reason}.")));
            let object = format!("{path}.{policy}");
            self.ledger.note(&findings::POLICY_NARROWED, object, Some(self.subject.id), None, reason.clone());
        }
    }

    /// Puts together what is within the budget, with the functions it calls.
    fn laid_out(&mut self, mut sheet: Sheet<'m>, state: &'static str) -> (CollectionView, SecurityRules) {
        // What nothing calls costs nothing.
        let costs = if self.allows.is_empty() { Costs::new() } else { self.costs(&sheet) };
        let literal = text::is_path_literal(self.subject.id);
        let named = text::string(self.subject.id).map(|id| format!("collectionId == {id}"));
        let mut allows = Vec::new();
        let mut rules = Vec::new();
        for (operations, formula, source) in std::mem::take(&mut self.allows) {
            let Some(named) = &named else { continue };
            let formula = if literal { formula } else { Formula::all([Formula::test(named.clone()), formula]) };
            let condition = formula.to_string();
            let cost = cost(&condition, &costs);
            if cost.expressions > budget::MOST_EXPRESSIONS || cost.lookups.len() > budget::MOST_LOOKUPS {
                self.over_budget(&operations, &cost);
                continue;
            }
            let of_source = |policy: &&str| !policy.is_empty();
            let names: Vec<&str> =
                sheet.table.policies.iter().map(|policy| policy.name.as_str()).filter(of_source).collect();
            let source = format!("{source}: {}", names.join(", "));
            rules.push(Rule { operations: operations.clone(), condition: formula.to_string(), source });
            allows.push(AllowView { operations: operations.join(", "), condition: broken(&formula, 10) });
        }
        let called = |name: &str| allows.iter().any(|allow| text::calls(&allow.condition, name));
        sheet.functions.retain(|function| called(&function.name));
        let functions = sheet.functions.into_iter().map(|function| FunctionView {
            comment: function.comment,
            name: function.name,
            parameters: function.parameters,
            body: broken(&function.formula, 10),
        });
        let path = if literal {
            format!("/{}/{{documentId}}", self.subject.id)
        } else {
            "/{collectionId}/{documentId}".into()
        };
        sheet.untranslated.sort();
        let security =
            SecurityRules { default: "deny", row_level_security: Some(state), rules, untranslated: sheet.untranslated };
        let view = CollectionView {
            comments: std::mem::take(&mut self.comments),
            path: (!allows.is_empty()).then_some(path),
            functions: functions.collect(),
            allows,
        };
        (view, security)
    }

    fn over_budget(&mut self, operations: &[&str], cost: &budget::Cost) {
        let reason = if cost.expressions > budget::MOST_EXPRESSIONS {
            format!("it may evaluate {} expressions, and rules stop at 1,000", cost.expressions)
        } else {
            format!("it may look up {} documents, and rules stop at {}", cost.lookups.len(), budget::MOST_LOOKUPS)
        };
        let operations = operations.join(" and ");
        self.comments.push(format!("Denied: {operations}, for {reason}."));
        let path = self.subject.table.map(|(schema, table)| format!("{}.{}", schema.name, table.name));
        let reason = format!("{operations} is denied: {reason}");
        self.ledger.note(&findings::RULES_BUDGET, path.unwrap_or_default(), Some(self.subject.id), None, reason);
    }

    /// What each function costs that a condition of the collection may call.
    fn costs(&self, sheet: &Sheet<'m>) -> Costs {
        let mut costs = Costs::new();
        for function in shared::all() {
            let own = cost(&function.body, &costs);
            costs.insert(function.name.to_owned(), own);
        }
        for (name, lookup) in &self.translator.lookups {
            for (ending, extra) in [("has", 4), ("at", 6)] {
                let mut own = cost(&lookup.path, &costs);
                own.expressions += extra;
                costs.insert(format!("{name}_{ending}"), own);
            }
        }
        for function in &sheet.functions {
            let own = cost(&function.formula.to_string(), &costs);
            costs.insert(function.name.clone(), own);
        }
        costs
    }
}

/// A condition with a line for each part, where one line would be long.
fn broken(formula: &Formula, indent: usize) -> String {
    const LONGEST: usize = 100;
    let text = formula.to_string();
    let (parts, operator) = match formula {
        Formula::All(parts) => (parts, "&&"),
        Formula::Any(parts) => (parts, "||"),
        _ => return text,
    };
    if text.len() <= LONGEST || parts.len() > 24 {
        return text;
    }
    let parts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Formula::All(_) | Formula::Any(_) => format!("({part})"),
            part => part.to_string(),
        })
        .collect();
    parts.join(&format!("\n{}{operator} ", " ".repeat(indent)))
}
