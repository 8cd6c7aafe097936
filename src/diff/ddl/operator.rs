//! Operators with their families and classes, casts, collations and
//! conversions.

use super::text::literal;
use super::{Alter, Statement};
use crate::codegen::manifest::{
    Cast, CastContext, CastMethod, Collation, Conversion, Operator, OperatorClass, OperatorFamily,
};
use crate::codegen::sql::{identifier as name, qualified};

/// CREATE OPERATOR. One whose commutator or negator is not there yet makes a
/// shell of that, which the other's own statement fills.
pub fn create_operator(schema: &str, operator: &Operator) -> Vec<Statement> {
    let mut parts = vec![format!("FUNCTION = {}", operator.function)];
    parts.extend(operator.left.as_ref().map(|left| format!("LEFTARG = {left}")));
    parts.push(format!("RIGHTARG = {}", operator.right));
    parts.extend(operator.commutator.as_ref().map(|other| format!("COMMUTATOR = OPERATOR({other})")));
    parts.extend(operator.negator.as_ref().map(|other| format!("NEGATOR = OPERATOR({other})")));
    parts.extend(operator.restrict.as_ref().map(|function| format!("RESTRICT = {function}")));
    parts.extend(operator.join.as_ref().map(|function| format!("JOIN = {function}")));
    parts.extend(operator.hashes.then(|| "HASHES".to_owned()));
    parts.extend(operator.merges.then(|| "MERGES".to_owned()));
    vec![Statement::new(format!("CREATE OPERATOR {}.{} ({})", name(schema), operator.name, parts.join(", ")))]
}

/// DROP OPERATOR.
pub fn drop_operator(schema: &str, operator: &Operator) -> Statement {
    Statement::new(format!("DROP OPERATOR {}", operator_signature(schema, operator)))
}

/// The estimators in place. What else it is, an operator keeps for life: that
/// a commutator can be set later is new in server 17.
pub fn alter_operator(schema: &str, _from: &Operator, to: &Operator, attribute: &str) -> Alter {
    let (word, function) = match attribute {
        "restrict" => ("RESTRICT", &to.restrict),
        "join" => ("JOIN", &to.join),
        _ => return Alter::Recreate,
    };
    let function = function.as_deref().unwrap_or("NONE");
    Alter::by(format!("ALTER OPERATOR {} SET ({word} = {function})", operator_signature(schema, to)))
}

/// `crm.+ (integer, integer)`.
pub(crate) fn operator_signature(schema: &str, operator: &Operator) -> String {
    let left = operator.left.as_deref().unwrap_or("NONE");
    format!("{}.{} ({left}, {})", name(schema), operator.name, operator.right)
}

/// CREATE OPERATOR FAMILY, and what it has outside any class. It stands before
/// its classes, for a class that finds no family of its own name makes one.
pub fn create_operator_family(schema: &str, family: &OperatorFamily) -> Vec<Statement> {
    let on = of_method(schema, &family.name, &family.method);
    let mut statements = vec![Statement::new(format!("CREATE OPERATOR FAMILY {on}"))];
    let members: Vec<&str> = family.operators.iter().chain(&family.functions).map(String::as_str).collect();
    if !members.is_empty() {
        statements.push(Statement::new(format!("ALTER OPERATOR FAMILY {on} ADD {}", members.join(", "))));
    }
    statements
}

/// DROP OPERATOR FAMILY, when its classes are gone.
pub fn drop_operator_family(schema: &str, family: &OperatorFamily) -> Statement {
    Statement::new(format!("DROP OPERATOR FAMILY {}", of_method(schema, &family.name, &family.method)))
}

/// Members are added and dropped in place.
pub fn alter_operator_family(schema: &str, from: &OperatorFamily, to: &OperatorFamily, attribute: &str) -> Alter {
    let (before, after) = match attribute {
        "operators" => (&from.operators, &to.operators),
        "functions" => (&from.functions, &to.functions),
        _ => return Alter::Recreate,
    };
    let on = of_method(schema, &to.name, &to.method);
    let gone: Vec<Option<String>> = before.iter().filter(|member| !after.contains(member)).map(|m| slot(m)).collect();
    let Some(gone) = gone.into_iter().collect::<Option<Vec<String>>>() else { return Alter::Recreate };
    let new: Vec<&str> = after.iter().filter(|member| !before.contains(member)).map(String::as_str).collect();
    let mut statements = Vec::new();
    if !gone.is_empty() {
        statements.push(Statement::new(format!("ALTER OPERATOR FAMILY {on} DROP {}", gone.join(", "))));
    }
    if !new.is_empty() {
        statements.push(Statement::new(format!("ALTER OPERATOR FAMILY {on} ADD {}", new.join(", "))));
    }
    Alter::InPlace(statements)
}

