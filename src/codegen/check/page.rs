//! The check of an HTML page: its elements are closed, its data is JSON, and
//! it loads nothing.

use super::markdown::html::{self, Piece};

/// Every fault of a page.
pub fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.starts_with("<!DOCTYPE html>") {
        faults.push("it does not begin with <!DOCTYPE html>".to_owned());
    }
    let (markup, scripts) = without_raw_text(text, &mut faults);
    for (open, body) in scripts {
        if open.contains("application/json")
            && let Err(error) = serde_json::from_str::<serde_json::Value>(body)
        {
            faults.push(format!("its data is no JSON: {error}"));
        }
    }
    let mut open = Vec::new();
    for piece in html::pieces(&markup) {
        match piece {
            Piece::Open { name, attributes } => {
                for (attribute, value) in attributes {
                    if matches!(attribute.as_str(), "src" | "href" | "action") && value.contains("//") {
                        faults.push(format!("<{name}> loads {value}"));
                    }
                }
                if !html::is_void(&name) {
                    open.push(name);
                }
            }
            Piece::Close { name } => match open.pop() {
                Some(opened) if opened == name => {}
                Some(opened) => faults.push(format!("</{name}> closes <{opened}>")),
                None => faults.push(format!("</{name}> closes nothing")),
            },
            Piece::UnclosedComment => faults.push("a comment is not closed".to_owned()),
        }
    }
    faults.extend(open.into_iter().map(|name| format!("<{name}> is not closed")));
    faults
}

/// The page without what stands in its scripts and styles, whose text is no
/// markup (HTML, section 13.1.2.1), and each script's tag and text.
fn without_raw_text<'t>(text: &'t str, faults: &mut Vec<String>) -> (String, Vec<(&'t str, &'t str)>) {
    let (mut markup, mut scripts, mut rest) = (String::new(), Vec::new(), text);
    while let Some((at, name)) =
        ["script", "style"].into_iter().filter_map(|name| Some((rest.find(&format!("<{name}"))?, name))).min()
    {
        let Some(body) = rest[at..].find('>').map(|end| at + end + 1) else { break };
        let Some(end) = rest[body..].find(&format!("</{name}")).map(|end| body + end) else {
            faults.push(format!("<{name}> is not closed"));
            return (markup, scripts);
        };
        if name == "script" {
            scripts.push((&rest[at..body], &rest[body..end]));
        }
        markup.push_str(&rest[..body]);
        rest = &rest[end..];
    }
    markup.push_str(rest);
    (markup, scripts)
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn a_page_is_closed_and_loads_nothing() {
        let page = |body: &str| faults(&format!("<!DOCTYPE html>\n<html><body>{body}</body></html>\n"));
        assert!(page("<p>x<br></p><script>if (a < b) {}</script>").is_empty());
        assert!(page("<script type=\"application/json\">{\"a\": \"\\u003c\"}</script>").is_empty());
        assert_eq!(page("<p>").len(), 3, "each of what is open is named");
        assert!(page("<script type=\"application/json\">{</script>")[0].contains("no JSON"));
        assert!(page("<img src=\"//x\">")[0].contains("loads //x"));
        assert!(page("<style>")[0].contains("not closed"));
        assert_eq!(faults("<p></p>").len(), 1);
    }
}
