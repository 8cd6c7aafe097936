use hidane_rules::{SourceFile, compile};

/// The largest text of rules that is deployed ("Security Rules limits" in
/// Firestore's manual), in bytes.
const LARGEST: usize = 256 * 1024;

/// What the compiler of Security Rules says of a file. Its warnings are faults
/// too: rules that call what is not there, or compare what is never equal, are
/// deployed and then deny.
pub fn faults(text: &str) -> Vec<String> {
    let file = SourceFile { name: None, content: text.to_owned() };
    let compilation = compile(std::slice::from_ref(&file));
    let mut faults: Vec<String> = compilation.issues.iter().map(|issue| issue.line()).collect();
    if compilation.ruleset.is_none() && faults.is_empty() {
        faults.push("the rules do not compile".to_owned());
    }
    if text.len() > LARGEST {
        faults.push(format!("the rules have {} bytes, and 256 KB can be deployed", text.len()));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn rules(condition: &str) -> String {
        format!(
            "rules_version = '2';\nservice cloud.firestore {{\n  match /databases/{{database}}/documents {{\n    \
             match /a/{{id}} {{\n      allow get: if {condition};\n    }}\n  }}\n}}\n"
        )
    }

    #[test]
    fn accepts_rules_and_names_the_line_of_a_fault() {
        assert_eq!(faults(&rules("resource.data.x == 'a'")), Vec::<String>::new());
        let faults_of = |condition: &str| faults(&rules(condition));
        for condition in ["", "resource.data.x ==", "nobody()", "resource.data.x.matches()", "unknown == 1"] {
            let found = faults_of(condition);
            assert!(found.iter().any(|fault| fault.contains("L5")), "{condition}: {found:?}");
        }
        assert!(!faults("").is_empty());
    }
}