/// What DROP takes of a member: `OPERATOR 1 (a, b)` of `OPERATOR 1 crm.<(a, b)
/// FOR ORDER BY …`, and `FUNCTION 1 (a, b)` of `FUNCTION 1 (a, b) crm.f(a, b)`.
/// None for a text that is not one of these.
fn slot(member: &str) -> Option<String> {
    let (word, rest) = member.split_once(' ')?;
    let (number, rest) = rest.split_once(' ')?;
    let mut quoted = false;
    let open = rest.find(|c| {
        quoted ^= c == '"';
        c == '(' && !quoted
    })?;
    let (mut depth, mut quoted) = (0_usize, false);
    let inner = rest.get(open..)?;
    let close = inner.find(|c| {
        quoted ^= c == '"';
        match c {
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(format!("{word} {number} {}", inner.get(..=close)?))
}

/// CREATE OPERATOR CLASS.
pub fn create_operator_class(schema: &str, class: &OperatorClass) -> Vec<Statement> {
    let mut text = format!("CREATE OPERATOR CLASS {}", qualified(schema, &class.name));
    if class.default {
        text.push_str(" DEFAULT");
    }
    text.push_str(&format!(" FOR TYPE {} USING {}", class.type_name, name(&class.method)));
    if let Some(family) = &class.family {
        text.push_str(&format!(" FAMILY {family}"));
    }
    let mut parts: Vec<String> = class.operators.iter().chain(&class.functions).cloned().collect();
    parts.extend(class.storage.as_ref().map(|storage| format!("STORAGE {storage}")));
    if parts.is_empty() {
        // The grammar wants something, and a type that is stored as it is says
        // nothing.
        parts.push(format!("STORAGE {}", class.type_name));
    }
    text.push_str(&format!(" AS {}", parts.join(", ")));
    vec![Statement::new(text)]
}

/// DROP OPERATOR CLASS.
pub fn drop_operator_class(schema: &str, class: &OperatorClass) -> Statement {
    Statement::new(format!("DROP OPERATOR CLASS {}", of_method(schema, &class.name, &class.method)))
}

/// Postgres alters nothing of a class but its name, schema and owner.
pub fn alter_operator_class(_schema: &str, _from: &OperatorClass, _to: &OperatorClass, _attribute: &str) -> Alter {
    Alter::Recreate
}

fn of_method(schema: &str, own: &str, method: &str) -> String {
    format!("{} USING {}", qualified(schema, own), name(method))
}

/// CREATE CAST.
pub fn create_cast(cast: &Cast) -> Vec<Statement> {
    let how = match (cast.method, &cast.function) {
        (CastMethod::Function, Some(function)) => format!("WITH FUNCTION {function}"),
        (CastMethod::Inout, _) => "WITH INOUT".to_owned(),
        _ => "WITHOUT FUNCTION".to_owned(),
    };
    let context = match cast.context {
        CastContext::Explicit => "",
        CastContext::Assignment => " AS ASSIGNMENT",
        CastContext::Implicit => " AS IMPLICIT",
    };
    vec![Statement::new(format!("CREATE CAST ({} AS {}) {how}{context}", cast.source, cast.target))]
}

/// DROP CAST.
pub fn drop_cast(cast: &Cast) -> Statement {
    Statement::new(format!("DROP CAST ({} AS {})", cast.source, cast.target))
}

/// Postgres has no ALTER CAST.
pub fn alter_cast(_from: &Cast, _to: &Cast, _attribute: &str) -> Alter {
    Alter::Recreate
}

/// CREATE COLLATION.
pub fn create_collation(schema: &str, collation: &Collation) -> Vec<Statement> {
    let mut parts = vec![format!("provider = {}", collation.provider.as_deref().unwrap_or("libc"))];
    parts.extend(collation.non_deterministic.then(|| "deterministic = false".to_owned()));
    let texts = [
        ("locale", &collation.locale),
        ("lc_collate", &collation.lc_collate),
        ("lc_ctype", &collation.lc_ctype),
        ("rules", &collation.rules),
    ];
    parts.extend(texts.iter().filter_map(|(word, text)| Some(format!("{word} = {}", literal(text.as_deref()?)))));
    vec![Statement::new(format!("CREATE COLLATION {} ({})", qualified(schema, &collation.name), parts.join(", ")))]
}

/// DROP COLLATION.
pub fn drop_collation(schema: &str, collation: &Collation) -> Statement {
    Statement::new(format!("DROP COLLATION {}", qualified(schema, &collation.name)))
}

/// Postgres alters nothing of a collation but its name, schema and owner.
pub fn alter_collation(_schema: &str, _from: &Collation, _to: &Collation, _attribute: &str) -> Alter {
    Alter::Recreate
}

/// CREATE CONVERSION.
pub fn create_conversion(schema: &str, conversion: &Conversion) -> Vec<Statement> {
    let default = if conversion.default { "DEFAULT " } else { "" };
    vec![Statement::new(format!(
        "CREATE {default}CONVERSION {} FOR {} TO {} FROM {}",
        qualified(schema, &conversion.name),
        literal(&conversion.source),
        literal(&conversion.target),
        conversion.function
    ))]
}

/// DROP CONVERSION.
pub fn drop_conversion(schema: &str, conversion: &Conversion) -> Statement {
    Statement::new(format!("DROP CONVERSION {}", qualified(schema, &conversion.name)))
}

/// Postgres alters nothing of a conversion but its name, schema and owner.
pub fn alter_conversion(_schema: &str, _from: &Conversion, _to: &Conversion, _attribute: &str) -> Alter {
    Alter::Recreate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_dropped_by_its_number_and_types() {
        assert_eq!(slot("OPERATOR 1 crm.<(a,b) FOR ORDER BY crm.f").as_deref(), Some("OPERATOR 1 (a,b)"));
        assert_eq!(slot("FUNCTION 2 (a, b) crm.compare(a,b)").as_deref(), Some("FUNCTION 2 (a, b)"));
        assert_eq!(slot("OPERATOR 3 \"(odd\".<(\"a)\",b)").as_deref(), Some("OPERATOR 3 (\"a)\",b)"));
        assert_eq!(slot("nothing"), None);
    }
}
