/// What the parser refuses, a line each, with line and column (both from 1);
/// none when it accepts the text.
pub fn faults(text: &str) -> Vec<String> {
    match syn::parse_file(text) {
        Ok(_) => Vec::new(),
        Err(error) => error
            .into_iter()
            .map(|fault| {
                let start = fault.span().start();
                format!("{}:{}: {fault}", start.line, start.column + 1)
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_rust_and_says_where_it_is_none() {
        assert_eq!(faults("pub struct User { pub id: i64 }\n"), Vec::<String>::new());
        let faults = faults("pub struct User {\n    pub type: i64,\n}\n");
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("2:9: "), "{faults:?}");
    }

    #[test]
    fn says_where_a_text_that_has_no_tokens_breaks_off() {
        assert_eq!(faults("fn f() { \"open\n").len(), 1);
    }
}
