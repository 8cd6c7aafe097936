//! Patterns of paths, as the rules of project.yaml write them.

/// Whether a text is of the shape of a pattern: `*` stands for any characters,
/// also for none, and `?` for exactly one. Everything else stands for itself.
///
/// There are no escapes and no classes: what matters in a path (brackets of an
/// array type, quotes of a name) means itself.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut in_text) = (0, 0);
    // The last star, and how much of the text it stands for so far: where the
    // rest does not fit, it stands for one character more.
    let mut star: Option<(usize, usize)> = None;
    while in_text < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_text));
                at += 1;
            }
            Some(c) if *c == '?' || *c == text[in_text] => {
                at += 1;
                in_text += 1;
            }
            _ => match &mut star {
                Some((star_at, taken)) => {
                    *taken += 1;
                    (at, in_text) = (*star_at + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text) in [
            ("crm.tmp_*", "crm.tmp_1"),
            ("crm.tmp_*", "crm.tmp_"),
            ("crm.*.id", "crm.a.b.id"),
            ("*", ""),
            ("**", "x"),
            ("c?m.x", "cäm.x"),
            ("*ab*ab", "aabxabab"),
            ("crm.f(text[])", "crm.f(text[])"),
            ("", ""),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("crm.tmp_*", "crm.temp_1"),
            ("crm", "crm.a"),
            ("?", ""),
            ("", "x"),
            ("*a", "ab"),
            ("Crm", "crm"),
            ("a?", "a"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_do_not_take_for_ever() {
        assert!(!matches(&"*a".repeat(30), &"a".repeat(29)));
        assert!(!matches(&format!("{}b", "*a".repeat(30)), &"a".repeat(5_000)));
    }
}
