//! Authorization rules as the schema builder writes them.

use crate::codegen::target::CastError;
use crate::codegen::target::amplify::directives::{Directive, Rule};
use crate::codegen::target::amplify::view::{ObjectType, View};
use crate::codegen::target::amplify::{Allow, AmplifyOptions, DefaultAuthorization};
use crate::codegen::target::amplify_gen2::findings;
use crate::codegen::target::amplify_gen2::text::{list, quoted};

/// The rules of the schema and of the models that have others.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// What holds for every model without rules of its own; empty where no
    /// model is without.
    pub schema: Vec<String>,
    /// By the type's place; empty for a plain type and for a model that has
    /// the schema's.
    pub models: Vec<Vec<String>>,
}

/// Writes the rules of all models.
///
/// Architecture Invariant: a rule that cannot be carried out is an error and
/// never a wider one.
///
/// # Errors
/// Where a group has a name that the schema builder would write into GraphQL
/// as something else.
pub fn rules(view: &View, options: &AmplifyOptions) -> Result<Rules, CastError> {
    let mut models = Vec::new();
    for object in &view.types {
        models.push(own(object).iter().map(|rule| written(object, rule)).collect::<Result<Vec<_>, _>>()?);
    }
    let mut schema: Vec<String> = Vec::new();
    let wanted = options.auth.rules();
    // An owner's column is one of each table, so that it is said there.
    if wanted.iter().all(|rule| rule.owner.is_none()) {
        schema = wanted
            .iter()
            .map(|rule| {
                let (groups, operations) = (rule.groups.clone(), rule.operations.clone());
                allowed(&Rule { allow: rule.allow, owner_field: None, groups, operations }, false)
            })
            .collect();
    }
    let mut is_used = false;
    for rules in models.iter_mut().filter(|rules| !rules.is_empty() && **rules == schema) {
        rules.clear();
        is_used = true;
    }
    if !is_used {
        schema.clear();
    }
    Ok(Rules { schema, models })
}

fn own(object: &ObjectType) -> &[Rule] {
    let rules = object.directives.iter().find_map(|directive| match directive {
        Directive::Auth(rules) => Some(rules.as_slice()),
        _ => None,
    });
    rules.unwrap_or_default()
}

fn written(object: &ObjectType, rule: &Rule) -> Result<String, CastError> {
    // The schema builder puts them between quotes as they are (measured).
    if let Some(group) =
        rule.groups.iter().find(|group| group.contains(['"', '\\']) || group.contains(char::is_control))
    {
        let reason = format!(
            "`amplify.auth` for `{}` cannot be used: Amplify Gen 2 takes no group whose name has a quote, a backslash or a control character ({group:?}); rename the group",
            object.path
        );
        return Err(CastError::impossible(&findings::BAD_OPTION, reason));
    }
    let owner = rule.owner_field.as_deref().unwrap_or("owner");
    let many = object.fields.iter().any(|field| field.name == owner && field.type_ref.list);
    Ok(allowed(rule, many))
}

/// `allow.owner().to(['read'])`. `many`: the owner's field is a list.
fn allowed(rule: &Rule, many: bool) -> String {
    let mut text = match (rule.allow, &rule.owner_field) {
        (Allow::Private, _) => "allow.authenticated()".to_owned(),
        (Allow::Public, _) => "allow.publicApiKey()".to_owned(),
        (Allow::Groups, _) => match rule.groups.as_slice() {
            [group] => format!("allow.group({})", quoted(group)),
            groups => format!("allow.groups({})", list(groups)),
        },
        (Allow::Owner, field) if many => {
            format!("allow.ownersDefinedIn({})", quoted(field.as_deref().unwrap_or("owner")))
        }
        (Allow::Owner, None) => "allow.owner()".to_owned(),
        (Allow::Owner, Some(field)) => format!("allow.ownerDefinedIn({})", quoted(field)),
    };
    if !rule.operations.is_empty() {
        let names: Vec<&str> = rule.operations.iter().map(|operation| operation.name()).collect();
        text.push_str(&format!(".to({})", list(&names)));
    }
    text
}

/// The API's modes: the default one, as `defineData` names it, and whether
/// there is an API key.
///
/// The default mode is also what clients use where they say nothing. The
/// option's own default is the API key, so that it is only meant where a rule
/// lets API keys in.
pub fn modes(view: &View, options: &AmplifyOptions) -> (&'static str, bool) {
    let takes_key = view.types.iter().flat_map(own).any(|rule| rule.allow == Allow::Public);
    let default = match options.default_authorization {
        DefaultAuthorization::ApiKey if takes_key => "apiKey",
        DefaultAuthorization::ApiKey | DefaultAuthorization::UserPool => "userPool",
        DefaultAuthorization::IdentityPool => "identityPool",
    };
    (default, takes_key)
}
