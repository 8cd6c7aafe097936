//! The tags of raw HTML within Markdown: as much as it takes to see what is
//! open, and where anchors are.

/// One tag or comment.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    Open {
        name: String,
        /// Names in lower case; a value without its quotes.
        attributes: Vec<(String, String)>,
    },
    Close {
        name: String,
    },
    /// `<!--` that nothing ends.
    UnclosedComment,
}

/// Whether a tag has no closing tag.
pub fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "input" | "wbr" | "col" | "source" | "area" | "link" | "meta")
}

/// The tags of a piece of HTML, in order. Comments are passed over.
pub fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            let Some(end) = comment.find("-->") else {
                pieces.push(Piece::UnclosedComment);
                break;
            };
            rest = &comment[end + 3..];
        } else if let Some(closing) = rest.strip_prefix('/') {
            let (name, after) = name(closing);
            if !name.is_empty() {
                pieces.push(Piece::Close { name });
            }
            rest = after;
        } else {
            let (tag, after) = name(rest);
            rest = after;
            if !tag.is_empty() {
                let (attributes, self_closing);
                (attributes, self_closing, rest) = read_attributes(rest);
                pieces.push(Piece::Open { name: tag.clone(), attributes });
                if self_closing && !is_void(&tag) {
                    pieces.push(Piece::Close { name: tag });
                }
            }
        }
    }
    pieces
}

/// A tag's or attribute's name in lower case, and what follows.
fn name(text: &str) -> (String, &str) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    (text[..end].to_ascii_lowercase(), &text[end..])
}

/// The attributes up to the tag's `>`, whether the tag closes itself, and
/// what follows.
fn read_attributes(mut rest: &str) -> (Vec<(String, String)>, bool, &str) {
    let mut attributes = Vec::new();
    let mut slash = false;
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return (attributes, slash, rest) };
        if first == '>' {
            return (attributes, slash, &rest[1..]);
        }
        let (attribute, after) = name(rest);
        if attribute.is_empty() {
            slash = first == '/';
            rest = &rest[first.len_utf8()..];
            continue;
        }
        rest = after.trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            match after.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                Some(quote) => {
                    let end = after[1..].find(quote).map_or(after.len(), |end| end + 1);
                    value = after[1..end].to_owned();
                    rest = after.get(end + 1..).unwrap_or_default();
                }
                None => {
                    let end = after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len());
                    value = after[..end].to_owned();
                    rest = &after[end..];
                }
            }
        }
        attributes.push((attribute, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tags_and_attributes() {
        let open = |name: &str, attributes: &[(&str, &str)]| Piece::Open {
            name: name.to_owned(),
            attributes: attributes.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        };
        let close = |name: &str| Piece::Close { name: name.to_owned() };
        assert_eq!(pieces("<a ID='x>y' open></a>"), [open("a", &[("id", "x>y"), ("open", "")]), close("a")]);
        assert_eq!(pieces("<br/> < 3 <!-- <b> --> <i/>"), [open("br", &[]), open("i", &[]), close("i")]);
        assert_eq!(pieces("<!-- x"), [Piece::UnclosedComment]);
        assert_eq!(pieces("<a id=\"x"), [open("a", &[("id", "x")])]);
    }
}
