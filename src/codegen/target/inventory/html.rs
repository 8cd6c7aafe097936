//! inventory/index.html: the inventory as one page that searches, filters and
//! draws without a network. Everything of the manifest is in one script
//! element of JSON, and the page's script shows it as text.

use askama::Template;

use super::compact::Compact;
use crate::codegen::markdown::html_comment;
use crate::codegen::target::CastError;

/// The page, below the project's folder.
pub const PAGE: &str = "inventory/index.html";

/// Renders the page.
///
/// # Errors
/// Where the template fails.
pub fn render(all: &Compact<'_>, manifest_path: &str) -> Result<String, CastError> {
    let page = IndexPage {
        manifest_path: html_comment(manifest_path),
        style: include_str!("../../../../templates/inventory/index.css").trim_end(),
        data: script_json(&serde_json::to_string(all).map_err(askama::Error::custom)?),
        script: include_str!("../../../../templates/inventory/index.js").trim_end(),
    };
    Ok(page.render()? + "\n")
}

/// JSON for the inside of a script element: what could end the element or
/// open a comment in it stands as an escape, which only strings can hold.
fn script_json(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[derive(Template)]
#[template(path = "inventory/index.html", escape = "none")]
struct IndexPage {
    manifest_path: String,
    style: &'static str,
    data: String,
    script: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_script_that_holds_it() {
        let text = "</script><!-- <script> &amp; ]]>";
        let json = script_json(&serde_json::to_string(text).unwrap());
        assert!(!json.contains(['<', '>', '&']));
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
