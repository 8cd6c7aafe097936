use super::clients::Clients;
use super::lookup::usable;
use super::token::{Placed, Token, tokens};
use super::translator::Translator;
use crate::codegen::manifest::{Routine, Schema};

/// Where names of tables stand: after these words, and after `(` and `,` in
/// the list that FROM begins.
const BEFORE_TABLE: [&str; 3] = ["from", "join", "only"];

impl<'m> Translator<'_, 'm> {
    /// The clients with the privileges that an expression needs, whether or
    /// not it can be translated: Postgres asks for them before it evaluates
    /// anything, so an expression that says nothing in rules still refuses
    /// those who lack one. It goes by names alone, and takes rather too many
    /// for tables and functions than too few.
    pub fn entitled(&self, expression: &str) -> Clients {
        self.entitled_in(expression, None, &mut Vec::new())
    }

    fn entitled_in(&self, text: &str, search_path: Option<&str>, seen: &mut Vec<(&'m str, &'m str)>) -> Clients {
        // What is no SQL at all could need anything.
        let Ok(tokens) = tokens(text) else { return Clients::default() };
        let mut entitled = Clients::ALL;
        let mut at = 0;
        while at < tokens.len() {
            let before = at.checked_sub(1).map(|before| &tokens[before].token);
            let name = path(&tokens, &mut at);
            if name.is_empty() {
                at += 1;
                continue;
            }
            entitled = entitled.and(match tokens.get(at).map(|placed| &placed.token) {
                Some(Token::Mark("(")) => self.callers(&name, seen),
                _ => self.readers(&name, before, search_path),
            });
        }
        entitled
    }

    /// Who may call every function of a name, and whatever its body calls and
    /// reads as whoever asks.
    fn callers(&self, name: &[&str], seen: &mut Vec<(&'m str, &'m str)>) -> Clients {
        let [schema, function] = name else { return Clients::ALL };
        let schemas = self.catalog.manifest.schemas.iter().filter(|known| known.name == *schema);
        let found: Vec<(&'m Schema, &'m Routine)> = schemas
            .flat_map(|schema| schema.functions.iter().map(move |routine| (schema, routine)))
            .filter(|(_, routine)| routine.name == *function)
            .collect();
        let mut entitled = Clients::ALL;
        for (schema, routine) in found {
            entitled = entitled.and(Clients::granted_by_default(&routine.grants, "execute")).and(usable(schema));
            let known = (schema.name.as_str(), routine.name.as_str());
            if routine.security_definer || routine.language != "sql" || seen.contains(&known) {
                continue;
            }
            seen.push(known);
            let path = routine.settings.iter().find_map(|setting| setting.strip_prefix("search_path="));
            if let Some(body) = routine.body.as_deref().or(routine.sql_body.as_deref()) {
                entitled = entitled.and(self.entitled_in(body, path, seen));
            }
        }
        entitled
    }

    /// Who may select from the table or view of a name, where it is one.
    fn readers(&self, name: &[&str], before: Option<&Token>, search_path: Option<&str>) -> Clients {
        let listed = match before {
            Some(Token::Word(word)) => BEFORE_TABLE.contains(&word.as_str()),
            // A column may have the name of a table, but then it has no schema's.
            Some(Token::Mark("(" | ",")) => name.len() == 2,
            _ => false,
        };
        let (schemas, table): (Vec<&str>, &str) = match name {
            [schema, table] if listed => (vec![schema], table),
            [table] if listed => {
                (search_path.unwrap_or("public").split(',').map(|name| name.trim().trim_matches('"')).collect(), table)
            }
            _ => return Clients::ALL,
        };
        let known = schemas
            .into_iter()
            .filter_map(|wanted| self.catalog.manifest.schemas.iter().find(|schema| schema.name == wanted))
            .find_map(|schema| {
                let tables = schema.tables.iter().map(|found| (&found.name, found.grants.as_slice()));
                let views = schema.views.iter().map(|found| (&found.name, found.grants.as_slice()));
                let kept = schema.materialized_views.iter().map(|found| (&found.name, found.grants.as_slice()));
                let mut all = tables.chain(views).chain(kept);
                all.find(|(name, _)| *name == table)
                    .map(|(_, grants)| usable(schema).and(Clients::granted(grants, "select")))
            });
        known.unwrap_or(Clients::ALL)
    }
}

/// The parts of the name that begins at a place, which is moved behind it.
fn path<'t>(tokens: &'t [Placed], at: &mut usize) -> Vec<&'t str> {
    let mut name = Vec::new();
    while let Some(Token::Word(word) | Token::Quoted(word)) = tokens.get(*at).map(|placed| &placed.token) {
        name.push(word.as_str());
        *at += 1;
        if tokens.get(*at).map(|placed| &placed.token) != Some(&Token::Mark(".")) {
            break;
        }
        *at += 1;
    }
    name
}
