use std::collections::BTreeMap;

use super::clients::{Clients, split};
use super::formula::Formula;
use super::lookup::usable;
use super::parse;
use super::scope::{Row, Scope};
use super::text;
use super::translator::{Refusal, Translated, Translator};
use crate::codegen::manifest::{Command, Policy, Schema, Table};

/// Which row a policy is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The row as it is: USING.
    Existing,
    /// The row as it becomes: WITH CHECK, and USING where that is absent.
    New,
}

impl Part {
    /// The expression that a policy asks of the row, where it has one.
    pub fn expression(self, policy: &Policy) -> Option<&str> {
        match self {
            Part::Existing => policy.using.as_deref(),
            Part::New => policy.with_check.as_deref().or(policy.using.as_deref()),
        }
    }
}

/// The policies of one table as functions of rules.
pub struct Sheet<'m> {
    pub schema: &'m Schema,
    pub table: &'m Table,
    /// In the order in which they were made.
    pub functions: Vec<Function>,
    /// By policy and part.
    done: BTreeMap<(&'m str, Part), (Outcome, Clients)>,
    pub untranslated: Vec<Untranslated>,
    /// What made rules narrower than a policy: its name and why.
    pub narrowed: Vec<(String, String)>,
}

/// A function of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub comment: String,
    pub name: String,
    pub parameters: String,
    pub formula: Formula,
}

/// A policy that rules cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Untranslated {
    pub policy: String,
    pub expression: String,
    pub reason: String,
}

#[derive(Debug, Clone)]
enum Outcome {
    /// It asks nothing of the row.
    Constant(Formula),
    Function(String),
    Refused,
}

impl<'m> Sheet<'m> {
    pub fn new(schema: &'m Schema, table: &'m Table) -> Sheet<'m> {
        Sheet {
            schema,
            table,
            functions: Vec::new(),
            done: BTreeMap::new(),
            untranslated: Vec::new(),
            narrowed: Vec::new(),
        }
    }

    /// Which clients may do something with the table at all.
    pub fn clients(&self, privileges: &[&str]) -> Clients {
        let granted = privileges.iter().map(|privilege| Clients::granted(&self.table.grants, privilege));
        granted.fold(usable(self.schema), Clients::and)
    }

    /// What the policies for a command ask of a row, of whoever of `clients`
    /// asks. `row` is the row's map in rules.
    pub fn condition(
        &mut self,
        translator: &mut Translator<'_, 'm>,
        command: Command,
        part: Part,
        clients: Clients,
        row: &str,
    ) -> Formula {
        let policies = policies(self.table, command);
        combined(&policies, clients, part, &mut |policy| self.call(translator, policy, part, row))
    }

    /// The call of a policy's function, `Never` for one that is refused, and
    /// which clients have the privileges that it needs.
    fn call(
        &mut self,
        translator: &mut Translator<'_, 'm>,
        policy: &'m Policy,
        part: Part,
        row: &str,
    ) -> (Formula, Clients) {
        // WITH CHECK that is USING, or absent, is the same function.
        let part =
            if Part::New.expression(policy) == Part::Existing.expression(policy) { Part::Existing } else { part };
        let key = (policy.name.as_str(), part);
        let (outcome, clients) = match self.done.get(&key) {
            Some(outcome) => outcome.clone(),
            None => {
                let outcome = (self.translate(translator, policy, part), translator.clients);
                self.done.insert(key, outcome.clone());
                outcome
            }
        };
        let formula = match outcome {
            Outcome::Constant(formula) => formula,
            Outcome::Function(name) => Formula::test(format!("{name}({row})")),
            Outcome::Refused => Formula::Never,
        };
        (formula, clients)
    }

    fn translate(&mut self, translator: &mut Translator<'_, 'm>, policy: &'m Policy, part: Part) -> Outcome {
        let expression = part.expression(policy).unwrap_or("true");
        translator.begin();
        translator.open.push((&self.schema.name, &self.table.name));
        let formula = translator.policy(self.schema, self.table, expression, "row");
        translator.open.pop();
        match formula {
            // The compiler warns of a parameter that is not used.
            Ok(formula) if !text::names(&formula.to_string()).contains(&("row", false)) => {
                self.note_narrowed(translator, policy);
                Outcome::Constant(formula)
            }
            Ok(formula) => {
                self.note_narrowed(translator, policy);
                let name = self.free_name(&policy.name, part);
                let clause = if part == Part::New { "WITH CHECK" } else { "USING" };
                let comment = text::comment(&format!("{}: {clause} {expression}", policy.name));
                let function = Function { comment, name: name.clone(), parameters: "row".into(), formula };
                self.functions.push(function);
                Outcome::Function(name)
            }
            Err(Refusal(reason)) => {
                let expression = expression.to_owned();
                self.untranslated.push(Untranslated { policy: policy.name.clone(), expression, reason });
                Outcome::Refused
            }
        }
    }

    fn note_narrowed(&mut self, translator: &mut Translator<'_, 'm>, policy: &Policy) {
        let reasons = translator.narrowed();
        self.narrowed.extend(reasons.into_iter().map(|reason| (policy.name.clone(), reason)));
    }

    /// A function's name that no other of the collection has. Its ending
    /// keeps it apart from the functions that all collections share.
    fn free_name(&self, policy: &str, part: Part) -> String {
        let ending = if part == Part::New { "check" } else { "using" };
        let word = text::word(policy);
        let mut name = format!("{word}_{ending}");
        let mut number = 1;
        while self.functions.iter().any(|function| function.name == name) {
            number += 1;
            name = format!("{word}_{number}_{ending}");
        }
        name
    }
}

