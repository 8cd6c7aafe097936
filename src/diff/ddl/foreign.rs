//! Foreign-data wrappers, servers and user mappings.
//!
//! Architecture Invariant: no statement sets a secret. A manifest has hashes in
//! their place, and a server that was given one for a password would be broken
//! without a word: so what needs a secret is refused, with what the person has
//! to run.

use super::text::literal;
use super::{Alter, Statement};
use crate::codegen::manifest::{ForeignDataWrapper, Server, UserMapping};
use crate::codegen::sql::identifier as name;

/// CREATE FOREIGN DATA WRAPPER.
///
/// # Errors
/// An option of it is a secret.
pub fn create_foreign_data_wrapper(wrapper: &ForeignDataWrapper) -> Result<Vec<Statement>, String> {
    let mut text = format!("CREATE FOREIGN DATA WRAPPER {}", name(&wrapper.name));
    for (word, function) in [("HANDLER", &wrapper.handler), ("VALIDATOR", &wrapper.validator)] {
        if let Some(function) = function {
            text.push_str(&format!(" {word} {function}"));
        }
    }
    with_options(text, &wrapper.options)
}

/// DROP FOREIGN DATA WRAPPER.
pub fn drop_foreign_data_wrapper(wrapper: &ForeignDataWrapper) -> Statement {
    Statement::new(format!("DROP FOREIGN DATA WRAPPER {}", name(&wrapper.name)))
}

/// All in place.
pub fn alter_foreign_data_wrapper(from: &ForeignDataWrapper, to: &ForeignDataWrapper, attribute: &str) -> Alter {
    let on = format!("FOREIGN DATA WRAPPER {}", name(&to.name));
    let function = |word: &str, function: &Option<String>| match function {
        Some(function) => Alter::by(format!("ALTER {on} {word} {function}")),
        None => Alter::by(format!("ALTER {on} NO {word}")),
    };
    match attribute {
        "handler" => function("HANDLER", &to.handler),
        "validator" => function("VALIDATOR", &to.validator),
        "options" => alter_options(&on, &from.options, &to.options),
        _ => Alter::Recreate,
    }
}

/// CREATE SERVER, without its user mappings, which are objects of their own.
///
/// # Errors
/// An option of it is a secret.
pub fn create_server(server: &Server) -> Result<Vec<Statement>, String> {
    let mut text = format!("CREATE SERVER {}", name(&server.name));
    for (word, value) in [("TYPE", &server.kind), ("VERSION", &server.version)] {
        if let Some(value) = value {
            text.push_str(&format!(" {word} {}", literal(value)));
        }
    }
    text.push_str(&format!(" FOREIGN DATA WRAPPER {}", name(&server.wrapper)));
    with_options(text, &server.options)
}

/// DROP SERVER, when its mappings and foreign tables are gone.
pub fn drop_server(server: &Server) -> Statement {
    Statement::new(format!("DROP SERVER {}", name(&server.name)))
}

/// Version and options in place; a server keeps its type and wrapper for life,
/// and one with a secret cannot be made again.
pub fn alter_server(from: &Server, to: &Server, attribute: &str) -> Alter {
    let on = format!("SERVER {}", name(&to.name));
    match attribute {
        "version" => {
            let version = to.version.as_deref().map_or("NULL".to_owned(), literal);
            Alter::by(format!("ALTER {on} VERSION {version}"))
        }
        "options" => alter_options(&on, &from.options, &to.options),
        _ => match create_server(to) {
            Ok(_) => Alter::Recreate,
            Err(reason) => Alter::Impossible(reason),
        },
    }
}

/// CREATE USER MAPPING.
///
/// # Errors
/// An option of it is a secret, as all are but for who the user is.
pub fn create_user_mapping(server: &str, mapping: &UserMapping) -> Result<Vec<Statement>, String> {
    with_options(format!("CREATE {}", user_mapping(server, mapping)), &mapping.options)
}

/// DROP USER MAPPING, which forgets its secrets.
pub fn drop_user_mapping(server: &str, mapping: &UserMapping) -> Statement {
    Statement::destructive(format!("DROP {}", user_mapping(server, mapping)))
}

/// Options in place, as far as they are no secrets.
pub fn alter_user_mapping(server: &str, from: &UserMapping, to: &UserMapping, attribute: &str) -> Alter {
    match attribute {
        "options" => alter_options(&user_mapping(server, to), &from.options, &to.options),
        _ => Alter::Recreate,
    }
}

fn user_mapping(server: &str, mapping: &UserMapping) -> String {
    // Nobody is called that: the server keeps the name for PUBLIC.
    let role = if mapping.role == "public" { "PUBLIC".to_owned() } else { name(&mapping.role) };
    format!("USER MAPPING FOR {role} SERVER {}", name(server))
}

fn with_options(text: String, options: &[String]) -> Result<Vec<Statement>, String> {
    let secrets: Vec<&str> = options.iter().filter(|option| is_hash(option)).map(|option| split(option).0).collect();
    if !secrets.is_empty() {
        return Err(format!(
            "a manifest holds no secrets; run it yourself with the real {}: {text} OPTIONS (…)",
            secrets.join(", ")
        ));
    }
    let options = options.iter().map(|option| set(option)).collect::<Vec<_>>();
    let options = if options.is_empty() { String::new() } else { format!(" OPTIONS ({})", options.join(", ")) };
    Ok(vec![Statement::new(text + &options)])
}

/// ALTER … OPTIONS (ADD …, SET …, DROP …). A secret can be dropped, and one
/// that is the same on both sides is left alone.
pub(crate) fn alter_options(on: &str, from: &[String], to: &[String]) -> Alter {
    let has = |options: &[String], wanted: &str| options.iter().any(|option| split(option).0 == wanted);
    let new = || to.iter().filter(|option| !from.contains(option));
    let secrets: Vec<&str> = new().filter(|option| is_hash(option)).map(|option| split(option).0).collect();
    if !secrets.is_empty() {
        let changes: Vec<String> = secrets
            .iter()
            .map(|secret| format!("{} {} …", if has(from, secret) { "SET" } else { "ADD" }, name(secret)))
            .collect();
        return Alter::Impossible(format!(
            "a manifest holds no secrets; run it yourself with the real ones: ALTER {on} OPTIONS ({})",
            changes.join(", ")
        ));
    }
    let gone = from.iter().map(|option| split(option).0).filter(|option| !has(to, option));
    let mut changes: Vec<String> = gone.map(|option| format!("DROP {}", name(option))).collect();
    changes.extend(new().map(|option| {
        let verb = if has(from, split(option).0) { "SET" } else { "ADD" };
        format!("{verb} {}", set(option))
    }));
    Alter::by(format!("ALTER {on} OPTIONS ({})", changes.join(", ")))
}

/// `name 'value'`.
fn set(option: &str) -> String {
    let (own, value) = split(option);
    format!("{} {}", name(own), literal(value))
}

fn split(option: &str) -> (&str, &str) {
    option.split_once('=').unwrap_or((option, ""))
}

/// `name=sha256:` and 16 hexadecimal digits: what the catalog reader makes of a
/// secret.
fn is_hash(option: &str) -> bool {
    split(option).1.strip_prefix("sha256:").is_some_and(|digits| {
        digits.len() == 16 && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, 'a'..='f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(options: &[&str]) -> Vec<String> {
        options.iter().map(|option| (*option).to_owned()).collect()
    }

    #[test]
    fn a_hash_is_never_set() {
        let mapping = UserMapping { role: "app".to_owned(), options: options(&["password=sha256:0123456789abcdef"]) };
        let refused = create_user_mapping("far", &mapping).unwrap_err();
        assert!(refused.contains("real password") && refused.contains("CREATE USER MAPPING FOR app SERVER far"));
        assert!(!refused.contains("0123"), "{refused}");
        let none = UserMapping { options: Vec::new(), ..mapping.clone() };
        assert!(matches!(alter_user_mapping("far", &none, &mapping, "options"), Alter::Impossible(_)));
        let dropped = alter_user_mapping("far", &mapping, &none, "options");
        assert_eq!(dropped, Alter::by("ALTER USER MAPPING FOR app SERVER far OPTIONS (DROP password)"));
        let other = UserMapping { options: options(&["password=sha256:0123456789abcdef", "user=x"]), ..none };
        let kept = alter_user_mapping("far", &mapping, &other, "options");
        assert_eq!(kept, Alter::by("ALTER USER MAPPING FOR app SERVER far OPTIONS (ADD \"user\" 'x')"));
    }

    #[test]
    fn what_only_looks_like_a_hash_is_a_value() {
        assert!(!is_hash("digest=sha256:0123"));
        assert!(!is_hash("digest=sha256:0123456789ABCDEF"));
    }
}