impl<'m> Translator<'_, 'm> {
    /// A policy's expression about the row that `row` names in rules.
    fn policy(&mut self, schema: &'m Schema, table: &'m Table, expression: &str, row: &str) -> Translated<Formula> {
        self.clients = self.clients.and(self.entitled(expression));
        let expression = parse::expression(expression).map_err(|unread| Refusal(format!("it holds {}", unread.0)))?;
        let row = Row { schema: &schema.name, table, alias: None, text: row.to_owned() };
        self.truth(&expression, &Scope::of_row(row), true)
    }

    /// Whether row security shows a row of another table to whoever asks.
    pub fn visible(&mut self, schema: &'m Schema, table: &'m Table, row: &str) -> Translated<Formula> {
        let clients = usable(schema).and(Clients::granted(&table.grants, "select"));
        let policies = policies(table, Command::Select);
        let mut refused = None;
        let formula = combined(&policies, clients, Part::Existing, &mut |policy| {
            let expression = Part::Existing.expression(policy).unwrap_or("true");
            let formula = self.policy(schema, table, expression, row).unwrap_or_else(|refusal| {
                refused.get_or_insert((policy.name.clone(), refusal));
                Formula::Never
            });
            // What they lack is noted by the translator itself.
            (formula, Clients::ALL)
        });
        match refused {
            Some((policy, Refusal(reason))) if formula == Formula::Never => Err(Refusal(format!(
                "{}.{} has row security, whose policy {policy} is not translated: {reason}",
                schema.name, table.name
            ))),
            Some((policy, Refusal(reason))) => {
                self.narrow(format!("the policy {policy} of {}.{} is left out: {reason}", schema.name, table.name));
                Ok(formula)
            }
            None => Ok(formula),
        }
    }
}

/// The policies of a command that a client can meet.
pub fn policies(table: &Table, command: Command) -> Vec<&Policy> {
    let meets = |policy: &&Policy| matches!(policy.command, Command::All) || policy.command == command;
    table.policies.iter().filter(meets).filter(|policy| !Clients::of(&policy.roles).is_nobody()).collect()
}

/// One permissive policy and all restrictive ones, of each client that may.
/// A policy without the expression that is asked for adds nothing, as in
/// Postgres (rewrite/rowsecurity.c).
fn combined<'m>(
    policies: &[&'m Policy],
    clients: Clients,
    part: Part,
    translate: &mut dyn FnMut(&'m Policy) -> (Formula, Clients),
) -> Formula {
    let mut of_client = |wanted: Clients, may: bool| {
        if !may {
            return Formula::Never;
        }
        let applies = |policy: &&&'m Policy| {
            !Clients::of(&policy.roles).and(wanted).is_nobody() && part.expression(policy).is_some()
        };
        let (restrictive, permissive): (Vec<&'m Policy>, Vec<&'m Policy>) =
            policies.iter().filter(applies).copied().partition(|policy| policy.restrictive);
        let mut entitled = true;
        let mut formulas = |policies: Vec<&'m Policy>, needs: bool| -> Vec<Formula> {
            let formula = |policy: &'m Policy| {
                let (formula, clients) = translate(policy);
                entitled &= !needs || !clients.and(wanted).is_nobody();
                formula
            };
            policies.into_iter().map(formula).collect()
        };
        // Beside `true` Postgres drops the other ways before it asks for what
        // they need.
        let open = permissive.iter().any(|policy| part.expression(policy) == Some("true"));
        let permissive = Formula::any(formulas(permissive, !open));
        let restrictive = Formula::all(formulas(restrictive, true));
        if !entitled {
            return Formula::Never;
        }
        Formula::all([permissive, restrictive])
    };
    let anonymous = of_client(Clients { anonymous: true, authenticated: false }, clients.anonymous);
    let authenticated = of_client(Clients { anonymous: false, authenticated: true }, clients.authenticated);
    split(anonymous, authenticated)
}
